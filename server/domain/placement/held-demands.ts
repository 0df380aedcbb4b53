import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import type { AvailabilityView } from '../availability/availability.ts'
import type { HeldStock } from '../reservation/take-over.ts'
import type { Assignment, Plan, Shortfall } from '../sourcing/problem.ts'
import type { Demand } from './demand.ts'

/** Units of a demand (by position) that are held already, at one node. */
export type HeldUnits = { readonly demand: number; readonly nodeNo: number; readonly units: number }

/** Lays reservations over the demands for their items, first demand first; refusal `reservation_mismatch` where one holds more than is asked for. */
export function heldUnitsOf(demands: readonly Demand[], held: readonly HeldStock[]): Outcome<readonly HeldUnits[]> {
  const open = demands.map((demand) => demand.units)
  const units: HeldUnits[] = []
  for (const { reservation, itemNo, nodeNo } of held) {
    let left = reservation.quantity
    for (const [i, demand] of demands.entries()) {
      const own = demand.item.itemNo === itemNo ? Math.min(left, open[i] ?? 0) : 0
      if (own === 0) continue
      units.push({ demand: i, nodeNo, units: own })
      open[i] = (open[i] ?? 0) - own
      left -= own
    }
    if (left > 0)
      return refuse(
        'reservation_mismatch',
        {
          en: `the order asks for fewer of "${reservation.sku}" than its reservations hold`,
          zh: `订单所购“${reservation.sku}”少于其预留的数量`,
        },
        { expected: reservation.quantity - left, got: reservation.quantity, pointer: '/reservations' },
      )
  }
  return done(units)
}

/** Numbers of items that only one plan knows: each stands for units that are held at one node. */
const HELD_ITEM = 1_500_000_000

/** What the planner is asked: what is free to choose, then each held part as an item of its own that one node has. */
export type HeldApart = {
  readonly demands: readonly Demand[]
  /** By position in `demands`: the demand it is a part of. */
  readonly origin: readonly number[]
  /** How many of them are free to choose. */
  readonly free: number
  readonly availability: AvailabilityView
}

export function holdApart(demands: readonly Demand[], held: readonly HeldUnits[], stock: AvailabilityView): HeldApart {
  const free = demands.flatMap((demand, i): { readonly demand: Demand; readonly i: number }[] => {
    const units = held.reduce((left, one) => (one.demand === i ? left - one.units : left), demand.units)
    return units === 0 ? [] : [{ demand: { ...demand, units }, i }]
  })
  const parts = held.flatMap((one, k): { readonly demand: Demand; readonly i: number }[] => {
    const whole = demands[one.demand]
    if (whole === undefined) return []
    return [{ demand: { ...whole, units: one.units, item: { ...whole.item, itemNo: HELD_ITEM + k }, isHeld: true }, i: one.demand }]
  })
  const all = [...free, ...parts]
  return {
    demands: all.map((one) => one.demand),
    origin: all.map((one) => one.i),
    free: free.length,
    availability: new HeldView(
      free.map((one) => one.demand.item.itemNo),
      held,
      stock,
    ),
  }
}

/** The postings of some items, copied, and a posting of one node for each held part. */
class HeldView implements AvailabilityView {
  readonly nodes: Int32Array
  readonly available: Int32Array
  private readonly spans = new Map<number, { readonly start: number; readonly count: number }>()

  constructor(itemNos: readonly number[], held: readonly HeldUnits[], stock: AvailabilityView) {
    const items = [...new Set(itemNos)]
    const size = items.reduce((sum, itemNo) => sum + stock.count(itemNo), held.length)
    this.nodes = new Int32Array(size)
    this.available = new Int32Array(size)
    let end = 0
    for (const itemNo of items) {
      const [from, count] = [stock.start(itemNo), stock.count(itemNo)]
      this.nodes.set(stock.nodes.subarray(from, from + count), end)
      this.available.set(stock.available.subarray(from, from + count), end)
      this.spans.set(itemNo, { start: end, count })
      end += count
    }
    for (const [k, { nodeNo, units }] of held.entries()) {
      this.nodes[end] = nodeNo
      this.available[end] = units
      this.spans.set(HELD_ITEM + k, { start: end, count: 1 })
      end += 1
    }
  }

  start(itemNo: number): number {
    return this.spans.get(itemNo)?.start ?? 0
  }

  count(itemNo: number): number {
    return this.spans.get(itemNo)?.count ?? 0
  }
}

/** The plan in terms of the demands as they were asked: parts of one demand at one node are one assignment again. */
export function foldHeld(plan: Plan, apart: HeldApart, demands: readonly Demand[]): Plan {
  return { ...plan, assignments: folded(plan.assignments, apart, demands), shortfall: folded(plan.shortfall, apart, demands) }
}

function folded<T extends Assignment | Shortfall>(rows: readonly T[], apart: HeldApart, demands: readonly Demand[]): T[] {
  const out: T[] = []
  for (const row of rows) {
    const lineNo = apart.origin[row.lineNo] ?? -1
    const nodeNo = 'nodeNo' in row ? row.nodeNo : undefined
    const at = out.findIndex((one) => one.lineNo === lineNo && ('nodeNo' in one ? one.nodeNo : undefined) === nodeNo)
    const known = out[at]
    if (known === undefined) out.push({ ...row, lineNo, itemNo: demands[lineNo]?.item.itemNo ?? row.itemNo })
    else out[at] = { ...known, quantity: known.quantity + row.quantity }
  }
  return out.toSorted((a, b) => a.lineNo - b.lineNo)
}

/** Held units that the plan could not place: their node cannot ship the order. */
export const heldShort = (plan: Plan, apart: HeldApart): number =>
  plan.shortfall.reduce((sum, one) => (one.lineNo < apart.free ? sum : sum + one.quantity), 0)
