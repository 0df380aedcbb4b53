import { BUNDLE_DEPTH_MAX } from '../fact/bundle-depth.ts'
import type { Shortfall } from '../sourcing/problem.ts'
import type { ItemFact, PlacementFacts } from './facts.ts'

/** Units of one item that one line needs; a bundle's line needs its components. */
export type Demand = {
  readonly lineNo: number
  readonly item: ItemFact
  readonly perUnit: number
  readonly units: number
  /** Its units are held for the order at one node: no channel's buffer comes off. */
  readonly isHeld?: true
}

/**
 * What lines need in items that stock is kept of; components of components count too, to the depth that bundles may have. A line whose item, or any
 * part of it, is unknown is left out whole: nobody is sent half a kit. With a channel, a line that holds the channel's own code counts as the item that has it as an alias by now.
 */
export function demandsOf(
  lines: readonly { readonly lineNo: number; readonly sku: string; readonly units: number }[],
  facts: PlacementFacts,
  channelId?: string,
): Demand[] {
  const demands: Demand[] = []
  for (const { lineNo, sku, units } of lines) {
    const item = units > 0 ? facts.item(sku, channelId) : undefined
    if (item === undefined) continue
    const before = demands.length
    if (!expand(facts, lineNo, item, 1, units, 0, demands)) demands.length = before
  }
  return demands
}

/** Adds what one item needs; false when a part of it is unknown. */
function expand(
  facts: PlacementFacts,
  lineNo: number,
  item: ItemFact,
  perUnit: number,
  units: number,
  depth: number,
  into: Demand[],
): boolean {
  const { components } = item.doc
  if (components === undefined || depth === BUNDLE_DEPTH_MAX) {
    const known = into.findIndex((one) => one.lineNo === lineNo && one.item.itemNo === item.itemNo)
    const before = into[known]
    if (before === undefined) into.push({ lineNo, item, perUnit, units: units * perUnit })
    else into[known] = { ...before, perUnit: before.perUnit + perUnit, units: before.units + units * perUnit }
    return true
  }
  return components.every(({ sku, quantity }) => {
    const part = facts.item(sku)
    if (part === undefined) return false
    // A digital part comes with the set and needs no stock of its own.
    return part.doc.attributes?.['digital'] === true || expand(facts, lineNo, part, perUnit * quantity, units, depth + 1, into)
  })
}

/** Whole units of a line that its items cover: the scarcest component decides. */
export function coveredUnits(lineNo: number, units: number, demands: readonly Demand[], shortOf: (index: number) => number): number {
  let covered = units
  for (const [i, demand] of demands.entries()) {
    if (demand.lineNo !== lineNo) continue
    covered = Math.min(covered, Math.floor((demand.units - shortOf(i)) / demand.perUnit))
  }
  return Math.max(0, covered)
}

/** What is missing of each item, over all lines that ask for it. */
export function missingBySku(shortfall: readonly Shortfall[], demands: readonly Demand[]): { sku: string; short: number }[] {
  const short = new Map<string, number>()
  for (const { lineNo, quantity } of shortfall) {
    const sku = demands[lineNo]?.item.doc.sku ?? ''
    short.set(sku, (short.get(sku) ?? 0) + quantity)
  }
  return [...short].map(([sku, units]) => ({ sku, short: units }))
}
