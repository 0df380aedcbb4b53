import { instant, type Instant } from '../../kernel/time.ts'
import { hoursOn, type CalendarRules } from './rules.ts'
import { compileZone, tableInstant, type ZoneTable } from './zone.ts'

/**
 * A calendar in a zone over days `fromDay`..`toDay` (the end is excluded), as arrays. Windows are half-open in real time, so a
 * day on which clocks change has an hour less or more. Outside the days it knows nothing: answers are undefined.
 */
export type WorkingTime = {
  readonly zone: ZoneTable
  readonly fromDay: number
  readonly toDay: number
  /** Per day: its first window; one more entry closes the last day. A day is closed when it has none. */
  readonly firstWindow: Int32Array
  /** Per window: its day, its start and end (epoch ms) and the working ms before it. */
  readonly day: Int32Array
  readonly start: Float64Array
  readonly end: Float64Array
  readonly before: Float64Array
}

/** Lays a calendar out; with a zone table at hand about 1 µs a day. */
export function compileCalendar(rules: CalendarRules, zone: string | ZoneTable, fromDay: number, toDay: number): WorkingTime {
  const table = typeof zone === 'string' ? compileZone(zone, fromDay, toDay) : zone
  const firstWindow = new Int32Array(Math.max(0, toDay - fromDay) + 1)
  const day: number[] = []
  const start: number[] = []
  const end: number[] = []
  const before: number[] = []
  let worked = 0
  for (let at = fromDay; at < toDay; at += 1) {
    firstWindow[at - fromDay] = day.length
    for (const window of hoursOn(rules, at)) {
      const from = tableInstant(table, at, window.from)
      const to = tableInstant(table, at, window.to)
      // A window that a clock change swallows whole has no working time.
      if (to <= from) continue
      day.push(at)
      start.push(from)
      end.push(to)
      before.push(worked)
      worked += to - from
    }
  }
  firstWindow[firstWindow.length - 1] = day.length
  const arrays = { day: Int32Array.from(day), start: Float64Array.from(start), end: Float64Array.from(end) }
  return { zone: table, fromDay, toDay, firstWindow, ...arrays, before: Float64Array.from(before) }
}

/** First index of a sorted array whose value is > x (or ≥ x), its length when there is none. */
export function indexAfter(sorted: Float64Array, x: number, orEqual: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const value = sorted[middle] ?? 0
    if (orEqual ? value >= x : value > x) high = middle
    else low = middle + 1
  }
  return low
}

/** Whether a day has working hours; undefined outside the range. */
export function isWorkingDay(time: WorkingTime, day: number): boolean | undefined {
  if (day < time.fromDay || day >= time.toDay) return undefined
  const i = day - time.fromDay
  return (time.firstWindow[i] ?? 0) < (time.firstWindow[i + 1] ?? 0)
}

/** The working day `count` working days after a day; with 0 the day itself or, if closed, the next that is open. */
export function addWorkingDays(time: WorkingTime, day: number, count: number): number | undefined {
  let left = count
  for (let at = day; at < time.toDay; at += 1) {
    if (isWorkingDay(time, at) === undefined) return undefined
    if (at > day && isWorkingDay(time, at)) left -= 1
    if (left <= 0 && isWorkingDay(time, at)) return at
  }
  return undefined
}

/** The first window of a day and of the next working day after it, as an index. */
export const windowOfDay = (time: WorkingTime, day: number): number =>
  time.firstWindow[Math.min(Math.max(day - time.fromDay, 0), time.firstWindow.length - 1)] ?? 0

/** Where working time that was spent ends: the instant and its window. */
export type WorkedUntil = { readonly at: Instant; readonly window: number }

/** Spends `ms` of working time from an instant on. 0 ms: the first working instant at or after it. */
export function addWorkingMs(time: WorkingTime, from: Instant, ms: number): WorkedUntil | undefined {
  if (from < tableInstant(time.zone, time.fromDay, 0)) return undefined
  const first = indexAfter(time.end, from, false)
  const opened = time.start[first]
  if (opened === undefined) return undefined
  const begin = Math.max(from, opened)
  if (ms === 0) return { at: instant(begin), window: first }
  const target = (time.before[first] ?? 0) + (begin - opened) + ms
  // The window in which the target is reached is the last that has less than the target before it.
  const window = indexAfter(time.before, target, true) - 1
  const at = (time.start[window] ?? 0) + target - (time.before[window] ?? 0)
  return at <= (time.end[window] ?? 0) ? { at: instant(at), window } : undefined
}

/** The last instant from which `ms` (> 0) of working time still end by the close of a window; undefined where that lies before the range. */
export function latestStart(time: WorkingTime, window: number, ms: number): Instant | undefined {
  const worked = (time.before[window] ?? 0) + (time.end[window] ?? 0) - (time.start[window] ?? 0) - ms
  if (worked < 0) return undefined
  const at = indexAfter(time.before, worked, false) - 1
  return instant((time.start[at] ?? 0) + worked - (time.before[at] ?? 0))
}
