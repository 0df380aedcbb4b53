import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MappedBody, MappedOrder } from '../../engine/ports/channel-mapper.ts'
import { channelMapper } from './channel-mapper.ts'
import * as fixtures from './fixtures.ts'

const mapper = channelMapper()
const map = (platform: string, body: unknown, zone?: string): MappedBody =>
  mapper.mapBody(
    { channelId: 'shop', platform, ...(zone === undefined ? {} : { zone }) },
    typeof body === 'string' ? body : JSON.stringify(body),
  )

function only(mapped: MappedBody): MappedOrder {
  assert.equal(mapped.orders.length, 1, JSON.stringify(mapped.issues))
  const [order] = mapped.orders
  assert.ok(order)
  return order
}
const codes = (order: MappedOrder): readonly string[] => order.issues.map((issue) => issue.code)

test('Shopify: money, discount, shipping, payment and address are read exactly', () => {
  const { order, verdict, stated, platformVersion } = only(map('shopify', { order: fixtures.shopify() }))
  assert.equal(verdict, 'clean')
  assert.equal(order?.externalRef, '5512340000123')
  assert.equal(order?.placedAt, '2026-03-02T09:14:58.000Z')
  assert.equal(platformVersion, Date.parse('2026-03-02T09:16:00Z'))
  assert.deepEqual(order?.lines, [
    {
      lineRef: '9001',
      sku: 'MUG-BLUE',
      quantity: 3,
      unitPrice: 1700,
      discount: 255,
      name: 'Mug - Blue',
      attributes: { grams: 400, requiresShipping: true },
      tax: 774,
    },
  ])
  assert.deepEqual(order?.shipping, { amount: 495, service: 'DHL', tax: 79 })
  assert.equal(order?.discount, undefined)
  assert.deepEqual(order?.payments, [{ kind: 'capture', method: 'shopify_payments', amount: 5340, occurredAt: '2026-03-02T09:14:58.000Z' }])
  assert.equal(order?.shipTo.countryCode, 'DE')
  assert.equal(order?.customer?.customerRef, '77001')
  assert.deepEqual(stated, { total: 5340, tax: 853 })
})

/** Tax by line and on delivery, and what the order costs with it. */
function taxed(mapped: MappedOrder): readonly unknown[] {
  const { lines = [], shipping, taxesIncluded } = mapped.order ?? {}
  const net = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity - (line.discount ?? 0), shipping?.amount ?? 0)
  const tax = lines.reduce((sum, line) => sum + (line.tax ?? 0), shipping?.tax ?? 0)
  return [lines.map((line) => line.tax), shipping?.tax, net - (mapped.order?.discount ?? 0) + (taxesIncluded === false ? tax : 0)]
}

test('Shopify: tax on top is read line by line and with delivery, and makes the total', () => {
  const body: Record<string, unknown> = {
    ...fixtures.shopify(),
    taxes_included: false,
    total_tax: '8.53',
    total_price: '61.93',
    current_total_price: '61.93',
  }
  const [line] = Array.isArray(body['line_items']) ? body['line_items'] : []
  const [delivery] = Array.isArray(body['shipping_lines']) ? body['shipping_lines'] : []
  const two = [{ price: '5.00' }, { price: '2.74' }]
  const told = { ...body, line_items: [{ ...line, tax_lines: two }], shipping_lines: [{ ...delivery, tax_lines: [{ price: '0.79' }] }] }
  const mapped = only(map('shopify', told))
  assert.equal(mapped.verdict, 'clean')
  assert.deepEqual(taxed(mapped), [[774], 79, 6193])
  // Only a sum is told: shared by value, to the minor unit.
  assert.deepEqual(taxed(only(map('shopify', body))), [[774], 79, 6193])
  // One of three units was taken out since: the rest has its part of what is charged now.
  const left = {
    ...told,
    current_total_tax: '5.95',
    current_total_price: '43.20',
    line_items: [{ ...line, tax_lines: two, current_quantity: 2 }],
  }
  assert.deepEqual(taxed(only(map('shopify', left))), [[516], 79, 4320])
})

