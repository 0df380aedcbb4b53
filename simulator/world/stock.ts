import type { NodeInput } from '../../contract/entities/node.ts'
import type { StockCountInput, SupplyInput } from '../../contract/entities/stock.ts'
import { randomOf } from '../random.ts'
import { nextHour } from './hours.ts'
import type { WorldItem } from './items.ts'

/** Share of what could be kept there that a node keeps. */
const KEPT_BY_CENTRE = 0.1
const CENTRES_LEAST = 8
const KEPT_BY_FRONT = 0.07
/** One item in so many is scarce: a few units in all, more on the way. */
const SCARCE_EVERY = 45
const DAY = 86_400_000
/** The hour of its day from which what is on its way counts as there: trucks come before. */
const PROMISED_HOUR = 10
/** Days until what is scarce comes, and until the first and the second lot of what is new. */
const ON_ITS_WAY = [3, 9] as const
const LAUNCHED = [
  [2, 4],
  [6, 9],
] as const

/** What each item asks of a place, worked out once: it is asked at every node. */
const needed = new WeakMap<WorldItem, readonly string[]>()

function needs(item: WorldItem): readonly string[] {
  const known = needed.get(item)
  if (known !== undefined) return known
  const attributes = Object.entries(item.item.attributes ?? {})
  const all = attributes.filter(([, value]) => value === true).map(([name]) => name)
  needed.set(item, all)
  return all
}
/** Whether what the item needs is there. */
export const canKeep = (node: NodeInput, item: WorldItem): boolean => needs(item).every((need) => node.capabilities?.includes(need))

const isScarce = (i: number): boolean => i % SCARCE_EVERY === 7

/** What lies where when the world opens. */
export function stockOf(seed: number, nodes: readonly NodeInput[], items: readonly WorldItem[]): readonly StockCountInput[] {
  const centres = nodes.filter((node) => node.kind === 'dc')
  // What few centres can keep lies in more of those: nothing is sold that lies nowhere.
  const shares = items.map((one) =>
    Math.max(KEPT_BY_CENTRE, CENTRES_LEAST / Math.max(1, centres.filter((node) => canKeep(node, one)).length)),
  )
  return nodes.flatMap((node) => {
    const random = randomOf(seed, 'stock', node.nodeId)
    const counts: StockCountInput[] = []
    items.forEach((one, i) => {
      if (!canKeep(node, one)) return
      const { kept } = one.family
      const count = (onHand: number) => counts.push({ sku: one.item.sku, nodeId: node.nodeId, onHand, reason: 'count' })
      if (node.kind === 'plant' && kept === 'plant') count(500)
      else if (node.kind === 'frontWarehouse' && (kept === 'front' || kept === 'both') && !isScarce(i) && random.is(KEPT_BY_FRONT))
        count(random.between(4, 40))
      else if (node.kind === 'dc' && (kept === 'centre' || kept === 'both' || kept === 'front'))
        if (isScarce(i) ? random.is(0.02) : random.is(shares[i] ?? 0)) count(isScarce(i) ? random.between(1, 2) : random.between(10, 160))
    })
    return counts
  })
}

/** Scarce items, and those that are not out yet, are on their way to two centres. */
export function supplyOf(seed: number, nodes: readonly NodeInput[], items: readonly WorldItem[], now: number): readonly SupplyInput[] {
  return items.flatMap((one, i) => {
    const random = randomOf(seed, 'supply', one.item.sku)
    const able = nodes.filter((node) => node.kind === 'dc' && canKeep(node, one))
    const { kept } = one.family
    const isNew = kept === 'launch'
    if ((!isScarce(i) && !isNew) || able.length === 0 || kept === 'nowhere' || kept === 'plant') return []
    return LAUNCHED.map((lot, n) => {
      const [least, most] = isNew ? lot : ON_ITS_WAY
      return {
        supplyId: `po-${one.item.sku}-${n + 1}`,
        sku: one.item.sku,
        nodeId: random.pick(able).nodeId,
        kind: 'purchaseOrder' as const,
        quantity: random.between(20, 60),
        availableAt: new Date(nextHour(now + random.between(least, most) * DAY, PROMISED_HOUR)).toISOString(),
      }
    })
  })
}
