import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { fakeShops, LOCATION, SHOPIFY_TOKEN, WOO_TOKEN } from '../../../test/support/fake-shops.ts'
import type { ChannelUpdate } from '../../engine/ports/channel-writer.ts'
import { GuardedHttp } from '../outbound/guarded-http.ts'
import { TargetRules } from '../outbound/target-rules.ts'
import { httpChannelWriter } from './http-channel-writer.ts'

const shops = await fakeShops()
const rules = new TargetRules({ hosts: ['127.0.0.1'], privateRanges: ['127.0.0.0/8'] })
const http = new GuardedHttp(rules, 2000)
after(() => http.close())
let clock = 0
const writer = httpChannelWriter(rules, http, () => clock)
const shopify = { channelId: 'sy', platform: 'shopify', url: shops.shopifyUrl, token: SHOPIFY_TOKEN, locationId: LOCATION }
const woo = { channelId: 'wc', platform: 'woocommerce', url: shops.wooUrl, token: WOO_TOKEN, locationId: undefined }
const statusOf = async (connection: typeof shopify | typeof woo, update: ChannelUpdate): Promise<number | string> => {
  const answer = await writer.write(connection, update)
  return answer.kind === 'answered' ? answer.status : answer.kind
}
const parcel = (parcelId: string, trackingNo: string | undefined, quantity: number, lineRef = '11') => ({
  parcelId,
  ...(trackingNo === undefined ? {} : { trackingNo }),
  carrierId: 'sf',
  lines: [{ lineRef, quantity }],
})
const shipped = (externalRef: string, parcels: ReturnType<typeof parcel>[], isWhole = true): ChannelUpdate => ({
  kind: 'shipped',
  externalRef,
  parcels,
  isWhole,
})

beforeEach(() => {
  shops.troubled(() => undefined)
  shops.calls.length = 0
  shops.shopify.fulfillments.length = 0
  shops.shopify.orders.set('1', { cancelled: false, lines: [{ id: 11, quantity: 3, fulfilled: 0 }] })
  shops.woo.orders.set('5', { status: 'processing', meta_data: [{ key: 'gift', value: 'yes' }] })
})

test('Shopify is told of each parcel with its tracking number and units', async () => {
  assert.equal(await statusOf(shopify, shipped('1', [parcel('p1', 'SF1', 1), parcel('p2', 'SF2', 2)])), 201)
  assert.deepEqual(
    shops.shopify.fulfillments.map((one) => [one.tracking_number, one.lines]),
    [
      ['SF1', { 11: 1 }],
      ['SF2', { 11: 2 }],
    ],
  )
})

test('an answer of Shopify that was lost makes no second fulfillment', async () => {
  shops.troubled((call) => (call.startsWith('POST') ? 'lostAnswer' : undefined))
  assert.equal(await statusOf(shopify, shipped('1', [parcel('p1', 'SF1', 2)])), 'silent')
  shops.troubled(() => undefined)
  assert.equal(await statusOf(shopify, shipped('1', [parcel('p1', 'SF1', 2)])), 204)
  assert.equal(shops.shopify.fulfillments.length, 1)
})

test('without a tracking number what is fulfilled already is left alone', async () => {
  await statusOf(shopify, shipped('1', [parcel('p1', undefined, 3)]))
  assert.equal(await statusOf(shopify, shipped('1', [parcel('p1', undefined, 3)])), 204)
  assert.equal(shops.shopify.fulfillments.length, 1)
})

test('a cancelled order of Shopify is cancelled once', async () => {
  const cancelled: ChannelUpdate = { kind: 'cancelled', externalRef: '1', reason: 'asked' }
  assert.equal(await statusOf(shopify, cancelled), 200)
  assert.equal(await statusOf(shopify, cancelled), 204)
  assert.equal(shops.calls.filter((call) => call.endsWith('/cancel.json')).length, 1)
})

