import type { OrderState } from './state.ts'

/** Every carrier that has a part in an order: of its fulfillment orders as planned, and of its parcels as packed. */
export function carriersOf({ fulfillmentOrders }: Pick<OrderState, 'fulfillmentOrders'>): readonly string[] {
  const carriers = new Set<string>()
  for (const work of fulfillmentOrders) {
    if (work.carrierId !== undefined) carriers.add(work.carrierId)
    for (const parcel of work.parcels ?? []) if (parcel.carrierId !== undefined) carriers.add(parcel.carrierId)
  }
  return [...carriers]
}
