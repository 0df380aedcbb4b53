import type { HoldState, OrderIntake, OrderState, PlannedOrder } from '../order/state.ts'

const isOpen = (hold: HoldState): boolean => hold.state === 'open'

/** True while nothing of the order may go on. */
export const isOrderHeld = ({ holds }: Pick<OrderState, 'holds'>): boolean => holds.some((hold) => isOpen(hold) && hold.scope === 'order')

/** True while nothing may be captured or given back. */
export const isMoneyHeld = ({ holds }: Pick<OrderState, 'holds'>): boolean => holds.some((hold) => isOpen(hold) && hold.scope === 'money')

/** True while a hold stops the work: on the order, on the work itself, or on a line of which it has units. */
export function isWorkStopped(intake: OrderIntake, { holds }: Pick<OrderState, 'holds'>, work: PlannedOrder): boolean {
  return holds.some((hold) => {
    if (!isOpen(hold)) return false
    if (hold.scope === 'line') return work.lines.some((line) => line.quantity > 0 && intake.lines[line.lineNo]?.lineRef === hold.lineRef)
    if (hold.scope === 'fulfillmentOrder') return work.fulfillmentOrderId === hold.fulfillmentOrderId
    return hold.scope === 'order'
  })
}
