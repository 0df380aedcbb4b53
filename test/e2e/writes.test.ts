import assert from 'node:assert/strict'
import { request as httpRequest } from 'node:http'
import { test } from 'node:test'
import { apiOf, at, linesOf, listOf, pagesOf, type Reply, stockOf } from '../support/api.ts'
import { count, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { ADMIN_KEY } from '../support/admin-key.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await count(api, 'tea-500', 'sh-1', 10_000)

const keyed = (key: string) => ({ 'idempotency-key': key })
const briefly = (reply: Reply) => [reply.status, reply.at('code')]

test('the same key with the same input gives the same answer, with other input a refusal', async () => {
  const first = await api('POST', '/v1/orders', orderOf('idem-1'), keyed('k-1'))
  const again = await api('POST', '/v1/orders', orderOf('idem-1'), keyed('k-1'))
  assert.deepEqual([first.status, again.status], [201, 201])
  assert.deepEqual(again.body, first.body)
  const other = await api('POST', '/v1/orders', orderOf('idem-1', { quantity: 2 }), keyed('k-1'))
  assert.deepEqual(briefly(other), [409, 'idempotency_key_reused'])
  const elsewhere = await api('POST', `/v1/orders/${String(first.at('orderId'))}/hold`, { reason: 'x' }, keyed('k-1'))
  assert.deepEqual(briefly(elsewhere), [409, 'idempotency_key_reused'])
})

test('a replay shows the order as it was answered, whatever happened since', async () => {
  const first = await api('POST', '/v1/orders', orderOf('idem-2'), keyed('k-2'))
  await api('POST', `/v1/orders/${String(first.at('orderId'))}/hold`, { reason: 'fraud' })
  const again = await api('POST', '/v1/orders', orderOf('idem-2'), keyed('k-2'))
  assert.deepEqual([again.status, again.at('version'), again.at('phase')], [201, first.at('version'), first.at('phase')])
})

test('a refusal is replayed under its key even when it would pass by now', async () => {
  await put(api, '/v1/items', [{ sku: 'late', name: 'Late' }])
  const order = orderOf('idem-3', { sku: 'late' })
  const short = await api('POST', '/v1/orders', order, keyed('k-3'))
  assert.deepEqual(briefly(short), [409, 'stock_short'])
  await count(api, 'late', 'sh-1', 5)
  assert.deepEqual(briefly(await api('POST', '/v1/orders', order, keyed('k-3'))), [409, 'stock_short'])
  assert.equal((await api('POST', '/v1/orders', order)).status, 201)
})

test('duplicates in flight wait for one decision', async () => {
  const before = await stockOf(api, 'tea-500', 'sh-1')
  const replies = await Promise.all(Array.from({ length: 40 }, () => api('POST', '/v1/orders', orderOf('idem-4'), keyed('k-4'))))
  assert.deepEqual([...new Set(replies.map((reply) => reply.status))], [201])
  assert.equal(new Set(replies.map((reply) => reply.at('orderId'))).size, 1)
  const bare = await Promise.all(Array.from({ length: 40 }, () => api('POST', '/v1/orders', orderOf('idem-5'))))
  assert.equal(new Set(bare.map((reply) => reply.at('orderId'))).size, 1)
  assert.equal(bare.filter((reply) => reply.status === 201).length, 1)
  assert.equal(bare.filter((reply) => reply.status === 200).length, 39)
  assert.equal(at(await stockOf(api, 'tea-500', 'sh-1'), 'committed'), Number(at(before, 'committed')) + 2)
})

test('a key belongs to the credential that used it', async () => {
  const made = await api('POST', '/v1/keys', { name: 'other', role: 'integrator' })
  const other = api.as(String(made.at('secret')))
  const first = await api('POST', '/v1/orders', orderOf('idem-6'), keyed('k-6'))
  const theirs = await other('POST', '/v1/orders', orderOf('idem-7'), keyed('k-6'))
  assert.deepEqual([first.status, theirs.status], [201, 201])
})

test('every kind of write takes an idempotency key', async () => {
  const id = await placed(api, orderOf('idem-8'))
  const writes: readonly (readonly [string, string, unknown, unknown])[] = [
    ['PUT', '/v1/items', [{ sku: 'idem-item', name: 'a' }], [{ sku: 'idem-item', name: 'b' }]],
    ['PUT', '/v1/stock', [{ sku: 'late', nodeId: 'sh-1', onHand: 50 }], [{ sku: 'late', nodeId: 'sh-1', onHand: 60 }]],
    [
      'POST',
      '/v1/stock/adjustments',
      [{ sku: 'late', nodeId: 'sh-1', delta: 3, reason: 'receipt' }],
      [{ sku: 'late', nodeId: 'sh-1', delta: 4, reason: 'receipt' }],
    ],
    ['POST', `/v1/orders/${id}/hold`, { reason: 'a' }, { reason: 'b' }],
    ['POST', `/v1/orders/${id}/release`, {}, { holdId: 'hld_0000000000000' }],
    ['POST', `/v1/orders/${id}/payments`, { kind: 'refund', method: 'card', amount: 100 }, { kind: 'refund', method: 'card', amount: 200 }],
    [
      'PUT',
      '/v1/channels',
      [{ channelId: 'idem', platform: 'shopify', name: 'I', secret: 'a-long-secret' }],
      [{ channelId: 'idem', platform: 'direct', name: 'J' }],
    ],
  ]
  for (const [index, [method, path, body, other]] of writes.entries()) {
    const key = keyed(`every-${index}`)
    const first = await api(method, path, body, key)
    assert.equal(first.status, 200, `${path}: ${first.text}`)
    const again = await api(method, path, body, key)
    assert.deepEqual([again.status, again.body], [200, first.body], path)
    assert.deepEqual(briefly(await api(method, path, other, key)), [409, 'idempotency_key_reused'], path)
  }
  assert.equal(at(await stockOf(api, 'late', 'sh-1'), 'onHand'), 53)
  const order = await api('GET', `/v1/orders/${id}`)
  assert.deepEqual([order.at('payments.refunded'), listOf(order.at('holds')).length], [100, 1])
})

test('a key or user made under an idempotency key is made once, and given again with its secret', async () => {
  const input = { name: 'once', role: 'agent' }
  const made = await Promise.all([1, 2, 3].map(() => api('POST', '/v1/keys', input, keyed('make-key'))))
  for (const reply of made) assert.deepEqual([reply.status, reply.body], [201, made[0]?.body])
  assert.equal((await api.as(String(made[0]?.at('secret')))('GET', '/v1/orders')).status, 200)
  assert.deepEqual(briefly(await api('POST', '/v1/keys', { ...input, role: 'floor' }, keyed('make-key'))), [409, 'idempotency_key_reused'])
  const user = { login: 'once', name: 'Once', role: 'agent', password: 'a long enough password' }
  const users = [await api('POST', '/v1/users', user, keyed('make-user')), await api('POST', '/v1/users', user, keyed('make-user'))]
  assert.deepEqual([users[1]?.status, users[1]?.body], [201, users[0]?.body])
  const other = await api('POST', '/v1/users', { ...user, password: 'quite another password' }, keyed('make-user'))
  assert.deepEqual(briefly(other), [409, 'idempotency_key_reused'])
  assert.deepEqual(briefly(await api('POST', '/v1/users', user, keyed('make-user-2'))), [409, 'login_taken'])
})

test('a write at another version than the caller has seen is refused', async () => {
  const id = await placed(api, orderOf('version-1'))
  const seen = await api('GET', `/v1/orders/${id}`)
  const version = Number(seen.at('version'))
  const stale = await api('POST', `/v1/orders/${id}/hold`, { reason: 'x' }, { 'if-match': `"${version + 5}"` })
  assert.deepEqual(briefly(stale), [412, 'version_conflict'])
  const both = await Promise.all(
    ['a', 'b'].map((reason) => api('POST', `/v1/orders/${id}/hold`, { reason }, { 'if-match': `"${version}"` })),
  )
  assert.deepEqual(
    both.map((reply) => reply.status).toSorted((a, b) => a - b),
    [200, 412],
  )
})

test('the trace of a request is carried into the events it caused', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const reply = await api('POST', '/v1/orders', orderOf('trace-1'), { traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
  const events = await api('GET', `/v1/orders/${String(reply.at('orderId'))}/events`)
  const items = listOf(events.at('items'))
  assert.ok(items.length >= 2, events.text)
  assert.deepEqual([...new Set(items.map((event) => at(event, 'traceId')))], [traceId])
  assert.deepEqual(
    items.map((event) => at(event, 'subject.version')),
    items.map((_, i) => i + 1),
  )
})

test('a list is walked page by page and gives every order once', async () => {
  for (let n = 0; n < 7; n++) await placed(api, orderOf(`page-${n}`, { channelId: 'idem' }))
  const seen: unknown[] = []
  let pages = 0
  for await (const orders of pagesOf(api, '/v1/orders?channelId=idem&limit=3')) {
    seen.push(...orders.map((one) => at(one, 'externalRef')))
    if (pages === 0) await placed(api, orderOf('page-new', { channelId: 'idem' })) // shifts nothing
    pages += 1
  }
  assert.ok(pages >= 3)
  assert.deepEqual(new Set(seen.filter((one) => one !== 'page-new')), new Set(Array.from({ length: 7 }, (_, n) => `page-${n}`)))
  assert.equal(new Set(seen).size, seen.length)
  assert.equal((await api('GET', '/v1/orders?cursor=nonsense')).status, 400)
  const items = await api('GET', '/v1/items?limit=2')
  const rest = await api('GET', `/v1/items?limit=1000&cursor=${String(items.at('next'))}`)
  const skus = [...listOf(items.at('items')), ...listOf(rest.at('items'))].map((item) => at(item, 'sku'))
  assert.deepEqual(skus, [...new Set(skus)])
  assert.ok(skus.includes('tea-500') && skus.includes('idem-item'))
})

test('bulk intake answers each line in order, and a bad line stops no other', async () => {
  const lines = [
    JSON.stringify(orderOf('bulk-1')),
    '{"broken',
    JSON.stringify(orderOf('bulk-2', { sku: 'no-such' })),
    JSON.stringify({ ...orderOf('bulk-3'), lines: [] }),
    JSON.stringify(orderOf('bulk-1')),
    '',
    JSON.stringify(orderOf('bulk-4', { quantity: 1_000_000 })),
    JSON.stringify(orderOf('bulk-5')),
  ]
  const reply = await api('POST', '/v1/orders/bulk', lines.join('\n'), { 'content-type': 'application/x-ndjson' })
  assert.equal(reply.status, 200, reply.text)
  const answers = linesOf(reply.text)
  const short = answers.map((line) => `${String(at(line, 'index'))} ${String(at(line, 'problem.code') ?? at(line, 'status'))}`)
  assert.deepEqual(short, ['0 created', '1 json_invalid', '2 item_unknown', '3 row_invalid', '4 existing', '5 stock_short', '6 created'])
})

test('bulk intake streams both ways: answers come while lines are still being sent', async () => {
  const answers: string[] = []
  await new Promise<void>((resolve, reject) => {
    const request = httpRequest(`${hub.url}/v1/orders/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/x-ndjson' },
    })
    request.on('error', reject)
    request.on('response', (response) => {
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        answers.push(text)
        if (answers.length === 1) request.end(`${JSON.stringify(orderOf('both-2'))}\n`)
      })
      response.on('end', resolve)
    })
    request.write(`${JSON.stringify(orderOf('both-1'))}\n`)
  })
  const results = linesOf(answers.join(''))
  assert.deepEqual(
    results.map((line) => at(line, 'externalRef')),
    ['both-1', 'both-2'],
  )
})

test('holds stop an order and are released, a cancelled order gives its units back', async () => {
  const before = await stockOf(api, 'tea-500', 'sh-1')
  const id = await placed(api, orderOf('act-1', { quantity: 3 }))
  const held = await api('POST', `/v1/orders/${id}/hold`, { reason: 'fraud', note: 'ask first' })
  assert.deepEqual([held.status, held.at('phase'), held.at('holds.0.state')], [200, 'onHold', 'open'])
  assert.ok(listOf(held.at('allowedActions')).includes('release'))
  const released = await api('POST', `/v1/orders/${id}/release`, {})
  assert.deepEqual([released.status, released.at('holds.0.state')], [200, 'released'])
  const none = await api('POST', `/v1/orders/${id}/release`, {})
  assert.equal(none.status, 409, none.text)
  const cancelled = await api('POST', `/v1/orders/${id}/cancel`, { reason: 'changed mind' })
  assert.deepEqual([cancelled.status, cancelled.at('state'), cancelled.at('lines.0.cancelled')], [200, 'cancelled', 3])
  assert.deepEqual({ ...Object(await stockOf(api, 'tea-500', 'sh-1')), version: 0 }, { ...Object(before), version: 0 })
  for (const action of ['cancel', 'approve', 'hold']) {
    assert.deepEqual(briefly(await api('POST', `/v1/orders/${id}/${action}`, {})), [409, 'action_not_allowed'], action)
  }
})

test('an unpaid order holds softly until it is paid', async () => {
  const before = Number(at(await stockOf(api, 'tea-500', 'sh-1'), 'soft'))
  const reply = await api('POST', '/v1/orders', orderOf('unpaid-1', { paid: false, quantity: 2 }))
  assert.deepEqual([reply.status, reply.at('phase'), reply.at('payments.state')], [201, 'awaitingPayment', 'unpaid'])
  assert.deepEqual([reply.at('lines.0.reserved'), reply.at('lines.0.allocated')], [2, 0])
  assert.ok(typeof reply.at('nextDueAt') === 'string')
  assert.equal(at(await stockOf(api, 'tea-500', 'sh-1'), 'soft'), before + 2)
  const part = await api('POST', `/v1/orders/${String(reply.at('orderId'))}/payments`, { kind: 'capture', method: 'card', amount: 100 })
  assert.deepEqual([part.at('payments.state'), part.at('phase')], ['partPaid', 'awaitingPayment'])
  const paid = await api('POST', `/v1/orders/${String(reply.at('orderId'))}/payments`, { kind: 'capture', method: 'card', amount: 25_500 })
  assert.deepEqual([paid.status, paid.at('payments.state'), paid.at('lines.0.allocated')], [200, 'paid', 2], paid.text)
  assert.equal(listOf(paid.at('fulfillmentOrders')).length, 1)
  assert.equal(at(await stockOf(api, 'tea-500', 'sh-1'), 'soft'), before)
})

test('an order in review is approved or declined', async () => {
  await put(api, '/v1/channels', [{ channelId: 'careful', platform: 'direct', name: 'Careful', shortage: 'review' }])
  await put(api, '/v1/items', [{ sku: 'scarce', name: 'Scarce' }])
  const first = await api('POST', '/v1/orders', orderOf('review-1', { channelId: 'careful', sku: 'scarce', quantity: 2 }))
  assert.deepEqual([first.status, first.at('state'), first.at('phase')], [201, 'review', 'awaitingReview'], first.text)
  const id = String(first.at('orderId'))
  await count(api, 'scarce', 'sh-1', 2)
  const approved = await api('POST', `/v1/orders/${id}/approve`, { note: 'stock came' })
  assert.deepEqual([approved.status, approved.at('state'), approved.at('lines.0.allocated')], [200, 'accepted', 2], approved.text)
  const short = await placed(api, orderOf('review-3', { channelId: 'careful', sku: 'scarce' }))
  const waiting = await api('POST', `/v1/orders/${short}/approve`, {})
  assert.deepEqual([waiting.status, waiting.at('state'), waiting.at('lines.0.backordered')], [200, 'accepted', 1], waiting.text)
  assert.ok(typeof waiting.at('nextDueAt') === 'string', 'what waits for stock has a clock')
  const second = await placed(api, orderOf('review-2', { channelId: 'careful', sku: 'scarce' }))
  const declined = await api('POST', `/v1/orders/${second}/decline`, { reason: 'out of stock' })
  assert.deepEqual([declined.status, declined.at('state')], [200, 'rejected'], declined.text)
})
