import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { act, asked, codeOf, place, putFacts, readHub, someone, valueOf } from '../../../test/support/read-hub.ts'
import { CARRIERS, CHANNELS, fillWorld, NODES, nthOrder } from '../../../test/support/small-world.ts'
import { canSeeWork } from '../../domain/access/present-work.ts'
import type { Scope } from '../../domain/access/principal.ts'
import { isEventInScope, type LoggedEvent } from '../../domain/event/logged-event.ts'
import { phaseOf } from '../../domain/order/derive.ts'
import { isMovable } from '../../domain/fulfillment/work-machine.ts'
import type { Order } from '../../domain/order/state.ts'
import { type Role, roles } from '../../../contract/access.ts'
import { orderStates, phases } from '../../../contract/entities/order.ts'
import type { OrderId } from '../../kernel/ids.ts'
import { readLog, readLogHeads } from '../../store/log-reads.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import { readHandlers } from './reads.ts'
import { isOrderInScope } from './show-order.ts'

const { hub, deps, reads } = await readHub()
await fillWorld(hub)
const ids: OrderId[] = []
for (let n = 0; n < 40; n++) ids.push(await place(hub, nthOrder(n)))
for (const [n, id] of ids.entries()) {
  if (n % 7 === 0) await act(hub, id, { action: 'cancel', reason: 'asked' })
  if (n % 5 === 0) await act(hub, id, { action: 'hold', reason: 'fraud', scope: 'order', holdId: `hld_${n}` })
}
const orders = (await readOrders(deps.pool, ids.map(orderKeyOf))).toSorted((a, b) => (a.intake.orderId < b.intake.orderId ? 1 : -1))
const log: LoggedEvent[] = []
for (const { logShard } of await readLogHeads(deps.pool)) log.push(...(await readLog(deps.pool, logShard, 0, 10_000)).events)
assert.ok(orders.length === 40 && log.length > 120, `${orders.length} orders, ${log.length} events`)

const some = (all: readonly string[]) => fc.option(fc.subarray([...all, 'unknown'], { minLength: 1 }), { nil: undefined, freq: 1 })
const customer = fc.oneof(
  fc.constant({ accountId: 'acme' }),
  fc.record({ channelId: fc.constantFrom(...CHANNELS), customerRef: fc.constantFrom('C0', 'C1', 'C2') }),
)
const scopes: fc.Arbitrary<Scope> = fc
  .record({
    channels: some(CHANNELS),
    nodes: some(NODES),
    carriers: some(CARRIERS),
    customer: fc.option(customer, { nil: undefined, freq: 1 }),
  })
  .map((scope) => Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined)))

/** All pages of a list of orders. */
async function listed(scope: Scope, query: object, limit: number): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const more = cursor === undefined ? {} : { cursor }
    const reply = await reads['order.list'](asked(someone('integrator', scope)), {
      params: undefined,
      query: { ...query, ...more, limit },
      body: undefined,
    })
    const page = valueOf('order.list', reply)
    assert.ok(page.items.length <= limit)
    found.push(...page.items.map((row) => row.orderId))
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

test('a list holds exactly the orders of the scope that pass the filters, the newest or the oldest first, whatever the size of its pages', async () => {
  const all = fc.record({
    phase: fc.constantFrom('onHold', 'inFulfillment', 'awaitingPayment', ...phases),
    state: fc.constantFrom(...orderStates),
    channelId: fc.constantFrom(...CHANNELS),
    nodeId: fc.constantFrom(...NODES),
    accountId: fc.constantFrom('acme', 'other'),
    placedAfter: fc.constantFrom('2026-10-05T00:00:00Z', '2026-10-20T00:00:00Z'),
    placedBefore: fc.constantFrom('2026-10-15T00:00:00Z', '2026-10-28T00:00:00Z'),
    sort: fc.constantFrom('newest', 'oldest'),
  })
  const keys = ['phase', 'state', 'channelId', 'nodeId', 'accountId', 'placedAfter', 'placedBefore', 'sort']
  const filters = fc
    .tuple(all, fc.subarray(keys, { maxLength: 4 }))
    .map(([values, kept]): Record<string, string> => Object.fromEntries(Object.entries(values).filter(([key]) => kept.includes(key))))
  const passes = ({ intake, state }: Order, filter: Record<string, string>): boolean =>
    (filter['phase'] === undefined || phaseOf(intake, state) === filter['phase']) &&
    (filter['state'] === undefined || state.state === filter['state']) &&
    (filter['channelId'] === undefined || intake.channelId === filter['channelId']) &&
    (filter['accountId'] === undefined || intake.accountId === filter['accountId']) &&
    (filter['nodeId'] === undefined || state.fulfillmentOrders.some((one) => one.nodeId === filter['nodeId'])) &&
    (filter['placedAfter'] === undefined || intake.placedAt >= Date.parse(filter['placedAfter'])) &&
    (filter['placedBefore'] === undefined || intake.placedAt < Date.parse(filter['placedBefore']))
  let seen = 0
  await fc.assert(
    fc.asyncProperty(scopes, filters, fc.constantFrom(1, 7, 200), async (scope, filter, limit) => {
      const expected = orders.filter((order) => isOrderInScope(scope, order) && passes(order, filter)).map((one) => one.intake.orderId)
      seen += expected.length
      assert.deepEqual(await listed(scope, filter, limit), filter['sort'] === 'oldest' ? expected.toReversed() : expected)
    }),
    { numRuns: 300 },
  )
  assert.ok(seen > 100, `only ${seen} orders were ever expected`)
})

