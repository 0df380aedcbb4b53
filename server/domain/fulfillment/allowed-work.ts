import type { WorkAction } from '../../../contract/entities/fulfillment-order.ts'
import { workActions } from '../../../contract/entities/fulfillment-order.ts'
import { isWorkStopped } from '../hold/hold-reach.ts'
import type { Order, OrderState, PlannedOrder } from '../order/state.ts'
import { isOpenable } from '../parcel/parcel-state.ts'
import { packedUnits } from './line-progress.ts'
import { hasLeft, isUnbegun, requestAfter, workAfter } from './work-machine.ts'

/** Once so many parcels of one work were opened again, no more are: they stay with the order, and nothing of it grows for ever. */
const VOIDED_MAX = 100

/** What may be done to one node's work now. Every read carries it, every command is refused by it otherwise. */
export function workActionsOf(order: Order, work: PlannedOrder): WorkAction[] {
  return workActions.filter((action) => isWorkAllowed(order, work, action))
}

/** The same for one action. */
export const isWorkAllowed = (order: Order, work: PlannedOrder, action: WorkAction): boolean =>
  !order.intake.history &&
  workAfter(work.work, action) !== undefined &&
  requestAfter(work.request, work.work, action) !== undefined &&
  isReadyFor(order, work, action)

/** What is collected goes into no parcel and to no other node; what is sent is not collected. */
const PARCEL_ACTIONS: ReadonlySet<WorkAction> = new Set(['pack', 'handOver', 'move'])
const PICKUP_ACTIONS: ReadonlySet<WorkAction> = new Set(['setReady', 'collect'])

function isReadyFor({ intake, state }: Order, work: PlannedOrder, action: WorkAction): boolean {
  if (hasLeft(work.work)) return true
  if (state.state !== 'accepted' || !isCommitted(state, work)) return false
  if (action === 'hold' || action === 'release') return (work.held !== undefined) === (action === 'release')
  if (PARCEL_ACTIONS.has(action) && intake.pickup !== undefined) return false
  if (PICKUP_ACTIONS.has(action) && intake.pickup === undefined) return false
  if (action === 'move') return work.parcels === undefined
  if (action === 'cancel' || action === 'reject' || action === 'requestCancel' || action === 'refuseCancel') return true
  // Opening a parcel brings nothing closer to its buyer: a hold that somebody placed to change the order is no reason against it.
  if (action === 'unpack') return (work.voided ?? []).length < VOIDED_MAX && (work.parcels ?? []).some(isOpenable)
  if (isWorkStopped(intake, state, work) || work.held !== undefined) return false
  if (action === 'split') return work.lines.reduce((sum, line) => sum + line.quantity, 0) > 1
  if (action === 'merge') return mergeableWith(state, work).length > 0
  if (action === 'pick') return work.lines.some((line) => (line.picked ?? 0) < line.quantity)
  if (action === 'setReady') return work.lines.every((line) => (line.picked ?? 0) === line.quantity)
  if (action === 'pack') return work.lines.some((line) => packedUnits(work, line) < (line.picked ?? 0))
  if (action === 'handOver') return (work.parcels ?? []).length > 0 && work.lines.every((line) => packedUnits(work, line) === line.quantity)
  return true
}

/** What the work could take over: other work of the order at its node that nobody has begun or holds up. */
export function mergeableWith(state: OrderState, work: PlannedOrder): PlannedOrder[] {
  return state.fulfillmentOrders.filter(
    (one) => one !== work && one.nodeId === work.nodeId && isUnbegun(one.work) && one.held === undefined && isCommitted(state, one),
  )
}

/** A node works on stock that is the order's for good, not on what is held until it is paid. */
function isCommitted(state: OrderState, work: PlannedOrder): boolean {
  return work.lines.every(
    ({ lineNo, sku, quantity }) =>
      quantity === 0 ||
      state.reservations.some((one) => one.lineNo === lineNo && one.sku === sku && one.nodeId === work.nodeId && one.kind === 'committed'),
  )
}
