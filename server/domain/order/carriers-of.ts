import type { OrderState } from './state.ts'

/** Every carrier that has a part in an order: of its fulfillment orders as planned, and of its parcels as packed, also those that were opened again. */
export function carriersOf({ fulfillmentOrders }: Pick<OrderState, 'fulfillmentOrders'>): readonly string[] {
  const carriers: string[] = []
  const add = (carrierId: string | undefined): void => {
    if (carrierId !== undefined && !carriers.includes(carrierId)) carriers.push(carrierId)
  }
  for (const work of fulfillmentOrders) {
    add(work.carrierId)
    if (work.parcels !== undefined) for (const parcel of work.parcels) add(parcel.carrierId)
    if (work.voided !== undefined) for (const parcel of work.voided) add(parcel.carrierId)
  }
  return carriers
}
