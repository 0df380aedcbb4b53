import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startApp } from '../test/support/http-app.ts'
import { orderInput, orderView } from '../test/support/orders.ts'
import { Fault } from '../server/kernel/fault.ts'
import { refuse } from '../server/kernel/outcome.ts'
import { createClient, ProblemError } from './client.ts'

const keys: (string | undefined)[] = []
let failures = 0
const { url } = await startApp({
  'order.place': async (context, { body }) => {
    keys.push(context.idempotencyKey)
    if (failures-- > 0) throw new Fault('database_away', 'x', 'later', { retryAfterSeconds: 7 })
    if (body.externalRef === 'short') return refuse('stock_short', { en: 'none left', zh: '已无库存' }, { expected: 2, got: 0 })
    return { status: 'done', value: orderView(body), success: 201, version: 1 }
  },
  'order.get': async (_context, { params }) => ({
    status: 'done',
    value: { ...orderView(orderInput()), orderId: params.orderId },
    version: 4,
  }),
  'order.list': async (_context, { query }) => ({ status: 'done', value: { items: [], next: `${query.limit}-${query.phase ?? 'all'}` } }),
  'order.approve': async (context) => ({ status: 'done', value: orderView(orderInput(), (context.ifMatch ?? 0) + 1) }),
  'order.placeMany': async (_context, lines) => lines.map(({ value }) => ({ status: 'created', externalRef: value.externalRef })),
})
const waits: number[] = []
const client = createClient({ baseUrl: url, key: 'admin', newKey: () => crypto.randomUUID(), wait: async (ms) => void waits.push(ms) })

test('a call is typed by its capability and gives the value, the version and the trace', async () => {
  const order = await client.call('order.place', { body: orderInput('A') })
  assert.equal(order.externalRef, 'A')
  const answer = await client.ask('order.get', { params: { orderId: 'ord_0123456789abc' } })
  assert.deepEqual([answer.status, answer.version, answer.value.orderId], [200, 4, 'ord_0123456789abc'])
  assert.match(answer.traceId ?? '', /^[0-9a-f]{32}$/)
  assert.equal((await client.call('order.list', { query: { limit: 3, phase: 'inTransit' } })).next, '3-inTransit')
  assert.equal((await client.call('order.list', {})).next, '50-all')
  assert.equal((await client.call('order.approve', { params: { orderId: 'ord_0123456789abc' } }, { ifMatch: 2 })).version, 3)
})

test('a refusal is thrown as its problem, once', async () => {
  keys.length = 0
  await assert.rejects(client.call('order.place', { body: orderInput('short') }), (error) => {
    assert.ok(error instanceof ProblemError)
    assert.deepEqual([error.code, error.status, error.problem.expected], ['stock_short', 409, 2])
    return true
  })
  assert.equal(keys.length, 1)
})

test('a write is tried again under the same idempotency key, after as long as the hub asks', async () => {
  keys.length = 0
  waits.length = 0
  failures = 2
  await client.call('order.place', { body: orderInput('B') })
  assert.deepEqual(waits, [7000, 7000])
  assert.equal(keys.length, 3)
  assert.equal(new Set(keys).size, 1)
  assert.notEqual(keys[0], undefined)
})

test('orders sent line by line come back as results in the same order', async () => {
  async function* orders() {
    for (let i = 0; i < 300; i++) yield orderInput(`L-${i}`)
  }
  const refs: (string | undefined)[] = []
  for await (const result of client.placeMany(orders())) refs.push(result?.externalRef)
  assert.deepEqual(
    refs,
    Array.from({ length: 300 }, (_, i) => `L-${i}`),
  )
})

test('the session’s token goes with whatever is not a GET: the hub asks for it with previews too', async () => {
  const sent: (string | undefined)[] = []
  const session = createClient({
    baseUrl: '',
    newKey: () => crypto.randomUUID(),
    csrfToken: () => 'token',
    fetch: async (_url, init) => {
      const headers = new Headers(init?.headers)
      sent.push([init?.method, headers.get('x-csrf-token'), headers.has('idempotency-key')].join(' '))
      return Response.json({})
    },
  })
  await session.ask('task.list', {})
  await session.ask('node.previewClose', { params: { nodeId: 'sh-1' }, body: { reason: 'flood' } })
  await session.ask('node.close', { params: { nodeId: 'sh-1' }, body: { reason: 'flood' } })
  assert.deepEqual(sent, ['GET  false', 'POST token false', 'POST token true'])
})
