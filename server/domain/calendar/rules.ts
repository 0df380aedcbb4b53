import type { CalendarInput, Hours } from '../../../contract/entities/calendar.ts'
import { dayNumber, minuteOfDay, weekdayOf } from './day.ts'
import type { HolidaySet } from './holidays.ts'

/** Working minutes of a day, [from, to), sorted and apart. */
export type Window = { readonly from: number; readonly to: number }

/** A calendar with its holidays looked up: tells the hours of any day. */
export type CalendarRules = {
  /** By weekday, index 1 Monday … 7 Sunday. */
  readonly weekly: readonly (readonly Window[])[]
  readonly closedOn: ReadonlySet<number>
  readonly openOn: ReadonlyMap<number, readonly Window[] | undefined>
  readonly holidays: HolidaySet
  /** Hours of a day that is open against its weekday: those of the first weekday with any. */
  readonly usual: readonly Window[]
}

const ALL_DAY: readonly Window[] = [{ from: 0, to: 1440 }]
const CLOSED: readonly Window[] = []

/** Every day, around the clock: what holds where no calendar is configured. */
export const ALWAYS_OPEN: CalendarRules = {
  weekly: Array.from({ length: 8 }, () => ALL_DAY),
  closedOn: new Set(),
  openOn: new Map(),
  holidays: { closed: new Set(), makeUp: new Set() },
  usual: ALL_DAY,
}

/** Sorts windows and merges those that touch; empty and reversed ones are dropped. */
function windowsOf(hours: readonly Hours[]): readonly Window[] {
  const sorted = hours
    .map(({ from, to }) => ({ from: minuteOfDay(from), to: minuteOfDay(to) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from || a.to - b.to)
  const merged: Window[] = []
  for (const window of sorted) {
    const last = merged.at(-1)
    if (last && window.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, window.to) }
    else merged.push(window)
  }
  return merged
}

function weeklyOf(weekly: CalendarInput['weekly']): readonly (readonly Window[])[] {
  if (!weekly) return ALWAYS_OPEN.weekly
  const hours: Hours[][] = Array.from({ length: 8 }, () => [])
  for (const entry of weekly) for (const day of entry.days) hours[day]?.push(...entry.hours)
  return hours.map(windowsOf)
}

/** Prepares a calendar; `holidays` are those of its country, empty where it names none. */
export function prepareCalendar(calendar: CalendarInput, holidays: HolidaySet): CalendarRules {
  const weekly = weeklyOf(calendar.weekly)
  return {
    weekly,
    closedOn: new Set((calendar.closedOn ?? []).map(dayNumber)),
    openOn: new Map((calendar.openOn ?? []).map(({ day, hours }) => [dayNumber(day), hours && windowsOf(hours)])),
    holidays: calendar.country === undefined ? ALWAYS_OPEN.holidays : holidays,
    usual: weekly.find((windows) => windows.length > 0) ?? CLOSED,
  }
}

/** Working hours of a day, empty when it is closed. First match: closedOn, openOn, make-up workday, holiday, weekly hours. */
export function hoursOn(rules: CalendarRules, day: number): readonly Window[] {
  if (rules.closedOn.has(day)) return CLOSED
  const weekly = rules.weekly[weekdayOf(day)] ?? CLOSED
  const ofWeekday = weekly.length > 0 ? weekly : rules.usual
  if (rules.openOn.has(day)) return rules.openOn.get(day) ?? ofWeekday
  if (rules.holidays.makeUp.has(day)) return ofWeekday
  if (rules.holidays.closed.has(day)) return CLOSED
  return weekly
}
