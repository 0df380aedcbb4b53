import type { BidPrices } from './bid-prices.ts'
import { bidPricesOf } from './bid-prices.ts'
import { LinearModelBuilder, type LinearModel, type LinearSolution } from './linear-model.ts'

/** What is there and what is expected until the next solve's horizon, for one item. Units may be fractional. */
export type ItemOutlook = {
  readonly itemNo: number
  readonly supplies: readonly { readonly nodeNo: number; readonly units: number }[]
  readonly demands: readonly { readonly zone: number; readonly units: number }[]
  /** Minor units to serve one unit of a zone from a node, everything that sourcing would count. */
  cost(nodeNo: number, zone: number): number
  /** What a unit costs that nobody serves: lost margin, or the next best way. */
  readonly shortfallPerUnit: number
}

export type TransportModel = {
  readonly model: LinearModel
  readonly rows: readonly { readonly itemNo: number; readonly nodeNo: number; readonly row: number }[]
}

/** Nodes tried for a zone: beyond the cheapest dozen a node is never where the next unit comes from. */
const NODES_PER_ZONE = 12

/**
 * The transport LP of several items: each zone's expected demand is served from its cheapest nodes or not at all, within what each
 * node can promise. The dual of a stock row is what one more unit there would save: the bid price of taking one
 * (Jasin and Sinha 2015; Talluri and van Ryzin 1998).
 */
export function transportModelOf(outlooks: readonly ItemOutlook[]): TransportModel {
  const b = new LinearModelBuilder()
  const rows: { itemNo: number; nodeNo: number; row: number }[] = []
  for (const outlook of outlooks) {
    const supplies = outlook.supplies
      .filter(({ units }) => units > 0)
      .map(({ nodeNo, units }) => ({ nodeNo, row: b.row(-Infinity, units) }))
      .toSorted((a, c) => a.nodeNo - c.nodeNo)
    for (const { nodeNo, row } of supplies) rows.push({ itemNo: outlook.itemNo, nodeNo, row })
    for (const { zone, units } of outlook.demands) {
      if (units <= 0) continue
      const demand = b.row(units, units)
      b.put(demand, b.column(outlook.shortfallPerUnit), 1)
      const nearest = supplies
        .map(({ nodeNo, row }) => ({ nodeNo, row, cost: outlook.cost(nodeNo, zone) }))
        .filter(({ cost }) => cost < outlook.shortfallPerUnit)
        .toSorted((a, c) => a.cost - c.cost || a.nodeNo - c.nodeNo)
        .slice(0, NODES_PER_ZONE)
      for (const { row, cost } of nearest) {
        const flow = b.column(cost)
        b.put(demand, flow, 1)
        b.put(row, flow, 1)
      }
    }
  }
  return { model: b.build(), rows }
}

/** Bid prices from the solved transport LP: the saving of a unit more, never below 0. */
export function bidPricesFrom(transport: TransportModel, solution: LinearSolution, version: number): BidPrices {
  const highest = transport.rows.reduce((most, { nodeNo }) => Math.max(most, nodeNo), 0)
  const rows = new Map<number, Float64Array>()
  for (const { itemNo, nodeNo, row } of transport.rows) {
    const price = Math.max(0, -(solution.rowDuals[row] ?? 0))
    if (price < 1e-9) continue
    const own = rows.get(itemNo) ?? new Float64Array(highest + 1)
    own[nodeNo] = price
    rows.set(itemNo, own)
  }
  return bidPricesOf(version, rows)
}
