import { reasonCode } from '../../contract/sourcing-reasons.ts'
import { createAvailability, type Availability } from '../../server/domain/availability/availability.ts'
import { bidPricesOf, type BidPrices } from '../../server/domain/sourcing/bid-prices.ts'
import { createPlanner, type Planner } from '../../server/domain/sourcing/plan-order.ts'
import type { NodeQuote, Plan, SourcingLine } from '../../server/domain/sourcing/problem.ts'
import { universeOf } from '../../server/domain/sourcing/universe.ts'
import { defaultWeights, type SourcingWeights } from '../../server/domain/sourcing/weights.ts'
import { BOX, type Instance } from './instance.ts'
import { costOfPlan } from './plan-master.ts'

/** The simulated network, planned by the hub's own planner: centre k is node k + 1, item i is item i + 1, an item weighs 1 kg. */
export type World = {
  readonly instance: Instance
  readonly stock: Int32Array
  readonly boxesLeft: Float64Array
  readonly closed: Set<number>
  cost: number
  unfilled: number
  plan(cls: number, prices: BidPrices | undefined, boxPrice: Float64Array | undefined): Plan
  /** Takes units and boxes, pays for them. */
  ship(cls: number, plan: Plan): void
  /** The same for a plan by position: which centre each item of the type comes from, `centres` = unfilled. */
  shipFrom(cls: number, from: readonly number[]): void
}

export function createWorld(instance: Instance): World {
  return new PlannedWorld(instance)
}

class PlannedWorld implements World {
  readonly instance: Instance
  readonly stock: Int32Array
  readonly boxesLeft: Float64Array
  readonly closed = new Set<number>()
  cost = 0
  unfilled = 0
  private readonly planner: Planner = createPlanner()
  private readonly availability: Availability = createAvailability()
  private readonly universe
  private readonly weights: SourcingWeights
  private readonly baskets: readonly (readonly SourcingLine[])[]

  constructor(instance: Instance) {
    this.instance = instance
    this.stock = instance.stock.slice()
    this.boxesLeft = new Float64Array(instance.centres).fill(Infinity)
    this.universe = universeOf(Array.from({ length: instance.centres }, (_, k) => k + 1))
    this.weights = {
      ...defaultWeights,
      split: 0,
      stockHealth: 0,
      carbonPerKg: 0,
      shortfall: instance.phantomBox,
      shortfallPerUnit: instance.phantomUnit,
    }
    this.baskets = instance.types.map((type) =>
      type.map((item) => ({ lineNo: item + 1, itemNo: item + 1, quantity: 1, weightGrams: 1000 })),
    )
    for (let at = 0; at < instance.stock.length; at++) this.show(at)
  }

  plan(cls: number, prices: BidPrices | undefined, boxPrice: Float64Array | undefined): Plan {
    const { metros, unit } = this.instance
    const metro = cls % metros
    return this.planner.plan({
      lines: this.baskets[Math.floor(cls / metros)]!,
      availability: this.availability,
      universe: this.universe,
      weights: this.weights,
      prices,
      partial: true,
      explain: false,
      quote: (nodeNo: number, out: NodeQuote) => {
        const k = nodeNo - 1
        if (this.closed.has(k)) return reasonCode.closed
        if (this.boxesLeft[k]! < 1) return reasonCode.capacityExhausted
        out.freight = BOX + (boxPrice?.[k] ?? 0)
        out.freightPerKg = unit[k * metros + metro]!
        return 0
      },
    })
  }

  ship(cls: number, plan: Plan): void {
    this.shipFrom(cls, sourcesOf(this.instance, cls, plan))
  }

  shipFrom(cls: number, from: readonly number[]): void {
    const { centres, metros, types } = this.instance
    this.cost += costOfPlan(this.instance, { cls, from })
    const type = types[Math.floor(cls / metros)]!
    from.forEach((k, position) => {
      if (k === centres) {
        this.unfilled += 1
        return
      }
      const at = type[position]! * centres + k
      this.stock[at]! -= 1
      this.show(at)
      if (from.indexOf(k) === position) this.boxesLeft[k]! -= 1
    })
  }

  private show(at: number): void {
    const { centres } = this.instance
    if (this.instance.stock[at] === 0) return
    const onHand = this.stock[at]!
    if (onHand < 0) throw new Error('the plan took more than there was')
    const position = { onHand, soft: 0, firm: 0, committed: 0, safety: 0, backorderLimit: 0, version: 1 }
    this.availability.setPosition(Math.floor(at / centres) + 1, (at % centres) + 1, position)
  }
}

/** Duals of the stock rows as the planner's bid prices. */
export function pricesFrom(instance: Instance, stockPrice: Float64Array, version: number): BidPrices {
  const { centres, items } = instance
  const rows = new Map<number, Float64Array>()
  for (let i = 0; i < items; i++) {
    const row = new Float64Array(centres + 1)
    row.set(stockPrice.subarray(i * centres, (i + 1) * centres), 1)
    rows.set(i + 1, row)
  }
  return bidPricesOf(version, rows)
}

/** Where each item of the class's type ships from in this plan; `centres` = unfilled. */
export function sourcesOf(instance: Instance, cls: number, plan: Plan): number[] {
  const type = instance.types[Math.floor(cls / instance.metros)]!
  return type.map((item) => (plan.assignments.find(({ itemNo }) => itemNo === item + 1)?.nodeNo ?? instance.centres + 1) - 1)
}
