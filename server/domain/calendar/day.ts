import { assert } from '../../kernel/assert.ts'
import type { Day } from '../../kernel/time.ts'

/** Days are counted from 1970-01-01 inside rules, so that calendars are arrays; `YYYY-MM-DD` at the edges. */
const DAY_MS = 86_400_000

/** Days since 1970-01-01 of a `YYYY-MM-DD` text, undefined when there is no such day. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : ms / DAY_MS
}

/** {@link parseDay} of a text that the contract has already checked; a day that does not exist is a defect. */
export function dayNumber(text: string): number {
  const day = parseDay(text)
  assert(day !== undefined, `expected a day YYYY-MM-DD, got ${text}`)
  return day
}

export const dayText = (day: number): Day => new Date(day * DAY_MS).toISOString().slice(0, 10) as Day

/** 1 Monday … 7 Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

/** The calendar year of a day. */
export const yearOf = (day: number): number => new Date(day * DAY_MS).getUTCFullYear()

/** Minutes since midnight of HH:MM, 24:00 included. */
export function minuteOfDay(text: string): number {
  const match = /^(\d{2}):(\d{2})$/.exec(text)
  assert(match, `expected HH:MM, got ${text}`)
  return Number(match[1]) * 60 + Number(match[2])
}
