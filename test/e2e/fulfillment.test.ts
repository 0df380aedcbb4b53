import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOf, at, listOf, type Reply, stockOf } from '../support/api.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [
  { ...NODE, nodeId: 'hz-1', name: '杭州仓', place: { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.27, lng: 120.15 } },
  { ...NODE, nodeId: 'bj-1', name: '北京仓', place: { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 } },
])
await put(api, '/v1/items', [{ sku: 'cup', name: 'Cup', weightGrams: 300 }])

const keyOf = async (role: string, scope: object = {}): Promise<Api> =>
  api.as(String((await api('POST', '/v1/keys', { name: `${role} key`, role, scope })).at('secret')))
const workOf = async (orderId: string, no = 0): Promise<string> =>
  String((await api('GET', `/v1/orders/${orderId}`)).at(`fulfillmentOrders.${no}.fulfillmentOrderId`))
const act = (id: string, action: string, body: object = {}, as: Api = api): Promise<Reply> =>
  as('POST', `/v1/fulfillment-orders/${id}/${action}`, body)
const done = async (id: string, action: string, body: object = {}): Promise<Reply> => {
  const reply = await act(id, action, body)
  assert.equal(reply.status, 200, `${action}: ${reply.text}`)
  return reply
}

test('work goes from the shelf to the receiver; lines, stock and phase follow each step', async () => {
  await count(api, 'tea-500', 'hz-1', 10)
  const orderId = await placed(api, orderOf('work-1', { quantity: 3 }))
  const id = await workOf(orderId)
  const first = await api('GET', `/v1/fulfillment-orders/${id}`)
  assert.deepEqual([first.at('nodeId'), first.at('work'), first.at('request')], ['hz-1', 'planned', 'none'])
  assert.deepEqual(first.at('allowedActions'), ['accept', 'reject', 'start', 'cancel', 'hold', 'move', 'split'])

  await done(id, 'accept')
  await done(id, 'start')
  const nowhere = await act(id, 'move', { reason: 'staff', toNodeId: 'nowhere' })
  assert.deepEqual([nowhere.status, nowhere.at('code'), nowhere.at('pointer')], [422, 'node_unknown', '/toNodeId'])
  const early = await act(id, 'handOver')
  assert.deepEqual([early.status, early.at('code')], [409, 'action_not_allowed'])
  const tooMany = await act(id, 'pick', { lines: [{ lineRef: '1', quantity: 4 }] })
  assert.deepEqual([tooMany.at('code'), tooMany.at('expected')], ['work_units_exceeded', 3])
  await done(id, 'pick', { lines: [{ lineRef: '1', quantity: 1 }] })
  await done(id, 'pick')
  const packed = await done(id, 'pack', { parcels: [{ weightGrams: 1700, trackingNo: 'SF1000000001' }] })
  assert.deepEqual(packed.at('parcels.0.lines'), [{ lineRef: '1', sku: 'tea-500', quantity: 3 }])
  const gone = await done(id, 'handOver')
  assert.equal(gone.at('work'), 'handedOver')
  const shipped = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([shipped.at('phase'), shipped.at('lines.0.shipped'), shipped.at('lines.0.delivered')], ['inTransit', 3, 0])
  const stock = await stockOf(api, 'tea-500', 'hz-1')
  assert.deepEqual([at(stock, 'onHand'), at(stock, 'committed'), at(stock, 'available')], [7, 0, 7])

  await done(id, 'deliver')
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('phase'), 'delivered')
  const types = listOf((await api('GET', `/v1/orders/${orderId}/events`)).at('items')).map((event) => String(at(event, 'type')))
  const expected = ['accepted', 'started', 'picked', 'picked', 'packed', 'handedOver', 'delivered'].map((name) => `fulfillment.${name}`)
  assert.deepEqual(types.slice(-7), expected)
})

test('a refused order goes to the next node at once, and never back', async () => {
  await count(api, 'cup', 'hz-1', 5)
  await count(api, 'cup', 'bj-1', 5)
  const orderId = await placed(api, orderOf('work-2', { sku: 'cup', quantity: 2 }))
  const id = await workOf(orderId)
  const refused = await done(id, 'reject', { reason: 'closed_today' })
  assert.deepEqual([refused.at('work'), refused.at('request'), refused.at('reason')], ['cancelled', 'rejected', 'closed_today'])
  const next = await workOf(orderId, 1)
  assert.equal((await api('GET', `/v1/fulfillment-orders/${next}`)).at('nodeId'), 'bj-1')
  assert.equal(at(await stockOf(api, 'cup', 'hz-1'), 'committed'), 0)
  await done(next, 'reject', { reason: 'no_staff' })
  const order = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([order.at('lines.0.backordered'), order.at('phase')], [2, 'unroutable'])
})

