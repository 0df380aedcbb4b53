import type { CalendarInput } from '../../../contract/entities/calendar.ts'

/** From a weekday to a weekday (1 Monday … 7 Sunday), both counted. */
export type DayRun = readonly [from: number, to: number]
export type WeekRow = { readonly days: readonly DayRun[]; readonly hours: string }

/** Weekdays as runs: 1 2 3 5 is Monday to Wednesday, and Friday. */
export function runsOf(days: readonly number[]): readonly DayRun[] {
  const runs: [number, number][] = []
  for (const day of [...new Set(days)].toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last?.[1] === day - 1) last[1] = day
    else runs.push([day, day])
  }
  return runs
}

/** A calendar's usual week, a row for each of its hours; days that no row names are closed. */
export function weekOf({ weekly }: Pick<CalendarInput, 'weekly'>): readonly WeekRow[] {
  if (weekly === undefined) return [{ days: [[1, 7]], hours: '00:00–24:00' }]
  return weekly.map(({ days, hours }) => ({ days: runsOf(days), hours: hours.map(({ from, to }) => `${from}–${to}`).join(', ') }))
}

/** Days of a calendar's exceptions that are still to come, the next ones first. */
export const daysAhead = (days: readonly string[], today: string, max: number): readonly string[] =>
  days
    .filter((day) => day >= today)
    .toSorted()
    .slice(0, max)

const MONDAY = Date.UTC(2024, 0, 1)
/** What a run of weekdays is called: “Mon–Fri”, “Sat”. */
export function runName([from, to]: DayRun, language: string): string {
  const format = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' })
  const name = (day: number) => format.format(MONDAY + (day - 1) * 86_400_000)
  return from === to ? name(from) : `${name(from)}–${name(to)}`
}
