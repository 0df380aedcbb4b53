/**
 * Instants are UTC epoch milliseconds inside the hub (`Instant`) and ISO 8601 with `Z` on the wire;
 * days are `YYYY-MM-DD` in a named zone.
 */
declare const brand: unique symbol
export type Instant = number & { readonly [brand]: 'Instant' }
export type Day = string & { readonly [brand]: 'Day' }

export const instant = (epochMs: number): Instant => epochMs as Instant

/** The last days asked for, as `YYYY-MM-DDT`, each at its number mod {@link DAYS_KEPT}: an order's instants lie on a handful of them. */
const DAYS_KEPT = 64
const dayNos = new Float64Array(DAYS_KEPT).fill(NaN)
const dayTexts: string[] = new Array<string>(DAYS_KEPT).fill('')
const TWO: readonly string[] = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'))

/** ISO text of an instant, always with ms and Z. Throws a RangeError on what is no instant. */
export function toIso(at: Instant): string {
  const day = Math.floor(at / 86_400_000)
  const ms = at - day * 86_400_000
  if (!Number.isInteger(ms) || Math.abs(at) > 8.64e15) return new Date(at).toISOString()
  const slot = day & (DAYS_KEPT - 1)
  if (dayNos[slot] !== day) {
    dayTexts[slot] = new Date(at).toISOString().slice(0, -13)
    dayNos[slot] = day
  }
  const minutes = Math.floor(ms / 60_000)
  const rest = ms % 60_000
  const seconds = TWO[Math.floor(rest / 1000)]!
  const thousandths = rest % 1000
  return `${dayTexts[slot]}${TWO[Math.floor(minutes / 60)]}:${TWO[minutes % 60]}:${seconds}.${thousandths < 100 ? '0' : ''}${thousandths < 10 ? '0' : ''}${thousandths}Z`
}

/** Years that a database column and a calendar hold without a second thought; a second is one of sixty. */
const ISO = /^(?:19|20|21)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** Parses ISO 8601 with an explicit offset, of the years 1900 to 2199; undefined when the text is anything else. */
export function parseInstant(text: string): Instant | undefined {
  if (!ISO.test(text)) return undefined
  const ms = ownMs(text) ?? Date.parse(text)
  return Number.isNaN(ms) ? undefined : instant(ms)
}

/** Of text as {@link toIso} writes it, at a third of the parser's cost; what a month or an hour may not have is left to the parser. */
function ownMs(text: string): number | undefined {
  if (text.length !== 24 || !text.endsWith('Z')) return undefined
  const year = two(text, 0) * 100 + two(text, 2)
  const [month, day, hour, minute, second] = [two(text, 5), two(text, 8), two(text, 11), two(text, 14), two(text, 17)]
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > 28 || hour > 23 || minute > 59 || second > 59) return undefined
  const ms = (text.charCodeAt(20) - ZERO) * 100 + two(text, 21)
  return Date.UTC(year, month - 1, day, hour, minute, second, ms)
}
const ZERO = 48
const two = (text: string, at: number): number => (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