test('what a pick does not find leaves the books of the node and is shipped from elsewhere', async () => {
  await put(api, '/v1/items', [{ sku: 'pot', name: 'Pot', weightGrams: 900 }])
  await count(api, 'pot', 'hz-1', 4)
  await count(api, 'pot', 'bj-1', 4)
  const orderId = await placed(api, orderOf('work-3', { sku: 'pot', quantity: 3 }))
  const id = await workOf(orderId)
  await done(id, 'start')
  const short = await done(id, 'pick', { lines: [{ lineRef: '1', quantity: 1 }], short: true })
  assert.deepEqual([short.at('work'), short.at('lines.0.quantity'), short.at('lines.0.short')], ['short', 1, 2])
  const here = await stockOf(api, 'pot', 'hz-1')
  assert.deepEqual([at(here, 'onHand'), at(here, 'committed')], [2, 1])
  const order = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([order.at('fulfillmentOrders.1.nodeId'), order.at('lines.0.allocated')], ['bj-1', 3])
  await done(id, 'pack')
  await done(id, 'handOver')
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('phase'), 'partShipped')
})

test('work that a node has begun is taken away only after it was asked to stop', async () => {
  await put(api, '/v1/items', [{ sku: 'mug', name: 'Mug' }])
  await count(api, 'mug', 'hz-1', 2)
  const id = await workOf(await placed(api, orderOf('work-4', { sku: 'mug' })))
  await done(id, 'start')
  assert.equal((await act(id, 'cancel', { reason: 'late' })).at('code'), 'action_not_allowed')
  await done(id, 'requestCancel', { reason: 'buyer_asked' })
  await done(id, 'refuseCancel', { reason: 'packed' })
  await done(id, 'requestCancel', { reason: 'buyer_insists' })
  assert.equal((await done(id, 'cancel', { reason: 'buyer_insists' })).at('work'), 'cancelled')
})

test('a hold stops the work, and If-Match speaks of the fulfillment order', async () => {
  const orderId = await placed(api, orderOf('work-5'))
  const id = await workOf(orderId)
  await api('POST', `/v1/orders/${orderId}/hold`, { reason: 'fraud' })
  const held = await api('GET', `/v1/fulfillment-orders/${id}`)
  assert.deepEqual([held.at('isHeld'), held.at('allowedActions')], [true, ['reject', 'cancel', 'hold', 'move']])
  await api('POST', `/v1/orders/${orderId}/release`, {})
  const stale = await api('POST', `/v1/fulfillment-orders/${id}/start`, {}, { 'if-match': '"9"' })
  assert.deepEqual([stale.status, stale.at('code'), stale.at('expected'), stale.at('got')], [412, 'version_conflict', 9, 1])
  assert.equal((await api('POST', `/v1/fulfillment-orders/${id}/start`, {}, { 'if-match': '"1"' })).status, 200)
})

test('a wave is one call: each row is answered for itself', async () => {
  await put(api, '/v1/items', [{ sku: 'wave', name: 'Wave' }])
  await count(api, 'wave', 'hz-1', 100)
  const orders = await Promise.all(Array.from({ length: 20 }, (_, i) => placed(api, orderOf(`wave-${i}`, { sku: 'wave' }))))
  const ids = await Promise.all(orders.map((orderId) => workOf(orderId)))
  for (const action of ['start', 'pick', 'pack', 'handOver']) {
    const reply = await api(
      'POST',
      '/v1/fulfillment-orders/bulk',
      ids.map((fulfillmentOrderId) => ({ fulfillmentOrderId, action })),
    )
    assert.deepEqual([reply.status, reply.at('updated'), reply.at('refused')], [200, 20, 0], reply.text)
  }
  const again = await api('POST', '/v1/fulfillment-orders/bulk', [{ fulfillmentOrderId: ids[0], action: 'handOver' }])
  assert.equal(again.at('results.0.problem.code'), 'action_not_allowed')
  const stock = await stockOf(api, 'wave', 'hz-1')
  assert.deepEqual([at(stock, 'onHand'), at(stock, 'committed')], [80, 0])
})

