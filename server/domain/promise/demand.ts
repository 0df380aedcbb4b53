import type { ItemInput } from '../../../contract/entities/item.ts'
import type { Instant } from '../../kernel/time.ts'
import { BUNDLE_DEPTH_MAX } from '../fact/bundle-depth.ts'
import { addLoads, loadOf, NO_LOAD, type Load } from '../freight/load.ts'
import { needsOf } from './needs.ts'

/** Units of one stock-keeping item that must be supplied; bundles have been taken apart. */
export type Demand = { readonly sku: string; readonly item: ItemInput; readonly quantity: number }
/** Units at a node that can be promised, now or from `at` on. */
export type SupplyAt = { readonly nodeNo: number; readonly units: number; readonly at?: Instant }

export type Exploded =
  | { readonly status: 'known'; readonly demands: readonly Demand[]; readonly needs: readonly string[] }
  | { readonly status: 'unknown'; readonly sku: string }

/** Takes bundles apart and adds up what is left by sku, in the order of first mention. */
export function explode(
  lines: readonly { readonly sku: string; readonly quantity: number }[],
  itemOf: (sku: string) => ItemInput | undefined,
): Exploded {
  const bySku = new Map<string, Demand>()
  const needs = new Set<string>()
  const add = (sku: string, quantity: number, depth: number): string | undefined => {
    const item = itemOf(sku)
    if (!item || depth > BUNDLE_DEPTH_MAX) return sku
    // Nothing of it has to come from anywhere.
    if (item.attributes?.['digital'] === true && !item.components) return undefined
    for (const need of needsOf(item.attributes)) needs.add(need)
    for (const part of item.components ?? []) {
      const unknown = add(part.sku, part.quantity * quantity, depth + 1)
      if (unknown !== undefined) return unknown
    }
    if (!item.components) bySku.set(sku, { sku, item, quantity: quantity + (bySku.get(sku)?.quantity ?? 0) })
    return undefined
  }
  for (const { sku, quantity } of lines) {
    const unknown = add(sku, quantity, 0)
    if (unknown !== undefined) return { status: 'unknown', sku: unknown }
  }
  return { status: 'known', demands: [...bySku.values()], needs: [...needs].sort() }
}

export const loadOfDemands = (demands: readonly Demand[]): Load =>
  demands.reduce((sum, { item, quantity }) => addLoads(sum, loadOf(item, quantity)), NO_LOAD)

/** One node's supply of one sku, by time. */
export type Shelf = readonly { readonly units: number; readonly at: number }[]
/** nodeNo → shelf per demand, in the order of the demands. */
export type Shelves = ReadonlyMap<number, readonly Shelf[]>

/** Lays supply out per node; what is there now counts from `now`. Rows without units are dropped. */
export function shelvesOf(demands: readonly Demand[], supplyOf: (sku: string) => readonly SupplyAt[], now: Instant): Shelves {
  const shelves = new Map<number, { units: number; at: number }[][]>()
  demands.forEach(({ sku }, d) => {
    for (const { nodeNo, units, at } of supplyOf(sku)) {
      if (units <= 0) continue
      const node = shelves.get(nodeNo) ?? demands.map(() => [])
      shelves.set(nodeNo, node)
      node[d]?.push({ units, at: Math.max(now, at ?? now) })
    }
  })
  for (const node of shelves.values()) for (const shelf of node) shelf.sort((a, b) => a.at - b.at)
  return shelves
}

/** When a shelf has held `quantity` units in all, Infinity if never. */
export function coveredAt(shelf: Shelf | undefined, quantity: number): number {
  let left = quantity
  for (const { units, at } of shelf ?? []) {
    left -= units
    if (left <= 0) return at
  }
  return quantity <= 0 ? -Infinity : Infinity
}

/** Units on a shelf by an instant. */
export const unitsBy = (shelf: Shelf | undefined, by: number): number =>
  (shelf ?? []).reduce((sum, { units, at }) => (at <= by ? sum + units : sum), 0)
