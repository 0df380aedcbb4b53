import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiOf, listOf } from '../support/api.ts'
import { fakeShops, LOCATION, SHOPIFY_TOKEN, WOO_TOKEN } from '../support/fake-shops.ts'
import { count, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const shops = await fakeShops()
const hub = await startHubProcess({
  dataDir: hubFolder(),
  env: { FULCRUM_OUTBOUND_HOSTS: '127.0.0.1', FULCRUM_OUTBOUND_PRIVATE_RANGES: '127.0.0.0/8' },
})
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/channels', [
  {
    channelId: 'sy',
    platform: 'shopify',
    name: 'Shopify',
    writeBack: { url: shops.shopifyUrl, locationId: LOCATION },
    writeBackToken: SHOPIFY_TOKEN,
  },
  {
    channelId: 'wc',
    platform: 'woocommerce',
    name: 'Woo',
    writeBack: { url: shops.wooUrl, states: ['shipped', 'cancelled'] },
    writeBackToken: WOO_TOKEN,
  },
])
shops.shopify.variants.set('tea-500', 500)
const deliveries = (channelId: string, state: string) => api('GET', `/v1/channels/${channelId}/deliveries?state=${state}`)

/** Asks until both channels are followed: what happens from then on is written back. */
async function followed(): Promise<void> {
  for (let asked = 0; ; asked++) {
    const places = await Promise.all(['sy', 'wc'].map(async (channelId) => (await deliveries(channelId, 'dead')).at('place.state')))
    if (places.every((state) => state === 'live')) return
    assert.ok(asked < 2000, String(places))
  }
}
await followed()
await count(api, 'tea-500', 'sh-1', 150)

/** Works an order of one line off at its node, in one parcel. */
async function shipOff(orderId: string, trackingNo: string): Promise<void> {
  const id = String((await api('GET', `/v1/orders/${orderId}`)).at('fulfillmentOrders.0.fulfillmentOrderId'))
  for (const [action, body] of [
    ['accept', {}],
    ['start', {}],
    ['pick', {}],
    ['pack', { parcels: [{ trackingNo }] }],
    ['handOver', {}],
  ] as const) {
    const reply = await api('POST', `/v1/fulfillment-orders/${id}/${action}`, body)
    assert.equal(reply.status, 200, `${action}: ${reply.text}`)
  }
}
const platformOrder = (externalRef: string, channelId: string, quantity: number) => {
  const order = orderOf(externalRef, { channelId, quantity })
  return { ...order, lines: order.lines.map((line) => ({ ...line, lineRef: '11' })) }
}

test('the level that a channel may sell follows stock and reservations', async () => {
  await shops.until(() => shops.shopify.levels.get(500) === 150)
  shops.shopify.orders.set('1001', { cancelled: false, lines: [{ id: 11, quantity: 2, fulfilled: 0 }] })
  await placed(api, platformOrder('1001', 'sy', 2))
  await shops.until(() => shops.shopify.levels.get(500) === 148)
})

test('an order handed over is fulfilled at Shopify with its tracking number, through 429 and lost answers, once', async () => {
  shops.shopify.orders.set('1002', { cancelled: false, lines: [{ id: 11, quantity: 3, fulfilled: 0 }] })
  let posts = 0
  shops.troubled((call) => {
    if (call !== 'POST /admin/api/2024-10/fulfillments.json') return undefined
    posts += 1
    if (posts === 1) return { status: 429, retryAfter: 1 }
    return posts === 2 ? 'lostAnswer' : undefined
  })
  await shipOff(await placed(api, platformOrder('1002', 'sy', 3)), 'SF1002')
  await shops.until(() => posts === 2)
  for (let asked = 0; listOf((await deliveries('sy', 'waiting')).at('items')).length > 0; asked++) assert.ok(asked < 5000)
  shops.troubled(() => undefined)
  assert.deepEqual(
    shops.shopify.fulfillments.filter((one) => one.order === '1002').map((one) => [one.tracking_number, one.lines]),
    [['SF1002', { 11: 3 }]],
  )
})

test('an order handed over is completed at WooCommerce, a cancelled one cancelled', async () => {
  shops.woo.orders.set('71', { status: 'processing', meta_data: [] })
  shops.woo.orders.set('72', { status: 'processing', meta_data: [] })
  await shipOff(await placed(api, platformOrder('71', 'wc', 1)), 'YT71')
  await shops.until(() => shops.woo.orders.get('71')?.status === 'completed')
  assert.ok(JSON.stringify(shops.woo.orders.get('71')).includes('YT71'))
  const orderId = await placed(api, platformOrder('72', 'wc', 1))
  assert.equal((await api('POST', `/v1/orders/${orderId}/cancel`, { reason: 'asked' })).status, 200)
  await shops.until(() => shops.woo.orders.get('72')?.status === 'cancelled')
})

test('what the platform refuses is listed as dead and is written again when a person asks', async () => {
  const orderId = await placed(api, platformOrder('73', 'wc', 1))
  assert.equal((await api('POST', `/v1/orders/${orderId}/cancel`, { reason: 'asked' })).status, 200)
  let dead = await deliveries('wc', 'dead')
  for (let asked = 0; listOf(dead.at('items')).length === 0; asked++) {
    assert.ok(asked < 2000, dead.text)
    dead = await deliveries('wc', 'dead')
  }
  assert.deepEqual([dead.at('items.0.answer'), dead.at('items.0.orderId')], [404, orderId])
  shops.woo.orders.set('73', { status: 'processing', meta_data: [] })
  assert.equal((await api('POST', `/v1/channels/wc/deliveries/${String(dead.at('items.0.deliveryId'))}/replay`)).status, 202)
  await shops.until(() => shops.woo.orders.get('73')?.status === 'cancelled')
})

test('the token of a platform is never shown, and stays when a channel is written without it', async () => {
  const shown = await api('GET', '/v1/channels/sy')
  assert.equal(shown.at('hasWriteBackToken'), true)
  assert.ok(!shown.text.includes(SHOPIFY_TOKEN) && !shown.text.includes('sealed'), shown.text)
  await put(api, '/v1/channels', [
    { channelId: 'sy', platform: 'shopify', name: 'Shop', writeBack: { url: shops.shopifyUrl, locationId: LOCATION } },
  ])
  assert.equal((await api('GET', '/v1/channels/sy')).at('hasWriteBackToken'), true)
  const direct = await api('PUT', '/v1/channels', [{ channelId: 'd', platform: 'direct', name: 'D', writeBack: { url: shops.wooUrl } }])
  assert.equal(direct.at('results.0.problem.code'), 'row_invalid')
})
