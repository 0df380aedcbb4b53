import { Defect } from '../kernel/assert.ts'
import { writeId } from '../kernel/ids.ts'

/**
 * Arrays for `unnest` in PostgreSQL's binary format (src/backend/utils/adt/arrayfuncs.c, array_recv): dimensions, a flag for nulls, the
 * element's type, the length and the lower bound, then each element behind its length, -1 for null. Against array literals it spares
 * both sides: no quoting and unquoting of JSON, no decimal digits, no dates as text (an ISO text costs the server 0.3 µs a value).
 * `id` is the public form of an id, written as its bigint; `json` is its text, which PostgreSQL then reads once, where a cast from text
 * copies it twice before.
 */
export type Element = 'boolean' | 'smallint' | 'integer' | 'bigint' | 'id' | 'text' | 'json' | 'bytea' | 'timestamptz' | 'date'

const OIDS: Record<Element, number> = {
  boolean: 16,
  smallint: 21,
  integer: 23,
  bigint: 20,
  id: 20,
  text: 25,
  json: 114,
  bytea: 17,
  timestamptz: 1184,
  date: 1082,
}
/** Microseconds and days from 1970 to PostgreSQL's 2000-01-01. */
const EPOCH_MS = 946_684_800_000
const EPOCH_DAYS = 10_957
const DAY_MS = 86_400_000
const HEAD = 20
const HIGH = 4_294_967_296

/** One buffer for all arrays of a process: what is written is copied out at the end, exactly as long as it is. */
let scratch = Buffer.allocUnsafe(1 << 20)
let end = 0

/** The array of the values at position `at` of each row; undefined counts as null. */
export function arrayOf(element: Element, rows: readonly (readonly unknown[])[], at: number): Buffer {
  start(element, rows.length)
  const put = writers[element]
  for (let i = 0; i < rows.length; i++) putOrNull(put, rows[i]?.[at])
  return Buffer.from(scratch.subarray(0, end))
}

/** The array of these values. */
export function arrayFrom(element: Element, values: readonly unknown[]): Buffer {
  start(element, values.length)
  const put = writers[element]
  for (let i = 0; i < values.length; i++) putOrNull(put, values[i])
  return Buffer.from(scratch.subarray(0, end))
}

function start(element: Element, length: number): void {
  scratch.writeInt32BE(length === 0 ? 0 : 1, 0)
  scratch.writeInt32BE(1, 4) // "may hold nulls": always true is allowed
  scratch.writeInt32BE(OIDS[element], 8)
  end = 12
  if (length === 0) return
  scratch.writeInt32BE(length, 12)
  scratch.writeInt32BE(1, 16)
  end = HEAD
}

function putOrNull(put: (value: unknown) => void, value: unknown): void {
  if (end + 16 > scratch.length) grow(16)
  if (value !== null && value !== undefined) return put(value)
  end = scratch.writeInt32BE(-1, end)
}

function grow(by: number): void {
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, end + by))
  scratch.copy(larger, 0, 0, end)
  scratch = larger
}

const writers: Record<Element, (value: unknown) => void> = {
  boolean(value) {
    if (typeof value !== 'boolean') throw new Defect(`expected true or false for a column, got ${String(value)}`)
    end = scratch.writeInt32BE(1, end)
    end = scratch.writeInt8(value ? 1 : 0, end)
  },
  smallint(value) {
    end = scratch.writeInt32BE(2, end)
    end = scratch.writeInt16BE(whole(value), end)
  },
  integer(value) {
    end = scratch.writeInt32BE(4, end)
    end = scratch.writeInt32BE(whole(value), end)
  },
  bigint(value) {
    if (typeof value === 'number') return putInt8(value)
    end = scratch.writeInt32BE(8, end)
    end = scratch.writeBigInt64BE(BigInt(String(value)), end)
  },
  id(value) {
    if (typeof value !== 'string') throw new Defect(`expected an id for a column, got ${typeof value}`)
    end = writeId(value, scratch, scratch.writeInt32BE(8, end))
  },
  timestamptz: (value) => putInt8((Number(value) - EPOCH_MS) * 1000),
  date(value) {
    end = scratch.writeInt32BE(4, end)
    end = scratch.writeInt32BE(Date.parse(`${String(value)}T00:00:00Z`) / DAY_MS - EPOCH_DAYS, end)
  },
  text: putText,
  json: putText,
  bytea(value) {
    if (!(value instanceof Uint8Array)) throw new Defect(`expected bytes for a column, got ${typeof value}`)
    if (end + value.length + 4 > scratch.length) grow(value.length + 4)
    end = scratch.writeInt32BE(value.length, end)
    scratch.set(value, end)
    end += value.length
  },
}

function putText(value: unknown): void {
  if (typeof value !== 'string') throw new Defect(`expected text for a column, got ${typeof value}`)
  const most = value.length * 3 + 4
  if (end + most > scratch.length) grow(most)
  const length = scratch.write(value, end + 4)
  scratch.writeInt32BE(length, end)
  end += 4 + length
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new Defect(`expected a whole number for a column, got ${String(value)}`)
  return value
}

/** A whole number within ±2^53 as int8. */
function putInt8(value: number): void {
  if (!Number.isSafeInteger(value)) throw new Defect(`expected a whole number, got ${value}`)
  end = scratch.writeInt32BE(8, end)
  const high = Math.floor(value / HIGH)
  end = scratch.writeInt32BE(high, end)
  end = scratch.writeUInt32BE(value - high * HIGH, end)
}
