import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

type ShopifyLine = { readonly id: number; readonly quantity: number; fulfilled: number }
type Fulfillment = { readonly order: string; readonly tracking_number: string | undefined; readonly lines: Record<string, number> }
type WooOrder = { status: string; meta_data: { key: string; value: unknown }[] }
type WooProduct = { readonly id: number; readonly parent_id: number; readonly sku: string; stock_quantity: number | null }

/** What a test lets go wrong with one call: the status to answer instead, or that the work is done and the answer lost. */
export type Trouble = { readonly status: number; readonly retryAfter?: number } | 'lostAnswer'

export const SHOPIFY_TOKEN = 'shpat_0123456789'
export const WOO_TOKEN = 'ck_123456:cs_654321'
export const LOCATION = '77'
const SHOPIFY = '/admin/api/2024-10'
const WOO = '/wp-json/wc/v3'
const PAGE = 2

/**
 * Two shops on loopback that speak as much of the Admin REST API of Shopify and the REST API of WooCommerce as orders and stock need: proof of who
 * asks, pages (two products each), refusals, 429 and lost answers as a test says.
 */
export async function fakeShops() {
  const shopify = {
    orders: new Map<string, { cancelled: boolean; readonly lines: ShopifyLine[] }>(),
    fulfillments: [] as Fulfillment[],
    /** Code to inventory item. */
    variants: new Map<string, number>(),
    levels: new Map<number, number>(),
    /** Where links to the next page lead; undefined: to the shop itself. */
    linksTo: undefined as string | undefined,
  }
  const woo = { orders: new Map<string, WooOrder>(), products: [] as WooProduct[] }
  const calls: string[] = []
  const waiting = new Set<() => void>()
  let trouble: (call: string) => Trouble | undefined = () => undefined

  const shopifyRoutes = (
    method: string,
    path: string,
    query: URLSearchParams,
    body: unknown,
  ): [number, unknown, Record<string, string>?] => {
    const order = /^\/orders\/(\w+)(?:\/(\w+))?\.json$/.exec(path)
    if (order !== null) {
      const found = shopify.orders.get(order[1] ?? '')
      if (found === undefined) return [404, { errors: 'Not Found' }]
      if (order[2] === undefined) return [200, { order: { id: order[1], cancelled_at: found.cancelled ? '2026-01-01T00:00:00Z' : null } }]
      if (order[2] === 'fulfillments') return [200, { fulfillments: shopify.fulfillments.filter((one) => one.order === order[1]) }]
      if (order[2] === 'fulfillment_orders') {
        const line_items = found.lines.map((line) => ({
          id: line.id * 10,
          line_item_id: line.id,
          fulfillable_quantity: line.quantity - line.fulfilled,
        }))
        return [200, { fulfillment_orders: [{ id: `fo-${order[1]}`, line_items }] }]
      }
      if (order[2] === 'cancel' && method === 'POST') {
        if (found.cancelled) return [422, { errors: 'already cancelled' }]
        found.cancelled = true
        return [200, { order: {} }]
      }
    }
    if (path === '/fulfillments.json' && method === 'POST') return fulfill(body)
    if (path === '/products.json') {
      const all = [...shopify.variants]
      const from = Number(query.get('page_info') ?? 0)
      const next =
        from + PAGE < all.length
          ? { link: `<${shopify.linksTo ?? url + SHOPIFY}/products.json?limit=250&page_info=${from + PAGE}>; rel="next"` }
          : {}
      return [
        200,
        { products: all.slice(from, from + PAGE).map(([sku, item]) => ({ id: item, variants: [{ sku, inventory_item_id: item }] })) },
        next,
      ]
    }
    if (path === '/inventory_levels/set.json' && method === 'POST') {
      const set = body as { location_id: number; inventory_item_id: number; available: number }
      if (String(set.location_id) !== LOCATION) return [404, { errors: 'Not Found' }]
      shopify.levels.set(set.inventory_item_id, set.available)
      return [200, { inventory_level: set }]
    }
    return [404, { errors: 'Not Found' }]
  }

  const fulfill = (body: unknown): [number, unknown] => {
    type Line = { id: number; quantity: number }
    type Wanted = {
      fulfillment: {
        line_items_by_fulfillment_order: { fulfillment_order_id: string; fulfillment_order_line_items: Line[] }[]
        tracking_info?: { number: string }
      }
    }
    const { fulfillment } = body as Wanted
    for (const { fulfillment_order_id, fulfillment_order_line_items } of fulfillment.line_items_by_fulfillment_order) {
      const order = fulfillment_order_id.slice(3)
      const lines: Record<string, number> = {}
      for (const { id, quantity } of fulfillment_order_line_items) {
        const line = shopify.orders.get(order)?.lines.find((one) => one.id * 10 === id)
        if (line === undefined || line.fulfilled + quantity > line.quantity)
          return [422, { errors: ['Invalid fulfillment order line item quantity requested.'] }]
        line.fulfilled += quantity
        lines[line.id] = quantity
      }
      shopify.fulfillments.push({ order, tracking_number: fulfillment.tracking_info?.number, lines })
    }
    return [201, { fulfillment: {} }]
  }

  const wooRoutes = (method: string, path: string, query: URLSearchParams, body: unknown): [number, unknown, Record<string, string>?] => {
    const order = woo.orders.get(/^\/orders\/(\w+)$/.exec(path)?.[1] ?? '')
    if (order !== undefined) {
      const { status, meta_data = [] } = Object(body) as Partial<WooOrder>
      if (method === 'PUT' && status !== undefined) order.status = status
      for (const meta of meta_data) order.meta_data = [...order.meta_data.filter((one) => one.key !== meta.key), meta]
      return [200, order]
    }
    if (path === '/products' && method === 'GET') {
      const all = woo.products.filter((one) => one.sku === query.get('sku'))
      const page = Number(query.get('page'))
      return [200, all.slice((page - 1) * PAGE, page * PAGE), { 'x-wp-totalpages': String(Math.ceil(all.length / PAGE)) }]
    }
    const product = woo.products.find(
      (one) => path === (one.parent_id === 0 ? `/products/${one.id}` : `/products/${one.parent_id}/variations/${one.id}`),
    )
    if (product === undefined || method !== 'PUT') return [404, { code: 'woocommerce_rest_shop_invalid_id' }]
    product.stock_quantity = (body as { stock_quantity: number }).stock_quantity
    return [200, product]
  }

  const answer = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const asked = new URL(request.url ?? '', url)
    const call = `${request.method} ${asked.pathname}`
    calls.push(call)
    const isShopify = asked.pathname.startsWith(SHOPIFY)
    const isKnown = isShopify
      ? request.headers['x-shopify-access-token'] === SHOPIFY_TOKEN
      : request.headers.authorization === `Basic ${Buffer.from(WOO_TOKEN).toString('base64')}`
    const wrong = isKnown ? trouble(call) : { status: 401 }
    if (wrong !== undefined && wrong !== 'lostAnswer') {
      response.writeHead(wrong.status, wrong.retryAfter === undefined ? {} : { 'retry-after': String(wrong.retryAfter) }).end('{}')
      return
    }
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const routes = isShopify ? shopifyRoutes : wooRoutes
    const [status, json, headers = {}] = routes(
      request.method ?? '',
      asked.pathname.slice((isShopify ? SHOPIFY : WOO).length),
      asked.searchParams,
      body,
    )
    if (wrong === 'lostAnswer') request.socket.destroy()
    else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
  }

  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      answer(request, response, text)
      for (const look of waiting) look()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  /** Resolves when the condition holds; looked at after every call. */
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
    })
  const troubled = (next: typeof trouble): void => void (trouble = next)
  return { shopify, woo, calls, until, troubled, shopifyUrl: url + SHOPIFY, wooUrl: url + WOO }
}
