/**
 * Open single-node plans looked at together: who sits where, what each could cost elsewhere, and how many places are free.
 * Places are numbered from 0; a place that never fills (such as "not served") has `free` Infinity.
 */
export type OpenPlans = {
  /** The place of each order; changed in place. */
  readonly at: Int32Array
  /** Free places; changed in place. */
  readonly free: Float64Array
  /** What each order could cost, by place; where it cannot be, no entry. */
  readonly options: readonly ReadonlyMap<number, number>[]
}

const EPSILON = 1e-7

/**
 * Re-optimises open plans: as long as some ring of moves (one order to the place of the next, the last to the place of the first or
 * to a free one) lowers the total, it is made. Without more such rings the assignment is the cheapest there is (cancelling of negative
 * cycles, Klein 1967); `ringsMax` bounds the work. Returns how many rings were turned. Deterministic: ties go to the lower number.
 */
export function reassign(plans: OpenPlans, ringsMax: number): number {
  for (let ring = 0; ring < ringsMax; ring++) {
    const moves = bestMoves(plans)
    const cycle = negativeCycle(moves.gain, plans.free.length + 1)
    if (!cycle) return ring
    turn(plans, cycle, moves.order)
  }
  return ringsMax
}

/** The cheapest single move between each two places; the last number is "free", reached from a place that has room. */
function bestMoves({ at, free, options }: OpenPlans): { gain: Float64Array; order: Int32Array } {
  const places = free.length
  const size = places + 1
  const gain = new Float64Array(size * size).fill(Infinity)
  const order = new Int32Array(size * size).fill(-1)
  for (let k = 0; k < at.length; k++) {
    const from = at[k]!
    const here = options[k]!.get(from) ?? 0
    for (const [to, cost] of options[k]!) {
      if (to === from || cost - here >= gain[from * size + to]!) continue
      gain[from * size + to] = cost - here
      order[from * size + to] = k
    }
  }
  for (let p = 0; p < places; p++) {
    if (free[p]! > 0) gain[p * size + places] = 0
    gain[places * size + p] = 0
  }
  return { gain, order }
}

/** Bellman–Ford from everywhere at once; the nodes of a cycle with negative sum in order, or undefined. */
function negativeCycle(gain: Float64Array, size: number): number[] | undefined {
  const distance = new Float64Array(size)
  const before = new Int32Array(size).fill(-1)
  let last = -1
  for (let round = 0; round < size; round++) {
    last = -1
    for (let p = 0; p < size; p++)
      for (let q = 0; q < size; q++) {
        const next = distance[p]! + gain[p * size + q]!
        if (next >= distance[q]! - EPSILON) continue
        distance[q] = next
        before[q] = p
        last = q
      }
    if (last < 0) return undefined
  }
  for (let k = 0; k < size; k++) last = before[last]!
  const cycle = [last]
  for (let p = before[last]!; p !== last; p = before[p]!) cycle.push(p)
  return cycle.reverse()
}

function turn({ at, free }: OpenPlans, cycle: readonly number[], order: Int32Array): void {
  const places = free.length
  const size = places + 1
  cycle.forEach((from, k) => {
    const to = cycle[(k + 1) % cycle.length]!
    if (to === places) free[from]! -= 1
    else if (from === places) free[to]! += 1
    else at[order[from * size + to]!] = to
  })
}
