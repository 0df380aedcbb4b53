import { instant, type Instant } from '../../kernel/time.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Pure per name: the zone database of the runtime is the only thing they read. Bounded, because zone names come from people. */
const FORMATS_MAX = 1000
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  if (formats.size >= FORMATS_MAX) formats.clear()
  formats.set(zone, format)
  return format
}

/** Whether the runtime knows the zone. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    // RangeError is how Intl says "no such zone"; nothing else is thrown for a string.
    return false
  }
}

/** Local time minus UTC in ms at an instant. About 2 µs: compile what is asked often. */
export function zoneOffset(zone: string, at: Instant): number {
  if (zone === 'UTC') return 0
  const whole = Math.floor(at / 1000) * 1000
  const part: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(whole)) part[type] = Number(value)
  const local = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  )
  return local - whole
}

/** The local day (since 1970-01-01) at an instant. */
export const localDay = (zone: string, at: Instant): number => Math.floor((at + zoneOffset(zone, at)) / DAY_MS)

/** Minutes since local midnight on the clock at an instant, with fractions. */
export function localMinute(zone: string, at: Instant): number {
  const local = at + zoneOffset(zone, at)
  return (local - Math.floor(local / DAY_MS) * DAY_MS) / MINUTE_MS
}

/**
 * The instant at which a zone's clocks show `minute` of a day (1440 = the next midnight). A time that occurs twice means the first;
 * one that is skipped means as much later as the clocks jump (RFC 5545's and Temporal's "compatible").
 */
export function localInstant(zone: string, day: number, minute: number): Instant {
  const wall = day * DAY_MS + minute * MINUTE_MS
  const before = zoneOffset(zone, instant(wall - DAY_MS))
  const after = zoneOffset(zone, instant(wall + DAY_MS))
  if (before === after) return instant(wall - before)
  const first = instant(wall - before)
  if (zoneOffset(zone, first) === before) return first
  const second = instant(wall - after)
  return zoneOffset(zone, second) === after ? second : first
}

/** A zone's local times over a range of days, so that asking is an array read on all but the days around a clock change. */
export type ZoneTable = { readonly zone: string; readonly fromDay: number; readonly offsets: Float64Array }

/** Samples the zone's offset at each midnight (UTC) of `fromDay`..`toDay` and two days around; about 2 µs a day. */
export function compileZone(zone: string, fromDay: number, toDay: number): ZoneTable {
  const offsets = new Float64Array(Math.max(0, toDay - fromDay) + 4)
  for (let i = 0; i < offsets.length; i += 1) offsets[i] = zoneOffset(zone, instant((fromDay - 1 + i) * DAY_MS))
  return { zone, fromDay, offsets }
}

/** {@link localInstant}, read from the table. */
export function tableInstant(table: ZoneTable, day: number, minute: number): Instant {
  const i = day - table.fromDay
  const { offsets } = table
  const offset = offsets[i]
  const steady = offset !== undefined && offset === offsets[i + 1] && offset === offsets[i + 2] && offset === offsets[i + 3]
  return steady ? instant(day * DAY_MS + minute * MINUTE_MS - offset) : localInstant(table.zone, day, minute)
}

/** {@link localDay}, read from the table. */
export function tableDay(table: ZoneTable, at: Instant): number {
  const i = Math.floor(at / DAY_MS) - table.fromDay + 1
  const offset = table.offsets[i]
  return Math.floor((at + (offset !== undefined && offset === table.offsets[i + 1] ? offset : zoneOffset(table.zone, at))) / DAY_MS)
}
