/**
 * The versioned policy document of sourcing: what a plan's parts are worth. Amounts are minor units of the hub's base currency;
 * `freight`, `handling` and `bidPrice` are plain factors on amounts that are money already.
 */
export type SourcingWeights = {
  readonly version: number
  readonly freight: number
  readonly handling: number
  /** For each fulfillment order beyond the first. */
  readonly split: number
  /** For each day (begun) that a fulfillment order arrives after the promise. */
  readonly latePerDay: number
  readonly carbonPerKg: number
  /** For taking all that a node can still promise of an item; a part of it costs that part. */
  readonly stockHealth: number
  readonly bidPrice: number
  /** For a unit left unserved: by default dearer than any way to serve it. */
  readonly shortfallPerUnit: number
  /** For having anything unserved at all. */
  readonly shortfall: number
}

export const defaultWeights: SourcingWeights = {
  version: 1,
  freight: 1,
  handling: 1,
  split: 300,
  latePerDay: 1000,
  carbonPerKg: 50,
  stockHealth: 100,
  bidPrice: 1,
  shortfallPerUnit: 1_000_000_000,
  shortfall: 0,
}

/** The parts of a score, in the order in which explanations store them. */
export const scoreParts = ['freight', 'handling', 'split', 'lateness', 'carbon', 'stockHealth', 'bidPrice'] as const
export type ScorePart = (typeof scoreParts)[number]
export type Score = Readonly<Record<ScorePart, number>>
