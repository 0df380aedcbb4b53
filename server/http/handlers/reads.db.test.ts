import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, asked, codeOf, place, readHub, someone, valueOf } from '../../../test/support/read-hub.ts'
import { fillWorld, nthOrder, PEOPLE } from '../../../test/support/small-world.ts'
import { readOrderAtVersion } from '../../store/order-history.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import type { OrderId } from '../../kernel/ids.ts'

const { hub, deps, reads } = await readHub()
await fillWorld(hub)
const ids: OrderId[] = []
for (let n = 0; n < 24; n++) ids.push(await place(hub, nthOrder(n)))
const idOf = (n: number): OrderId => {
  const id = ids[n]
  assert.ok(id)
  return id
}
const agent = asked(someone('agent'))
const get = async (n: number, who = agent, query: object = {}) =>
  valueOf('order.get', await reads['order.get'](who, { params: { orderId: idOf(n) }, query, body: undefined }))
const list = async (query: object, who = agent) =>
  valueOf('order.list', await reads['order.list'](who, { params: undefined, query, body: undefined }))

test('an order is read whole: person, money, units, names, promise and actions', async () => {
  const order = await get(1)
  assert.equal(order.customer?.name, PEOPLE[1]?.name)
  assert.equal(order.shipTo?.line1, '文三路 1 号')
  assert.equal(order.channelName, 'EU shop')
  assert.equal(order.payments?.state, 'paid')
  assert.equal(order.lines[0]?.name, 'Cup')
  assert.equal(order.phase, 'inFulfillment')
  assert.match(order.fulfillmentOrders[0]?.nodeName ?? '', /^Node /)
  assert.ok(order.promise.deliverBy)
  assert.deepEqual(order.allowedActions, ['cancel', 'hold', 'cancelLines', 'change', 'refund'])
})

test('who may not see a person does not see one, in details, lists or the log', async () => {
  for (const role of ['executive', 'floor', 'finance', 'carrier'] as const) {
    const who = asked(someone(role))
    const events = valueOf('event.list', await reads['event.list'](who, { params: undefined, query: { limit: 1000 }, body: undefined }))
    const text = JSON.stringify([await get(1, who), await list({}, who), events])
    for (const secret of [PEOPLE[1]?.name, PEOPLE[1]?.phone, PEOPLE[1]?.email, '请放门口'])
      assert.ok(secret !== undefined && !text.includes(secret), `${role} sees ${secret}`)
  }
})

test('a list row and the details of its order agree', async () => {
  const { items } = await list({ limit: 200 })
  assert.equal(items.length, ids.length)
  for (const row of items) {
    const order = await get(ids.indexOf(row.orderId as OrderId))
    assert.deepEqual(
      [row.phase, row.state, row.version, row.total, row.paymentState, row.customerName, row.nodeIds, row.allowedActions],
      [
        order.phase,
        order.state,
        order.version,
        order.totals?.total,
        order.payments?.state,
        order.customer?.name,
        order.fulfillmentOrders.map((one) => one.nodeId),
        order.allowedActions,
      ],
    )
  }
})

test('a search finds by phone, e-mail, full name, order id and reference, however it is written', async () => {
  const found = async (q: string) => (await list({ q, limit: 200 })).items.map((row) => row.orderId)
  const ofPerson = ids.filter((_, n) => n % 3 === 0).toReversed()
  assert.deepEqual(await found('+86 138-0000-0000'), ofPerson)
  assert.deepEqual(await found(' FANG@example.com '), ofPerson)
  assert.deepEqual(await found('王 芳'), ofPerson)
  assert.deepEqual(await found(idOf(5)), [idOf(5)])
  assert.deepEqual(await found('R-7'), [idOf(7)])
  assert.deepEqual(await found('nobody'), [])
})

test('a role that sees a field masked cannot search by it', async () => {
  for (const role of ['finance', 'floor', 'executive'] as const) {
    const who = asked(someone(role))
    for (const q of ['13800000000', 'fang@example.com', '王芳']) assert.deepEqual((await list({ q }, who)).items, [], `${role} ${q}`)
    assert.equal((await list({ q: 'R-7' }, who)).items.length, 1)
  }
})

