import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiOf, at, linesOf, listOf, pagesOf, stockOf } from '../support/api.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [{ ...NODE, nodeId: 'gz-1', name: '广州' }])
const item = async (sku: string, ...onHand: number[]): Promise<void> => {
  await put(api, '/v1/items', [{ sku, name: sku }])
  for (const [i, units] of onHand.entries()) await count(api, sku, i === 0 ? 'sh-1' : 'gz-1', units)
}
const reserve = (key: string, sku: string, more: object = {}) => api('POST', '/v1/reservations', { key, sku, quantity: 1, ...more })
const keyOf = async (role: string, scope: object) => {
  const made = await api('POST', '/v1/keys', { name: role, role, scope })
  assert.equal(made.status, 201, made.text)
  return api.as(String(made.at('secret')))
}

test('a cart holds stock under its key: made once, found again, extended, given back', async () => {
  await item('held', 5)
  const made = await reserve('cart-1', 'held', { quantity: 5, channelId: 'shop-cn', expiresInSeconds: 60 })
  assert.equal(made.status, 201, made.text)
  const path = String(made.headers.get('location'))
  assert.partialDeepStrictEqual(made.body, {
    key: 'cart-1',
    channelId: 'shop-cn',
    sku: 'held',
    nodeId: 'sh-1',
    quantity: 5,
    state: 'soft',
    version: 1,
    allowedActions: ['extend', 'release'],
  })
  assert.partialDeepStrictEqual(await stockOf(api, 'held', 'sh-1'), { soft: 5, available: 0 })
  const again = await reserve('cart-1', 'held', { quantity: 5, channelId: 'shop-cn', expiresInSeconds: 60 })
  assert.deepEqual([again.status, again.at('reservationId')], [200, made.at('reservationId')])
  const other = await reserve('cart-1', 'held', { quantity: 4, channelId: 'shop-cn', expiresInSeconds: 60 })
  assert.deepEqual([other.status, other.at('code')], [409, 'reservation_key_conflict'])
  assert.deepEqual([(await reserve('cart-2', 'held')).status, (await reserve('cart-2', 'held')).at('code')], [409, 'stock_short'])
  assert.equal((await api('POST', '/v1/orders', orderOf('held-1', { sku: 'held' }))).at('code'), 'stock_short')

  const extended = await api('POST', `${path}/extend`, { expiresInSeconds: 3600 }, { 'if-match': '"1"' })
  assert.deepEqual([extended.status, extended.at('version')], [200, 2], extended.text)
  assert.ok(String(extended.at('expiresAt')) > String(made.at('expiresAt')))
  const stale = await api('POST', `${path}/extend`, {}, { 'if-match': '"1"' })
  assert.deepEqual([stale.status, stale.at('code')], [412, 'version_conflict'])
  const released = await api('POST', `${path}/release`, {})
  assert.deepEqual([released.status, released.at('state'), released.at('allowedActions')], [200, 'released', []], released.text)
  assert.equal((await api('POST', `${path}/release`, {})).at('version'), released.at('version'), 'a second release changes nothing')
  assert.equal((await api('GET', path)).at('state'), 'released')
  await placed(api, orderOf('held-2', { sku: 'held', quantity: 5 }))
  const page = await api('GET', '/v1/events?limit=1000')
  const types = listOf(page.at('events')).filter((event) => at(event, 'subject.id') === made.at('reservationId'))
  assert.deepEqual(
    types.map((event) => at(event, 'type')),
    ['reservation.made', 'reservation.extended', 'reservation.released'],
  )
})

test('many carts in one stream: each line is granted or refused by itself, and none is sold twice', async () => {
  await item('drop', 30)
  const lines = Array.from({ length: 50 }, (_, i) => JSON.stringify({ key: `drop-${i}`, sku: i === 7 ? 'nothing' : 'drop', quantity: 1 }))
  const reply = await api('POST', '/v1/reservations/bulk', `${lines.join('\n')}\n`, { 'content-type': 'application/x-ndjson' })
  const answers = linesOf(reply.text)
  assert.deepEqual(
    answers.map((one) => at(one, 'index')),
    lines.map((_, i) => i),
  )
  assert.equal(answers.filter((one) => at(one, 'status') === 'created').length, 30)
  assert.equal(at(answers[7], 'problem.code'), 'item_unknown')
  assert.equal(answers.filter((one) => at(one, 'problem.code') === 'stock_short').length, 19)
  const again = linesOf((await api('POST', '/v1/reservations/bulk', `${lines[0]}\n`, { 'content-type': 'application/x-ndjson' })).text)
  assert.deepEqual(
    [at(again[0], 'status'), at(again[0], 'reservation.reservationId')],
    ['existing', at(answers[0], 'reservation.reservationId')],
  )
  const listed: unknown[] = []
  for await (const page of pagesOf(api, '/v1/reservations?sku=drop&limit=7')) listed.push(...page)
  assert.equal(new Set(listed.map((one) => at(one, 'key'))).size, 30)
  assert.equal(listed.length, 30)
})

