import { reasonCode } from '../../contract/sourcing-reasons.ts'
import { createAvailability } from '../../server/domain/availability/availability.ts'
import { createPlanner } from '../../server/domain/sourcing/plan-order.ts'
import type { NodeQuote, SourcingRequest } from '../../server/domain/sourcing/problem.ts'
import { reassign } from '../../server/domain/sourcing/reassign.ts'
import { universeOf } from '../../server/domain/sourcing/universe.ts'
import { defaultWeights } from '../../server/domain/sourcing/weights.ts'
import { UNSERVED } from './bound.ts'
import { createLanes, type Lane, type Truck } from './lanes.ts'
import type { CaseOrder, LogisticsCase } from './read-case.ts'

/** An order and the plant that serves it; `plant` −1 = cannot be served today. */
export type Decision = { readonly order: CaseOrder; readonly plant: number; readonly isByTruck: boolean }
export type CaseResult = {
  /** In the order of the order list. */
  readonly decisions: readonly Decision[]
  readonly storage: number
  readonly freight: number
  readonly unserved: number
  /** Unserved although an eligible plant with a lane exists: no capacity was left. The others have no such plant. */
  readonly unservedForCapacity: number
}

type Options = { readonly order: CaseOrder; readonly lanes: readonly (Lane | undefined)[]; readonly margin: number; readonly index: number }

/**
 * Sources every order with the hub's planner. Product eligibility is stock, customer, port and service limits are hard constraints of a
 * node, orders a day its capacity; the place prices make an order leave a scarce place to one that has no other. Orders that lose most
 * by waiting go first, and in the end the day's plans are looked at together.
 */
export function sourceCase(data: LogisticsCase, placePrice: ArrayLike<number>, isTogether = true): CaseResult {
  const laneOf = createLanes(data)
  const queue: Options[] = data.orders.map((order, index) => {
    const lanes = data.plants.map((plant) => laneOf(order, plant))
    return { order, lanes, index, margin: marginOf(order, lanes, data, placePrice) }
  })
  queue.sort((a, b) => b.margin - a.margin || a.index - b.index)
  const day = new PlantDay(data, placePrice)
  const at = new Int32Array(queue.length)
  for (const { order, lanes, index } of queue) at[index] = day.decide(order, lanes)
  const lanesOf = queue.toSorted((a, b) => a.index - b.index).map(({ lanes }) => lanes)
  if (isTogether) reassignOpen(data, at, lanesOf, day)
  return resultOf(data, at, lanesOf)
}

/** At most this many rings of moves: far more than the case needs, little enough to end within seconds. */
const RINGS_MAX = 5000

/** Before release the day's plans are looked at together; the last place is "not served". */
function reassignOpen(data: LogisticsCase, at: Int32Array, lanesOf: readonly (readonly (Lane | undefined)[])[], day: PlantDay): void {
  const none = data.plants.length
  const options = data.orders.map((order, k) => {
    const own = new Map<number, number>([[none, UNSERVED]])
    lanesOf[k]!.forEach((lane, p) => {
      if (lane) own.set(p, data.plants[p]!.costPerUnit * order.units + day.freightOf(p, lane, order.weightKg))
    })
    return own
  })
  const moved = at.map((plant) => (plant < 0 ? none : plant))
  reassign({ at: moved, free: Float64Array.from([...day.left, Infinity]), options }, RINGS_MAX)
  moved.forEach((plant, k) => (at[k] = plant === none ? -1 : plant))
}

/** Adds up what was decided: parcels one by one, trucks where a lane's orders together are cheaper in whole trucks. */
function resultOf(data: LogisticsCase, at: Int32Array, lanesOf: readonly (readonly (Lane | undefined)[])[]): CaseResult {
  const loads = new Map<string, { truck: Truck; orders: number[] }>()
  at.forEach((plant, k) => {
    const truck = plant < 0 ? undefined : lanesOf[k]![plant]?.truck
    if (!truck) return
    const key = `${plant} ${truck.key}`
    const load = loads.get(key) ?? { truck, orders: [] }
    load.orders.push(k)
    loads.set(key, load)
  })
  const byTruck = new Set<number>()
  let freight = 0
  for (const { truck, orders } of loads.values()) {
    const trucks = trucksFor(
      orders.map((k) => data.orders[k]!.weightKg),
      truck.kgMax,
    )
    const parcels = orders.reduce((sum, k) => sum + lanesOf[k]![at[k]!]!.parcel, 0)
    if (trucks * truck.cost >= parcels) continue
    freight += trucks * truck.cost
    for (const k of orders) byTruck.add(k)
  }
  let storage = 0
  at.forEach((plant, k) => {
    if (plant < 0) return
    storage += data.plants[plant]!.costPerUnit * data.orders[k]!.units
    if (!byTruck.has(k)) freight += lanesOf[k]![plant]!.parcel
  })
  const decisions = data.orders.map((order, k) => ({ order, plant: at[k]!, isByTruck: byTruck.has(k) }))
  const unserved = decisions.filter(({ plant }) => plant < 0).length
  const unservedForCapacity = decisions.filter(({ plant }, k) => plant < 0 && lanesOf[k]!.some((lane) => lane !== undefined)).length
  return { decisions, storage, freight, unserved, unservedForCapacity }
}

