import { createHmac } from 'node:crypto'
import { totalOf } from '../shoppers/purchase.ts'
import { beijing, utc, yuan } from './local-time.ts'
import type { PlatformCall, Stage } from './stage.ts'

/** The body of the webhook order.created and order.updated. */
export function woocommerceCall(stage: Stage, secret: string): PlatformCall {
  const body = Buffer.from(JSON.stringify(orderOf(stage)))
  const sign = createHmac('sha256', secret).update(body).digest('base64')
  const topic = stage.at === stage.purchase.placedAt ? 'order.created' : 'order.updated'
  return { body, headers: { 'x-wc-webhook-signature': sign, 'x-wc-webhook-topic': topic }, query: {} }
}

/** What GET /wp-json/wc/v3/orders answers. */
export const woocommerceList = (stages: readonly Stage[]): Uint8Array => Buffer.from(JSON.stringify(stages.map(orderOf)))

const stateOf = ({ isPaid, isCancelled }: Stage): string =>
  isCancelled ? (isPaid ? 'refunded' : 'cancelled') : isPaid ? 'processing' : 'pending'

function orderOf(stage: Stage): object {
  const { purchase, at, isPaid } = stage
  const { buyer, lines, serial } = purchase
  const { home } = buyer
  const paidAt = Math.min(at, purchase.paidAt ?? at)
  const contact = {
    first_name: buyer.name.slice(1),
    last_name: buyer.name.slice(0, 1),
    address_1: home.line1,
    address_2: home.district,
    city: home.city,
    state: home.region,
    postcode: home.postalCode,
    country: 'CN',
    phone: buyer.phone,
  }
  return {
    id: serial,
    number: String(serial),
    order_key: `wc_order_${serial.toString(36)}`,
    status: stateOf(stage),
    currency: 'CNY',
    prices_include_tax: true,
    created_via: 'checkout',
    date_created: beijing(purchase.placedAt, 'T'),
    date_created_gmt: utc(purchase.placedAt),
    date_modified: beijing(at, 'T'),
    date_modified_gmt: utc(at),
    ...(isPaid ? { date_paid: beijing(paidAt, 'T'), date_paid_gmt: utc(paidAt), transaction_id: `wx${serial}` } : {}),
    total: yuan(totalOf(purchase)),
    total_tax: '0.00',
    shipping_total: yuan(purchase.shipping),
    shipping_tax: '0.00',
    discount_total: yuan(lines.reduce((sum, line) => sum + line.discount, 0)),
    customer_id: buyer.no,
    customer_note: purchase.note,
    payment_method: 'wechat',
    billing: { ...contact, email: `buyer${buyer.no}@example.com` },
    shipping: contact,
    line_items: lines.map((line, i) => ({
      id: i + 1,
      name: line.name,
      product_id: 1,
      variation_id: 0,
      quantity: line.quantity,
      subtotal: yuan(line.unitPrice * line.quantity),
      subtotal_tax: '0.00',
      total: yuan(line.unitPrice * line.quantity - line.discount),
      total_tax: '0.00',
      sku: line.sku,
    })),
    shipping_lines: [{ id: 1, method_title: '快递', total: yuan(purchase.shipping), total_tax: '0.00' }],
    fee_lines: [],
    coupon_lines: [],
    refunds: [],
  }
}