test('each filter alone, each single scope and a search give what brute force gives', async () => {
  const single: Scope[] = [
    {},
    ...CHANNELS.map((id) => ({ channels: [id] })),
    ...NODES.map((id) => ({ nodes: [id] })),
    ...CARRIERS.map((id) => ({ carriers: [id] })),
  ]
  for (const scope of single) {
    const expected = orders.filter((order) => isOrderInScope(scope, order))
    assert.deepEqual(
      await listed(scope, {}, 9),
      expected.map((order) => order.intake.orderId),
    )
    const found = expected.filter(
      (order) => /^R-\d*[0369]$/.test(order.intake.externalRef) && Number(order.intake.externalRef.slice(2)) % 3 === 0,
    )
    const ofPhone = (await listed(scope, { q: '13800000000' }, 9)).filter((id) => found.some((order) => order.intake.orderId === id))
    assert.deepEqual(
      ofPhone,
      found.map((order) => order.intake.orderId),
    )
  }
})

test('an order outside the scope is unknown to every read, in the words used for one that does not exist', async () => {
  await fc.assert(
    fc.asyncProperty(scopes, fc.constantFrom(...orders), async (scope, order) => {
      const who = asked(someone('integrator', scope))
      const { orderId } = order.intake
      const params = { orderId }
      const expected = isOrderInScope(scope, order) ? 'done' : 'order_unknown'
      const replies = [
        await reads['order.get'](who, { params, query: {}, body: undefined }),
        await reads['order.events'](who, { params, query: {}, body: undefined }),
        await reads['order.sourcing'](who, { params, query: undefined, body: undefined }),
      ]
      assert.deepEqual(replies.map(codeOf), [expected, expected, expected])
    }),
    { numRuns: 60 },
  )
})

test('the log shows exactly the events of the scope, page by page, and ends at its head', async () => {
  let seen = 0
  await fc.assert(
    fc.asyncProperty(scopes, fc.constantFrom(3, 50, 1000), async (scope, limit) => {
      const who = asked(someone('integrator', scope))
      const found: string[] = []
      let after: string | undefined
      let more = true
      while (more) {
        const query = { ...(after === undefined ? {} : { after }), limit }
        const page = valueOf('event.list', await reads['event.list'](who, { params: undefined, query, body: undefined }))
        found.push(...page.events.map((event) => `${event.subject.kind} ${event.subject.id} ${event.subject.version}`))
        after = page.cursor
        more = page.more
      }
      const expected = log.filter((event) => isEventInScope(scope, event))
      seen += expected.length
      assert.deepEqual(
        found.toSorted(),
        expected.map((event) => `${event.subjectKind} ${event.subjectId} ${event.subjectVersion}`).toSorted(),
      )
    }),
    { numRuns: 40 },
  )
  assert.ok(seen > 100, `only ${seen} events were ever expected`)
})

