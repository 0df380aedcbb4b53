import { randomFillSync } from 'node:crypto'

/** W3C Trace Context: the caller's trace goes on under a span of ours. */
export type Trace = { readonly traceId: string; readonly traceparent: string }

const pool = Buffer.alloc(4096)
let used = pool.length

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-|$)/

/** Continues the trace of a `traceparent` header; starts one where there is none or it is malformed. */
export function traceOf(header: string | undefined): Trace {
  const match = header === undefined ? null : TRACEPARENT.exec(header)
  const traceId = match?.[1] ?? randomHex(16)
  return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-${match?.[2] ?? '00'}` }
}
