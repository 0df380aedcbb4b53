import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { act, asked, codeOf, place, readHub, someone, valueOf } from '../../../test/support/read-hub.ts'
import { recount, type Told } from '../../../test/support/recount.ts'
import { CARRIERS, CHANNELS, fillWorld, NODES, nthOrder } from '../../../test/support/small-world.ts'
import { canSeeWork } from '../../domain/access/present-work.ts'
import type { Scope } from '../../domain/access/principal.ts'
import { phaseOf } from '../../domain/order/derive.ts'
import type { Order } from '../../domain/order/state.ts'
import type { LoggedEvent } from '../../domain/event/logged-event.ts'
import type { WorkCommand } from '../../domain/fulfillment/work-command.ts'
import { followReports } from '../../engine/report-follower.ts'
import { type OrderId, parseId } from '../../kernel/ids.ts'
import { instant, parseInstant, toIso } from '../../kernel/time.ts'
import { readLog, readLogHeads } from '../../store/log-reads.ts'
import { orderKeyOf, readDecisions, readOrders } from '../../store/order-reads.ts'
import { isOrderInScope } from './show-order.ts'

const { hub, deps, reads } = await readHub()
await fillWorld(hub)

const WAY: readonly WorkCommand['verb'][] = ['accept', 'start', 'pick', 'pack', 'handOver', 'deliver']
/** Each order lives some of its way: an hour a step, so that stages take time. */
async function live(orderId: OrderId, n: number): Promise<void> {
  let order = (await readOrders(deps.pool, [orderKeyOf(orderId)]))[0]
  const begun = order?.intake.placedAt ?? 0
  for (const [step, verb] of WAY.slice(0, n % 9).entries()) {
    for (const { fulfillmentOrderId, work } of order?.state.fulfillmentOrders ?? []) {
      if (work === 'cancelled') continue
      const occurredAt = instant(begun + (step + 1) * 3_600_000 + n * 60_000)
      order =
        (await act(hub, orderId, {
          action: 'work',
          fulfillmentOrderId,
          verb,
          occurredAt,
          ...(n % 11 === 3 && verb === 'pick' ? { lines: [], short: true } : {}),
        })) ?? order
    }
  }
}
const workOf = async (orderId: OrderId) =>
  (await readOrders(deps.pool, [orderKeyOf(orderId)]))[0]?.state.fulfillmentOrders[0]?.fulfillmentOrderId ?? ''

const ids: OrderId[] = []
for (let n = 0; n < 45; n++) {
  const orderId = await place(hub, { ...nthOrder(n), ...(n % 4 === 1 ? { promisedBy: '2026-10-10T00:00:00Z' } : {}) })
  ids.push(orderId)
  await live(orderId, n)
  if (n % 7 === 0) await act(hub, orderId, { action: 'cancel', reason: 'asked' })
  if (n % 5 === 0) await act(hub, orderId, { action: 'hold', reason: 'fraud', scope: 'order', holdId: `hld_${n}` })
  if (n % 9 === 0) await act(hub, orderId, { action: 'work', fulfillmentOrderId: await workOf(orderId), verb: 'reject', reason: 'broken' })
}
while ((await followReports(hub.pool)) > 0);

const log: LoggedEvent[] = []
for (const { logShard } of await readLogHeads(deps.pool)) log.push(...(await readLog(deps.pool, logShard, 0, 10_000)).events)
const told: Told[] = []
for (const order of await readOrders(deps.pool, ids.map(orderKeyOf))) {
  const decisions = await readDecisions(deps.pool, orderKeyOf(order.intake.orderId), 100)
  const own = log.filter((event) => event.orderId !== null && parseId('ord', event.subjectId) === order.intake.orderId)
  told.push({ order, decisions, events: own.toSorted((a, b) => a.subjectVersion - b.subjectVersion) })
}

const some = (all: readonly string[]) => fc.option(fc.subarray([...all, 'unknown'], { minLength: 1 }), { nil: undefined, freq: 1 })
const scopes: fc.Arbitrary<Scope> = fc
  .record({
    channels: some(CHANNELS),
    nodes: some(NODES),
    carriers: some(CARRIERS),
    customer: fc.option(fc.oneof(fc.constant({ accountId: 'acme' }), fc.constant({ channelId: 'shop-cn', customerRef: 'C0' })), {
      nil: undefined,
      freq: 1,
    }),
  })
  .map((scope) => Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined)))
const ranges = fc.constantFrom(
  ['2026-10-01T00:00:00Z', '2026-10-29T00:00:00Z'],
  ['2026-10-08T08:00:00Z', '2026-10-15T08:00:00Z'],
  ['2026-10-20T00:00:00Z', '2026-12-20T00:00:00Z'],
) as fc.Arbitrary<[string, string]>

const ask = async (scope: Scope, query: object, role: 'executive' | 'floor' = 'executive') =>
  reads['report.overview'](asked(someone(role, scope)), { params: undefined, query: query as never, body: undefined })
const at = (text: string) => parseInstant(text) ?? instant(0)

