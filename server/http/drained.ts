import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

/** Resolves when the output takes more, or is gone. */
export async function drained(output: ServerResponse): Promise<void> {
  if (!output.writableNeedDrain || output.destroyed) return
  const done = new AbortController()
  const options = { signal: done.signal }
  await Promise.race([once(output, 'drain', options), once(output, 'close', options)]).finally(() => done.abort())
}
