import type { Answer } from '../../domain/outbound/answer.ts'
import type { ShippedParcel } from '../../domain/write-back/shipment.ts'
import type { ChannelUpdate } from '../../engine/ports/channel-writer.ts'
import { at, listAt, nothingToDo, type ShopApi, textAt } from './shop-api.ts'

/** Where an order keeps what was shipped of it: WooCommerce itself knows no parcels. */
const PARCELS_KEY = 'fulcrum_parcels'
const PAGES_MAX = 50

/**
 * WooCommerce's REST API v3. All that is written is set, not added: told again it changes nothing. Parcels with their tracking numbers stand in
 * the order's meta data `fulcrum_parcels`; an order of which all was shipped is `completed`.
 * See woocommerce.github.io/woocommerce-rest-api-docs: orders, products, product variations.
 */
export async function writeToWooCommerce(api: ShopApi, update: ChannelUpdate): Promise<Answer> {
  switch (update.kind) {
    case 'shipped':
      return ship(api, update.externalRef, update.parcels, update.isWhole)
    case 'cancelled':
      return (await api.ask('PUT', `/orders/${encodeURIComponent(update.externalRef)}`, { status: 'cancelled' })).answer
    case 'stock':
      return setLevel(api, update.code, update.available)
  }
}

async function ship(api: ShopApi, order: string, parcels: readonly ShippedParcel[], isWhole: boolean): Promise<Answer> {
  const path = `/orders/${encodeURIComponent(order)}`
  const found = await api.get(path)
  if (!found.isDone) return found.answer
  const kept: unknown = listAt(found.json, 'meta_data').find((one) => at(one, 'key') === PARCELS_KEY)
  const others = listAt(kept, 'value').filter((one) => !parcels.some((parcel) => parcel.parcelId === textAt(one, 'parcelId')))
  const body = {
    meta_data: [{ key: PARCELS_KEY, value: [...others, ...parcels] }],
    ...(isWhole ? { status: 'completed' } : {}),
  }
  return (await api.ask('PUT', path, body)).answer
}

async function setLevel(api: ShopApi, code: string, available: number): Promise<Answer> {
  let answer: Answer = nothingToDo
  // A code may be used by several products, for example one in each language of a shop: page by page.
  for (let page = 1; page <= PAGES_MAX; page++) {
    const found = await api.get(`/products?sku=${encodeURIComponent(code)}&per_page=100&page=${page}`)
    if (!found.isDone) return found.answer
    for (const product of Array.isArray(found.json) ? found.json : []) {
      const set = await api.ask('PUT', pathOf(product), { manage_stock: true, stock_quantity: available })
      if (!set.isDone) return set.answer
      answer = set.answer
    }
    if (page >= Number(found.headers['x-wp-totalpages'] ?? 1)) break
  }
  return answer
}

function pathOf(product: unknown): string {
  const [id, parent] = [textAt(product, 'id'), textAt(product, 'parent_id')]
  return parent === '' || parent === '0' ? `/products/${id}` : `/products/${parent}/variations/${id}`
}
