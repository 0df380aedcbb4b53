import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { act, asked, countStock, place, putFacts, readHub, someone } from '../../test/support/read-hub.ts'
import { encodeCursor } from '../kernel/cursor.ts'
import type { OrderId } from '../kernel/ids.ts'
import { DAY, instant, type Instant } from '../kernel/time.ts'
import { readLogHeads } from '../store/log-reads.ts'
import { readOrderAt, readOrderAtVersion, readOrderLog } from '../store/order-history.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { ensurePartitions, readPartitions } from '../store/partitions.ts'
import { verifyDatabase } from '../store/verify/verify-database.ts'
import { HistoryKeeper } from './history-keeper.ts'
import { watchChore } from './watch-chore.ts'

const KEPT = 30
const { hub, reads } = await readHub(1)
const { pool } = hub
const agent = asked(someone('agent'))
const warned: string[] = []
const gauges = new Map<string, number>()
let over: OrderId
let late: OrderId
let started: Instant

/** Looks, as the chore does, until there is nothing more to do. */
async function keep(daysLater: number): Promise<void> {
  const keeper = new HistoryKeeper({
    pool,
    now: () => instant(hub.clock.now() + daysLater * DAY),
    wallNow: hub.wallNow,
    keptDays: KEPT,
    warn: (_, message) => warned.push(message),
    gauge: (name, value) => gauges.set(name, value),
  })
  while (await keeper.runOnce());
}

const violated = async (repair = false) =>
  (await verifyDatabase(pool, { repair })).checks.filter((one) => one.violations > 0).map((one) => one.check)
const partsOf = async (table: 'events' | 'stock_moves') => (await readPartitions(pool, table)).map((part) => part.first)
const orderOf = async (orderId: OrderId) => {
  const [order] = await readOrders(pool, [orderKeyOf(orderId)])
  assert.ok(order)
  return order
}

async function orderOfTea(ref: string): Promise<OrderId> {
  return place(hub, {
    channelId: 'shop',
    externalRef: ref,
    currency: 'CNY',
    shipTo: { countryCode: 'CN', city: '杭州', lat: 30.28, lng: 120.13 },
    lines: [{ lineRef: '1', sku: 'tea', quantity: 1, unitPrice: 1000 }],
  })
}

/** Small parts: the first is full when the seed is there, the second when both orders are over. */
async function cut(): Promise<void> {
  for (const [table, first, second] of [
    ['events', 13, 20],
    ['stock_moves', 2, 3],
  ] as const) {
    await pool.query(`drop table ${table}_p000000`)
    await pool.query(`create table ${table}_a partition of ${table} for values from (0) to (${first})`)
    await pool.query(`create table ${table}_b partition of ${table} for values from (${first}) to (${second})`)
    await pool.query(`create table ${table}_c partition of ${table} for values from (${second}) to (4000000)`)
  }
}

before(async () => {
  await cut()
  started = hub.clock.now()
  await putFacts(hub, 'item', 'sku', [
    { sku: 'tea', name: 'Tea' },
    { sku: 'cup', name: 'Cup' },
  ])
  const place_ = { countryCode: 'CN', city: '上海', lat: 31.23, lng: 121.47 }
  await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'sh-1', name: 'Shanghai', kind: 'dc', place: place_, zone: 'Asia/Shanghai' }])
  await putFacts(hub, 'channel', 'channelId', [{ channelId: 'shop', platform: 'direct', name: 'Shop' }])
  await countStock(hub, [
    { sku: 'tea', nodeId: 'sh-1', onHand: 10 },
    { sku: 'cup', nodeId: 'sh-1', onHand: 5 },
  ])
  over = await orderOfTea('over')
  late = await orderOfTea('late')
  await act(hub, over, { action: 'cancel', reason: 'asked' })
  for (const onHand of [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]) await countStock(hub, [{ sku: 'cup', nodeId: 'sh-1', onHand }])
  const [head] = await readLogHeads(pool)
  assert.ok((head?.position ?? 0) > 20, `the seed fills both parts: ${head?.position}`)
})

test('history within retention stays', async () => {
  await keep(KEPT - 1)
  assert.deepEqual(
    [await partsOf('events'), await partsOf('stock_moves')],
    [
      [0, 13, 20, 4_000_000],
      [0, 2, 3, 4_000_000],
    ],
  )
})

test('an order that is still open keeps its part of the log, and the operator hears of it', async () => {
  await keep(KEPT + 1)
  assert.deepEqual(await partsOf('events'), [0, 13, 20, 4_000_000])
  assert.equal(gauges.get('historyHeldOrders'), 1)
  assert.match(warned.join('\n'), /events_a is past retention, but 1 of its orders/)
})

test('when all orders of a part are over it lies whole in the archive, and what it derived is still verified', async () => {
  await act(hub, late, { action: 'cancel', reason: 'asked' })
  const subscribe = 'insert into subscriptions (subscription, cursor, state, moved_at) values ($1, $2, $3, now())'
  await pool.query(subscribe, ['behind', '[5]', 'live'])
  await pool.query(subscribe, ['ahead', '[20]', 'live'])
  await keep(KEPT + 1)
  assert.deepEqual(
    [await partsOf('events'), await partsOf('stock_moves')],
    [
      [20, 4_000_000],
      [3, 4_000_000],
    ],
  )
  const { rows } = await pool.query<{ events: string }>(
    'select (select count(*) from archive.events_a) + (select count(*) from archive.events_b) as events',
  )
  assert.equal(rows[0]?.events, '19')
  assert.deepEqual(await readLogHeads(pool).then((heads) => heads.map((head) => head.archivedPosition)), [19])
  assert.deepEqual(await violated(), [])
})

