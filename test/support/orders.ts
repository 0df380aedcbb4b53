import type { Order, OrderInput, OrderRequest } from '../../contract/entities/order.ts'

/** A valid order input. */
export const orderInput = (externalRef = 'A-1'): OrderInput => ({
  channelId: 'shop-cn',
  externalRef,
  placedAt: '2026-11-21T08:00:00Z',
  currency: 'CNY',
  customer: { name: '王芳', phone: '13800000000' },
  shipTo: { countryCode: 'CN', region: '浙江', city: '杭州', line1: '文三路 1 号', lat: 30.28, lng: 120.13 },
  lines: [{ lineRef: '1', sku: 'tea-500', quantity: 2, unitPrice: 12_800 }],
  payments: [{ kind: 'capture', method: 'card', amount: 25_600 }],
})

const check = { verdict: 'default', reason: 'default', at: '2026-11-21T08:00:00.000Z' } as const

/** What the hub would show of it. */
export const orderView = (input: OrderRequest, version = 1): Order => ({
  orderId: 'ord_0123456789abc',
  version,
  channelId: input.channelId,
  externalRef: input.externalRef,
  placedAt: input.placedAt ?? '2026-11-21T08:00:00.000Z',
  receivedAt: '2026-11-21T08:00:00.000Z',
  state: 'accepted',
  phase: 'inFulfillment',
  currency: input.currency,
  checks: { stock: check, credit: check, tax: check, compliance: check },
  lines: input.lines.map(({ lineRef, sku, quantity }) => ({
    lineRef,
    sku,
    quantity,
    cancelled: 0,
    reserved: 0,
    allocated: quantity,
    backordered: 0,
    released: 0,
    picked: 0,
    packed: 0,
    shipped: 0,
    delivered: 0,
  })),
  promise: { basis: 'default' },
  parcels: [],
  fulfillmentOrders: [],
  holds: [],
  reviewReasons: [],
  allowedActions: ['cancel', 'hold', 'payments'],
})
