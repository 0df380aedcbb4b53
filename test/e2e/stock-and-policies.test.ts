import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiOf, at, listOf, stockOf } from '../support/api.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld, SHIP_TO } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [
  { ...NODE, nodeId: 'gz-1', name: '广州', place: { countryCode: 'CN', region: '广东', city: '广州', lat: 23.13, lng: 113.26 } },
])
const channel = (channelId: string, more: object) => put(api, '/v1/channels', [{ channelId, platform: 'direct', name: channelId, ...more }])
const item = (sku: string, more: object = {}) => put(api, '/v1/items', [{ sku, name: sku, weightGrams: 100, ...more }])
const available = async (sku: string, channelId?: string) =>
  (await api('GET', `/v1/availability?sku=${sku}${channelId === undefined ? '' : `&channelId=${channelId}`}`)).at('available')

test('safety stock is never promised, a backorder limit is promised beyond what is there', async () => {
  await item('safe')
  await count(api, 'safe', 'sh-1', 10, { safety: 4 })
  assert.equal(await available('safe'), 6)
  assert.equal((await api('POST', '/v1/orders', orderOf('safe-1', { sku: 'safe', quantity: 7 }))).at('code'), 'stock_short')
  await placed(api, orderOf('safe-2', { sku: 'safe', quantity: 6 }))
  assert.equal(await available('safe'), 0)
  await count(api, 'safe', 'sh-1', 10, { backorderLimit: 3 })
  assert.partialDeepStrictEqual(await stockOf(api, 'safe', 'sh-1'), { safety: 4, backorderLimit: 3, available: 3, committed: 6 })
  await placed(api, orderOf('safe-3', { sku: 'safe', quantity: 3 }))
})

test('a bundle that holds itself is refused, also where two rows of one write make the ring', async () => {
  const bundle = (sku: string, part: string) => ({ sku, name: sku, components: [{ sku: part, quantity: 1 }] })
  const ring = await api('PUT', '/v1/items', [bundle('ring-a', 'ring-b'), bundle('ring-b', 'ring-a'), bundle('box', 'tea-500')])
  assert.deepEqual(
    [0, 1, 2].map((i) => [ring.at(`results.${i}.status`), ring.at(`results.${i}.problem.code`), ring.at(`results.${i}.problem.pointer`)]),
    [
      ['refused', 'row_invalid', '/0/components'],
      ['refused', 'row_invalid', '/1/components'],
      ['created', undefined, undefined],
    ],
  )
  const later = await api('PUT', '/v1/items', [bundle('tea-500', 'box')])
  assert.equal(later.at('results.0.problem.code'), 'row_invalid', later.text)
})

test('a part that becomes a bundle is refused where a bundle that holds it would be too deep, and free again when that one is taken apart', async () => {
  const bundle = (sku: string, part: string) => ({ sku, name: sku, components: [{ sku: part, quantity: 1 }] })
  await put(api, '/v1/items', [
    bundle('deep-1', 'deep-2'),
    bundle('deep-2', 'deep-3'),
    bundle('deep-3', 'deep-4'),
    { sku: 'deep-4', name: 'x' },
  ])
  const write = async () => (await api('PUT', '/v1/items', [bundle('deep-4', 'tea-500')])).at('results.0')
  const refused = await write()
  assert.deepEqual([at(refused, 'status'), at(refused, 'problem.got')], ['refused', ['deep-1', 'deep-2', 'deep-3', 'deep-4']])
  await put(api, '/v1/items', [bundle('deep-1', 'tea-500')])
  assert.equal(at(await write(), 'status'), 'updated')
})