test('tax of 0 on top is a tax, inside prices it says nothing', () => {
  const zero = { ...fixtures.shopify(), total_tax: '0.00' }
  assert.deepEqual(taxed(only(map('shopify', { ...zero, taxes_included: false }))), [[0], 0, 5340])
  assert.deepEqual(taxed(only(map('shopify', zero))), [[undefined], undefined, 5340])
})

test('WooCommerce: tax on lines, delivery and fees makes the total, whatever each was rounded to', () => {
  const fee = [{ id: 9, name: 'fee', total: '2.00', total_tax: '0.40' }]
  const body = { ...fixtures.woocommerce(), prices_include_tax: false, fee_lines: fee, total: '36.40', total_tax: '6.07' }
  const mapped = only(map('woocommerce', body))
  assert.equal(mapped.verdict, 'clean')
  assert.deepEqual(taxed(mapped), [[500], 107, 3640])
  assert.deepEqual(taxed(only(map('woocommerce', { ...body, total: '36.41', total_tax: '6.08' }))), [[501], 107, 3641])
})

test('tax on what costs nothing is left out, and a person looks', () => {
  const body: Record<string, unknown> = {
    ...fixtures.shopify(),
    taxes_included: false,
    total_discounts: '0.00',
    shipping_lines: [],
    total_shipping_price_set: null,
    total_price: '1.00',
    total_tax: '1.00',
  }
  const [line] = Array.isArray(body['line_items']) ? body['line_items'] : []
  const free = only(
    map('shopify', { ...body, current_total_price: '1.00', line_items: [{ ...line, price: '0.00', discount_allocations: [] }] }),
  )
  assert.ok(codes(free).includes('tax_unplaced'))
  assert.deepEqual([free.verdict, free.order?.lines[0]?.tax], ['review', undefined])
})

test('Shopify: what was taken out of the order is not fulfilled, its discount goes with it', () => {
  const body = fixtures.shopify()
  const [line] = Array.isArray(body['line_items']) ? body['line_items'] : []
  const gone = { ...line, id: 9002, sku: 'GONE', current_quantity: 0, discount_allocations: [] }
  const { order } = only(map('shopify', { ...body, line_items: [{ ...line, current_quantity: 1 }, gone] }))
  assert.deepEqual(
    order?.lines.map(({ sku, quantity, discount }) => ({ sku, quantity, discount })),
    [{ sku: 'MUG-BLUE', quantity: 1, discount: 85 }],
  )
})

test('Shopify: without a delivery address the billing address serves, and a person looks; for digital goods it is only noted', () => {
  const body: Record<string, unknown> = {
    ...fixtures.shopify(),
    shipping_address: null,
    billing_address: { country: 'Germany', address1: 'Rechnungsweg 1', city: 'Bonn' },
  }
  const pickup = only(map('shopify', body))
  assert.equal(pickup.verdict, 'review')
  assert.equal(pickup.order?.shipTo.countryCode, 'DE')
  const lines = Array.isArray(body['line_items']) ? body['line_items'].map((line: object) => ({ ...line, requires_shipping: false })) : []
  assert.equal(only(map('shopify', { ...body, line_items: lines })).verdict, 'clean')
  const nowhere = only(map('shopify', { ...body, billing_address: null }))
  assert.equal(nowhere.verdict, 'inbox')
  assert.equal(nowhere.order, undefined)
  assert.ok(codes(nowhere).includes('address_missing'))
})

test('Shopify: a line without sku takes variant, product or line id, and a person looks', () => {
  const body = fixtures.shopify()
  const [line] = Array.isArray(body['line_items']) ? body['line_items'] : []
  const mapped = only(map('shopify', { ...body, line_items: [{ ...line, sku: '' }] }))
  assert.equal(mapped.order?.lines[0]?.sku, '31')
  assert.equal(mapped.verdict, 'review')
})

test('currencies without and with three decimals keep their scale', () => {
  const body = fixtures.shopify()
  const [line] = Array.isArray(body['line_items']) ? body['line_items'] : []
  const priced = (currency: string, price: string) =>
    only(map('shopify', { ...body, currency, line_items: [{ ...line, price, discount_allocations: [] }] })).order?.lines[0]?.unitPrice
  assert.equal(priced('JPY', '1700'), 1700)
  assert.equal(priced('JPY', '1700.00'), 1700)
  assert.equal(priced('KWD', '1.705'), 1705)
})

