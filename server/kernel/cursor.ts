import { fnv1a } from './ids.ts'

/**
 * Opaque texts that say where a reader stands. A log cursor holds one position per log shard (a dense count from 1; 0 = before the first);
 * a page key holds the key of the last row of a list. Both carry a mark of what they are and a checksum, so that a cut or foreign
 * text is refused instead of read as another place; they guard against mistakes, not against forgery, and open nothing by themselves.
 */
const LOG_MARK = 1
const SHARDS_MAX = 64

/** The positions as text of at most 512 characters. */
export function encodeCursor(positions: readonly number[]): string {
  const bytes = [LOG_MARK, positions.length]
  for (const position of positions) {
    let rest = position
    while (rest >= 128) {
      bytes.push((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    bytes.push(rest)
  }
  return sealed(Uint8Array.from(bytes))
}

/** The positions of a cursor over that many log shards; undefined when the text is no such cursor. */
export function decodeCursor(text: string, logShards: number): readonly number[] | undefined {
  const bytes = opened(text)
  if (bytes === undefined || bytes[0] !== LOG_MARK || bytes[1] !== logShards || logShards > SHARDS_MAX) return undefined
  const positions: number[] = []
  let at = 2
  for (let shard = 0; shard < logShards; shard++) {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = bytes[at++]
      if (byte === undefined || scale > 2 ** 49) return undefined
      value += (byte % 128) * scale
      if (byte < 128) break
      scale *= 128
    }
    if (!Number.isSafeInteger(value)) return undefined
    positions.push(value)
  }
  return at === bytes.length ? positions : undefined
}

/** The key of a list's last row; `list` names the list, so that a cursor of another one is refused. */
export function encodePageKey(list: string, parts: readonly (string | number)[]): string {
  return sealed(Buffer.from(JSON.stringify([list, ...parts])))
}

/** The key behind {@link encodePageKey}, or undefined when the text is none of this list with `kinds` of parts. */
export function decodePageKey<const K extends readonly ('string' | 'number')[]>(
  list: string,
  kinds: K,
  text: string,
): { readonly [I in keyof K]: K[I] extends 'string' ? string : number } | undefined {
  const bytes = opened(text)
  if (bytes === undefined) return undefined
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined // what passes the checksum by chance is still not JSON
  }
  if (!Array.isArray(parts) || parts.length !== kinds.length + 1 || parts[0] !== list) return undefined
  const key: unknown[] = parts.slice(1)
  if (!key.every((part, i) => typeof part === kinds[i] && (typeof part !== 'number' || Number.isSafeInteger(part)))) return undefined
  return key as unknown as { readonly [I in keyof K]: K[I] extends 'string' ? string : number }
}

function sealed(bytes: Uint8Array): string {
  const body = Buffer.from(bytes).toString('base64url')
  return body + checksum(body)
}

function opened(text: string): Uint8Array | undefined {
  const body = text.slice(0, -CHECKSUM)
  if (body === '' || checksum(body) !== text.slice(-CHECKSUM)) return undefined
  return Buffer.from(body, 'base64url')
}

const CHECKSUM = 4
const checksum = (body: string): string => (fnv1a(`fulcrum ${body}`) % 36 ** CHECKSUM).toString(36).padStart(CHECKSUM, '0')
