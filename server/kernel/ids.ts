import { Defect } from './assert.ts'

/**
 * Ids are 63-bit integers: 42 bits wall-clock ms, 6 bits shard, 5 bits process slot, 10 bits counter.
 * In code and on the wire they are `<prefix>_<13 base32 digits>` (Crockford alphabet, lower case, order preserving);
 * in the database `bigint`. They are never a JavaScript number.
 */
declare const brand: unique symbol
export type Id<P extends string> = string & { readonly [brand]: P }

export type OrderId = Id<'ord'>
export type FulfillmentOrderId = Id<'ful'>
export type ParcelId = Id<'par'>
export type TaskId = Id<'tsk'>
export type PersonId = Id<'per'>
export type ReservationId = Id<'rsv'>
export type DecisionId = Id<'dec'>
export type CredentialId = Id<'key'>
export type UserId = Id<'usr'>
export type InboxId = Id<'inb'>
export type WebhookId = Id<'whk'>
export type ViewId = Id<'viw'>
export type DeliveryId = Id<'dlv'>

export const SHARDS = 64
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const VALUES = new Int8Array(128).fill(-1)
for (let i = 0; i < 32; i++) VALUES[ALPHABET.charCodeAt(i)] = i
const HIGH_DIGITS = 7
const LOW_DIGITS = 6
const DIGITS = HIGH_DIGITS + LOW_DIGITS
/** 33 = 63 − 30: the id is handled as a high part of 33 bits and a low part of 30 bits, both exact in a double. */
const LOW = 2 ** 30

function encode(high: number, low: number): string {
  // 30 low bits are exactly six base32 digits, 33 high bits seven.
  let text = ''
  let rest = low
  for (let i = 0; i < 6; i++) {
    text = ALPHABET[rest & 31] + text
    rest >>>= 5
  }
  rest = high
  for (let i = 0; i < 7; i++) {
    text = ALPHABET[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** The database form (decimal text of a bigint) as the public form. */
export function idFromInt8<P extends string>(prefix: P, int8: string | bigint): Id<P> {
  const value = BigInt(int8)
  return `${prefix}_${encode(Number(value >> 30n), Number(value & 0x3fffffffn))}` as Id<P>
}

/** The public form as decimal text for a bigint parameter. Throws a defect on anything that {@link parseId} would refuse. */
export function idToInt8(id: Id<string>): string {
  const start = startOf(id)
  // high * 2^30 + low as decimal without a BigInt for the usual case is not exact beyond 2^53: use BigInt.
  return (BigInt(digits(id, start, HIGH_DIGITS)) * 1073741824n + BigInt(digits(id, start + HIGH_DIGITS, LOW_DIGITS))).toString()
}

/** Writes the database form as the eight bytes of an int8, big endian; where it ends. Throws as {@link idToInt8} does. */
export function writeId(id: string, into: Buffer, at: number): number {
  const start = startOf(id)
  const high = digits(id, start, HIGH_DIGITS)
  into.writeInt32BE(Math.floor(high / 4), at)
  return into.writeUInt32BE((high % 4) * LOW + digits(id, start + HIGH_DIGITS, LOW_DIGITS), at + 4)
}

function startOf(id: string): number {
  const start = id.indexOf('_') + 1
  if (start === 0 || id.length - start !== DIGITS) throw new Defect(`not an id: ${id}`)
  return start
}

function digits(id: string, from: number, count: number): number {
  let value = 0
  for (let i = from; i < from + count; i++) value = value * 32 + (VALUES[id.charCodeAt(i)] ?? -1)
  return value
}

const SHAPE = /^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{12}$/

/** The text as an id with this prefix, or undefined when it has another prefix or shape. */
export function parseId<P extends string>(prefix: P, text: string): Id<P> | undefined {
  return text.startsWith(`${prefix}_`) && SHAPE.test(text) ? (text as Id<P>) : undefined
}

/** The database form of the lowest id that is made at a wall time, ms, or later. */
export const firstInt8At = (wallMs: number): string => (BigInt(Math.max(0, Math.floor(wallMs))) << 21n).toString()

/** The shard that the id carries: 0..63. */
export function shardOfId(id: Id<string>): number {
  const start = id.indexOf('_') + 1
  // bits 15..20 of the low 30 are digits: low = d7 d8 d9 d10 d11 d12 (5 bits each); shard occupies bits 15..20.
  const d8 = VALUES[id.charCodeAt(start + 8)] ?? 0
  const d9 = VALUES[id.charCodeAt(start + 9)] ?? 0
  return ((d8 & 1) << 5) | d9
}

export type IdSource = {
  /** A new id; `shard` places the row (0..63). Ids of one source strictly increase per ms and counter. */
  next<P extends string>(prefix: P, shard: number): Id<P>
}

/**
 * Makes ids from a wall clock (ms) and a process slot (0..31, leased in the database; asked each time, because a process learns its slot after it starts).
 * Runs ahead of the clock by whole ms when more than 1,024 are asked within one, and never goes back when the clock does.
 */
export function idSource(wallNowMs: () => number, slot: number | (() => number)): IdSource {
  const slotNow = typeof slot === 'number' ? () => slot : slot
  let ms = 0
  let counter = 0
  return {
    next(prefix, shard) {
      const now = wallNowMs()
      if (now > ms) {
        ms = now
        counter = 0
      } else if (++counter === 1024) {
        ms += 1
        counter = 0
      }
      // high 33 bits = ms >> 9; low 30 bits = (ms & 511) << 21 | shard << 15 | slot << 10 | counter
      const high = Math.floor(ms / 512)
      const low = ((ms % 512) * 2 ** 21 + shard * 2 ** 15 + slotNow() * 2 ** 10 + counter) % LOW
      return `${prefix}_${encode(high, low)}` as Id<typeof prefix>
    },
  }
}

/** FNV-1a over UTF-16 code units, 32 bits: small, fast and stable for ever, because shards depend on it. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash >>> 0
}

/** The shard of an order: hash(channelId, externalRef) mod 64. */
export function shardOfRef(channelId: string, externalRef: string): number {
  return fnv1a(`${channelId}\u0000${externalRef}`) % SHARDS
}
