import type { OrderState, PlannedOrder } from '../order/state.ts'

/** Work that a node has yet to answer for; what is held cannot be answered. */
export function openOffersOf(state: OrderState): readonly PlannedOrder[] {
  return state.fulfillmentOrders.filter(
    (one) => one.request === 'offered' && one.work === 'planned' && one.held === undefined && one.acceptBy !== undefined,
  )
}
