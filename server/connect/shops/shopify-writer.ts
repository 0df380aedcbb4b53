import type { Answer } from '../../domain/outbound/answer.ts'
import type { ShippedParcel } from '../../domain/write-back/shipment.ts'
import type { ChannelUpdate } from '../../engine/ports/channel-writer.ts'
import { at, listAt, nothingToDo, numberAt, type ShopApi, textAt } from './shop-api.ts'
import type { ShopifyItems } from './shopify-items.ts'

/**
 * Shopify's Admin REST API. Nothing is done twice: a fulfillment with the parcel's tracking number is looked for first, units that
 * the platform says are fulfilled are left alone, a cancelled order is not cancelled again, levels are set, not changed.
 * See shopify.dev/docs/api/admin-rest: FulfillmentOrder, Fulfillment, Order, InventoryLevel.
 */
export async function writeToShopify(
  api: ShopApi,
  items: ShopifyItems,
  locationId: string | undefined,
  update: ChannelUpdate,
): Promise<Answer> {
  switch (update.kind) {
    case 'shipped':
      return shipAll(api, update.externalRef, update.parcels)
    case 'cancelled':
      return cancel(api, update.externalRef)
    case 'stock':
      return locationId === undefined ? nothingToDo : setLevel(api, items, locationId, update.code, update.available)
  }
}

async function shipAll(api: ShopApi, order: string, parcels: readonly ShippedParcel[]): Promise<Answer> {
  let answer: Answer = nothingToDo
  for (const parcel of parcels) {
    const done = await ship(api, order, parcel)
    if (done.kind !== 'answered' || done.status >= 300) return done
    answer = done
  }
  return answer
}

async function ship(api: ShopApi, order: string, parcel: ShippedParcel): Promise<Answer> {
  const { trackingNo, carrierId } = parcel
  if (trackingNo !== undefined) {
    const known = await api.get(`/orders/${encodeURIComponent(order)}/fulfillments.json?limit=250`)
    if (!known.isDone) return known.answer
    if (listAt(known.json, 'fulfillments').some((one) => isCarriedUnder(one, trackingNo))) return nothingToDo
  }
  const open = await api.get(`/orders/${encodeURIComponent(order)}/fulfillment_orders.json`)
  if (!open.isDone) return open.answer
  const lines = linesFor(listAt(open.json, 'fulfillment_orders'), parcel)
  if (lines.length === 0) return nothingToDo
  const tracking =
    trackingNo === undefined ? {} : { tracking_info: { number: trackingNo, ...(carrierId === undefined ? {} : { company: carrierId }) } }
  const made = await api.ask('POST', '/fulfillments.json', {
    fulfillment: { line_items_by_fulfillment_order: lines, notify_customer: true, ...tracking },
  })
  return made.answer
}

const isCarriedUnder = (fulfillment: unknown, trackingNo: string): boolean =>
  at(fulfillment, 'status') !== 'cancelled' &&
  (textAt(fulfillment, 'tracking_number') === trackingNo || listAt(fulfillment, 'tracking_numbers').includes(trackingNo))

/** The parcel's units spread over the platform's own fulfillment orders, never more than each still has to fulfill. */
function linesFor(fulfillmentOrders: readonly unknown[], parcel: ShippedParcel): object[] {
  const left = new Map(parcel.lines.map((line) => [line.lineRef, line.quantity]))
  return fulfillmentOrders.flatMap((fulfillmentOrder) => {
    const items = listAt(fulfillmentOrder, 'line_items').flatMap((item) => {
      const lineRef = textAt(item, 'line_item_id')
      const quantity = Math.min(left.get(lineRef) ?? 0, numberAt(item, 'fulfillable_quantity'))
      if (quantity <= 0) return []
      left.set(lineRef, (left.get(lineRef) ?? 0) - quantity)
      return [{ id: at(item, 'id'), quantity }]
    })
    return items.length === 0 ? [] : [{ fulfillment_order_id: at(fulfillmentOrder, 'id'), fulfillment_order_line_items: items }]
  })
}

async function cancel(api: ShopApi, order: string): Promise<Answer> {
  const found = await api.get(`/orders/${encodeURIComponent(order)}.json?fields=id,cancelled_at`)
  if (!found.isDone) return found.answer
  if (textAt(at(found.json, 'order'), 'cancelled_at') !== '') return nothingToDo
  return (await api.ask('POST', `/orders/${encodeURIComponent(order)}/cancel.json`, { reason: 'other', email: false })).answer
}

async function setLevel(api: ShopApi, items: ShopifyItems, locationId: string, code: string, available: number): Promise<Answer> {
  const found = await items.find(api, code)
  if ('answer' in found) return found.answer
  if (found.itemId === undefined) return nothingToDo
  const body = { location_id: Number(locationId), inventory_item_id: Number(found.itemId), available }
  return (await api.ask('POST', '/inventory_levels/set.json', body)).answer
}
