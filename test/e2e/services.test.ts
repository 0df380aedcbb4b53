import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { apiOf, at, listOf } from '../support/api.ts'
import { orderOf, placed, put, putFirstWorld, SHIP_TO } from '../support/first-world.ts'
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

test('what was done leaves nothing for verify to find', async () => {
  const verify = fileURLToPath(new URL('../../bin/verify.ts', import.meta.url))
  const env = { ...process.env, FULCRUM_DATA_DIR: dataDir }
  const said = await new Promise<string>((resolve) =>
    execFile(process.execPath, [verify], { env }, (error, stdout, stderr) => resolve(`${error?.code ?? 0} ${stdout}${stderr}`)),
  )
  assert.match(said, /^0 /, said)
})
