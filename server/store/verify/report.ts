/** One invariant and what was found of it. */
export type CheckReport = {
  readonly check: CheckName
  /** The invariant in one sentence. */
  readonly holds: string
  /** How many things were looked at. */
  readonly checked: number
  readonly violations: number
  /** The first violations, each naming what was expected and what was got. */
  readonly examples: readonly string[]
}

export type VerifyReport = {
  readonly isClean: boolean
  readonly checks: readonly CheckReport[]
  /** What a repair changed, one line each; empty without `repair`. */
  readonly repaired: readonly string[]
  /** Positions that a count or loss left uncovered: no violation, but somebody should know. */
  readonly shortages: readonly string[]
  readonly ms: number
}

/** The invariants of the domain model that a database alone can be asked about. */
export const invariants = {
  'log.dense': 'each log shard holds every position from its first kept one to its head, once',
  'log.archives': 'archived parts of the log are whole and reach without a gap up to the lowest kept position',
  'log.subjects': 'versions of a subject go up by one without gaps and its recordedAt never goes back',
  'log.facts': 'every reference fact and stock position stands at the version of its last event',
  'log.orphans': 'no event tells of an order that is not there',
  'refs.orders': 'each order has exactly one reference, and each reference its order',
  'orders.rows': 'each order has its state row, its person row and the shard of its number',
  'answers.orders': 'no kept answer names an order that is not there',
  'bodies.orders': 'no channel body was applied to an order that is not there',
  'stock.reserved': 'soft, firm and committed units of a position are the sum of the reservations',
  'reservations.log': 'every bare reservation stands as its last event left it, and each of those events has its reservation',
  'stock.moves': 'onHand of a position is the sum of its moves',
  'stock.granted': 'availability is below zero only as far as a count or loss found less',
  'order.received': 'the first event of an order says that it was received, as its intake says',
  'order.state': 'replaying the events of an order gives its stored state',
  'order.phase': 'phase and next due time in lists are those of the state',
  'order.reservations': 'the reservation rows of an order are those of its state',
  'order.fulfillmentOrders': 'the fulfillment orders of an order are those of its state',
  'order.parcels': 'the parcels of an order are those of its state',
  'order.clocks': 'the clock rows of an order are those of its state',
  'order.tasks': 'the task rows of an order are those of its state',
  'order.payments': 'the payment rows of an order are those of its state',
  'order.holds': 'the hold rows of an order are those of its state',
  'order.decisions': 'every sourcing decision has its event, every decision that reserved has its row',
  'order.quantities': 'the quantity ledger of each line adds up',
  'order.totals': 'the totals of an order equal a recomputation from its lines',
  'order.refunds': 'no payment method gave back more than it captured, but by a refund across methods or as a flagged report of a platform',
  'order.clockRuns': 'an order that owes something has a running clock for it',
  'account.exposure': 'the exposure of an account is the sum over its orders',
  'supply.reserved': 'the reserved units of dated supply are what open orders count on',
  'node.capacity': 'the used capacity of a node and day is the number of its fulfillment orders',
} as const
export type CheckName = keyof typeof invariants

const EXAMPLES_MAX = 5

/** Collects what the checks see; examples are bounded, counts are not. */
export class Findings {
  private readonly found = new Map<CheckName, { checked: number; violations: number; examples: string[] }>()

  private of(check: CheckName) {
    let one = this.found.get(check)
    if (one === undefined) this.found.set(check, (one = { checked: 0, violations: 0, examples: [] }))
    return one
  }

  saw(check: CheckName, count = 1): void {
    this.of(check).checked += count
  }

  violated(check: CheckName, example: string, count = 1): void {
    const one = this.of(check)
    one.violations += count
    if (one.examples.length < EXAMPLES_MAX) one.examples.push(example)
  }

  violations(check: CheckName): number {
    return this.found.get(check)?.violations ?? 0
  }

  reports(): readonly CheckReport[] {
    return Object.entries(invariants).map(([name, holds]) => {
      const check = name as CheckName
      return { check, holds, ...(this.found.get(check) ?? { checked: 0, violations: 0, examples: [] }) }
    })
  }
}
