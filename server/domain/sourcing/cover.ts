/**
 * Choosing the cheapest set of nodes: each node of the set pays its fixed cost, each line then takes its units cheapest first from the
 * set, within what each node has. Exact by depth-first search over sets with bounds (sets in ascending order of fixed cost, so one
 * comparison closes a whole branch); a budget bounds the work, and the search starts from a greedy plan improved by add, drop and
 * swap moves, so that running out of budget leaves a plan never worse than greedy.
 *
 * Layout: candidate c, line l → c × lines + l. `cap` is at most the line's need; cap 0 means the node cannot serve the line.
 * Candidate 0 is always "unserved": it has every unit at the price of not serving it.
 */
export type CoverProblem = {
  lines: number
  candidates: number
  /** Added to every set with a candidate other than 0; ≤ 0 (the first node pays no split). */
  offset: number
  need: Float64Array
  fixed: Float64Array
  unit: Float64Array
  cap: Float64Array
  /** Ties are decided by it, ascending. */
  rank: Int32Array
}

export type CoverResult = {
  readonly set: readonly number[]
  readonly cost: number
  readonly isExact: boolean
  readonly evaluations: number
}

const EPSILON = 1e-7
const MASK_LINES = 30
/** Line evaluations: about 1 ms. */
export const DEFAULT_BUDGET = 60_000

export function cheapestCover(problem: CoverProblem, budget = DEFAULT_BUDGET): CoverResult {
  return new CoverSearch(problem, budget).run()
}

/** One search. Modes: greedy → improve → enumerate; `best` only ever gets cheaper. */
class CoverSearch {
  private readonly p: CoverProblem
  private readonly floor: Float64Array
  private best: number[] = [0]
  private bestCost: number
  private left: number
  private evaluations = 0
  private order: number[] = []
  private suffix: Float64Array = new Float64Array(0)
  private readonly current: number[] = []
  /** Lines that each candidate of `order` has units of, and all lines. */
  private masks = new Int32Array(0)
  private allLines = 0
  /** 1 once it is proved that no best plan leaves a unit unserved, otherwise 0. */
  private first: 0 | 1 = 0

  constructor(problem: CoverProblem, budget: number) {
    this.p = problem
    this.left = budget
    this.floor = new Float64Array(problem.lines)
    this.bestCost = this.costOf(this.best)
  }

  run(): CoverResult {
    const bound = this.takeSingles()
    if (this.best[0] === 0) this.greedy()
    this.first = this.canLeaveOut(bound) ? 1 : 0
    if (!this.isClosed(bound)) {
      if (this.p.lines > 6) this.improve()
      this.enumerate(bound)
    }
    return { set: this.best, cost: this.bestCost, isExact: this.left >= 0, evaluations: this.evaluations }
  }

  /** The best plan of one node; meanwhile each line's cheapest unit anywhere, a bound on every plan. Returns the sum of those. */
  private takeSingles(): number {
    const { lines, candidates, need, fixed, unit, cap, rank, offset } = this.p
    this.floor.fill(Infinity)
    for (let c = 0; c < candidates; c++) {
      let cost = fixed[c]! + (c === 0 ? 0 : offset)
      let covers = true
      for (let l = 0, at = c * lines; l < lines; l++, at++) {
        const has = cap[at]!
        if (has < need[l]!) covers = false
        if (has === 0) continue
        const price = unit[at]!
        if (price < this.floor[l]!) this.floor[l] = price
        cost += price * need[l]!
      }
      if (!covers || c === 0) continue
      if (cost < this.bestCost - EPSILON || (cost < this.bestCost + EPSILON && this.best[0] !== 0 && rank[c]! < rank[this.best[0]!]!)) {
        this.bestCost = cost
        this.best = [c]
      }
    }
    this.evaluations += candidates
    let sum = 0
    for (let l = 0; l < lines; l++) sum += this.floor[l]! * need[l]!
    return sum
  }

  /** Serving all but one unit at the cheapest, and not serving that one, already costs what the best plan costs. */
  private canLeaveOut(bound: number): boolean {
    const { lines, unit, fixed, offset } = this.p
    let extra = Infinity
    for (let l = 0; l < lines; l++) extra = Math.min(extra, unit[l]! - this.floor[l]!)
    return this.best[0] !== 0 && fixed[0]! + offset + bound + extra >= this.bestCost - EPSILON
  }

