import type { AvailabilityView } from '../availability/availability.ts'
import type { BidPrices } from './bid-prices.ts'
import type { Score, SourcingWeights } from './weights.ts'

/** A line as sourcing sees it. */
export type SourcingLine = {
  readonly lineNo: number
  readonly itemNo: number
  /** Units to place, at least 1. */
  readonly quantity: number
  /** Chargeable grams a unit: the greater of actual and volumetric weight. */
  readonly weightGrams: number
  /** Units of the item that this order's channel must leave at each node. */
  readonly buffer?: number
}

/**
 * What it takes to ship from one node to this order's place, with the service that suits the order best.
 * Arrives zeroed and is filled in place by {@link SourcingRequest.quote}; amounts in minor units of the base currency, instants in epoch ms.
 */
export type NodeQuote = {
  freight: number
  freightPerKg: number
  handling: number
  handlingPerUnit: number
  carbonGrams: number
  carbonGramsPerKg: number
  shipBy: number
  deliverBy: number
  service: number
}

/**
 * What the quotes of some nodes cannot fall below, in columns. Each is at most what {@link NodeQuote} says under the same name, whose
 * other amounts are at least 0.
 */
export type QuoteFloors = {
  readonly freight: Float64Array
  readonly freightPerKg: Float64Array
  readonly handling: Float64Array
  readonly handlingPerUnit: Float64Array
  readonly carbonGramsPerKg: Float64Array
  /** What the quote answers: 0 or the reason; {@link ONLY_QUOTE_TELLS} where the quote must be asked for that. */
  readonly reason: Uint8Array
}
export const ONLY_QUOTE_TELLS = 255

/** All nodes known when deciding; `blank` has one byte a node number, `noStock` where there is such a node. */
export type NodeUniverse = { readonly blank: Uint8Array }

export type SourcingRequest = {
  readonly lines: readonly SourcingLine[]
  readonly availability: AvailabilityView
  readonly universe: NodeUniverse
  readonly weights: SourcingWeights
  readonly prices?: BidPrices | undefined
  /** Hard constraints of a node as a whole: 0 after filling `out`, or the reason (a code of contract/sourcing-reasons) why it may not serve. Asked at most once a node, and again, with the same answer, for the few that are spelled out. */
  quote(nodeNo: number, out: NodeQuote): number
  /**
   * Floors of the quotes of the nodes at `from` up to `to` (excluded). With them a node that is dearer than others for all it stocks, and
   * than the best of each line, is never quoted: plan and explanation are the same. Left out: every node is quoted.
   */
  floors?(nodeNos: Int32Array, from: number, to: number, out: QuoteFloors): void
  /** Hard constraints of a line at a node (capability, compliance): 0 or the reason. Left out: none. */
  allows?(line: SourcingLine, nodeNo: number): number
  /** Epoch ms of the promise that the order already has. */
  readonly promisedBy?: number | undefined
  /** true: a plan that misses the promise is no plan; otherwise lateness costs. */
  readonly promiseIsHard?: boolean
  /** true: what is short is left out of the plan; otherwise a short order gets no assignments. */
  readonly partial: boolean
  /** false: no explanation is built (planning in bulk, benches). */
  readonly explain?: boolean
}

export type Assignment = { readonly lineNo: number; readonly itemNo: number; readonly nodeNo: number; readonly quantity: number }
export type PlannedNode = { readonly nodeNo: number; readonly service: number; readonly shipBy: number; readonly deliverBy: number }
export type Shortfall = { readonly lineNo: number; readonly itemNo: number; readonly quantity: number }

export type Plan = {
  /** complete: every unit placed. partial: the rest is in `shortfall`. short: units are missing and the request wanted all or nothing. */
  readonly status: 'complete' | 'partial' | 'short'
  /** By line as given, then node. */
  readonly assignments: readonly Assignment[]
  /** Ascending by node number. */
  readonly nodes: readonly PlannedNode[]
  readonly shortfall: readonly Shortfall[]
  /** Sum of the parts, rounded; units unserved are not in it. */
  readonly cost: number
  readonly parts: Score
  /** What the search minimised: the parts unrounded plus the price of units unserved. */
  readonly objective: number
  /** true: proved cheapest. */
  readonly isExact: boolean
  /** Set by the search: how many node sets were looked at. */
  readonly evaluations: number
  /** ≤ 2 KB for up to 5 lines over 559 nodes; empty when not asked for. */
  readonly explanation: Uint8Array
}