test('work that is asked for again under its key is answered as it was then, alone and in a wave', async () => {
  const [one, other] = await Promise.all(
    ['work-key-1', 'work-key-2'].map(async (ref) => workOf(await placed(api, orderOf(ref, { sku: 'wave' })))),
  )
  const start = () => api('POST', `/v1/fulfillment-orders/${one}/start`, {}, { 'idempotency-key': 'work-1' })
  const wave = () =>
    api('POST', '/v1/fulfillment-orders/bulk', [{ fulfillmentOrderId: other, action: 'start' }], { 'idempotency-key': 'work-2' })
  const first = [await start(), await wave()]
  for (const id of [one, other]) await api('POST', `/v1/fulfillment-orders/${id}/pick`, {})
  const again = [await start(), await wave()]
  assert.deepEqual([again[0]?.at('work'), again[0]?.at('version')], ['inProgress', first[0]?.at('version')])
  assert.equal(again[0]?.at('lines.0.picked'), first[0]?.at('lines.0.picked'))
  assert.deepEqual(again[1]?.body, first[1]?.body)
})

test('a floor sees and works its own node alone, due first, without money or the buyer', async () => {
  await put(api, '/v1/items', [{ sku: 'bowl', name: 'Bowl' }])
  await count(api, 'bowl', 'bj-1', 3)
  const theirs = await workOf(await placed(api, orderOf('floor-1', { sku: 'bowl' })))
  const beijing = await keyOf('floor', { nodes: ['bj-1'] })
  const hangzhou = await keyOf('floor', { nodes: ['hz-1'] })
  const queue = listOf((await beijing('GET', '/v1/fulfillment-orders')).at('items'))
  assert.ok(queue.some((one) => at(one, 'fulfillmentOrderId') === theirs))
  assert.deepEqual([...new Set(queue.map((one) => at(one, 'nodeId')))], ['bj-1'])
  const own = queue.find((one) => at(one, 'fulfillmentOrderId') === theirs)
  assert.deepEqual(
    [at(own, 'shipTo.name'), at(own, 'shipTo.line1'), at(own, 'allowedActions')],
    [undefined, '文三路 1 号', ['accept', 'reject', 'start']],
  )
  assert.equal((await hangzhou('GET', `/v1/fulfillment-orders/${theirs}`)).at('code'), 'fulfillment_order_unknown')
  assert.equal((await act(theirs, 'start', {}, hangzhou)).status, 404)
  assert.equal((await act(theirs, 'cancel', { reason: 'x' }, beijing)).status, 403)
  const wave = await hangzhou('POST', '/v1/fulfillment-orders/bulk', [{ fulfillmentOrderId: theirs, action: 'start' }])
  assert.equal(wave.at('results.0.problem.code'), 'fulfillment_order_unknown')
  assert.equal((await act(theirs, 'start', {}, beijing)).status, 200)
})

test('a queue is paged by due time, and what is over is read from the latest', async () => {
  const seen: unknown[] = []
  let cursor = ''
  do {
    const page = await api('GET', `/v1/fulfillment-orders?limit=2${cursor}`)
    assert.equal(page.status, 200, page.text)
    seen.push(...listOf(page.at('items')))
    cursor = page.at('next') === undefined ? '' : `&cursor=${String(page.at('next'))}`
  } while (cursor !== '')
  const due = seen.map((one) => String(at(one, 'shipBy')))
  assert.deepEqual(due, due.toSorted())
  assert.equal(new Set(seen.map((one) => at(one, 'fulfillmentOrderId'))).size, seen.length)
  const over = listOf((await api('GET', '/v1/fulfillment-orders?nodeId=hz-1&work=handedOver&limit=200')).at('items'))
  assert.equal(over.length, 21)
  assert.ok(over.every((one) => at(one, 'work') === 'handedOver'))
})