  /** No plan of two nodes (the two smallest fixed costs, every unit at its cheapest) can beat the best single one. */
  private isClosed(bound: number): boolean {
    let first = Infinity
    let second = Infinity
    const { candidates, fixed, offset } = this.p
    for (let c = this.first; c < candidates; c++) {
      const cost = fixed[c]!
      if (cost < first) {
        second = first
        first = cost
      } else if (cost < second) second = cost
    }
    return first + second + offset + bound >= this.bestCost - EPSILON
  }

  /** Cost of a set; Infinity where it does not cover. Stops early beyond `limit`. */
  private costOf(set: readonly number[], limit = Infinity): number {
    const { lines, need, fixed, offset } = this.p
    this.evaluations++
    let cost = 0
    let isReal = false
    for (const c of set) {
      cost += fixed[c]!
      if (c !== 0) isReal = true
    }
    if (isReal) cost += offset
    for (let l = 0; l < lines; l++) {
      cost += this.fill(set, l, need[l]!)
      if (cost >= limit) return Infinity
    }
    return cost
  }

  /** One line's units, cheapest first over the set; equal prices by rank, so that plans read the same way. */
  private fill(set: readonly number[], l: number, need: number): number {
    const { lines, unit, cap } = this.p
    this.left--
    let cost = 0
    let left = need
    let lastPrice = -Infinity
    let lastAt = -1
    while (left > 0) {
      let price = Infinity
      let at = -1
      for (let k = 0; k < set.length; k++) {
        const index = set[k]! * lines + l
        if (cap[index] === 0) continue
        const candidate = unit[index]!
        if (candidate < lastPrice || (candidate === lastPrice && k <= lastAt)) continue
        if (candidate < price) {
          price = candidate
          at = k
        }
      }
      if (at < 0) return Infinity
      const taken = Math.min(left, cap[set[at]! * lines + l]!)
      cost += taken * price
      left -= taken
      lastPrice = price
      lastAt = at
    }
    return cost
  }

  private keep(set: readonly number[], cost: number): boolean {
    if (cost >= this.bestCost - EPSILON) return false
    this.bestCost = cost
    this.best = set.slice()
    return true
  }

  /** From "nothing served" add the node that lowers the cost most, until none does. */
  private greedy(): void {
    let set: number[] = [0]
    let cost = this.costOf(set)
    for (let step = 0; step < 64; step++) {
      const added = this.bestMove(set, cost)
      if (!added) break
      set = added.set
      cost = this.costOf(set)
      const served = set.filter((c) => c !== 0)
      this.keep(set, cost)
      if (served.length < set.length) this.keep(served, this.costOf(served, this.bestCost))
    }
  }

  /** The node that lowers the cost most. Only lines that a node stocks are filled anew: the rest cost what they did. */
  private bestMove(set: readonly number[], cost: number): { set: number[]; cost: number } | undefined {
    const { candidates, lines, need, fixed, cap, offset } = this.p
    const before = Float64Array.from({ length: lines }, (_, l) => this.fill(set, l, need[l]!))
    const trial = [...set, 0]
    const first = set.every((c) => c === 0) ? offset : 0
    let best = 0
    let bestCost = cost - EPSILON
    for (let c = 1; c < candidates; c++) {
      trial[set.length] = c
      let trialCost = cost + fixed[c]! + first
      for (let l = 0, at = c * lines; l < lines; l++, at++) if (cap[at]! > 0) trialCost += this.fill(trial, l, need[l]!) - before[l]!
      if (trialCost >= bestCost || set.includes(c)) continue
      bestCost = trialCost
      best = c
    }
    this.evaluations += candidates
    return best === 0 ? undefined : { set: [...set, best], cost: bestCost }
  }

  /** Drop or swap one node at a time, first improvement, at most four rounds. */
  private improve(): void {
    const { candidates } = this.p
    for (let round = 0; round < 4; round++) {
      const before = this.bestCost
      for (const out of this.best.slice()) {
        const rest = this.best.filter((c) => c !== out)
        if (rest.length === this.best.length) continue
        this.keep(rest, this.costOf(rest, this.bestCost))
        for (let c = 1; c < candidates && this.left > 0; c++) {
          if (rest.includes(c)) continue
          const trial = [...rest, c]
          this.keep(trial, this.costOf(trial, this.bestCost))
        }
      }
      if (this.bestCost >= before - EPSILON) return
    }
  }

