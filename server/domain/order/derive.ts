import type { Phase } from '../../../contract/entities/order.ts'
import { hasOpenOffer } from '../fulfillment/open-offers.ts'
import { hasLeft } from '../fulfillment/work-machine.ts'
import { isMoneyHeld, isOrderHeld } from '../hold/hold-reach.ts'
import { currentIntake } from './current-intake.ts'
import { historyPhaseOf } from './history.ts'
import { balanceOf, refundable } from '../payment/ledger.ts'
import { isSettled } from './payment-need.ts'
import type { OrderIntake, OrderState } from './state.ts'

export type OrderActionName = 'approve' | 'decline' | 'cancel' | 'hold' | 'release' | 'payments' | 'refund' | 'cancelLines' | 'change'

/** The one function that says where an order stands; lists, details, console and tests share it. */
export function phaseOf(given: OrderIntake, state: OrderState): Phase {
  const intake = currentIntake(given, state)
  if (state.state === 'cancelled' || state.state === 'rejected') return 'cancelled'
  if (state.state === 'closed') return 'complete'
  let open = 0
  let shipped = 0
  let delivered = 0
  let allocated = 0
  let backordered = 0
  let digital = 0
  let isServed = true
  for (let i = 0; i < state.lines.length; i++) {
    const line = state.lines[i]
    if (line === undefined) continue
    // Digital lines are there at once: an order that has others goes by those.
    if (intake.lines[i]?.isDigital) {
      const units = (intake.lines[i]?.quantity ?? 0) - line.cancelled
      digital += units
      isServed &&= line.delivered >= units
      continue
    }
    open += (intake.lines[i]?.quantity ?? 0) - line.cancelled
    shipped += line.shipped
    delivered += line.delivered
    allocated += line.allocated
    backordered += line.backordered
  }
  if (open > 0 ? delivered >= open : digital > 0 && isServed) return 'delivered'
  if (open > 0 && shipped >= open) return 'inTransit'
  if (shipped > 0) return 'partShipped'
  if (intake.history) return historyPhaseOf(state)
  if (state.state === 'review') return 'awaitingReview'
  if (isOrderHeld(state)) return 'onHold'
  if (!isSettled(intake, state)) return 'awaitingPayment'
  // What dated supply covers has a date: it waits its turn, nobody has to find it a node, unless that supply did not come.
  if (backordered > 0 && backordered >= open) return state.awaiting === undefined || isSupplyMissed(state) ? 'unroutable' : 'sourcing'
  if (allocated < open || open + digital === 0) return 'sourcing'
  return hasOpenOffer(state) ? 'awaitingAccept' : 'inFulfillment'
}

const isSupplyMissed = ({ tasks }: OrderState): boolean =>
  tasks?.some(({ kind, doneAt }) => kind === 'supplyLate' && doneAt === undefined) === true

/** What may be done to the order now. Every read carries it, every command is refused by it otherwise. */
export function allowedActionsOf(intake: OrderIntake, state: OrderState): OrderActionName[] {
  if (intake.history) return []
  // Money may come or go back long after an order has ended.
  if (state.state === 'cancelled' || state.state === 'rejected' || state.state === 'closed') return withRefund(['payments'], state)
  const actions: OrderActionName[] = []
  // A set counts as shipped when all of it is: one part on its way is as gone as a whole line.
  const isWhole = state.lines.every((line) => line.shipped === 0) && !state.fulfillmentOrders.some(({ work }) => hasLeft(work))
  if (state.state === 'review') actions.push('approve')
  if (state.state === 'review' && isWhole) actions.push('decline')
  if (isWhole) actions.push('cancel')
  actions.push('hold')
  if (state.holds.some((hold) => hold.state === 'open')) actions.push('release')
  if (canChange(intake, state)) actions.push('cancelLines', 'change')
  actions.push('payments')
  return withRefund(actions, state)
}

/** Lines can be changed until they are handed over. */
function canChange(intake: OrderIntake, { state, lines }: OrderState): boolean {
  if (state !== 'accepted' && state !== 'review') return false
  return intake.lines.some((line, i) => line.quantity - (lines[i]?.cancelled ?? 0) > (lines[i]?.shipped ?? 0))
}

/** Captured money can be given back at any time, whatever the order costs. */
function withRefund(actions: OrderActionName[], state: OrderState): OrderActionName[] {
  const { payments } = state
  return payments.length > 0 && !isMoneyHeld(state) && refundable(balanceOf(payments)) > 0 ? [...actions, 'refund'] : actions
}