test('an item on the last page of Shopify is found, all pages are read once, and an unknown one is looked for again later', async () => {
  for (let n = 1; n <= 5; n++) shops.shopify.variants.set(`sku-${n}`, 100 + n)
  assert.equal(await statusOf(shopify, { kind: 'stock', code: 'sku-5', available: 8 }), 200)
  assert.equal(await statusOf(shopify, { kind: 'stock', code: 'sku-1', available: 0 }), 200)
  assert.deepEqual([shops.shopify.levels.get(105), shops.shopify.levels.get(101)], [8, 0])
  const pages = () => shops.calls.filter((call) => call.endsWith('/products.json')).length
  assert.equal(pages(), 3)
  assert.equal(await statusOf(shopify, { kind: 'stock', code: 'new', available: 1 }), 204)
  assert.equal(pages(), 3)
  shops.shopify.variants.set('new', 200)
  clock += 10 * 60_000
  assert.equal(await statusOf(shopify, { kind: 'stock', code: 'new', available: 1 }), 200)
  assert.equal(shops.shopify.levels.get(200), 1)
})

test('WooCommerce keeps parcels in the order’s meta data beside what others keep there; all shipped is completed', async () => {
  assert.equal(await statusOf(woo, shipped('5', [parcel('p1', 'SF1', 1)], false)), 200)
  assert.equal(shops.woo.orders.get('5')?.status, 'processing')
  assert.equal(await statusOf(woo, shipped('5', [parcel('p2', 'SF2', 2)])), 200)
  assert.equal(await statusOf(woo, shipped('5', [parcel('p2', 'SF2', 2)])), 200)
  const order = shops.woo.orders.get('5')
  assert.equal(order?.status, 'completed')
  const kept: unknown = order?.meta_data.find((one) => one.key === 'fulcrum_parcels')?.value
  assert.deepEqual(Array.isArray(kept) && kept.map((one: unknown) => Reflect.get(Object(one), 'trackingNo')), ['SF1', 'SF2'])
  assert.ok(order?.meta_data.some((one) => one.key === 'gift'))
})

test('WooCommerce is told that an order is cancelled, and a level on every page of products and variations with the code', async () => {
  assert.equal(await statusOf(woo, { kind: 'cancelled', externalRef: '5', reason: 'asked' }), 200)
  assert.equal(shops.woo.orders.get('5')?.status, 'cancelled')
  shops.woo.products.push(
    { id: 1, parent_id: 0, sku: 'tea', stock_quantity: null },
    { id: 2, parent_id: 0, sku: 'tea', stock_quantity: null },
    { id: 3, parent_id: 1, sku: 'tea', stock_quantity: null },
    { id: 4, parent_id: 0, sku: 'cup', stock_quantity: 1 },
  )
  assert.equal(await statusOf(woo, { kind: 'stock', code: 'tea', available: 7 }), 200)
  assert.deepEqual(
    shops.woo.products.map((one) => one.stock_quantity),
    [7, 7, 7, 1],
  )
  assert.equal(await statusOf(woo, { kind: 'stock', code: 'unknown', available: 7 }), 204)
})

test('what a shop refuses or asks to wait for is passed on', async () => {
  assert.equal(await statusOf({ ...woo, token: 'ck_wrong:cs_wrong' }, { kind: 'cancelled', externalRef: '5', reason: 'x' }), 401)
  assert.equal(await statusOf(shopify, shipped('999', [parcel('p1', 'SF1', 1)])), 404)
  shops.troubled(() => ({ status: 429, retryAfter: 2 }))
  assert.deepEqual(await writer.write(shopify, { kind: 'cancelled', externalRef: '1', reason: 'x' }), {
    kind: 'answered',
    status: 429,
    retryAfterMs: 2000,
  })
  shops.troubled(() => ({ status: 503 }))
  assert.equal(await statusOf(woo, { kind: 'stock', code: 'tea', available: 1 }), 503)
})

test('a link that leads to another address is not followed: the token stays with the shop', async () => {
  for (let n = 1; n <= 5; n++) shops.shopify.variants.set(`sku-${n}`, 100 + n)
  shops.shopify.linksTo = shops.wooUrl
  assert.equal(await statusOf({ ...shopify, channelId: 'misled' }, { kind: 'stock', code: 'sku-5', available: 8 }), 'forbidden')
  shops.shopify.linksTo = undefined
  assert.ok(shops.calls.every((call) => !call.includes('/wp-json/')))
  assert.equal(
    await statusOf({ ...shopify, url: 'https://elsewhere.example' }, { kind: 'cancelled', externalRef: '1', reason: 'x' }),
    'forbidden',
  )
})
