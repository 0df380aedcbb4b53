import type { OrderState, PlannedOrder } from '../order/state.ts'

/** Work that a node has yet to answer for; what is held cannot be answered. */
export function openOffersOf(state: OrderState): readonly PlannedOrder[] {
  return state.fulfillmentOrders.filter(isOpenOffer)
}

export const hasOpenOffer = (state: OrderState): boolean => state.fulfillmentOrders.some(isOpenOffer)

const isOpenOffer = (one: PlannedOrder): boolean =>
  one.request === 'offered' && one.work === 'planned' && one.held === undefined && one.acceptBy !== undefined
