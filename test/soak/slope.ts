export type Sample = Readonly<Record<string, number>>
/** What may be gained over the measured time and still be called flat: a share of the median, or so much. */
export type Limit = { readonly share: number; readonly least: number }
export type Verdict = {
  readonly what: string
  readonly first: number
  readonly last: number
  readonly gain: number
  readonly allowed: number
  readonly isFlat: boolean
}

/** Whether a figure stays flat: the gain of a line through its samples, the first quarter left out as warming up. */
export function verdictOf(what: string, values: readonly number[], limit: Limit): Verdict {
  const warm = values.slice(Math.floor(values.length / 4))
  const gain = slopeOf(warm) * (warm.length - 1)
  const median = warm.toSorted((a, b) => a - b)[Math.floor(warm.length / 2)] ?? 0
  const allowed = Math.max(limit.least, median * limit.share)
  const round = (value: number): number => Math.round(value * 10) / 10
  return {
    what,
    first: round(warm[0] ?? 0),
    last: round(warm.at(-1) ?? 0),
    gain: round(gain),
    allowed: round(allowed),
    isFlat: gain <= allowed,
  }
}

/** Of the line that fits the values best (Theil–Sen: the median of all slopes, which a single high value does not move). */
export function slopeOf(values: readonly number[]): number {
  const slopes = values.flatMap((from, i) => values.slice(i + 1).map((to, j) => (to - from) / (j + 1)))
  return slopes.toSorted((a, b) => a - b)[Math.floor(slopes.length / 2)] ?? 0
}
