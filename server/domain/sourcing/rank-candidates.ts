import type { CoverProblem } from './cover.ts'

/** Best candidates of a line that an explanation shows. */
export const CANDIDATES_MAX = 8

type Priced = Pick<CoverProblem, 'lines' | 'candidates' | 'fixed' | 'unit' | 'cap'>

/** What `quantity` units of a line would cost from one candidate if it were alone, missing units at their price. */
export function scoreAlone({ lines, fixed, unit, cap }: Priced, c: number, l: number, quantity: number, shortPrice: number): number {
  const at = c * lines + l
  const units = cap[at]!
  return fixed[c]! + units * unit[at]! + (quantity - units) * shortPrice
}

/** The line's best candidates by that, cheapest first, equal ones in their order, into `best` with `scores`. Returns how many. */
export function rankCandidates(p: Priced, l: number, quantity: number, shortPrice: number, best: Int32Array, scores: Float64Array): number {
  const { lines, candidates, cap } = p
  let count = 0
  for (let c = 1; c < candidates; c++)
    if (cap[c * lines + l] !== 0) count = insert(best, scores, count, c, scoreAlone(p, c, l, quantity, shortPrice))
  return count
}

/** Puts a candidate where it belongs among the best, behind equal ones, or drops it. Returns how many there are then. */
export function insert(best: Int32Array, scores: Float64Array, count: number, c: number, score: number): number {
  if (count === CANDIDATES_MAX && score >= scores[count - 1]!) return count
  const after = Math.min(count + 1, CANDIDATES_MAX)
  let k = after - 1
  for (; k > 0 && scores[k - 1]! > score; k--) {
    scores[k] = scores[k - 1]!
    best[k] = best[k - 1]!
  }
  scores[k] = score
  best[k] = c
  return after
}