test('a channel sees and sells its own availability: its buffer is left for the others', async () => {
  await item('buffered')
  await count(api, 'buffered', 'sh-1', 10)
  await count(api, 'buffered', 'gz-1', 10)
  await channel('modest', { buffer: 2, buffers: [{ sku: 'safe', units: 1 }] })
  await channel('local', { nodes: ['gz-1'] })
  assert.deepEqual([await available('buffered'), await available('buffered', 'modest'), await available('buffered', 'local')], [20, 16, 10])
  const over = await api('POST', '/v1/orders', orderOf('buffer-1', { channelId: 'modest', sku: 'buffered', quantity: 17 }))
  assert.equal(over.at('code'), 'stock_short')
  await placed(api, orderOf('buffer-2', { channelId: 'modest', sku: 'buffered', quantity: 16 }))
  const local = await api('POST', '/v1/orders', orderOf('buffer-3', { channelId: 'local', sku: 'buffered', quantity: 2 }))
  assert.deepEqual(
    listOf(local.at('fulfillmentOrders')).map((one) => at(one, 'nodeId')),
    ['gz-1'],
    local.text,
  )
})

test("a bundle's stock is that of its parts, checked as a sum with the parts sold beside it", async () => {
  await item('cup')
  await item('pot')
  await item('set', {
    components: [
      { sku: 'cup', quantity: 4 },
      { sku: 'pot', quantity: 1 },
    ],
  })
  await count(api, 'cup', 'sh-1', 9)
  await count(api, 'pot', 'sh-1', 5)
  assert.equal(await available('set'), 2)
  const line = (lineRef: string, sku: string, quantity: number) => ({ lineRef, sku, quantity, unitPrice: 100 })
  const basket = (externalRef: string, cups: number) => ({ ...orderOf(externalRef), lines: [line('1', 'set', 2), line('2', 'cup', cups)] })
  const over = await api('POST', '/v1/orders', basket('set-1', 2))
  assert.equal(over.at('code'), 'stock_short', over.text)
  const fits = await api('POST', '/v1/orders', basket('set-2', 1))
  assert.equal(fits.status, 201, fits.text)
  assert.deepEqual([at(await stockOf(api, 'cup', 'sh-1'), 'available'), at(await stockOf(api, 'pot', 'sh-1'), 'available')], [0, 3])
  await api('POST', `/v1/orders/${String(fits.at('orderId'))}/cancel`, {})
  assert.deepEqual([at(await stockOf(api, 'cup', 'sh-1'), 'available'), at(await stockOf(api, 'pot', 'sh-1'), 'available')], [9, 5])
})

test('a bundle with a part that nobody knows is not sold as if it were whole', async () => {
  await item('half', {
    components: [
      { sku: 'pot', quantity: 1 },
      { sku: 'not-yet', quantity: 1 },
    ],
  })
  const reply = await api('POST', '/v1/orders', orderOf('half-1', { sku: 'half' }))
  assert.deepEqual([reply.status, reply.at('code')], [422, 'item_unknown'], reply.text)
})

test('a node in a zone that does not exist is refused, and promises go on', async () => {
  const reply = await api('PUT', '/v1/nodes', [{ ...NODE, nodeId: 'mars', zone: 'Mars/Olympus' }])
  assert.partialDeepStrictEqual(reply.at('results.0'), { status: 'refused', problem: { code: 'row_invalid', pointer: '/0/zone' } })
  await placed(api, orderOf('zone-1'))
})

test('what happens when stock falls short is the policy of the channel', async () => {
  await item('few')
  const outcomes: Record<string, unknown> = {}
  for (const shortage of ['refuse', 'review', 'backorder', 'partial']) {
    await channel(`on-${shortage}`, { shortage })
    await put(api, '/v1/items', [{ sku: `few-${shortage}`, name: shortage }])
    await count(api, `few-${shortage}`, 'sh-1', 1)
    const reply = await api('POST', '/v1/orders', orderOf('short', { channelId: `on-${shortage}`, sku: `few-${shortage}`, quantity: 3 }))
    outcomes[shortage] = [
      reply.status,
      reply.at('code') ?? reply.at('state'),
      reply.at('checks.stock.verdict'),
      reply.at('lines.0.backordered'),
      reply.at('lines.0.allocated'),
    ]
    if (reply.status === 201) assert.ok(typeof reply.at('nextDueAt') === 'string', `${shortage}: a clock runs`)
  }
  assert.deepEqual(outcomes, {
    refuse: [409, 'stock_short', undefined, undefined, undefined],
    review: [201, 'review', 'review', 2, 0],
    backorder: [201, 'accepted', 'pass', 2, 0],
    partial: [201, 'accepted', 'pass', 2, 1],
  })
})

