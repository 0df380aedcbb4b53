import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiOf, stockOf } from '../support/api.ts'
import { count, ITEM, NODE, ORDER, orderOf, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)

test('the order of the README is checked, promised, reserved and sourced on defaults alone', async () => {
  const reply = await api('POST', '/v1/orders', ORDER)
  assert.equal(reply.status, 201, reply.text)
  assert.match(String(reply.at('orderId')), /^ord_[0-9a-z]{13}$/)
  assert.equal(reply.headers.get('location'), `/v1/orders/${String(reply.at('orderId'))}`)
  assert.equal(reply.headers.get('etag'), `"${String(reply.at('version'))}"`)
  assert.partialDeepStrictEqual(reply.body, {
    state: 'accepted',
    checks: {
      stock: { verdict: 'pass' },
      credit: { verdict: 'notApplicable' },
      tax: { verdict: 'default' },
      compliance: { verdict: 'default' },
    },
    lines: [{ lineRef: '1', sku: 'tea-500', quantity: 2, allocated: 2, unitPrice: 12800, total: 25600 }],
    promise: { basis: 'default' },
    fulfillmentOrders: [{ nodeId: 'sh-1', lines: [{ lineRef: '1', sku: 'tea-500', quantity: 2 }] }],
    totals: { total: 25600, tax: 0 },
    payments: { state: 'paid', due: 0 },
    customer: { name: '王芳', phone: '13800000000' },
  })
  assert.match(String(reply.at('promise.deliverBy')), /^2026-|^20\d\d-/)
  assert.ok(Array.isArray(reply.at('allowedActions')))
  assert.partialDeepStrictEqual(await stockOf(api, 'tea-500', 'sh-1'), { onHand: 100, committed: 2, soft: 0, firm: 0, available: 98 })
})

test('payments that differ from the total are a payment state, never a refusal', async () => {
  const { payments: _, ...unpaid } = orderOf('paid-0')
  const states: Record<string, unknown> = {}
  for (const [kind, amount] of [
    ['capture', 100],
    ['capture', 12_800],
    ['capture', 20_000],
    ['authorise', 12_800],
  ] as const) {
    const payments = [{ kind, method: 'card', amount }]
    const reply = await api('POST', '/v1/orders', { ...unpaid, externalRef: `paid-${kind}-${amount}`, payments })
    assert.equal(reply.status, 201, reply.text)
    states[`${kind} ${amount}`] = [reply.at('payments.state'), reply.at('phase')]
  }
  assert.deepEqual(states, {
    'capture 100': ['partPaid', 'awaitingPayment'],
    'capture 12800': ['paid', 'inFulfillment'],
    'capture 20000': ['overpaid', 'inFulfillment'],
    'authorise 12800': ['authorised', 'inFulfillment'],
  })
})

test('the same order sent again is answered 200 with the order that exists', async () => {
  const first = await api('POST', '/v1/orders', orderOf('again-1'))
  const again = await api('POST', '/v1/orders', orderOf('again-1'))
  assert.deepEqual([first.status, again.status, again.at('orderId')], [201, 200, first.at('orderId')])
  assert.deepEqual(again.body, first.body)
})

test('another order under a taken reference is refused and changes nothing', async () => {
  await api('POST', '/v1/orders', orderOf('taken-1'))
  const before_ = await stockOf(api, 'tea-500', 'sh-1')
  const reply = await api('POST', '/v1/orders', orderOf('taken-1', { quantity: 2 }))
  assert.deepEqual([reply.status, reply.at('code')], [409, 'external_ref_conflict'])
  assert.match(reply.headers.get('content-type') ?? '', /^application\/problem\+json/)
  assert.deepEqual(await stockOf(api, 'tea-500', 'sh-1'), before_)
})

test('a body that breaks the schema names the place, what was expected and what came', async () => {
  const reply = await api('POST', '/v1/orders', {
    ...orderOf('bad-1'),
    lines: [{ lineRef: '1', sku: 'tea-500', quantity: 0, unitPrice: 1 }],
  })
  assert.equal(reply.status, 400)
  assert.partialDeepStrictEqual(reply.body, { code: 'body_invalid', status: 400, pointer: '/lines/0/quantity', got: 0 })
  assert.ok(reply.at('expected') !== undefined && typeof reply.at('detail') === 'string' && typeof reply.at('type') === 'string')
  const extra = await api('POST', '/v1/orders', { ...orderOf('bad-2'), colour: 'red' })
  assert.deepEqual([extra.status, extra.at('pointer')], [400, '/colour'])
  const broken = await api('POST', '/v1/orders', '{"channelId":')
  assert.deepEqual([broken.status, broken.at('code')], [400, 'json_invalid'])
})

