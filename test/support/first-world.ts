import assert from 'node:assert/strict'
import type { OrderInput } from '../../contract/entities/order.ts'
import type { Api, Reply } from './api.ts'

/** The rows of the first steps in the README: one node, one item, its stock, one channel. */
export const NODE = {
  nodeId: 'sh-1',
  name: '上海一号仓',
  kind: 'dc',
  place: { countryCode: 'CN', region: '上海', city: '上海', lat: 31.23, lng: 121.47 },
  zone: 'Asia/Shanghai',
}
export const ITEM = { sku: 'tea-500', name: '龙井 500 g', weightGrams: 520, taxClass: 'standard', attributes: { fresh: false } }
export const CHANNEL = { channelId: 'shop-cn', platform: 'shopify', name: 'Shop CN' }
export const SHIP_TO = { countryCode: 'CN', region: '浙江', city: '杭州', line1: '文三路 1 号', lat: 30.28, lng: 120.13 }

/** The order of the first steps: two units of tea, paid by card. */
export const ORDER = {
  channelId: 'shop-cn',
  externalRef: 'A-1',
  placedAt: '2026-11-21T08:00:00Z',
  currency: 'CNY',
  customer: { name: '王芳', phone: '13800000000' },
  shipTo: SHIP_TO,
  lines: [{ lineRef: '1', sku: 'tea-500', quantity: 2, unitPrice: 12800 }],
  payments: [{ kind: 'capture', method: 'card', amount: 25600 }],
}

/** `quantity` units of one item from a channel, paid unless `paid` is false. */
export function orderOf(
  externalRef: string,
  more: { channelId?: string; sku?: string; quantity?: number; paid?: boolean } = {},
): OrderInput {
  const { channelId = 'shop-cn', sku = 'tea-500', quantity = 1, paid = true } = more
  const { payments: _, ...rest } = ORDER
  const lines = [{ lineRef: '1', sku, quantity, unitPrice: 12800 }]
  return {
    ...rest,
    channelId,
    externalRef,
    lines,
    ...(paid ? { payments: [{ kind: 'capture', method: 'card', amount: 12800 * quantity }] } : {}),
  }
}

/** Writes rows and sees to it that none was refused. */
export async function put(api: Api, path: string, rows: readonly object[], method: 'PUT' | 'POST' = 'PUT'): Promise<Reply> {
  const reply = await api(method, path, rows)
  assert.equal(reply.status, 200, reply.text)
  assert.equal(reply.at('refused'), 0, reply.text)
  return reply
}

export async function count(api: Api, sku: string, nodeId: string, onHand: number, more: object = {}): Promise<void> {
  await put(api, '/v1/stock', [{ sku, nodeId, onHand, reason: 'count', ...more }])
}

/** Node, item, 100 units and channel of the first steps. */
export async function putFirstWorld(api: Api): Promise<void> {
  await put(api, '/v1/nodes', [NODE])
  await put(api, '/v1/items', [ITEM])
  await count(api, 'tea-500', 'sh-1', 100)
  await put(api, '/v1/channels', [CHANNEL])
}

/** Places an order that must succeed; its id. */
export async function placed(api: Api, order: object): Promise<string> {
  const reply = await api('POST', '/v1/orders', order)
  assert.equal(reply.status, 201, reply.text)
  return String(reply.at('orderId'))
}