test('a report is what the orders and the log of the scope come to, whatever the range, and nothing outside of it', async () => {
  let placed = 0
  let exceptions = 0
  await fc.assert(
    fc.asyncProperty(scopes, ranges, fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York'), async (scope, [from, to], zone) => {
      const report = valueOf('report.overview', await ask(scope, { from, to, zone, compare: 'before' }))
      const now = at(report.asOf)
      const length = at(to) - at(from)
      assert.deepEqual(report.range, recount(told, scope, { from: at(from), to: at(to), zone }, now))
      // Of a range that still runs, as much of the one before as has passed of it.
      const passed = now < at(to) ? now - at(from) : length
      const before = { from: instant(at(from) - length), to: instant(at(from) - length + passed), zone }
      assert.deepEqual(report.before, recount(told, scope, before, now))
      placed += report.range.placed
      exceptions += report.range.exceptions
    }),
    { numRuns: 120 },
  )
  assert.ok(placed > 300 && exceptions > 100, `${placed} orders and ${exceptions} exceptions were counted`)
})

test('the world of this file has every outcome, every promise, most stages and several exceptions', async () => {
  const { range } = valueOf('report.overview', await ask({}, { from: '2026-10-01T00:00:00Z', to: '2026-12-20T00:00:00Z' }))
  const { fulfilled, cancelled, open, kept, broken } = range
  assert.equal(range.placed, 45)
  assert.ok(
    fulfilled > 3 && cancelled >= 3 && open > 3 && kept > 0 && broken > 0,
    JSON.stringify({ fulfilled, cancelled, open, kept, broken }),
  )
  assert.ok(range.stages.filter((stage) => stage.orders > 0).length >= 6, JSON.stringify(range.stages))
  assert.ok(range.kinds.length >= 3 && range.heat.length >= 2, JSON.stringify(range.kinds))
  assert.ok((range.cost?.total ?? 0) > 0 && range.days.length > 20)
})

/** What there is of each name, as numbers that were told of it add up. */
function countsOf(told: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [name, n] of told) counts[name] = (counts[name] ?? 0) + n
  return counts
}

test('what moved lately is what the orders and the log of the scope say, and nothing outside of it', async () => {
  await fc.assert(
    fc.asyncProperty(scopes, async (scope) => {
      const input = { params: undefined, query: undefined, body: undefined }
      const overview = valueOf('overview.get', await reads['overview.get'](asked(someone('agent', scope)), input))
      const own = told.filter(({ order }) => isOrderInScope(scope, order))
      const since = at(overview.asOf) - 3_600_000
      const first = (events: Told['events'], type: string) =>
        Math.min(...events.filter((one) => one.type === type).map((one) => one.occurredAt))
      const came = (type: string) => own.filter(({ events }) => first(events, type) > since && first(events, type) < Infinity).length
      assert.equal(overview.lastHour.accepted, came('order.accepted'))
      assert.equal(overview.lastHour.placed, 0, 'all of them were placed in October')
      const way = own.filter(({ order }) => ['partShipped', 'inTransit'].includes(phaseOf(order.intake, order.state)))
      const works = (order: Order) => order.state.fulfillmentOrders.filter((work) => canSeeWork({ scope }, work))
      const seen = way.flatMap(({ order }) => [...new Set(works(order).map((work) => work.nodeId))])
      assert.deepEqual(countsOf(overview.flows.map(({ nodeId, orders }) => [nodeId, orders])), countsOf(seen.map((nodeId) => [nodeId, 1])))
    }),
    { numRuns: 60 },
  )
})

const everything = async () =>
  (await deps.pool.query('select * from order_measures order by order_id')).rows.concat(
    (await deps.pool.query('select * from order_exceptions order by log_shard, position')).rows,
  )

test('counting anew from the log gives the same rows, and two that count at once count each event once', async () => {
  const first = await everything()
  assert.ok(first.length > 45)
  await deps.pool.query('truncate order_measures, order_exceptions, report_places')
  const until = async () => {
    while ((await followReports(hub.pool)) > 0);
  }
  await Promise.all([until(), until()])
  assert.deepEqual(await everything(), first)
})

test('a page that is read again changes nothing', async () => {
  const first = await everything()
  await deps.pool.query('update report_places set position = 0')
  while ((await followReports(hub.pool)) > 0);
  assert.deepEqual(await everything(), first)
})

test('a range that ends before it begins, is longer than a quarter, or speaks of no zone is refused', async () => {
  const from = '2026-10-01T00:00:00Z'
  const cases = [
    { from, to: from },
    { from, to: toIso(instant(at(from) + 92 * 86_400_000 + 1)) },
    { from, to: '2026-10-02T00:00:00Z', zone: 'Mars/Olympus' },
  ]
  for (const query of cases) assert.equal(codeOf(await ask({}, query)), 'range_invalid', JSON.stringify(query))
  assert.equal(codeOf(await ask({}, { from, to: toIso(instant(at(from) + 92 * 86_400_000)) })), 'done')
})

test('who sees no amounts sees no cost', async () => {
  const query = { from: '2026-10-01T00:00:00Z', to: '2026-10-29T00:00:00Z', compare: 'before' }
  const report = valueOf('report.overview', await ask({}, query, 'floor'))
  assert.deepEqual([report.range.cost, report.before?.cost], [undefined, undefined])
  assert.ok(valueOf('report.overview', await ask({}, query)).range.cost !== undefined)
})