/** Trucks for these weights, heaviest first into the first truck that has room. */
function trucksFor(weights: readonly number[], kgMax: number): number {
  const room: number[] = []
  for (const kg of weights.toSorted((a, b) => b - a)) {
    const first = room.findIndex((left) => left >= kg)
    if (first < 0) room.push(kgMax - kg)
    else room[first]! -= kg
  }
  return room.length
}

const costOf = (order: CaseOrder, lane: Lane, costPerUnit: number): number =>
  costPerUnit * order.units + Math.min(lane.parcel, lane.truck?.cost ?? Infinity)

/** How much worse the order's second choice is than its first, place prices included; not being served is always a choice. */
function marginOf(order: CaseOrder, lanes: readonly (Lane | undefined)[], data: LogisticsCase, placePrice: ArrayLike<number>): number {
  let first = UNSERVED
  let second = UNSERVED
  lanes.forEach((lane, p) => {
    if (!lane) return
    const cost = costOf(order, lane, data.plants[p]!.costPerUnit) + placePrice[p]!
    if (cost < first) {
      second = first
      first = cost
    } else if (cost < second) second = cost
  })
  return second - first
}

/** One day at all plants: places left, trucks open, what was spent. */
class PlantDay {
  readonly left: number[]
  /** Kilograms free in the open truck, by plant and lane. */
  private readonly trucks = new Map<string, number>()
  private readonly planner = createPlanner()
  private readonly availability = createAvailability()
  private readonly universe
  private readonly products = new Map<string, number>()
  private readonly data: LogisticsCase
  private readonly placePrice: ArrayLike<number>

  constructor(data: LogisticsCase, placePrice: ArrayLike<number>) {
    this.data = data
    this.placePrice = placePrice
    this.left = data.plants.map((plant) => plant.ordersPerDay)
    this.universe = universeOf(data.plants.map((_, p) => p + 1))
    const everything = { onHand: 1_000_000_000, soft: 0, firm: 0, committed: 0, safety: 0, backorderLimit: 0, version: 1 }
    for (const [product, names] of data.plantsOfProduct) {
      this.products.set(product, this.products.size + 1)
      data.plants.forEach((plant, p) => {
        if (names.has(plant.name)) this.availability.setPosition(this.products.size, p + 1, everything)
      })
    }
  }

  /** The plant of the order's plan, or −1. */
  decide(order: CaseOrder, lanes: readonly (Lane | undefined)[]): number {
    const plan = this.planner.plan(this.requestFor(order, lanes))
    const plant = (plan.assignments[0]?.nodeNo ?? 0) - 1
    const lane = lanes[plant]
    if (!lane) return -1
    this.left[plant]! -= 1
    if (lane.truck && this.truckCost(plant, lane, order.weightKg) < lane.parcel) {
      const key = `${plant} ${lane.truck.key}`
      const open = this.trucks.get(key) ?? 0
      this.trucks.set(key, (open < order.weightKg ? lane.truck.kgMax : open) - order.weightKg)
    }
    return plant
  }

  /** What the order's freight would be now. */
  freightOf(plant: number, lane: Lane, kg: number): number {
    return Math.min(lane.parcel, this.truckCost(plant, lane, kg))
  }

  private requestFor(order: CaseOrder, lanes: readonly (Lane | undefined)[]): SourcingRequest {
    return {
      lines: [{ lineNo: 1, itemNo: this.products.get(order.product) ?? 0, quantity: order.units, weightGrams: 0 }],
      availability: this.availability,
      universe: this.universe,
      // A place that is still free when an order's turn comes is used, whatever it was expected to be worth.
      weights: { ...defaultWeights, split: 0, stockHealth: 0, carbonPerKg: 0, shortfall: 3 * UNSERVED, shortfallPerUnit: 0 },
      partial: true,
      explain: false,
      quote: (nodeNo: number, out: NodeQuote) => {
        const plant = nodeNo - 1
        const lane = lanes[plant]
        if (!lane) return reasonCode.noService
        if (this.left[plant]! < 1) return reasonCode.capacityExhausted
        out.freight = this.freightOf(plant, lane, order.weightKg)
        out.handling = this.placePrice[plant]!
        out.handlingPerUnit = this.data.plants[plant]!.costPerUnit
        return 0
      },
    }
  }

  /** Nothing more in a truck that is open, the whole truck otherwise. */
  private truckCost(plant: number, { truck }: Lane, kg: number): number {
    if (!truck) return Infinity
    return (this.trucks.get(`${plant} ${truck.key}`) ?? 0) >= kg ? 0 : truck.cost
  }
}
