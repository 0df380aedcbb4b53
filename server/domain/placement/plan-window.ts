import type { OrderId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Order } from '../order/state.ts'
import type { PlacementFacts } from './facts.ts'
import { bestPlan, type OpenPlan, openPlanOf, priceStanding, type PricedPlan } from './open-plan.ts'
import { type Cell, PlanBoard, type Share } from './plan-board.ts'

/** One order's part of what was found. Carried out in the given order each finds its units free: who makes room comes first. */
export type Replanning = {
  readonly orderId: OrderId
  /** The order as it was looked at. */
  readonly version: number
  readonly before: PricedPlan
  readonly after: PricedPlan
  /** It moves so that another order can be served better; alone it may cost more. */
  readonly makesRoom: boolean
}
/** Steps that pay only together: none but the last makes room. */
export type Improvement = { readonly steps: readonly Replanning[]; readonly saved: number }

/** A change that saves less than this (minor units) is not worth the stir at two nodes. */
export const GAIN_MIN = 30
/** Orders that may have to make room for one. */
const VICTIMS_MAX = 3
/** Holders of one item at one node that are asked to make room. */
const ASKED_MAX = 4

type Standing = { readonly open: OpenPlan; readonly price: PricedPlan }

/**
 * Plans of open orders looked at together over the stock and capacity that they share. Each order is asked in turn what it would cost
 * alone, and what it would cost if the others' units were free; where that pays, who holds them is moved first, as long as the total
 * falls (ejection chains of length two, after Glover 1996; that re-evaluating pays at all: Xu, Allgor and Graves 2009). No order arrives
 * later than it would have, none moves twice, and `saved` is never below {@link GAIN_MIN}.
 */
export class PlanWindow {
  readonly improvements: Improvement[] = []
  private readonly board: PlanBoard
  private readonly open: readonly OpenPlan[]
  private readonly standing: Standing[] = []
  /** Who holds units of an item at a node. */
  private readonly holders = new Map<string, Standing[]>()
  private readonly moved = new Set<Standing>()
  private priced = 0
  private lookedAt = 0

  constructor(orders: readonly Order[], facts: PlacementFacts, now: Instant) {
    this.open = orders.flatMap((order) => openPlanOf(order, facts, now) ?? [])
    this.board = new PlanBoard(
      facts,
      this.open.flatMap((plan) => plan.question.demands.map((demand) => demand.item.itemNo)),
    )
  }

  /** Orders that take part. */
  get size(): number {
    return this.open.length
  }

  /** One more step: first every plan is priced as it stands, then each is looked at. A dozen plannings at most; false when all is done. */
  lookOn(): boolean {
    const open = this.open[this.priced]
    if (open !== undefined) {
      this.priced += 1
      this.stand(open)
      return true
    }
    const one = this.standing[this.lookedAt]
    if (one === undefined) return false
    this.lookedAt += 1
    if (!this.moved.has(one)) this.improve(one)
    return true
  }

  private stand(open: OpenPlan): void {
    const price = this.without(open, () => priceStanding(open, this.board.facts))
    if (price === undefined) return
    const standing = { open, price }
    this.standing.push(standing)
    for (const cell of open.cells) {
      const known = this.holders.get(keyOf(cell))
      if (known === undefined) this.holders.set(keyOf(cell), [standing])
      else known.push(standing)
    }
  }

  private improve(one: Standing): void {
    const alone = this.without(one.open, () => bestPlan(one.open, this.board.facts))
    const saves = alone === undefined ? 0 : one.price.cost - alone.cost
    const dream = this.dreamOf(one)
    const dreams = dream === undefined ? 0 : one.price.cost - dream.cost
    if (dream !== undefined && dreams >= Math.max(GAIN_MIN, saves + 1) && this.makeRoom(one, dream, saves)) return
    if (alone !== undefined && saves >= GAIN_MIN) this.keep([{ one, after: alone, makesRoom: false }], saves)
  }

  /** What would be best if nobody in the window held what it could use. */
  private dreamOf(one: Standing): PricedPlan | undefined {
    const items = new Set(one.open.question.demands.map((demand) => demand.item.itemNo))
    const cells = this.standing.flatMap((other) =>
      this.moved.has(other) || other === one ? [] : other.open.cells.filter((cell) => items.has(cell.itemNo)),
    )
    if (cells.length === 0) return undefined
    const others = { cells, slots: [] }
    this.board.take(others, -1)
    const dream = this.without(one.open, () => bestPlan(one.open, this.board.facts))
    this.board.take(others, 1)
    return dream
  }