test('packed units are freed by unpacking, as the refusal says: the label is void, the units can be cancelled, the rest leaves', async () => {
  await put(api, '/v1/items', [{ sku: 'vase', name: 'Vase', weightGrams: 800 }])
  await put(api, '/v1/carriers', [
    {
      carrierId: 'void',
      name: 'V',
      scanFormat: 'fulcrum',
      services: [{ serviceId: 's', name: 'S', mode: 'road', transitDays: { min: 1, max: 2 } }],
    },
  ])
  await count(api, 'vase', 'hz-1', 5)
  const orderId = await placed(api, orderOf('work-unpack', { sku: 'vase', quantity: 3 }))
  const id = await workOf(orderId)
  await done(id, 'start')
  await done(id, 'pick')
  const parcel = (trackingNo: string) => ({ carrierId: 'void', serviceId: 's', trackingNo })
  const lines = (quantity: number) => [{ lineRef: '1', quantity }]
  const packed = await done(id, 'pack', {
    parcels: [
      { ...parcel('V-1'), lines: lines(2) },
      { ...parcel('V-2'), lines: lines(1) },
    ],
  })
  const [first, second] = listOf(packed.at('parcels')).map((one) => String(at(one, 'parcelId')))
  const whenPacked = (await api('GET', `/v1/orders/${orderId}/events`)).at('items')
  const asked = { lines: [{ lineRef: '1', quantity: 1 }], reason: 'buyer' }
  const late = await api('POST', `/v1/orders/${orderId}/lines/cancel`, asked)
  assert.deepEqual([late.status, late.at('code')], [409, 'change_too_late'])
  assert.match(String(late.at('detail')), /unpack/)

  const scanned = (trackingNo: string, meaning: string) =>
    api('POST', '/v1/carriers/void/scans', { scans: [{ trackingNo, meaning, occurredAt: new Date().toISOString() }] })
  assert.equal((await scanned('V-2', 'collected')).at('results.0.state'), 'collected')
  const gone = await act(id, 'unpack', { parcelIds: [second] })
  assert.deepEqual([gone.status, gone.at('code'), gone.at('pointer')], [409, 'parcel_collected', '/parcelIds/0'], gone.text)

  const hangzhou = await keyOf('floor', { nodes: ['hz-1'] })
  const key = { 'idempotency-key': 'unpack-1' }
  const opened = await hangzhou('POST', `/v1/fulfillment-orders/${id}/unpack`, {}, key)
  assert.deepEqual(
    [opened.status, opened.at('work'), opened.at('lines.0.picked'), opened.at('lines.0.packed')],
    [200, 'inProgress', 3, 1],
    opened.text,
  )
  assert.deepEqual(
    listOf(opened.at('parcels')).map((one) => at(one, 'parcelId')),
    [second],
  )
  assert.equal((await hangzhou('POST', `/v1/fulfillment-orders/${id}/unpack`, {}, key)).text, opened.text)
  assert.equal((await act(id, 'unpack')).at('code'), 'action_not_allowed')
  const order = await api('GET', `/v1/orders/${orderId}`)
  const shown = listOf(order.at('parcels')).map((one) => [at(one, 'parcelId'), at(one, 'state'), at(one, 'eta'), at(one, 'co2eGrams')])
  assert.deepEqual(shown[1], [first, 'voided', undefined, undefined])
  assert.equal((await api('GET', '/v1/parcels?state=voided')).at('items.0.trackingNo'), 'V-1')
  assert.equal(at(await stockOf(api, 'vase', 'hz-1'), 'committed'), 3)

  const fewer = await api('POST', `/v1/orders/${orderId}/lines/cancel`, asked)
  assert.equal(fewer.status, 200, fewer.text)
  await done(id, 'pack', { parcels: [parcel('V-3')] })
  await done(id, 'handOver')
  assert.deepEqual([at(await stockOf(api, 'vase', 'hz-1'), 'onHand'), at(await stockOf(api, 'vase', 'hz-1'), 'committed')], [3, 0])
  const strange = await scanned('V-1', 'delivered')
  assert.equal(strange.at('results.0.state'), 'voided', strange.text)
  const label = await api('GET', `/v1/parcels/${first}`)
  assert.deepEqual([label.at('state'), label.at('scans.0.flags')], ['voided', ['parcelVoided']])
  assert.equal((await api('GET', `/v1/orders/${orderId}`)).at('lines.0.delivered'), 0)

  // The moment in which both stood packed is read as it was.
  const packedAt =
    listOf(whenPacked)
      .map((event) => String(at(event, 'recordedAt')))
      .at(-1) ?? ''
  const then = await api('GET', `/v1/orders/${orderId}?at=${encodeURIComponent(packedAt)}`)
  assert.deepEqual([then.at('lines.0.packed'), listOf(then.at('parcels')).map((one) => at(one, 'state'))], [3, ['created', 'created']])
  const life = (await api('GET', `/v1/orders/${orderId}/timeline`)).text
  assert.ok(life.includes('fulfillment.unpacked'), life)
  const { path } = JSON.parse((await api('GET', `/v1/orders/${orderId}/trackLink`)).text) as { path: string }
  const track = await api('POST', '/v1/track', { token: new URL(path, hub.url).hash.slice(1) })
  assert.deepEqual([track.text.includes('V-1'), track.text.includes('V-3')], [false, true], track.text)
})