test('WooCommerce: prices with tax, uneven division, guests, empty skus and the billing address', () => {
  const { order, verdict } = only(map('woocommerce', fixtures.woocommerce()))
  assert.equal(verdict, 'clean')
  assert.deepEqual(order?.lines, [{ lineRef: '1', sku: 'wc-55', quantity: 3, unitPrice: 1000, name: 'Candle', tax: 500 }])
  assert.equal(order?.taxesIncluded, true)
  assert.equal(order?.shipping?.amount, 400)
  assert.equal(order?.placedAt, '2026-07-01T08:00:00.000Z')
  assert.equal(order?.shipTo.city, 'Leeds')
  assert.equal(order?.customer?.customerRef, undefined)
})

test('WooCommerce: a total that three units do not divide is met to the penny by price and discount', () => {
  const body = { ...fixtures.woocommerce(), prices_include_tax: false }
  const line = only(map('woocommerce', body)).order?.lines[0]
  assert.deepEqual([line?.unitPrice, line?.discount], [834, 2])
})

test('WooCommerce: fees raise the total, negative fees lower it, refunds come as refunds', () => {
  const fee = (total: string) => ({ ...fixtures.woocommerce(), fee_lines: [{ id: 9, name: 'fee', total, total_tax: '0.00' }] })
  assert.equal(only(map('woocommerce', { ...fee('2.00'), total: '36.00' })).order?.shipping?.amount, 600)
  const lowered = only(map('woocommerce', { ...fee('-2.00'), total: '32.00', refunds: [{ id: 5, reason: '', total: '-1.50' }] }))
  assert.equal(lowered.verdict, 'clean')
  assert.equal(lowered.order?.discount, 200)
  assert.deepEqual(lowered.order?.payments?.[1], { kind: 'refund', method: 'stripe', amount: 150, paymentRef: 'refund-5' })
})

/** What each platform says of an order that is paid when it is delivered, and one that nobody has paid. */
for (const [platform, body, unpaid] of [
  [
    'shopify',
    { ...fixtures.shopify(), financial_status: 'pending', payment_gateway_names: ['Cash on Delivery (COD)'] },
    { payment_gateway_names: ['manual'] },
  ],
  ['woocommerce', { ...fixtures.woocommerce(), payment_method: 'cod', date_paid: null, date_paid_gmt: null }, { status: 'pending' }],
  ['douyin', { ...fixtures.douyin(), pay_type: 0, pay_time: 0 }, { main_status: 1, order_status: 1 }],
  ['taobao', taobaoTrade({ type: 'cod', pay_time: undefined }), { status: 'WAIT_BUYER_PAY' }],
] as const)
  test(`${platform}: what is paid on delivery is promised money, and no order to wait for`, () => {
    const told = only(map(platform, body))
    assert.deepEqual(
      told.order?.payments?.map(({ kind, amount }) => [kind, amount]),
      [['authorise', told.stated.total]],
    )
    assert.equal(only(map(platform, { ...body, ...unpaid })).order?.payments, undefined)
  })

/** The trade alone, its ids as text. */
function taobaoTrade(more: Record<string, unknown>): Record<string, unknown> {
  const text = fixtures.taobaoText.replace(/"(tid|oid)":(\d+)/g, '"$1":"$2"')
  const read: { trade_fullinfo_get_response: { trade: Record<string, unknown> } } = JSON.parse(text)
  return { ...read.trade_fullinfo_get_response.trade, ...more }
}

test('Taobao: a discount of the trade counts where its lines do not carry their share', () => {
  const [line] = [{ oid: '1', num: 1, price: '100.00', outer_sku_id: 'tea-500', title: 'tea', status: 'WAIT_SELLER_SEND_GOODS' }]
  const trade = taobaoTrade({ payment: '95.00', post_fee: '0.00', discount_fee: '5.00', orders: { order: [line] } })
  const whole = only(map('taobao', trade))
  assert.deepEqual([whole.order?.discount, codes(whole).includes('total_contradicts')], [500, false])
  const shared = only(map('taobao', { ...trade, orders: { order: [{ ...line, part_mjz_discount: '5.00', divide_order_fee: '95.00' }] } }))
  assert.deepEqual(
    [shared.order?.discount, shared.order?.lines[0]?.discount, codes(shared).includes('total_contradicts')],
    [undefined, 500, false],
  )
})

