export type Sample = Readonly<Record<string, number>>
/** What may be gained over the measured time and still be called flat: a share of the median, or so much. */
export type Limit = { readonly share: number; readonly least: number }
export type Verdict = {
  readonly what: string
  readonly firstQuarter: number
  readonly lastQuarter: number
  readonly gain: number
  readonly allowed: number
  readonly isFlat: boolean
}

/**
 * Whether a figure stays flat: the gain of a line through its samples, the first quarter left out as warming up. Beside it, what anybody
 * can check: the medians of the first and of the last quarter.
 */
export function verdictOf(what: string, values: readonly number[], limit: Limit): Verdict {
  const quarter = Math.max(1, Math.floor(values.length / 4))
  const warm = values.slice(Math.floor(values.length / 4))
  const gain = slopeOf(warm) * (warm.length - 1)
  const allowed = Math.max(limit.least, medianOf(warm) * limit.share)
  return {
    what,
    firstQuarter: tenths(medianOf(values.slice(0, quarter))),
    lastQuarter: tenths(medianOf(values.slice(-quarter))),
    gain: tenths(gain),
    allowed: tenths(allowed),
    isFlat: gain <= allowed,
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10
const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Of the line that fits the values best (Theil–Sen: the median of all slopes, which a single high value does not move). */
export function slopeOf(values: readonly number[]): number {
  return medianOf(values.flatMap((from, i) => values.slice(i + 1).map((to, j) => (to - from) / (j + 1))))
}
