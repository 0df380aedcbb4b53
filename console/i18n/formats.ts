import { minorDigits } from '../../contract/minor-units.ts'
import type { Language } from './words.ts'

export type Format = {
  /** Day and time in the reader's zone. */
  readonly at: (instant: string | undefined) => string
  readonly day: (instant: string | undefined) => string
  readonly time: (instant: string) => string
  readonly number: (value: number) => string
  /** A share of 1. */
  readonly percent: (share: number) => string
  /** A calendar day, YYYY-MM-DD. */
  readonly date: (day: string) => string
  /** Minor units of a currency as money. */
  readonly money: (minor: number, currency: string) => string
  /** How long ago or ahead, in the coarsest unit that says something. */
  readonly ago: (instant: string, now: number) => string
  /** Its two coarsest units. */
  readonly duration: (ms: number) => string
  readonly grams: (grams: number) => string
  /** The reader's time zone, in which all times are told. */
  readonly zone: string
  /** A country by its ISO 3166 code. */
  readonly country: (code: string) => string
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

const HALF_YEAR_MS = 182 * 86_400_000
/** Days as the language writes them; the year is told where it need not be the one that everybody thinks of. */
function datesOf(language: Language, options: Intl.DateTimeFormatOptions): (instant: string) => string {
  const [near, far] = [options, { ...options, year: 'numeric' as const }].map((one) => new Intl.DateTimeFormat(language, one))
  return (instant) => {
    const at = new Date(instant)
    return (Math.abs(at.getTime() - Date.now()) > HALF_YEAR_MS ? far : near)?.format(at) ?? instant
  }
}

/** `Asia/Shanghai (GMT+8)`: the name that the reader's system has, and what it is now. */
function zoneOf(language: Language): string {
  const parts = new Intl.DateTimeFormat(language, { timeZoneName: 'shortOffset' })
  const offset = parts.formatToParts(new Date()).find(({ type }) => type === 'timeZoneName')?.value
  return `${parts.resolvedOptions().timeZone} (${offset ?? 'UTC'})`
}

/** Dates, money and numbers as the language writes them. */
export function formatFor(language: Language): Format {
  const both = datesOf(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = datesOf(language, { month: 'short', day: 'numeric', weekday: 'short' })
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  const number = new Intl.NumberFormat(language)
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const date = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const lengths = UNITS.map(([unit]) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }))
  const part = (value: number, unit: number): string => lengths[unit]?.format(value) ?? String(value)
  const countries = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' })
  const currencies = new Map<string, (minor: number) => string>()
  const currencyOf = (code: string): ((minor: number) => string) => {
    const known = currencies.get(code)
    if (known !== undefined) return known
    const digits = minorDigits(code)
    const format = new Intl.NumberFormat(language, {
      style: 'currency',
      currency: code,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    const unit = 10 ** digits
    const made = (minor: number): string => format.format(minor / unit)
    currencies.set(code, made)
    return made
  }
  return {
    at: (instant) => (instant === undefined ? '–' : both(instant)),
    day: (instant) => (instant === undefined ? '–' : day(instant)),
    time: (instant) => time.format(new Date(instant)),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    date: (value) => date.format(new Date(`${value}T00:00:00Z`)),
    money: (minor, currency) => currencyOf(currency)(minor),
    ago: (instant, now) => {
      const ms = Date.parse(instant) - now
      const [unit, size] = UNITS.find(([, one]) => Math.abs(ms) >= one) ?? ['second', 1000]
      return relative.format(Math.round(ms / size), unit)
    },
    duration: (ms) => {
      const first = Math.max(
        0,
        UNITS.findIndex(([, size]) => ms >= size),
      )
      const from = ms < 1000 ? UNITS.length - 1 : first
      const [, coarse] = UNITS[from] ?? ['second', 1000]
      const parts = [part(Math.floor(ms / coarse), from)]
      const next = UNITS[from + 1]
      const rest = next === undefined ? 0 : Math.floor((ms % coarse) / next[1])
      if (rest > 0) parts.push(part(rest, from + 1))
      return parts.join(' ')
    },
    zone: zoneOf(language),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
    grams: (grams) => (grams >= 1000 ? `${number.format(Math.round(grams / 100) / 10)} kg` : `${number.format(Math.round(grams))} g`),
  }
}
