import type { NodeInput } from '../../contract/entities/node.ts'
import type { StockCountInput, SupplyInput } from '../../contract/entities/stock.ts'
import { randomOf } from '../random.ts'
import type { WorldItem } from './items.ts'

/** Share of what could be kept there that a node keeps. */
const KEPT_BY_CENTRE = 0.1
const CENTRES_LEAST = 8
const KEPT_BY_FRONT = 0.07
/** One item in so many is scarce: a few units in all, more on the way. */
const SCARCE_EVERY = 45
const DAY = 86_400_000

const needs = (item: WorldItem): readonly string[] =>
  Object.entries(item.item.attributes ?? {})
    .filter(([, value]) => value === true)
    .map(([name]) => name)
const canKeep = (node: NodeInput, item: WorldItem): boolean => needs(item).every((need) => node.capabilities?.includes(need))

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
      else if (node.kind === 'dc' && kept !== 'nowhere' && kept !== 'plant')
        if (isScarce(i) ? random.is(0.02) : random.is(shares[i] ?? 0)) count(isScarce(i) ? random.between(1, 2) : random.between(10, 160))
    })
    return counts
  })
}

/** Scarce items are on their way to two centres. */
export function supplyOf(seed: number, nodes: readonly NodeInput[], items: readonly WorldItem[], now: number): readonly SupplyInput[] {
  return items.flatMap((one, i) => {
    const random = randomOf(seed, 'supply', one.item.sku)
    const able = nodes.filter((node) => node.kind === 'dc' && canKeep(node, one))
    if (!isScarce(i) || able.length === 0 || one.family.kept === 'nowhere' || one.family.kept === 'plant') return []
    return [1, 2].map((n) => ({
      supplyId: `po-${one.item.sku}-${n}`,
      sku: one.item.sku,
      nodeId: random.pick(able).nodeId,
      kind: 'purchaseOrder' as const,
      quantity: random.between(20, 60),
      availableAt: new Date(now + random.between(3, 9) * DAY).toISOString(),
    }))
  })
}
