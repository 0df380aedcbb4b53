/** Beijing time, where every node of the world works. */
const OFFSET = 8 * 3_600_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Weekdays (1 Monday … 7 Sunday) and hours of the world's calendars; public holidays are the hub's to know. */
export const HOURS = {
  'every-day': { days: [1, 2, 3, 4, 5, 6, 7], from: 6, to: 22 },
  'long-days': { days: [1, 2, 3, 4, 5, 6, 7], from: 7, to: 23 },
  'six-days': { days: [1, 2, 3, 4, 5, 6], from: 8, to: 20 },
  'office-days': { days: [1, 2, 3, 4, 5], from: 9, to: 18 },
} as const
export type CalendarId = keyof typeof HOURS

const isCalendar = (id: string | undefined): id is CalendarId => id !== undefined && Object.hasOwn(HOURS, id)

/** The first instant from `at` on at which somebody is at work there; without a calendar of the world always. */
export function nextOpen(calendarId: string | undefined, at: number): number {
  if (!isCalendar(calendarId)) return at
  const { days, from, to } = HOURS[calendarId]
  for (let day = Math.floor((at + OFFSET) / DAY), n = 0; n < 8; day++, n++) {
    const weekday = ((day + 3) % 7) + 1
    if (!days.some((one) => one === weekday)) continue
    const opens = day * DAY - OFFSET + from * HOUR
    const closes = day * DAY - OFFSET + to * HOUR
    if (at < closes) return Math.max(at, opens)
  }
  return at
}

/** The next full `hour` o'clock from `at` on, the same day or the day after. */
export function nextHour(at: number, hour: number): number {
  const today = Math.floor((at + OFFSET) / DAY) * DAY - OFFSET + hour * HOUR
  return today >= at ? today : today + DAY
}

export const hourOf = (at: number): number => Math.floor(((at + OFFSET) % DAY) / HOUR)
export const dayOf = (at: number): number => Math.floor((at + OFFSET) / DAY)
