import type { CoverProblem } from './cover.ts'
import { CANDIDATES_MAX, insert, scoreAlone } from './rank-candidates.ts'

/** An order's candidates, priced by what their quotes cannot fall below until they are asked. */
export type Shortlisted = CoverProblem & {
  /** A bit for each line that a candidate has any units of, and for each that it has all units of. */
  readonly has: Int32Array
  readonly full: Int32Array
  readonly state: Uint8Array
  /** Line by line the candidates that had units of it: line l's from `firstMember[l]` up to `firstMember[l + 1]` (excluded). */
  readonly members: Int32Array
  readonly firstMember: Int32Array
  /** Asks a candidate's quote and prices it by that; its state is then SERVES, or REFUSES and it has nothing of any line. */
  ask(candidate: number): void
}

/** State of a candidate: priced by floors, or as its quote said. */
export const UNASKED = 0
export const SERVES = 1
export const REFUSES = 2

/** With more lines every candidate is asked: so many have something that others do not. */
export const SHORTLIST_LINES_MAX = 8
/** Sums are taken in different order for floors and quotes: what is nearer than this counts as equal, and is asked. */
const MARGIN = 1e-6
const RELATIVE_MARGIN = 1e-12

/**
 * Asks the candidates that a plan or its explanation can depend on; all others stay UNASKED. Left out is who
 * - is not among the best {@link CANDIDATES_MAX} of any line, and
 * - has another that serves, with all units of each line of which this one has any, at a lower fixed price and no dearer a unit: in every
 *   plan that one can stand in for it (or is there already), and the plan costs less. So no search ever takes it, however it goes about it.
 */
export class Shortlist {
  private readonly best = new Int32Array(CANDIDATES_MAX)
  private readonly bestScores = new Float64Array(CANDIDATES_MAX)
  /** By member: the least that its line alone would cost from it. */
  private scores = new Float64Array(64)
  /** By line: who scores more is not among its best. */
  private readonly limit = new Float64Array(SHORTLIST_LINES_MAX)
  /** By combination of lines (a bit each): the cheapest candidate that has all units of just these, 0 = none. */
  private readonly leader = new Int32Array(1 << SHORTLIST_LINES_MAX)
  private readonly leaderCost = new Float64Array(1 << SHORTLIST_LINES_MAX)
  /** Who serves and may stand in for others, in the order in which they were asked. */
  private asked = new Int32Array(64)
  private count = 0

  select(w: Shortlisted, shortPrice: number): void {
    const { candidates, lines, state, has } = w
    this.count = 0
    if (this.asked.length < candidates) this.asked = new Int32Array(candidates * 2)
    if (this.scores.length < w.members.length) this.scores = new Float64Array(w.members.length)
    for (let l = 0; l < lines; l++) this.askBest(w, l, shortPrice)
    if (lines > 1) this.askLeaders(w)
    for (let l = 0; l < lines; l++) this.askWithin(w, l)
    for (let c = 1; c < candidates; c++) if (state[c] === UNASKED && has[c] !== 0 && !this.hasStandIn(w, c)) this.ask(w, c)
  }

  private ask(w: Shortlisted, c: number): void {
    if (w.state[c] === UNASKED) w.ask(c)
    if (w.state[c] === SERVES) this.asked[this.count++] = c
  }

  /** Asks the best of a line as far as floors tell; the worst of them is the line's limit, if all serve. */
  private askBest(w: Shortlisted, l: number, shortPrice: number): void {
    const count = this.rank(w, l, shortPrice)
    const { best, limit } = this
    let worst = count < CANDIDATES_MAX ? Infinity : -Infinity
    for (let k = 0; k < count; k++) {
      const c = best[k]!
      this.ask(w, c)
      worst = w.state[c] === SERVES ? Math.max(worst, scoreAlone(w, c, l, w.need[l]!, shortPrice)) : Infinity
    }
    limit[l] = worst * (1 + RELATIVE_MARGIN) + MARGIN
  }

  /** Scores a line's members and puts the best into `best`, cheapest first. Returns how many. */
  private rank(w: Shortlisted, l: number, shortPrice: number): number {
    const { lines, members, fixed, unit, cap } = w
    const { best, bestScores, scores } = this
    const need = w.need[l]!
    const end = w.firstMember[l + 1]!
    let count = 0
    let worst = Infinity
    for (let k = w.firstMember[l]!; k < end; k++) {
      const c = members[k]!
      const at = c * lines + l
      const units = cap[at]!
      const score = fixed[c]! + units * unit[at]! + (need - units) * shortPrice
      scores[k] = score
      if (score >= worst || units === 0) continue
      count = insert(best, bestScores, count, c, score)
      if (count === CANDIDATES_MAX) worst = bestScores[CANDIDATES_MAX - 1]!
    }
    return count
  }

  /** Asks all whose floor is within the line's limit. */
  private askWithin(w: Shortlisted, l: number): void {
    const { members, firstMember, state } = w
    const limit = this.limit[l]!
    for (let k = firstMember[l]!, end = firstMember[l + 1]!; k < end; k++)
      if (this.scores[k]! <= limit && state[members[k]!] === UNASKED) this.ask(w, members[k]!)
  }

  /** The cheapest for each combination of lines: near each other in cost as nodes are, these stand in for most. */
  private askLeaders(w: Shortlisted): void {
    const { lines, candidates, fixed, unit, need, full, state } = w
    const { leader, leaderCost } = this
    const combinations = 1 << lines
    leader.fill(0, 0, combinations)
    leaderCost.fill(Infinity, 0, combinations)
    for (let c = 1; c < candidates; c++) {
      const own = full[c]!
      if ((own & (own - 1)) === 0 || state[c] === REFUSES || fixed[c]! >= leaderCost[own]!) continue
      let cost = fixed[c]!
      for (let l = 0, at = c * lines; l < lines; l++, at++) if ((own & (1 << l)) !== 0) cost += unit[at]! * need[l]!
      if (cost >= leaderCost[own]!) continue
      leaderCost[own] = cost
      leader[own] = c
    }
    for (let own = combinations - 1; own > 0; own--) if (leader[own] !== 0) this.ask(w, leader[own]!)
  }

  private hasStandIn({ lines, fixed, unit, has, full }: Shortlisted, c: number): boolean {
    const { asked, count } = this
    const own = has[c]!
    const below = fixed[c]! - MARGIN
    for (let k = 0; k < count; k++) {
      const by = asked[k]!
      if ((full[by]! & own) !== own || fixed[by]! >= below) continue
      if (isNowhereDearer(unit, by * lines, c * lines, own)) return true
    }
    return false
  }
}

function isNowhereDearer(unit: Float64Array, by: number, than: number, lines: number): boolean {
  for (let left = lines, l = 0; left !== 0; left >>= 1, l++) if ((left & 1) === 1 && unit[by + l]! > unit[than + l]!) return false
  return true
}
