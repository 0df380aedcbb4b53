import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOf, at, listOf, type Reply, stockOf } from '../support/api.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const dataDir = hubFolder()
const hub = await startHubProcess({ dataDir })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [
  { ...NODE, nodeId: 'hz-1', name: '杭州仓', place: { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.27, lng: 120.15 } },
  { ...NODE, nodeId: 'bj-1', name: '北京仓', place: { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 } },
])

const workOf = async (orderId: string, no = 0): Promise<string> =>
  String((await api('GET', `/v1/orders/${orderId}`)).at(`fulfillmentOrders.${no}.fulfillmentOrderId`))
const act = (id: string, action: string, body: object = {}): Promise<Reply> => api('POST', `/v1/fulfillment-orders/${id}/${action}`, body)
const keyOf = async (role: string, scope: object = {}): Promise<Api> =>
  api.as(String((await api('POST', '/v1/keys', { name: `${role} key`, role, scope })).at('secret')))
/** The answer of a sweep that is through; every asking is a request of its own, so the hub has its turns. */
async function swept(nodeId: string): Promise<Reply> {
  for (let i = 0; i < 100_000; i++) {
    const progress = await api('GET', `/v1/nodes/${nodeId}/closure`)
    if (progress.at('state') === 'closed') return progress
    await new Promise((resolve) => setImmediate(resolve))
  }
  return assert.fail('the sweep did not end')
}

await put(api, '/v1/items', [{ sku: 'jar', name: 'Jar', weightGrams: 300 }])
await count(api, 'jar', 'hz-1', 40)
const orders = await Promise.all(Array.from({ length: 12 }, (_, i) => placed(api, orderOf(`close-${i}`, { sku: 'jar', quantity: 2 }))))
const [begun = '', packed = ''] = await Promise.all(orders.slice(0, 2).map((orderId) => workOf(orderId)))
for (const id of [begun, packed]) await act(id, 'start')
for (const action of ['pick', 'pack']) await act(packed, action)
// Room for eight of the ten that have not been begun.
await count(api, 'jar', 'bj-1', 16)

test('a preview says where work would go, what it costs and delays, and changes nothing', async () => {
  const before = await stockOf(api, 'jar', 'bj-1')
  const preview = await api('POST', '/v1/nodes/hz-1/close/preview', { reason: 'flood' })
  assert.equal(preview.status, 200, preview.text)
  assert.deepEqual(
    [preview.at('open'), preview.at('planned'), preview.at('moved'), preview.at('torn'), preview.at('splits')],
    [10, 10, 8, 2, 0],
  )
  assert.deepEqual(preview.at('toNodes'), [{ nodeId: 'bj-1', count: 8 }])
  assert.ok(Number(preview.at('costAfter')) > Number(preview.at('costBefore')), preview.text)
  assert.ok(Number(preview.at('costBefore')) > 0 && preview.at('currency') === 'CNY', preview.text)
  const again = await api('POST', '/v1/nodes/hz-1/close/preview', { reason: 'flood' })
  assert.equal(again.text, preview.text)
  assert.deepEqual(await stockOf(api, 'jar', 'bj-1'), before)
  assert.equal((await api('GET', '/v1/nodes/hz-1/closure')).at('state'), 'open')
})

test('a node that closes is emptied: what fits goes whole, the rest is a task, what is begun is finished there', async () => {
  const asked = await api('POST', '/v1/nodes/hz-1/close', { reason: 'flood' })
  assert.deepEqual([asked.status, asked.at('total'), asked.at('reason'), asked.at('begun')], [202, 10, 'flood', 'finish'], asked.text)
  const done = await swept('hz-1')
  assert.deepEqual(
    [done.at('moved'), done.at('torn'), done.at('leftBehind'), done.at('unbegun'), done.at('atWork')],
    [8, 2, 0, 0, 2],
    done.text,
  )
  assert.equal(at(await stockOf(api, 'jar', 'bj-1'), 'committed'), 16)
  assert.equal(listOf((await api('GET', '/v1/tasks?kind=stockMissing')).at('items')).length, 2)
  assert.equal((await api('GET', '/v1/nodes/hz-1')).at('closed'), true)
  const queue = listOf((await api('GET', '/v1/fulfillment-orders?nodeId=hz-1')).at('items'))
  assert.deepEqual(queue.map((work) => String(at(work, 'fulfillmentOrderId'))).toSorted(), [begun, packed].toSorted())
  assert.equal((await act(packed, 'handOver')).status, 200)
})

test('asked again it answers how far it is; asked for more it goes on with what was begun', async () => {
  const again = await api('POST', '/v1/nodes/hz-1/close', { reason: 'flood' })
  assert.deepEqual([again.at('state'), again.at('moved')], ['closed', 8])
  // Enough for those who wait for it too: they come first.
  await count(api, 'jar', 'bj-1', 30)
  await api('POST', '/v1/nodes/hz-1/close', { reason: 'flood', begun: 'move' })
  const done = await swept('hz-1')
  assert.deepEqual([done.at('begun'), done.at('moved'), done.at('atWork')], ['move', 1, 0], done.text)
  assert.equal((await api('GET', `/v1/fulfillment-orders/${begun}`)).at('reason'), 'node_closed')
})

test('an open node serves again, also orders that had to leave it', async () => {
  const open = await api('POST', '/v1/nodes/hz-1/open', {})
  assert.deepEqual([open.status, open.at('state')], [200, 'open'], open.text)
  assert.equal((await api('GET', '/v1/nodes/hz-1')).at('closed'), undefined)
  const orderId = await placed(api, orderOf('reopened', { sku: 'jar', quantity: 1 }))
  assert.equal((await api('GET', `/v1/fulfillment-orders/${await workOf(orderId)}`)).at('nodeId'), 'hz-1')
})

test('who does not see a node, or may not manage work, closes nothing', async () => {
  const elsewhere = await keyOf('agent', { nodes: ['bj-1'] })
  assert.equal((await elsewhere('POST', '/v1/nodes/hz-1/close', { reason: 'x' })).at('code'), 'entity_unknown')
  const floor = await keyOf('floor', { nodes: ['hz-1'] })
  assert.equal((await floor('POST', '/v1/nodes/hz-1/close', { reason: 'x' })).status, 403)
  assert.equal((await floor('GET', '/v1/nodes/hz-1/closure')).status, 200)
})