  private enumerate(bound: number): void {
    const { candidates, fixed, rank, offset, lines, unit, cap } = this.p
    let least = Infinity
    for (let c = this.first; c < candidates; c++) if (fixed[c]! < least) least = fixed[c]!
    const order: number[] = []
    for (let c = this.first; c < candidates; c++) if (fixed[c]! + least + offset + bound < this.bestCost - EPSILON) order.push(c)
    order.sort((a, b) => fixed[a]! - fixed[b]! || rank[a]! - rank[b]!)
    this.undominated(order)
    // suffix[i × lines + l]: the line's cheapest unit among order[i…]: what any extension may still reach.
    const kept = this.order
    this.suffix = new Float64Array((kept.length + 1) * lines).fill(Infinity)
    for (let i = kept.length - 1; i >= 0; i--)
      for (let l = 0; l < lines; l++) {
        const at = kept[i]! * lines + l
        const later = this.suffix[(i + 1) * lines + l]!
        this.suffix[i * lines + l] = cap[at]! > 0 && unit[at]! < later ? unit[at]! : later
      }
    this.current.length = 0
    this.masks = Int32Array.from(kept, (c) => this.linesOf(c))
    this.allLines = lines > MASK_LINES ? -1 : 2 ** lines - 1
    this.descend(0, 0, 0)
  }

  /**
   * Leaves out every candidate that an earlier one can stand in for: not dearer, of a lower number, and with all units of each line that
   * the other has any of. In any set it may be replaced by that one, or left out where both are, so no best plan is lost: over 559
   * nodes about 20 of 170 remain.
   */
  private undominated(order: readonly number[]): void {
    const { fixed, rank } = this.p
    const kept: number[] = []
    for (const c of order) {
      let isNeeded = true
      for (const by of kept) {
        if (!(fixed[by]! < fixed[c]! - EPSILON || rank[by]! < rank[c]!) || !this.standsIn(by, c)) continue
        isNeeded = false
        break
      }
      if (isNeeded) kept.push(c)
    }
    this.order = kept
  }

  private standsIn(by: number, c: number): boolean {
    const { lines, need, unit, cap } = this.p
    for (let l = 0, at = c * lines, other = by * lines; l < lines; l++, at++, other++) {
      if (cap[at]! > 0 && (cap[other]! < need[l]! || unit[other]! > unit[at]!)) return false
    }
    return true
  }

  /** Which lines a candidate can help with, a bit a line; all bits where there are more lines than bits. */
  private linesOf(c: number): number {
    const { lines, need, cap } = this.p
    if (lines > MASK_LINES) return -1
    let mask = 0
    for (let l = 0, at = c * lines; l < lines; l++, at++) if (cap[at]! > 0 || need[l] === 0) mask |= 1 << l
    return mask
  }

  /** Tries every extension of the current set by order[start…], cheapest fixed cost first; `served` are the lines that the set has units of. */
  private descend(start: number, fixedSum: number, served: number): void {
    const { fixed, offset } = this.p
    for (let i = start; i < this.order.length; i++) {
      const c = this.order[i]!
      const sum = fixedSum + fixed[c]!
      const bound = this.reach(i)
      if (sum + offset + bound >= this.bestCost - EPSILON || this.left < 0) return
      this.current.push(c)
      const reached = served | this.masks[i]!
      // Most sets leave a line without any unit: a bit tells, where their cost would take a walk over all lines.
      if (reached !== this.allLines) this.left--
      else if (this.current.length > 1 || c === 0) this.keep(this.current, this.costOf(this.current, this.bestCost))
      const next = this.order[i + 1]
      if (next !== undefined && sum + fixed[next]! + offset + bound < this.bestCost - EPSILON) this.descend(i + 1, sum, reached)
      this.current.pop()
    }
  }

  /** Every unit at its cheapest within the current set and order[i…]. */
  private reach(i: number): number {
    const { lines, need, unit, cap } = this.p
    let sum = 0
    for (let l = 0; l < lines; l++) {
      if (need[l] === 0) continue
      let price = this.suffix[i * lines + l]!
      for (const c of this.current) {
        const at = c * lines + l
        if (cap[at]! > 0 && unit[at]! < price) price = unit[at]!
      }
      sum += price * need[l]!
    }
    return sum
  }
}
