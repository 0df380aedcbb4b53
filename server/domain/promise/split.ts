import { coveredAt, unitsBy, type Demand, type Shelves } from './demand.ts'

/** What one node supplies of a basket. `readyAt` is when all of it is there. */
export type Part = { readonly nodeNo: number; readonly demands: readonly Demand[]; readonly readyAt: number }

/** A basket goes in at most this many parcels of different nodes. */
const PARTS_MAX = 10

/**
 * Shares a basket over nodes: again and again the node that covers most of what is left, with units that are there by `by`; ties go to
 * the node that comes first in `order`. Undefined when it does not cover all in {@link PARTS_MAX} parts. A promise needs a plan that can be kept, not
 * the best one: sourcing finds that later.
 */
export function splitOver(demands: readonly Demand[], shelves: Shelves, order: readonly number[], by: number): readonly Part[] | undefined {
  const left = demands.map(({ quantity }) => quantity)
  const parts: Part[] = []
  const free = new Set(order)
  while (left.some((quantity) => quantity > 0)) {
    const best = parts.length < PARTS_MAX ? widest(left, shelves, free, by) : undefined
    if (best === undefined) return undefined
    free.delete(best)
    const shelf = shelves.get(best)
    const taken = left.map((quantity, d) => Math.min(quantity, unitsBy(shelf?.[d], by)))
    taken.forEach((quantity, d) => (left[d] = (left[d] ?? 0) - quantity))
    const readyAt = Math.max(...taken.map((quantity, d) => coveredAt(shelf?.[d], quantity)))
    parts.push({ nodeNo: best, readyAt, demands: demands.flatMap((demand, d) => (taken[d] ? [{ ...demand, quantity: taken[d] }] : [])) })
  }
  return parts
}

/** The node that covers the largest share of what is left, summed over skus so that no sku counts by its units. */
function widest(left: readonly number[], shelves: Shelves, free: ReadonlySet<number>, by: number): number | undefined {
  let best: number | undefined
  let most = 0
  for (const nodeNo of free) {
    const shelf = shelves.get(nodeNo)
    const cover = left.reduce((sum, quantity, d) => sum + (quantity > 0 ? Math.min(quantity, unitsBy(shelf?.[d], by)) / quantity : 0), 0)
    if (cover > most + 1e-9) {
      most = cover
      best = nodeNo
    }
  }
  return best
}
