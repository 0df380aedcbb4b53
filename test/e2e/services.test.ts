import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { apiOf, at, listOf, stockOf } from '../support/api.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld, SHIP_TO } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

/** Ways of delivery beyond parcels, over HTTP. */
const dataDir = hubFolder()
const hub = await startHubProcess({ dataDir })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/items', [{ sku: 'song', name: '单曲', attributes: { digital: true } }])

const line = (lineRef: string, sku: string, quantity: number) => ({ lineRef, sku, quantity, unitPrice: 1000 })
const typesOf = async (orderId: string): Promise<readonly unknown[]> =>
  listOf((await api('GET', `/v1/orders/${orderId}/timeline`)).at('milestones')).map((one) => at(one, 'type'))

test('a digital order is delivered with its payment, without stock, and its timeline tells so', async () => {
  const orderId = await placed(api, orderOf('song-1', { sku: 'song', quantity: 2, paid: false }))
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('phase'), 'awaitingPayment')
  const paid = await api('POST', `/v1/orders/${orderId}/payments/capture`, { method: 'card', amount: 25600 })
  assert.equal(paid.status, 200, paid.text)
  const order = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual(
    [
      order.at('phase'),
      order.at('lines.0.isDigital'),
      order.at('lines.0.delivered'),
      order.at('checks.stock.reason'),
      order.at('payments.due'),
    ],
    ['delivered', true, 2, 'no_stock_needed', 0],
  )
  assert.equal(listOf(order.at('allowedActions')).includes('cancel'), false)
  assert.equal((await typesOf(orderId)).at(-1), 'order.digitalDelivered')
})

test('goods beside digital lines go on: only they have a node, and their freight is asked for alone', async () => {
  const orderId = await placed(api, {
    ...orderOf('song-2'),
    lines: [line('1', 'song', 1), line('2', 'tea-500', 1)],
    payments: [{ kind: 'capture', method: 'card', amount: 2000 }],
  })
  const order = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([order.at('phase'), order.at('lines.0.delivered'), order.at('lines.1.shipped')], ['inFulfillment', 1, 0])
  assert.deepEqual(
    listOf(order.at('fulfillmentOrders.0.lines')).map((one) => at(one, 'sku')),
    ['tea-500'],
  )
})

test('digital goods are always there, at once and for nothing', async () => {
  const availability = await api('GET', '/v1/availability?sku=song')
  assert.deepEqual([availability.at('isDigital'), availability.at('available')], [true, 1_000_000])
  const promise = await api('POST', '/v1/promises', { shipTo: SHIP_TO, lines: [{ sku: 'song', quantity: 1 }] })
  assert.deepEqual([promise.at('options.0.serviceId'), promise.at('options.0.cost')], ['digital', 0], promise.text)
})

test('what the buyer collects is ready at its node, given out against its code, and followed by its link', async () => {
  await put(api, '/v1/nodes', [{ ...NODE, nodeId: 'shop-1', name: '南京路店', kind: 'store', pickup: { holdHours: 72, code: true } }])
  await count(api, 'tea-500', 'shop-1', 5)
  const { shipTo: _, ...order } = orderOf('collect-1', { quantity: 2 })
  const promise = await api('POST', '/v1/promises', { pickup: { nodeId: 'shop-1' }, lines: [{ sku: 'tea-500', quantity: 2 }] })
  assert.deepEqual([promise.at('options.0.serviceId'), promise.at('options.0.cost')], ['pickup', 0], promise.text)
  const neither = await api('POST', '/v1/orders', order)
  assert.deepEqual([neither.at('code'), neither.at('pointer')], ['order_contradictory', '/shipTo'], neither.text)
  const wrong = await api('POST', '/v1/orders', { ...order, pickup: { nodeId: 'sh-1' } })
  assert.equal(wrong.at('code'), 'pickup_unavailable', wrong.text)

  const orderId = await placed(api, { ...order, pickup: { nodeId: 'shop-1' } })
  assert.equal((await api('POST', '/v1/orders', { ...order, pickup: { nodeId: 'shop-1' } })).status, 200)
  const read = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual(
    [read.at('pickup.nodeName'), read.at('promise.service'), read.at('shipTo.city'), read.at('fulfillmentOrders.0.nodeId')],
    ['南京路店', 'pickup', '上海', 'shop-1'],
  )
  const id = String(read.at('fulfillmentOrders.0.fulfillmentOrderId'))
  const floor = api.as(String((await api('POST', '/v1/keys', { name: 'shop', role: 'floor', scope: { nodes: ['shop-1'] } })).at('secret')))
  const work = (verb: string, body: object = {}) => floor('POST', `/v1/fulfillment-orders/${id}/${verb}`, body)
  for (const verb of ['start', 'pick', 'setReady']) assert.equal((await work(verb)).status, 200, verb)
  const queue = await floor('GET', '/v1/fulfillment-orders?nodeId=shop-1')
  assert.deepEqual([queue.at('items.0.work'), queue.at('items.0.pickup.asksCode')], ['readyForPickup', true])

  const link = String((await api('GET', `/v1/orders/${orderId}/trackLink`)).at('path')).slice('/track#'.length)
  const track = await api('POST', '/v1/track', { token: link })
  assert.deepEqual([track.at('state'), track.at('pickup.name')], ['readyForPickup', '南京路店'], track.text)
  const code = String(track.at('pickup.code'))
  assert.match(code, /^\d{6}$/)
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('pickup.code'), code)
  assert.equal((await floor('GET', `/v1/orders/${orderId}`)).at('pickup.code'), undefined)
  assert.ok(!(await floor('GET', `/v1/orders/${orderId}/events`)).text.includes(code))

  const refused = await work('collect', { code: code === '1' ? '2' : '1' })
  assert.deepEqual([refused.status, refused.at('code')], [409, 'pickup_code_wrong'], refused.text)
  assert.equal((await work('collect', { code })).at('work'), 'done')
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('phase'), 'delivered')
  assert.equal(at(await stockOf(api, 'tea-500', 'shop-1'), 'onHand'), 3)
  assert.deepEqual(
    listOf((await api('POST', '/v1/track', { token: link })).at('steps')).map((step) => at(step, 'step')),
    ['placed', 'readyForPickup', 'collected'],
  )
})

test('what was done leaves nothing for verify to find', async () => {
  const verify = fileURLToPath(new URL('../../bin/verify.ts', import.meta.url))
  const env = { ...process.env, FULCRUM_DATA_DIR: dataDir }
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, [verify], { env }, (error, stdout, stderr) => resolve(`${error?.code ?? 0} ${stdout}${stderr}`)),
  )
  assert.match(said, /^0 /, said)
})
