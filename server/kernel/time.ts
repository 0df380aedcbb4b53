/**
 * Instants are UTC epoch milliseconds inside the hub (`Instant`) and ISO 8601 with `Z` on the wire;
 * days are `YYYY-MM-DD` in a named zone.
 */
declare const brand: unique symbol
export type Instant = number & { readonly [brand]: 'Instant' }
export type Day = string & { readonly [brand]: 'Day' }

export const instant = (epochMs: number): Instant => epochMs as Instant

/** ISO text of an instant, always with ms and Z. */
export const toIso = (at: Instant): string => new Date(at).toISOString()

/** Years that a database column and a calendar hold without a second thought; a second is one of sixty. */
const ISO = /^(?:19|20|21)\d{2}-\d{2}-\d{2}T\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** Parses ISO 8601 with an explicit offset, of the years 1900 to 2199; undefined when the text is anything else. */
export function parseInstant(text: string): Instant | undefined {
  if (!ISO.test(text)) return undefined
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : instant(ms)
}

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