test('WooCommerce: what was completed without a date of payment was paid, so that its refunds follow from something', () => {
  const done = {
    ...fixtures.woocommerce(),
    status: 'completed',
    date_paid: null,
    date_paid_gmt: null,
    date_completed_gmt: '2026-07-02T08:00:00',
  }
  const { order } = only(map('woocommerce', { ...done, refunds: [{ id: 5, reason: '', total: '-4.00' }] }))
  assert.deepEqual(
    order?.payments?.map(({ kind, amount, occurredAt }) => [kind, amount, occurredAt]),
    [
      ['capture', 3400, '2026-07-02T08:00:00.000Z'],
      ['refund', 400, undefined],
    ],
  )
})

for (const [envelope, wrap] of [
  ['its own', (order: unknown) => ({ code: 10000, data: { shop_order_detail: order }, msg: 'success' })],
  ['a gateway', (order: unknown) => ({ IsSuccess: true, Data: order, Error_Code: 0 })],
  ['a list', (order: unknown) => ({ isSuccess: true, data: { page: 1, shop_order_list: [order] } })],
  ['no', (order: unknown) => order],
] as const)
  test(`Douyin: fen, epoch seconds and an encrypted buyer are read from ${envelope} envelope`, () => {
    const { order, verdict } = only(map('douyin', wrap(fixtures.douyin())))
    assert.equal(verdict, 'clean')
    assert.deepEqual(
      order?.lines.map(({ sku, quantity, unitPrice, discount }) => ({ sku, quantity, unitPrice, discount })),
      [{ sku: 'TEA-500', quantity: 2, unitPrice: 4990, discount: 1000 }],
    )
    assert.equal(order?.placedAt, '2026-02-25T06:13:20.000Z')
    assert.deepEqual([order?.shipTo.region, order?.shipTo.name, order?.shipTo.phone], ['浙江省', '王**', '1********35'])
    assert.equal(order?.payments?.[0]?.amount, 9480)
  })

test('Douyin: 0 means never, so an unpaid order has no payment', () => {
  assert.equal(only(map('douyin', { ...fixtures.douyin(), pay_time: 0 })).order?.payments, undefined)
})

test('Taobao: ids beyond 2^53, Beijing time, allocated discounts and masked buyers', () => {
  const { order, verdict, platformVersion } = only(map('taobao', fixtures.taobaoText))
  assert.equal(verdict, 'clean')
  assert.equal(order?.externalRef, '3000000000000000123')
  assert.equal(order?.lines[0]?.lineRef, '3000000000000000124')
  assert.equal(order?.placedAt, '2026-11-10T16:03:05.000Z')
  assert.equal(platformVersion, Date.parse('2026-11-10T16:04:00Z'))
  assert.deepEqual([order?.lines[0]?.unitPrice, order?.lines[0]?.quantity, order?.lines[0]?.discount], [4000, 3, 2000])
  assert.equal(order?.customer?.customerRef, 'AAF-open-uid')
  assert.equal(order?.shipTo.postalCode, undefined)
  assert.equal(order?.note, '周末配送\n发顺丰')
})

test('Taobao: a push database row with the response as a string, and orders as a bare list, read the same', () => {
  const wanted = only(map('taobao', fixtures.taobaoText)).order
  assert.deepEqual(only(map('taobao', JSON.stringify({ tid: 1, jdp_response: fixtures.taobaoText }))).order, wanted)
  const bare = fixtures.taobaoText.replace('"orders":{"order":[', '"orders":[').replace('}]}}}}', '}]}}}')
  assert.deepEqual(only(map('taobao', bare)).order, wanted)
})

test("Taobao: the channel's zone goes before the platform's", () => {
  assert.equal(only(map('taobao', fixtures.taobaoText, 'UTC')).order?.placedAt, '2026-11-11T00:03:05.000Z')
})