test('within an order the log keeps its order, and an event’s cursor continues right behind it', async () => {
  const who = asked(someone('admin'))
  const all = valueOf('event.list', await reads['event.list'](who, { params: undefined, query: { limit: 1000 }, body: undefined })).events
  const third = all[2]
  assert.ok(third)
  const rest = valueOf(
    'event.list',
    await reads['event.list'](who, { params: undefined, query: { limit: 1000, after: third.cursor }, body: undefined }),
  )
  assert.deepEqual(rest.events, all.slice(3))
  const orderId = ids[5] ?? ''
  const own = valueOf(
    'event.list',
    await reads['event.list'](who, { params: undefined, query: { limit: 1000, orderId }, body: undefined }),
  ).events
  assert.deepEqual(
    own.map((event) => event.subject.version),
    own.map((_, i) => i + 1),
  )
  assert.ok(own.length > 2)
  const held = valueOf(
    'event.list',
    await reads['event.list'](who, { params: undefined, query: { types: ['order.held'] }, body: undefined }),
  ).events
  assert.equal(held.length, log.filter((event) => event.type === 'order.held').length)
})

test('a cursor from elsewhere is refused, one below what is kept has expired', async () => {
  const who = asked(someone('admin'))
  const read = (after: string) => reads['event.list'](who, { params: undefined, query: { after }, body: undefined })
  const first = valueOf('event.list', await reads['event.list'](who, { params: undefined, query: { limit: 1 }, body: undefined }))
  assert.equal(codeOf(await read(`${first.cursor}x`)), 'cursor_invalid')
  assert.equal(codeOf(await read('AAAA')), 'cursor_invalid')
  await deps.pool.query('update log_heads set archived_position = 2 where log_shard = 0')
  assert.equal(codeOf(await read(first.cursor)), 'cursor_expired')
  await deps.pool.query('update log_heads set archived_position = 0')
  assert.equal(codeOf(await read(first.cursor)), 'done')
  const page = await reads['order.list'](who, { params: undefined, query: { cursor: first.cursor }, body: undefined })
  assert.equal(codeOf(page), 'cursor_invalid')
})

test('the overview counts the orders and the open work of the scope, and nothing else', async () => {
  const over = new Set(['complete', 'cancelled'])
  await fc.assert(
    fc.asyncProperty(scopes, async (scope) => {
      const viewer = someone('integrator', scope)
      const input = { params: undefined, query: undefined, body: undefined }
      const overview = valueOf('overview.get', await reads['overview.get'](asked(viewer), input))
      const own = orders.filter((order) => isOrderInScope(scope, order))
      for (const phase of phases) {
        const expected = over.has(phase) ? 0 : own.filter(({ intake, state }) => phaseOf(intake, state) === phase).length
        assert.equal(overview.phases.find((one) => one.phase === phase)?.orders ?? 0, expected, phase)
      }
      const works = own.flatMap(({ state }) => state.fulfillmentOrders.filter((work) => isMovable(work.work) && canSeeWork(viewer, work)))
      assert.equal(overview.openWork, works.length)
      assert.deepEqual(overview.backlog.map((one) => one.nodeId).toSorted(), [...new Set(works.map((work) => work.nodeId))].toSorted())
      for (const { nodeId, open } of overview.backlog) assert.equal(open, works.filter((work) => work.nodeId === nodeId).length, nodeId)
    }),
    { numRuns: 60 },
  )
})

test('how full a node is counts everybody’s orders: who may not read of nodes, and customers and carriers of any role, see their own work alone', async () => {
  for (const nodeId of NODES) await putFacts(hub, 'node', 'nodeId', [{ ...deps.memory.nodes.get(nodeId)?.doc, capacityPerDay: 50 }])
  // Answers of the test before are still shared.
  const fresh = readHandlers(deps)
  const loadsOf = async (role: Role, scope: Scope): Promise<readonly unknown[]> => {
    const input = { params: undefined, query: undefined, body: undefined }
    const { backlog } = valueOf('overview.get', await fresh['overview.get'](asked(someone(role, scope)), input))
    assert.ok(backlog.length > 0, `${role} has work within ${JSON.stringify(scope)}`)
    return [...new Set(backlog.map((one) => one.load?.perDay))]
  }
  // All of them ask at once and of the same scope: an answer that is shared must not be another role's.
  for (const scope of [{}, { channels: [...CHANNELS] }, { nodes: [...NODES] }]) {
    const seen = await Promise.all(roles.map(async (role) => [role, await loadsOf(role, scope)] as const))
    for (const [role, loads] of seen) assert.deepEqual(loads, [role === 'customer' || role === 'carrier' ? undefined : 50], role)
  }
  for (const scope of [{ carriers: [...CARRIERS] }, { customer: { accountId: 'acme' } }])
    assert.deepEqual(await loadsOf('integrator', scope), [undefined])
})
