import type { OrderState } from './state.ts'

/** What the buyer shows to get what is set aside; undefined before it is ready, and where the node asks for none. */
export const codeOf = ({ fulfillmentOrders }: Pick<OrderState, 'fulfillmentOrders'>): string | undefined =>
  fulfillmentOrders.find((one) => one.work === 'readyForPickup' && one.code !== undefined)?.code