test('an order is read as it was then, without actions; before its first event it is unknown', async () => {
  const n = 4
  const before = await get(n)
  const [stored] = await readOrders(deps.pool, [orderKeyOf(idOf(n))])
  assert.ok(stored)
  await act(hub, idOf(n), { action: 'hold', reason: 'fraud', scope: 'order', holdId: 'hld_1' })
  const now = await get(n)
  assert.equal(now.phase, 'onHold')
  const at = new Date(Math.max(stored.state.recordedAt, (await firstAfter(n)) - 1)).toISOString()
  const then = await get(n, agent, { at })
  assert.deepEqual({ ...then, allowedActions: before.allowedActions }, before)
  assert.deepEqual(then.allowedActions, [])
  const early = await reads['order.get'](agent, { params: { orderId: idOf(n) }, query: { at: '2020-01-01T00:00:00Z' }, body: undefined })
  assert.equal(codeOf(early), 'order_unknown')
  const placed = await get(n, agent, { at: '2026-10-10T00:00:00Z', by: 'occurred' })
  assert.equal(placed.version, 1)
})

async function firstAfter(n: number): Promise<number> {
  const [order] = await readOrders(deps.pool, [orderKeyOf(idOf(n))])
  return order?.state.recordedAt ?? 0
}

test('the log replayed gives the stored state of every order, and each earlier version', async () => {
  await act(hub, idOf(1), { action: 'cancel', reason: 'asked' })
  await act(hub, idOf(2), { action: 'hold', reason: 'fraud', scope: 'order', holdId: 'hld_2' })
  await act(hub, idOf(2), { action: 'release' })
  await act(hub, idOf(0), { action: 'payments', entries: [{ kind: 'capture', method: 'card', amount: 12_800 }] })
  const orders = await readOrders(deps.pool, ids.map(orderKeyOf))
  assert.equal(orders.length, ids.length)
  for (const { intake, state } of orders) {
    for (let version = 1; version <= state.version; version++) {
      const order = await readOrderAtVersion(deps.pool, intake, deps.logShards, version)
      assert.ok(order !== 'archived')
      assert.equal(order?.state.version, version)
      if (version === state.version) assert.deepEqual(JSON.parse(JSON.stringify(order?.state)), state)
    }
  }
})

test('the events of an order come in order, page by page, and another order’s cursor is refused', async () => {
  const first = valueOf(
    'order.events',
    await reads['order.events'](agent, { params: { orderId: idOf(2) }, query: { limit: 2 }, body: undefined }),
  )
  assert.equal(first.items[0]?.type, 'order.received')
  assert.ok(first.next)
  const rest = valueOf(
    'order.events',
    await reads['order.events'](agent, { params: { orderId: idOf(2) }, query: { cursor: first.next }, body: undefined }),
  )
  const versions = [...first.items, ...rest.items].map((event) => event.subject.version)
  assert.deepEqual(
    versions,
    versions.map((_, i) => i + 1),
  )
  const other = await reads['order.events'](agent, { params: { orderId: idOf(3) }, query: { cursor: first.next }, body: undefined })
  assert.equal(codeOf(other), 'cursor_invalid')
})

test('the sourcing of an order says which node, why, and why not the others, in both languages', async () => {
  const { decisions } = valueOf(
    'order.sourcing',
    await reads['order.sourcing'](agent, { params: { orderId: idOf(5) }, query: undefined, body: undefined }),
  )
  const [decision] = decisions
  assert.ok(decision)
  const work = (await get(5)).fulfillmentOrders[0]
  assert.equal(decision.plan[0]?.['nodeId'], work?.nodeId)
  assert.equal(decision.plan[0]?.['carrierId'], work?.carrierId)
  const others = Object.keys(decision.rejected)
  assert.deepEqual([...others, work?.nodeId ?? ''].toSorted(), ['bj-1', 'gz-1', 'sh-1'])
  for (const reason of Object.values(decision.rejected)) assert.match(decision.reasonTexts?.[reason]?.zh ?? '', /\p{Script=Han}/u)
  assert.ok(decision.candidates.length > 0)
})

test('after erasure the order stands, the person does not', async () => {
  const { orderId } = orderKeyOf(idOf(8))
  await deps.pool.query(
    'update persons set wrapped_key = null, phone_index = null, email_index = null, name_index = null where person_id = $1',
    [orderId],
  )
  const order = await get(8)
  assert.equal(order.customer?.name, 'erased')
  assert.ok(order.flags?.includes('personErased'))
  assert.ok(!JSON.stringify(order).includes('文三路'))
  assert.ok(order.totals)
  const summary = (await list({ q: 'R-8' })).items[0]
  assert.equal(summary?.customerName, 'erased')
})