test('counts and adjustments are applied in the order in which they happened', async () => {
  await item('counted')
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  await count(api, 'counted', 'sh-1', 10, { countedAt: ago(60) })
  await put(api, '/v1/stock/adjustments', [{ sku: 'counted', nodeId: 'sh-1', delta: 5, reason: 'receipt', occurredAt: ago(20) }], 'POST')
  assert.equal(at(await stockOf(api, 'counted', 'sh-1'), 'onHand'), 15)
  await count(api, 'counted', 'sh-1', 8, { countedAt: ago(30) })
  assert.equal(at(await stockOf(api, 'counted', 'sh-1'), 'onHand'), 13)
  await placed(api, orderOf('counted-1', { sku: 'counted', quantity: 12 }))
  await count(api, 'counted', 'sh-1', 5)
  assert.partialDeepStrictEqual(await stockOf(api, 'counted', 'sh-1'), { onHand: 5, committed: 12, available: -7 })
  assert.equal(await available('counted'), 0)
})

test('a basket and a place get dated options, and a basket that cannot be filled a reason', async () => {
  await put(api, '/v1/carriers', [
    {
      carrierId: 'sf',
      name: '顺丰',
      services: [
        { serviceId: 'air', name: 'Air', mode: 'air', transitDays: { min: 1, max: 1 } },
        { serviceId: 'road', name: 'Road', mode: 'road', transitDays: { min: 2, max: 4 } },
      ],
    },
  ])
  const { line1: _, ...place } = SHIP_TO
  const ask = (quantity: number) =>
    api('POST', '/v1/promises', { channelId: 'shop-cn', shipTo: place, lines: [{ sku: 'tea-500', quantity }] })
  const reply = await ask(2)
  assert.equal(reply.status, 200, reply.text)
  const options = listOf(reply.at('options'))
  assert.ok(
    options.some((option) => at(option, 'serviceId') === 'air') && options.some((option) => at(option, 'serviceId') === 'road'),
    reply.text,
  )
  for (const option of options) {
    assert.ok(Number(at(option, 'co2eGrams')) > 0 && Number(at(option, 'cost')) >= 0)
    assert.ok(String(at(option, 'shipBy')) <= String(at(option, 'deliverBy')))
  }
  const dates = options.map((option) => String(at(option, 'deliverBy')))
  assert.deepEqual(dates, dates.toSorted())
  assert.equal((await ask(900_000)).at('reason'), 'stock_short')
})

test('credit is a limit on the account, and a hold for review where the channel says so', async () => {
  await put(api, '/v1/accounts', [{ accountId: 'acme', name: 'ACME', currency: 'CNY', creditLimit: 30_000 }])
  await channel('b2b', { requiresPayment: false })
  await channel('b2b-review', { requiresPayment: false, checks: { credit: 'review' } })
  const order = (ref: string, channelId: string, quantity: number) => ({
    ...orderOf(ref, { channelId, quantity, paid: false }),
    accountId: 'acme',
  })
  const first = await api('POST', '/v1/orders', order('credit-1', 'b2b', 2))
  assert.deepEqual([first.status, first.at('checks.credit.verdict')], [201, 'pass'], first.text)
  assert.equal((await api('GET', '/v1/accounts/acme')).at('exposure'), 25_600)
  const over = await api('POST', '/v1/orders', order('credit-2', 'b2b', 1))
  assert.deepEqual([over.status, over.at('code')], [409, 'credit_limit_exceeded'], over.text)
  const held = await api('POST', '/v1/orders', order('credit-3', 'b2b-review', 1))
  assert.deepEqual([held.status, held.at('state'), held.at('checks.credit.verdict')], [201, 'review', 'review'], held.text)
  await api('POST', `/v1/orders/${String(first.at('orderId'))}/cancel`, {})
  const exposure = Number((await api('GET', '/v1/accounts/acme')).at('exposure'))
  assert.ok(exposure < 25_600, `exposure ${exposure} fell with the cancellation`)
})

