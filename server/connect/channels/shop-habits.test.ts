import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MappedBody, MappedOrder } from '../../engine/ports/channel-mapper.ts'
import { channelMapper } from './channel-mapper.ts'
import * as fixtures from './fixtures.ts'

const mapper = channelMapper()
const map = (platform: string, body: unknown, zone?: string): MappedBody =>
  mapper.mapBody({ channelId: 'shop', platform, ...(zone === undefined ? {} : { zone }) }, JSON.stringify(body))

function only(mapped: MappedBody): MappedOrder {
  const [order] = mapped.orders
  assert.ok(order, JSON.stringify(mapped.issues))
  return order
}
const codes = (order: MappedOrder): readonly string[] => order.issues.map((issue) => issue.code)

test('WooCommerce: a draft of a checkout is no sale yet, the order that comes of it is', () => {
  for (const status of ['checkout-draft', 'auto-draft']) {
    const draft = map('woocommerce', { ...fixtures.woocommerce(), status })
    assert.deepEqual([draft.verdict, draft.orders.length], ['ignored', 0], JSON.stringify(draft.issues))
    assert.match(JSON.stringify(draft.issues), /a draft of a checkout/)
  }
  assert.equal(
    only(map('woocommerce', { ...fixtures.woocommerce(), status: 'pending' })).order?.externalRef,
    only(map('woocommerce', fixtures.woocommerce())).order?.externalRef,
  )
})

test('WooCommerce: names are read as a page shows them, whatever was escaped', () => {
  const body: Record<string, unknown> = { ...fixtures.woocommerce() }
  const [line] = Array.isArray(body['line_items']) ? body['line_items'] : []
  const named = (name: string) => only(map('woocommerce', { ...body, line_items: [{ ...line, name }] })).order?.lines[0]?.name
  assert.equal(named('Tea &amp; Co &#8211; 5&times;20&nbsp;g &#x201C;new&#x201D;'), 'Tea & Co – 5×20\u00a0g “new”')
  assert.equal(named('&amp;lt; stays, as does &unknown; and &#0; and R&D'), '&lt; stays, as does &unknown; and &#0; and R&D')
})

test('a time without zone is one of the channel, and where that has none a person is told', () => {
  const body: Record<string, unknown> = { ...fixtures.woocommerce(), date_created: '2026-03-02T10:00:00' }
  for (const name of ['date_created_gmt', 'date_modified_gmt', 'date_paid_gmt']) delete body[name]
  const placedAt = (zone?: string) => {
    const mapped = only(map('woocommerce', body, zone))
    return [mapped.order?.placedAt, mapped.verdict, codes(mapped).filter((code) => code === 'zone_assumed').length]
  }
  assert.deepEqual(placedAt('Asia/Shanghai'), ['2026-03-02T02:00:00.000Z', 'clean', 0])
  assert.deepEqual(placedAt(), ['2026-03-02T10:00:00.000Z', 'review', 1])
})

for (const [gateway, isPromised] of [
  ['Cash on Delivery (COD)', true],
  ['cash_on_delivery', true],
  ['COD', true],
  ['Cash On Delivery - Express', true],
  ['Nachnahme (DHL)', true],
  ['货到付款', true],
  ['Bank Deposit', false],
  ['Code voucher', false],
] as const)
  test(`Shopify: an order that waits for "${gateway}" is ${isPromised ? 'paid at the door' : 'not paid'}`, () => {
    const { order } = only(map('shopify', { ...fixtures.shopify(), financial_status: 'pending', payment_gateway_names: [gateway] }))
    assert.deepEqual(
      order?.payments?.map((one) => one.kind),
      isPromised ? ['authorise'] : undefined,
    )
  })
