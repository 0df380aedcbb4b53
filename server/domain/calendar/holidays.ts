import chineseDays from 'chinese-days'
import Holidays from 'date-holidays'
import { dayNumber, dayText, weekdayOf, yearOf } from './day.ts'

/** Public holidays of a country's years, as local days since 1970-01-01. */
export type HolidaySet = {
  /** Days on which the country does not work, whatever weekday they are. */
  readonly closed: ReadonlySet<number>
  /** Weekend days that are worked to make up for a long holiday. */
  readonly makeUp: ReadonlySet<number>
  /** Last year whose days are decreed, not only computed from rules; undefined where rules are all there is. */
  readonly decreedThrough?: number
}

/**
 * Month and day of the Chinese calendar, "1-1" at New Year; a leap month reads "5bis". From a table up to 2100: the runtime's ICU is a day off where
 * the moon is new minutes before midnight (2027, 2030), and the library's way back from a lunar date depends on the zone of the process.
 */
function lunarDay(day: number): string {
  const { lunarMon, lunarDay: dayOfMonth, isLeap } = chineseDays.getLunarDate(dayText(day))
  return `${lunarMon}${isLeap ? 'bis' : ''}-${dayOfMonth}`
}

/**
 * The 13 statutory days of the Regulation on Public Holidays (State Council order 795, in force since 2025), before a decree moves them together:
 * 元旦 1, 春节 4 from New Year's Eve, 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3.
 */
function statutoryOf(year: number): number[] {
  const days = ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'].map((text) => dayNumber(`${year}-${text}`))
  for (let day = dayNumber(`${year}-01-01`); yearOf(day) === year; day += 1) {
    const lunar = lunarDay(day)
    if (lunar === '1-1') days.push(day - 1, day, day + 1, day + 2)
    if (lunar === '5-5' || lunar === '8-15') days.push(day)
  }
  const solarTerms = new Holidays('CN').getHolidays(year).filter(({ rule }) => rule.includes('5-01 solarterm'))
  for (const qingming of solarTerms) days.push(dayNumber(qingming.date.slice(0, 10)))
  return days
}

/** 1 October is a holiday in every decreed year: a year in which the data does not say so has not been decreed yet. */
const isDecreed = (year: number): boolean => chineseDays.getDayDetail(`${year}-10-01`).name.includes(',')

type YearOfDays = { readonly closed: readonly number[]; readonly makeUp: readonly number[]; readonly isDecreed: boolean }

function chinaIn(year: number): YearOfDays {
  if (!isDecreed(year)) return { closed: statutoryOf(year), makeUp: [], isDecreed: false }
  const closed: number[] = []
  const makeUp: number[] = []
  for (let day = dayNumber(`${year}-01-01`); day < dayNumber(`${year + 1}-01-01`); day += 1) {
    const detail = chineseDays.getDayDetail(dayText(day))
    if (!detail.name.includes(',')) continue
    if (!detail.work) closed.push(day)
    else if (weekdayOf(day) > 5) makeUp.push(day)
  }
  return { closed, makeUp, isDecreed: true }
}

/** Local days of which a holiday of type "public" takes more than half; substitutes included. Half holidays stay working days. */
function publicHolidays(country: string, subdivision: string | undefined, year: number): number[] {
  const rules = subdivision === undefined ? new Holidays(country) : new Holidays(country, subdivision)
  const days: number[] = []
  for (const holiday of rules.getHolidays(year) ?? []) {
    if (holiday.type !== 'public') continue
    const begin = dayNumber(holiday.date.slice(0, 10)) * 24 + Number(holiday.date.slice(11, 13))
    const end = begin + Math.round((holiday.end.getTime() - holiday.start.getTime()) / 3_600_000)
    for (let day = Math.floor(begin / 24); day * 24 < end; day += 1) {
      if (Math.min(end, day * 24 + 24) - Math.max(begin, day * 24) > 12) days.push(day)
    }
  }
  return days
}

const ruledIn = (country: string, subdivision: string | undefined, year: number): YearOfDays => ({
  closed: Object.hasOwn(countries, country) ? publicHolidays(country, subdivision, year) : [],
  makeUp: [],
  isDecreed: false,
})
const countries: Readonly<Record<string, string>> = new Holidays().getCountries()

/** Years are worked out once: a network that changes asks for all of them again. */
const years = new Map<string, YearOfDays>()
const YEARS_MAX = 1000

function yearOfDays(country: string, subdivision: string | undefined, year: number): YearOfDays {
  const key = `${country}/${subdivision ?? ''}/${year}`
  const known = years.get(key)
  if (known !== undefined) return known
  const made = country === 'CN' ? chinaIn(year) : ruledIn(country, subdivision, year)
  if (years.size >= YEARS_MAX) years.clear()
  years.set(key, made)
  return made
}

/**
 * Holidays of the years `from`..`to` (both included, at most 50). China follows the State Council's decrees with make-up workdays (`chinese-days`);
 * years not decreed yet have their statutory days. All other countries follow the rules of `date-holidays`; one it does not know has none.
 */
export function holidaysOf(country: string, subdivision: string | undefined, from: number, to: number): HolidaySet {
  const closed = new Set<number>()
  const makeUp = new Set<number>()
  let decreedThrough = 0
  for (let year = from; year <= Math.min(to, from + 49); year += 1) {
    const days = yearOfDays(country, subdivision, year)
    for (const day of days.closed) closed.add(day)
    for (const day of days.makeUp) makeUp.add(day)
    if (days.isDecreed) decreedThrough = Math.max(decreedThrough, year)
  }
  return decreedThrough === 0 ? { closed, makeUp } : { closed, makeUp, decreedThrough }
}