test('a subscription below what is kept is expired and told of; it never kept the part', async () => {
  const { rows } = await pool.query<{ subscription: string; state: string }>('select subscription, state from subscriptions order by 1')
  assert.deepEqual(
    rows.map((row) => [row.subscription, row.state]),
    [
      ['ahead', 'live'],
      ['behind', 'expired'],
    ],
  )
  const told: string[] = []
  await watchChore({ pool, wallNow: hub.wallNow, watch: { gauge: () => undefined, warn: (_, message) => told.push(message) } }).runOnce()
  assert.match(told.join('\n'), /subscription behind stood below what is kept/)
})

test('a cursor below what is kept is answered cursor_expired, with the lowest one that is kept', async () => {
  const answer = await reads['event.list'](agent, { params: undefined, query: { after: encodeCursor([5]) }, body: undefined })
  assert.deepEqual([answer.status, 'code' in answer && answer.code], ['refused', 'cursor_expired'])
  const kept = await reads['event.list'](agent, { params: undefined, query: { after: encodeCursor([19]) }, body: undefined })
  assert.equal(kept.status, 'done')
})

test('an order goes on from its snapshot: its present and its replay are the same, its archived past is said to be archived', async () => {
  const { intake, state } = await orderOf(late)
  const now = await readOrderAtVersion(pool, intake, 1, state.version)
  assert.ok(now !== undefined && now !== 'archived')
  assert.deepEqual(JSON.parse(JSON.stringify(now.state)), state)
  assert.equal(await readOrderAtVersion(pool, intake, 1, 1), 'archived')
  const { from, events } = await readOrderLog(pool, intake, 1)
  assert.equal((from?.version ?? 0) + events.length, state.version)
  assert.equal(await readOrderAt(pool, intake, 1, instant(started - DAY), 'recorded'), undefined)
  const past = new Date(intake.receivedAt).toISOString()
  const answer = await reads['order.get'](agent, { params: { orderId: over }, query: { at: past }, body: undefined })
  assert.deepEqual([answer.status, 'code' in answer && answer.code], ['refused', 'history_archived'])
})

test('a count that was taken before archived moves is refused: they cannot be applied again', async () => {
  const input = { sku: 'tea', nodeId: 'sh-1', onHand: 3, countedAt: new Date(started - DAY).toISOString() }
  const outcome = await hub.engine.submit({ kind: 'changeStock', rows: [{ index: 0, mode: 'count', input }] } as never, {
    actor: { kind: 'person', id: 'usr_test' },
    lane: 'interactive',
  })
  assert.ok(outcome.status === 'done')
  assert.equal(outcome.value.rows?.[0]?.problem?.code, 'history_archived')
})

test('archived is not damaged: what is missing without a record, or from it, is found', async () => {
  const planted = [
    [`update log_heads set archived_position = 25`, `update log_heads set archived_position = 19`, ['log.dense', 'log.archives']],
    [
      `update log_archives set events = events - 1 where partition = 'events_b'`,
      `update log_archives set events = events + 1 where partition = 'events_b'`,
      ['log.archives'],
    ],
    [`update archived_stock set units = units + 1`, `update archived_stock set units = units - 1`, ['stock.moves']],
    [`update archived_subjects set version = version + 1`, `update archived_subjects set version = version - 1`, ['log.subjects']],
    [`update archived_orders set position = position + 100`, `update archived_orders set position = position - 100`, ['order.received']],
  ] as const
  for (const [plant, takeBack, checks] of planted) {
    await pool.query(plant)
    const found = await violated()
    await pool.query(takeBack)
    for (const check of checks) assert.ok(found.includes(check), `${plant}: expected ${check}, found ${found.join(', ') || 'nothing'}`)
  }
  assert.deepEqual(await violated(), [])
})

test('drift of an order whose first events are archived is repaired from its snapshot', async () => {
  await pool.query(`update order_states set phase = 'delivered'`)
  assert.deepEqual(await violated(), ['order.phase'])
  assert.deepEqual(await violated(true), [])
})

test('a part that lacks an event is damaged and is not archived', async () => {
  await pool.query('alter table events detach partition events_c')
  await pool.query('create table events_d partition of events for values from (20) to (22)')
  await pool.query('insert into events_d select * from events_c where position = 21')
  await assert.rejects(keep(KEPT + 1), /a damaged log is not archived/)
  await pool.query('drop table events_d')
  await pool.query('alter table events attach partition events_c for values from (20) to (4000000)')
  assert.deepEqual(await violated(), [])
})

test('parts are made ahead of what is reached, once', async () => {
  assert.deepEqual([await ensurePartitions(pool, 'events', 9_000_000), await ensurePartitions(pool, 'events', 9_000_000)], [3, 0])
  assert.deepEqual([await ensurePartitions(pool, 'stock_moves', 0), (await partsOf('events')).at(-1)], [0, 16_000_000])
})