for (const [platform, body, got] of [
  ['shopify', { product: { id: 1, variants: [] } }, 'a product'],
  ['shopify', { id: 1, order_id: 2, refund_line_items: [], transactions: [] }, 'a refund'],
  ['shopify', { id: 820 }, 'a notice with an id alone'],
  ['woocommerce', { id: 1, topic: 'order.updated', delivery_url: 'https://example.org' }, 'a webhook subscription'],
  ['douyin', [{ tag: '100', msg_id: '1', data: '{"p_id":1}' }], 'a message that says something happened, without the order'],
  ['taobao', { topic: 'taobao_trade_TradeBuyerPay', content: '{"tid":1}' }, 'a message that says something happened, without the trade'],
] as const)
  test(`${platform}: ${got} is set aside as no order`, () => {
    const mapped = map(platform, body)
    assert.equal(mapped.verdict, 'ignored')
    assert.deepEqual([mapped.issues[0]?.code, mapped.issues[0]?.got], ['not_an_order', got])
    assert.match(mapped.issues[0]?.expected ?? '', /^an order of/)
  })

test('what nobody knows goes to the inbox, saying what was expected', () => {
  const mapped = map('shopify', { hello: 1 })
  assert.deepEqual([mapped.verdict, mapped.issues[0]?.code, mapped.issues[0]?.got], ['inbox', 'not_an_order', 'an object with hello'])
  assert.equal(map('taobao', { error_response: { code: 27, sub_msg: 'invalid session' } }).issues[0]?.code, 'gateway_error')
  assert.equal(map('woocommerce', 'webhook_id=12').verdict, 'ignored')
  assert.equal(map('nowhere', {}).verdict, 'inbox')
})

test('a missing field is named by path, expectation and value', () => {
  const body = fixtures.shopify()
  const [line] = Array.isArray(body['line_items']) ? body['line_items'] : []
  const mapped = only(map('shopify', { order: { ...body, line_items: [{ ...line, price: 'ten' }] } }))
  assert.equal(mapped.verdict, 'inbox')
  const issue = mapped.issues.find((one) => one.code === 'money_wrong')
  assert.deepEqual([issue?.path, issue?.expected, issue?.got], ['order.line_items[0].price', 'a decimal with at most 2 places', '"ten"'])
})

test('amounts that do not make the total ask a person', () => {
  assert.deepEqual(codes(only(map('shopify', { ...fixtures.shopify(), total_price: '99.00', current_total_price: '99.00' }))), [
    'total_contradicts',
  ])
})

test('unknown fields are kept and reported, known ones kept in silence', () => {
  const mapped = only(map('shopify', { ...fixtures.shopify(), brand_new: { a: 1 }, tags: 'vip' }))
  assert.deepEqual([mapped.unmapped['brand_new'], mapped.unmapped['tags']], [{ a: 1 }, 'vip'])
  assert.deepEqual(codes(mapped), ['fields_unknown'])
})

test('an order cancelled or shipped on the platform says so', () => {
  assert.deepEqual(
    only(map('shopify', { ...fixtures.shopify(), cancelled_at: '2026-03-03T00:00:00Z', cancel_reason: 'customer' })).cancelled,
    {
      at: '2026-03-03T00:00:00.000Z',
      reason: 'customer',
    },
  )
  assert.ok(codes(only(map('woocommerce', { ...fixtures.woocommerce(), status: 'completed' }))).includes('already_fulfilled'))
})

test('issues never show what is personal', () => {
  const address = { country_code: 'Atlantis', address1: 'Secret Road 5', name: 'Hidden Person' }
  const mapped = only(map('shopify', { ...fixtures.shopify(), shipping_address: address, phone: 'x'.repeat(300) }))
  assert.equal(mapped.verdict, 'inbox')
  assert.doesNotMatch(JSON.stringify(mapped.issues), /Secret|Hidden|xxx/)
})

test('key order, whitespace and volatile fields make no other body; any other change does', () => {
  const body = fixtures.shopify()
  const hash = only(map('shopify', body)).bodyHash
  assert.equal(
    only(map('shopify', JSON.stringify({ order: Object.fromEntries(Object.entries(body).toReversed()) }, null, 2))).bodyHash,
    hash,
  )
  assert.equal(only(map('shopify', { ...body, updated_at: '2027-01-01T00:00:00Z' })).bodyHash, hash)
  assert.notEqual(only(map('shopify', { ...body, note: 'other' })).bodyHash, hash)
})