test('why a node was chosen can be read', async () => {
  const id = await placed(api, orderOf('why-1', { quantity: 1 }))
  const reply = await api('GET', `/v1/orders/${id}/sourcing`)
  assert.equal(reply.status, 200, reply.text)
  const decision = reply.at('decisions.0')
  assert.partialDeepStrictEqual(decision, { state: 'applied', exact: true })
  assert.ok(listOf(at(decision, 'plan')).length > 0 && listOf(at(decision, 'candidates')).length > 0)
  assert.ok(
    Object.keys(Object(at(decision, 'rejected'))).includes('gz-1') || JSON.stringify(at(decision, 'candidates')).includes('gz-1'),
    reply.text,
  )
})

test('an order is read as the hub knew it then', async () => {
  const first = await api('POST', '/v1/orders', orderOf('then-1'))
  const id = String(first.at('orderId'))
  const events = await api('GET', `/v1/orders/${id}/events`)
  const known = String(
    listOf(events.at('items'))
      .map((event) => at(event, 'recordedAt'))
      .at(-1),
  )
  let held = await api('POST', `/v1/orders/${id}/hold`, { reason: 'fraud' })
  // The same millisecond would be the same instant.
  while (String(held.at('holds.0.placedAt')) <= known) {
    await api('POST', `/v1/orders/${id}/release`, {})
    held = await api('POST', `/v1/orders/${id}/hold`, { reason: 'fraud' })
  }
  const then = await api('GET', `/v1/orders/${id}?at=${known}`)
  assert.deepEqual([then.status, then.at('version'), then.at('holds')], [200, first.at('version'), []])
  assert.equal((await api('GET', `/v1/orders/${id}?at=${known}&by=occurred`)).status, 200)
  assert.equal((await api('GET', `/v1/orders/${id}?at=2001-01-01T00:00:00Z`)).status, 404)
  assert.equal((await api('GET', `/v1/orders/${id}`)).at('phase'), 'onHold')
})

test('erasing a person leaves the books and takes the person out of every read and search', async () => {
  const order = { ...orderOf('erase-1'), customer: { name: '赵敏敏', phone: '13955556666', email: 'min@example.com' } }
  const id = await placed(api, order)
  assert.equal(listOf((await api('GET', '/v1/orders?q=13955556666')).at('items')).length, 1)
  const erased = await api('POST', `/v1/persons/${id.replace('ord_', 'per_')}/erase`, { reason: 'asked for' })
  assert.equal(erased.status, 200, erased.text)
  const now = await api('GET', `/v1/orders/${id}`)
  assert.equal(now.at('totals.total'), 12_800)
  assert.equal(now.at('shipTo.city'), '杭州')
  const reads = [
    now.text,
    (await api('GET', `/v1/orders/${id}/events`)).text,
    (await api('GET', '/v1/orders?limit=200')).text,
    (await api('GET', '/v1/events?limit=1000')).text,
  ]
  for (const text of reads) assert.doesNotMatch(text, /赵敏敏|13955556666|min@example|文三路 1 号(?=.*erase-1)/)
  assert.doesNotMatch(now.text, /文三路/)
  for (const q of ['13955556666', '赵敏敏', 'min@example.com']) {
    assert.deepEqual((await api('GET', `/v1/orders?q=${encodeURIComponent(q)}`)).at('items'), [], q)
  }
  const then = await api('GET', `/v1/orders/${id}?at=${new Date().toISOString()}`)
  assert.doesNotMatch(then.text, /赵敏敏|13955556666/)
  const again = await api('POST', '/v1/orders', order)
  assert.deepEqual([again.status, again.at('orderId')], [200, id])
  assert.equal((await api('POST', '/v1/persons/per_0000000000000/erase', { reason: 'x' })).at('code'), 'person_unknown')
})

