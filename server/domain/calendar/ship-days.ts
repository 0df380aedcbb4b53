import { instant, MINUTE, type Instant } from '../../kernel/time.ts'
import { addWorkingMs, indexAfter, latestStart, windowOfDay, type WorkingTime } from './working-time.ts'
import { tableDay, tableInstant } from './zone.ts'

/**
 * When a node hands over. Work on an order starts at its release, or with the next working day when that is at or after the cut-off
 * (local time) of a working day; it takes `handlingMinutes` of working time. The order leaves on the working day on which it is ready.
 */
export type Departure = {
  /** When the work is done. */
  readonly readyAt: Instant
  /** Close of the working day on which it is done; 23:59 where that is midnight, so that it prints as the same day. */
  readonly shipBy: Instant
  /** That day, local, since 1970-01-01. */
  readonly day: number
}
export type NodeHours = { readonly time: WorkingTime; readonly cutOffMinute: number | undefined; readonly handlingMinutes: number }

/** Close of a working day, as {@link Departure} says it. */
function closeOf(time: WorkingTime, day: number): Instant {
  const end = time.end[windowOfDay(time, day + 1) - 1] ?? 0
  return instant(end >= tableInstant(time.zone, day, 1440) ? end - MINUTE : end)
}

const isWorked = (time: WorkingTime, day: number): boolean => windowOfDay(time, day) < windowOfDay(time, day + 1)

/** The departure of an order released at an instant, undefined when there is none in the calendar's range. */
export function nextShipBy({ time, cutOffMinute, handlingMinutes }: NodeHours, release: Instant): Departure | undefined {
  const day = tableDay(time.zone, release)
  const isLate = cutOffMinute !== undefined && isWorked(time, day) && release >= tableInstant(time.zone, day, cutOffMinute)
  const from = isLate ? time.start[windowOfDay(time, day + 1)] : release
  const ready = from === undefined ? undefined : addWorkingMs(time, instant(from), handlingMinutes * MINUTE)
  if (!ready) return undefined
  const shipDay = time.day[ready.window] ?? 0
  return { readyAt: ready.at, shipBy: closeOf(time, shipDay), day: shipDay }
}

/** The same as a step function: the first entry whose `latest` is ≥ the release tells its departure. */
export type ShipDays = { readonly latest: Float64Array; readonly shipBy: Float64Array; readonly day: Int32Array }

/** Lays out one entry for each day on which something can leave. Orders released after the last `latest` have no departure in range. */
export function compileShipDays({ time, cutOffMinute, handlingMinutes }: NodeHours): ShipDays {
  const latest: number[] = []
  const shipBy: number[] = []
  const days: number[] = []
  for (let day = time.fromDay; day < time.toDay; day += 1) {
    if (!isWorked(time, day)) continue
    const last = windowOfDay(time, day + 1) - 1
    const start = handlingMinutes === 0 ? instant((time.end[last] ?? 0) - 1) : latestStart(time, last, handlingMinutes * MINUTE)
    if (start === undefined) continue
    const startDay = tableDay(time.zone, start)
    const cutOff = cutOffMinute === undefined || !isWorked(time, startDay) ? Infinity : tableInstant(time.zone, startDay, cutOffMinute) - 1
    const by = Math.min(start, cutOff)
    if (by <= (latest.at(-1) ?? -Infinity)) continue
    latest.push(by)
    shipBy.push(closeOf(time, day))
    days.push(day)
  }
  return { latest: Float64Array.from(latest), shipBy: Float64Array.from(shipBy), day: Int32Array.from(days) }
}

/** Index of the departure of an order released at an instant; the length when there is none. */
export const shipDayIndex = (days: ShipDays, release: Instant): number => indexAfter(days.latest, release, true)