test('who works for one node or channel reserves, reads and follows there alone', async () => {
  await item('two', 5, 9)
  const local = await keyOf('integrator', { nodes: ['sh-1'] })
  const ofShop = await keyOf('agent', { channels: ['shop-cn'] })
  const floor = await keyOf('floor', { nodes: ['sh-1'] })
  const mine = await local('POST', '/v1/reservations', { key: 'mine', sku: 'two', quantity: 1 })
  assert.deepEqual([mine.status, mine.at('nodeId')], [201, 'sh-1'], 'the other node has more, and is not theirs')
  const there = await local('POST', '/v1/reservations', { key: 'there', sku: 'two', quantity: 1, nodeIds: ['gz-1'] })
  assert.deepEqual([there.status, there.at('code')], [403, 'scope_violation'])
  const nobody = await ofShop('POST', '/v1/reservations', { key: 'nobody', sku: 'two', quantity: 1 })
  assert.deepEqual([nobody.status, nobody.at('code')], [403, 'scope_violation'])
  const shop = await ofShop('POST', '/v1/reservations', { key: 'shop', sku: 'two', quantity: 1, channelId: 'shop-cn' })
  assert.deepEqual([shop.status, shop.at('nodeId')], [201, 'gz-1'])
  const far = `/v1/reservations/${String(shop.at('reservationId'))}`
  assert.deepEqual([(await local('GET', far)).at('code'), (await local('POST', `${far}/release`, {})).status], ['reservation_unknown', 404])
  assert.equal((await floor('POST', '/v1/reservations', { key: 'f', sku: 'two', quantity: 1 })).status, 403)
  const keys = async (by: typeof api) => listOf((await by('GET', '/v1/reservations?sku=two')).at('items')).map((one) => at(one, 'key'))
  assert.deepEqual([await keys(local), await keys(ofShop), await keys(floor)], [['mine'], ['shop'], ['mine']])
  assert.deepEqual((await floor('GET', `/v1/reservations/${String(mine.at('reservationId'))}`)).at('allowedActions'), [])
  const heard = listOf((await floor('GET', '/v1/events?limit=1000')).at('events')).filter(
    (one) => at(one, 'subject.kind') === 'reservation',
  )
  assert.ok(heard.length > 0 && heard.every((one) => at(one, 'data.nodeId') === 'sh-1'))
})

test('an order takes over what its cart held, once; another order, or a late release, is told so', async () => {
  await item('taken', 3, 20)
  const made = await reserve('order-me', 'taken', { quantity: 3, channelId: 'shop-cn', nodeIds: ['sh-1'] })
  const id = String(made.at('reservationId'))
  const order = (ref: string) => ({ ...orderOf(ref, { sku: 'taken', quantity: 3 }), reservations: [{ key: 'order-me' }] })
  const placedOrder = await api('POST', '/v1/orders', order('taken-1'))
  assert.equal(placedOrder.status, 201, placedOrder.text)
  assert.equal(placedOrder.at('fulfillmentOrders.0.nodeId'), 'sh-1')
  assert.partialDeepStrictEqual(await stockOf(api, 'taken', 'sh-1'), { soft: 0, committed: 3, available: 0 })
  const now = await api('GET', `/v1/reservations/${id}`)
  assert.partialDeepStrictEqual(now.body, { state: 'consumed', orderId: placedOrder.at('orderId'), allowedActions: [] })
  const second = await api('POST', '/v1/orders', order('taken-2'))
  assert.deepEqual([second.status, second.at('code'), second.at('pointer')], [409, 'reservation_taken', '/reservations/0'])
  assert.equal((await api('POST', '/v1/orders', order('taken-1'))).status, 200, 'the same order again is that order')
  assert.equal((await api('POST', `/v1/reservations/${id}/release`, {})).at('code'), 'action_not_allowed')
})