  /** Moves whoever is in the way; true when that pays together and was kept, otherwise the board is as it was. */
  private makeRoom(one: Standing, dream: PricedPlan, saving: number): boolean {
    const more = beyond(dream, one.open)
    this.board.take(more, 1)
    const steps: { one: Standing; after: PricedPlan; makesRoom: boolean }[] = []
    let saved = one.price.cost - dream.cost
    for (const cell of more.cells)
      while (this.board.freeAt(cell.itemNo, cell.nodeNo) < 0 && steps.length < VICTIMS_MAX) {
        const made = this.cheapestRoom(cell, one, steps)
        if (made === undefined || saved - made.dearer < Math.max(GAIN_MIN, saving + 1)) break
        saved -= made.dearer
        this.board.take(made.step.one.open, -1)
        this.board.take(made.step.after, 1)
        steps.push(made.step)
      }
    const isFree = more.cells.every((cell) => this.board.freeAt(cell.itemNo, cell.nodeNo) >= 0)
    this.board.take(more, -1)
    for (const step of steps) this.put(step.after, step.one.open)
    if (!isFree || steps.length === 0) return false
    this.keep([...steps, { one, after: dream, makesRoom: false }], saved)
    return true
  }

  private put(from: Share, to: Share): void {
    this.board.take(from, -1)
    this.board.take(to, 1)
  }

  /** Of the orders that hold a cell the one that leaves it at the least cost. */
  private cheapestRoom(cell: Cell, one: Standing, steps: readonly { readonly one: Standing }[]) {
    let best: { step: { one: Standing; after: PricedPlan; makesRoom: boolean }; dearer: number } | undefined
    const asked = (this.holders.get(keyOf(cell)) ?? [])
      .filter((other) => other !== one && !this.moved.has(other) && !steps.some((step) => step.one === other))
      .slice(0, ASKED_MAX)
    for (const other of asked) {
      const after = this.without(other.open, () => bestPlan(other.open, this.board.facts))
      const isGone = after !== undefined && unitsIn(after.cells, cell) < unitsIn(other.open.cells, cell)
      if (!isGone) continue
      const dearer = after.cost - other.price.cost
      if (best === undefined || dearer < best.dearer) best = { step: { one: other, after, makesRoom: true }, dearer }
    }
    return best
  }

  private keep(steps: readonly { readonly one: Standing; readonly after: PricedPlan; readonly makesRoom: boolean }[], saved: number): void {
    for (const { one, after } of steps) {
      this.put(one.open, after)
      this.moved.add(one)
    }
    this.improvements.push({
      saved,
      steps: steps.map(({ one: { open, price }, after, makesRoom }) => ({
        orderId: open.order.intake.orderId,
        version: open.order.state.version,
        before: price,
        after,
        makesRoom,
      })),
    })
  }

  /** Answers a question about a plan with its own share free. */
  private without<T>(share: Share, ask: () => T): T {
    this.board.take(share, -1)
    try {
      return ask()
    } finally {
      this.board.take(share, 1)
    }
  }
}

/** Everything that pays, found in one go. */
export function improvePlans(orders: readonly Order[], facts: PlacementFacts, now: Instant): readonly Improvement[] {
  const window = new PlanWindow(orders, facts, now)
  while (window.lookOn());
  return window.improvements
}

const keyOf = ({ itemNo, nodeNo }: Omit<Cell, 'units'>): string => `${itemNo}:${nodeNo}`
const unitsIn = (cells: readonly Cell[], { itemNo, nodeNo }: Cell): number =>
  cells.reduce((sum, one) => (one.itemNo === itemNo && one.nodeNo === nodeNo ? sum + one.units : sum), 0)

/** What a plan takes that another one of the same order does not have yet. */
function beyond(plan: Share, has: Share): Share {
  const cells = plan.cells.map((cell) => ({ ...cell, units: cell.units - unitsIn(has.cells, cell) })).filter((cell) => cell.units > 0)
  const slots = plan.slots.filter((slot) => !has.slots.some((own) => own.nodeNo === slot.nodeNo && own.day === slot.day))
  return { cells, slots }
}
