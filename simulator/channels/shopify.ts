import { createHmac } from 'node:crypto'
import { totalOf } from '../shoppers/purchase.ts'
import { beijing, yuan } from './local-time.ts'
import type { PlatformCall, Stage } from './stage.ts'

const iso = (at: number): string => `${beijing(at, 'T')}+08:00`
const ID = 5_500_000_000_000

/** What the platform calls an order. */
export const shopifyRef = ({ serial }: Pick<Stage['purchase'], 'serial'>): string => String(ID + serial)

/** The body of the webhook orders/create and orders/updated. */
export function shopifyCall(stage: Stage, secret: string): PlatformCall {
  const body = Buffer.from(JSON.stringify(orderOf(stage)))
  const sign = createHmac('sha256', secret).update(body).digest('base64')
  const topic = stage.isCancelled ? 'orders/cancelled' : stage.at === stage.purchase.placedAt ? 'orders/create' : 'orders/updated'
  return { body, headers: { 'x-shopify-hmac-sha256': sign, 'x-shopify-topic': topic }, query: {} }
}

/** What GET /admin/api/orders.json answers. */
export const shopifyList = (stages: readonly Stage[]): Uint8Array => Buffer.from(JSON.stringify({ orders: stages.map(orderOf) }))

function orderOf(stage: Stage): object {
  const { purchase, at, isPaid } = stage
  const { buyer, lines, serial } = purchase
  const { home } = buyer
  const total = yuan(totalOf(purchase) + (stage.misstated ?? 0))
  const { deposit } = purchase
  return {
    id: ID + serial,
    name: `#${serial % 1_000_000}`,
    order_number: serial % 1_000_000,
    created_at: iso(purchase.placedAt),
    processed_at: iso(purchase.placedAt),
    updated_at: iso(at),
    cancelled_at: stage.isCancelled ? iso(at) : null,
    ...(stage.isCancelled ? { cancel_reason: 'customer' } : {}),
    currency: 'CNY',
    taxes_included: true,
    financial_status: isPaid ? 'paid' : deposit === undefined ? 'pending' : 'partially_paid',
    fulfillment_status: null,
    total_price: total,
    current_total_price: total,
    total_outstanding: isPaid ? '0.00' : yuan(totalOf(purchase) - (deposit ?? 0)),
    subtotal_price: yuan(totalOf(purchase) - purchase.shipping),
    total_discounts: yuan(lines.reduce((sum, line) => sum + line.discount, 0)),
    payment_gateway_names: ['alipay'],
    note: purchase.note === '' ? null : purchase.note,
    email: `buyer${buyer.no}@example.com`,
    customer: { id: 770_000 + buyer.no, first_name: buyer.name.slice(1), last_name: buyer.name.slice(0, 1), phone: `+86${buyer.phone}` },
    shipping_address: {
      name: buyer.name,
      phone: `+86${buyer.phone}`,
      address1: home.line1,
      address2: home.district,
      city: home.city,
      province: home.region,
      zip: home.postalCode,
      country: 'China',
      country_code: 'CN',
      latitude: home.lat,
      longitude: home.lng,
    },
    line_items: lines.map((line, i) => ({
      id: serial * 10 + i + 1,
      sku: line.sku,
      title: line.name,
      quantity: line.quantity,
      current_quantity: line.quantity,
      price: yuan(line.unitPrice),
      grams: line.grams,
      requires_shipping: line.grams > 0,
      total_discount: '0.00',
      discount_allocations: line.discount === 0 ? [] : [{ amount: yuan(line.discount), discount_application_index: 0 }],
    })),
    shipping_lines: [
      {
        id: serial,
        title: '标准配送',
        code: 'standard',
        price: yuan(purchase.shipping),
        discounted_price: yuan(purchase.shipping),
        discount_allocations: [],
      },
    ],
    refunds: [],
  }
}
