import type { NewEvent } from '../../../contract/events.ts'
import type { Instant } from '../../kernel/time.ts'
import { currentIntake } from './current-intake.ts'
import { evolve } from './evolve.ts'
import { isHeld } from './reservation.ts'

import type { AwaitedUnits, Order, OrderIntake, OrderState, Reservation } from './state.ts'

/** An event of an order with the place it takes in the order's own sequence. */
export type OrderEvent = { readonly event: NewEvent; readonly version: number; readonly recordedAt: Instant }

/** What a command does to one order: its state before (none for a new one), the events, and the state they lead to. */
export type OrderChange = {
  readonly before: OrderState | undefined
  readonly after: Order
  readonly events: readonly OrderEvent[]
}

/** Folds events into a change; recordedAt is `now`, but never before the order's last. */
export function changeOf(
  intake: OrderIntake,
  before: OrderState | undefined,
  from: OrderState,
  happened: readonly NewEvent[],
  now: Instant,
): OrderChange {
  let state = from
  const events: OrderEvent[] = []
  for (const event of happened) {
    state = evolve(intake, state, event, now)
    events.push({ event, version: state.version, recordedAt: state.recordedAt })
  }
  return { before, after: { intake: currentIntake(intake, state), state }, events }
}

/** Units moved into (+) or out of (−) each kind of reservation at one item and node. */
export type StockDelta = {
  readonly sku: string
  readonly nodeId: string
  readonly soft: number
  readonly firm: number
  readonly committed: number
  /** Units that left the node or the books. */
  readonly onHand: number
}

type Mutable = { -readonly [K in keyof StockDelta]: StockDelta[K] }

/** The stock effect of a change: the difference of the reservations it held before and holds after. Rows that net to nothing are left out. */
export function stockDeltasOf(change: OrderChange): readonly StockDelta[] {
  if (!movesStock(change)) return []
  const rows: Mutable[] = []
  if (change.before !== undefined && change.before.reservations !== change.after.state.reservations)
    tally(rows, change.before.reservations, -1)
  if (change.before?.reservations !== change.after.state.reservations) tally(rows, change.after.state.reservations, 1)
  for (const { event } of change.events)
    if ('stock' in event.data)
      for (const { sku, nodeId, onHand } of event.data.stock ?? []) if (onHand) rowOf(rows, sku, nodeId).onHand += onHand
  return rows.filter((row) => row.soft !== 0 || row.firm !== 0 || row.committed !== 0 || row.onHand !== 0)
}

const movesStock = ({ before, after, events }: OrderChange): boolean =>
  before?.reservations !== after.state.reservations || events.some(({ event }) => 'stock' in event.data)

function rowOf(rows: Mutable[], sku: string, nodeId: string): Mutable {
  let row = rows.find((candidate) => candidate.sku === sku && candidate.nodeId === nodeId)
  if (row === undefined) rows.push((row = { sku, nodeId, soft: 0, firm: 0, committed: 0, onHand: 0 }))
  return row
}

function tally(rows: Mutable[], reservations: readonly Reservation[], sign: 1 | -1): void {
  for (const one of reservations) {
    if (!isHeld(one.kind)) continue
    rowOf(rows, one.sku, one.nodeId)[one.kind as 'soft' | 'firm' | 'committed'] += sign * one.quantity
  }
}

/** Fulfillment orders taken (+1) or given back (−1) per node and day, where a day's capacity counts. */
export function capacityDeltasOf(change: OrderChange): readonly { readonly nodeId: string; readonly day: string; readonly used: number }[] {
  if (holdsSameDays(change.before?.fulfillmentOrders, change.after.state.fulfillmentOrders)) return []
  const rows: { nodeId: string; day: string; used: number }[] = []
  const add = (state: OrderState | undefined, sign: number) => {
    for (const order of state?.fulfillmentOrders ?? []) {
      if (order.capacityDay === undefined || order.work === 'cancelled') continue
      const row = rows.find((candidate) => candidate.nodeId === order.nodeId && candidate.day === order.capacityDay)
      if (row === undefined) rows.push({ nodeId: order.nodeId, day: order.capacityDay, used: sign })
      else row.used += sign
    }
  }
  add(change.before, -1)
  add(change.after.state, 1)
  return rows.filter((row) => row.used !== 0)
}

/** True where the same work takes the same days, as after most steps. */
function holdsSameDays(before: OrderState['fulfillmentOrders'] | undefined, after: OrderState['fulfillmentOrders']): boolean {
  if (before === after) return true
  if (before?.length !== after.length) return false
  return after.every((one, i) => {
    const was = before[i]
    return (
      one === was ||
      (one.nodeId === was?.nodeId && one.capacityDay === was.capacityDay && (one.work === 'cancelled') === (was.work === 'cancelled'))
    )
  })
}

/** Units of dated supply that the order counts on more (+) or less (−) than before. */
export function supplyDeltasOf({ before, after: { state } }: OrderChange): readonly AwaitedUnits[] {
  return before?.awaiting === state.awaiting ? [] : awaitedMoves(before?.awaiting, state.awaiting)
}

/** What leads from one set of awaited units to another. */
export function awaitedMoves(before: readonly AwaitedUnits[] = [], after: readonly AwaitedUnits[] = []): AwaitedUnits[] {
  const moves = new Map(before.map((one) => [one.supplyId, -one.quantity]))
  for (const { supplyId, quantity } of after) moves.set(supplyId, (moves.get(supplyId) ?? 0) + quantity)
  return [...moves].filter(([, quantity]) => quantity !== 0).map(([supplyId, quantity]) => ({ supplyId, quantity }))
}

/** How much more of its account's credit the order holds now. */
export function exposureDeltaOf(change: OrderChange): number {
  return change.after.state.exposure - (change.before?.exposure ?? 0)
}

/** Dated supply that the order counts on no longer, as its event says it. */
export function awaitedBack({ awaiting }: Pick<OrderState, 'awaiting'>): { supply?: AwaitedUnits[] } {
  const supply = awaitedMoves(awaiting)
  return supply.length === 0 ? {} : { supply }
}
