import type { AppliedBody } from '../domain/channel-intake/decide-intake.ts'
import type { Delivery } from './ports/channel-mapper.ts'

/**
 * What is sealed of a body: one line of JSON, then the bytes exactly as they came. `known` is what the order's next body is
 * compared with; it stays what it was when the mapping changes. `original` (base64) is what came where a person corrected it.
 */
export type KeptHeader = { readonly known?: AppliedBody; readonly delivery?: Delivery; readonly original?: string }

const LINE_FEED = 10

export function packBody(header: KeptHeader, raw: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'), raw])
}

export function unpackBody(packed: Buffer): { readonly header: KeptHeader; readonly raw: Buffer } {
  const end = packed.indexOf(LINE_FEED)
  return { header: JSON.parse(packed.toString('utf8', 0, end)) as KeptHeader, raw: packed.subarray(end + 1) }
}