test('a body that contradicts itself is answered 422', async () => {
  const line = { lineRef: '1', sku: 'tea-500', quantity: 1, unitPrice: 100 }
  const twice = await api('POST', '/v1/orders', { ...orderOf('twice-1'), lines: [line, line] })
  assert.equal(twice.status, 422, twice.text)
  const cheap = await api('POST', '/v1/orders', { ...orderOf('cheap-1'), lines: [{ ...line, discount: 500 }] })
  assert.equal(cheap.status, 422, cheap.text)
})

test('an unknown item or channel is named', async () => {
  const item = await api('POST', '/v1/orders', orderOf('unknown-1', { sku: 'no-such' }))
  assert.equal(item.at('code'), 'item_unknown', item.text)
  const channel = await api('POST', '/v1/orders', orderOf('unknown-2', { channelId: 'no-such' }))
  assert.equal(channel.at('code'), 'channel_unknown', channel.text)
  assert.ok(item.status >= 400 && item.status < 500 && channel.status >= 400 && channel.status < 500)
})

test('an order that stock does not cover is refused, keeps nothing and leaves its reference free', async () => {
  await put(api, '/v1/items', [{ sku: 'rare', name: 'Rare' }])
  await count(api, 'rare', 'sh-1', 1)
  const short = await api('POST', '/v1/orders', orderOf('free-1', { sku: 'rare', quantity: 2 }))
  assert.partialDeepStrictEqual(short.body, { status: 409, code: 'stock_short' })
  assert.equal(short.headers.get('content-type')?.startsWith('application/problem+json'), true)
  assert.partialDeepStrictEqual(await stockOf(api, 'rare', 'sh-1'), { onHand: 1, soft: 0, firm: 0, committed: 0, available: 1 })
  const list = await api('GET', '/v1/orders?q=free-1')
  assert.deepEqual(list.at('items'), [])
  const other = await api('POST', '/v1/orders', orderOf('free-1', { sku: 'rare', quantity: 1 }))
  assert.equal(other.status, 201, other.text)
})

test('an address nobody serves is 404, a method it does not take 405, both as problems', async () => {
  const route = await api('GET', '/v1/nothing')
  assert.deepEqual([route.status, route.at('code')], [404, 'route_unknown'])
  const method = await api('DELETE', '/v1/orders')
  assert.deepEqual([method.status, method.at('code')], [405, 'method_not_allowed'])
  assert.match(method.headers.get('allow') ?? '', /GET.*POST|POST.*GET/)
  const missing = await api('GET', '/v1/orders/ord_0000000000000')
  assert.deepEqual([missing.status, missing.at('code')], [404, 'order_unknown'])
})

test('without a key nothing but health and documents is served', async () => {
  const nobody = api.as('')
  assert.equal((await nobody('GET', '/v1/orders')).status, 401)
  assert.equal((await api.as('not-a-key-of-this-hub')('GET', '/v1/orders')).status, 401)
  for (const path of ['/livez', '/readyz', '/openapi.json', '/docs']) assert.equal((await nobody('GET', path)).status, 200, path)
  assert.equal((await nobody('GET', '/metrics')).status, 401)
  assert.match((await api('GET', '/metrics')).text, /fulcrum_/)
})

test('each row of a bulk write is answered by itself', async () => {
  const reply = await api('PUT', '/v1/items', [ITEM, { sku: 'row-1', name: 'One' }, { sku: 'row-2' }, { name: 'none' }])
  assert.equal(reply.status, 200)
  assert.partialDeepStrictEqual(reply.body, {
    results: [
      { key: 'tea-500', status: 'unchanged' },
      { key: 'row-1', status: 'created' },
      { key: 'row-2', status: 'refused' },
      { status: 'refused' },
    ],
    created: 1,
    unchanged: 1,
    refused: 2,
  })
  assert.equal(reply.at('results.2.problem.code'), 'row_invalid')
  const changed = await api('PUT', '/v1/nodes', [{ ...NODE, handlingMinutes: 30 }])
  assert.partialDeepStrictEqual(changed.at('results.0'), { status: 'updated', version: 2 })
})

test('prices with and without tax come to the same total, and the verdict names the rule', async () => {
  await put(api, '/v1/tax-rules', [{ ruleId: 'de-vat', name: 'USt', countryCode: 'DE', taxClass: 'standard', ratePpm: 190_000 }])
  const shipTo = { countryCode: 'DE', city: 'Berlin', lat: 52.52, lng: 13.4 }
  const line = { lineRef: '1', sku: 'tea-500', quantity: 1 }
  const incl = await api('POST', '/v1/orders', { ...orderOf('tax-1'), shipTo, lines: [{ ...line, unitPrice: 11900 }] })
  const excl = await api('POST', '/v1/orders', {
    ...orderOf('tax-2'),
    shipTo,
    taxesIncluded: false,
    lines: [{ ...line, unitPrice: 10000 }],
  })
  for (const reply of [incl, excl]) {
    assert.equal(reply.status, 201, reply.text)
    assert.partialDeepStrictEqual(reply.body, { totals: { total: 11900, tax: 1900 }, checks: { tax: { verdict: 'pass' } } })
  }
})