test('what is not sold any more is offered nowhere and taken by nobody; what was sold of it is delivered', async () => {
  const world = { nodeId: 'end-1', name: 'End', kind: 'dc', place: NODE.place, zone: NODE.zone }
  await put(api, '/v1/nodes', [world])
  await put(api, '/v1/channels', [{ channelId: 'ends', platform: 'direct', name: 'Ends', requiresPayment: false, nodes: ['end-1'] }])
  await put(api, '/v1/items', [{ sku: 'last-tea', name: 'Last tea' }])
  await count(api, 'last-tea', 'end-1', 5)
  const order = (ref: string, more: object = {}) => ({ ...orderOf(ref, { channelId: 'ends', sku: 'last-tea', paid: false }), ...more })
  const sold = await placed(api, order('end-sold'))
  const cart = await api('POST', '/v1/reservations', { key: 'end-cart', channelId: 'ends', sku: 'last-tea', quantity: 1 })
  assert.equal(cart.status, 201, cart.text)
  const offered = async () => {
    const basket = { channelId: 'ends', lines: [{ sku: 'last-tea', quantity: 1 }], shipTo: SHIP_TO }
    const promise = await api('POST', '/v1/promises', basket)
    return [
      (await api('GET', '/v1/availability?sku=last-tea&channelId=ends')).at('available'),
      listOf(promise.at('options')).length > 0,
      promise.at('reason'),
    ]
  }
  assert.deepEqual(await offered(), [3, true, undefined])
  const past = await api('POST', '/v1/promises', {
    channelId: 'ends',
    lines: [{ sku: 'last-tea', quantity: 1 }],
    shipTo: SHIP_TO,
    at: '2026-01-05T08:00:00Z',
  })
  assert.ok(String(past.at('options.0.shipBy')) >= String(past.at('asOf')), `nothing is promised for a day that is over: ${past.text}`)
  assert.ok(Date.parse(String(past.at('asOf'))) > Date.parse('2026-01-06T00:00:00Z'))

  await put(api, '/v1/items', [{ sku: 'last-tea', name: 'Last tea', discontinued: true }])
  assert.deepEqual(await offered(), [0, false, 'item_discontinued'])
  const refused = [
    await api('POST', '/v1/orders', order('end-late')),
    await api('POST', '/v1/reservations', { key: 'end-late', channelId: 'ends', sku: 'last-tea', quantity: 1 }),
    await api('POST', `/v1/orders/${sold}/changes`, { add: [{ lineRef: '2', sku: 'last-tea', quantity: 1, unitPrice: 1 }] }),
  ]
  assert.deepEqual(
    refused.map((one) => [one.status, one.at('code')]),
    Array(3).fill([409, 'item_discontinued']),
  )
  await placed(api, order('end-cart', { reservations: [{ reservationId: cart.at('reservationId') }] }))

  await put(api, '/v1/items', [{ sku: 'last-tea', name: 'Last tea' }])
  await put(api, '/v1/channels', [
    { channelId: 'ends', platform: 'direct', name: 'Ends', requiresPayment: false, nodes: ['end-1'], closed: true },
  ])
  assert.deepEqual(await offered(), [0, false, 'channel_closed'])
  assert.equal((await api('POST', '/v1/orders', order('end-closed'))).at('code'), 'channel_closed')
  const work = (await api('GET', `/v1/orders/${sold}`)).at('fulfillmentOrders.0.fulfillmentOrderId')
  for (const action of ['start', 'pick', 'pack', 'handOver'])
    assert.equal((await api('POST', `/v1/fulfillment-orders/${String(work)}/${action}`, {})).status, 200, action)
})
