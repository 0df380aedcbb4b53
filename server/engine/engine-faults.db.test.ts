import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import {
  act,
  codeOf,
  fillShop,
  hubDatabase,
  idOf,
  intercept,
  keyed,
  orderOf,
  PERSON,
  place,
  placing,
  somebodyWaits,
} from '../../test/support/engine-hubs.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import { Fault } from '../kernel/fault.ts'
import { verifyDatabase } from '../store/verify/verify-database.ts'

const { db, open, rowsOf, countOf } = await hubDatabase()

/** What happens to the next commit: nothing, the connection breaks before it is sent, or after the server has done it. */
let fate: 'kept' | 'lostBefore' | 'lostAfter' = 'kept'
let struck = 0
/** Commits wait for this. */
let gate: Promise<void> = Promise.resolve()

const hub = await open({
  wrapClient: (client) =>
    intercept(client, async (text, send, cut) => {
      if (text !== 'commit') return send()
      await gate
      const now = fate
      if (now === 'kept') return send()
      fate = 'kept'
      struck += 1
      const answer = now === 'lostAfter' ? await send() : undefined
      cut()
      assert.ok(now === 'lostBefore' || answer !== undefined)
      throw new Error('Connection terminated unexpectedly')
    }),
  engine: { queueMax: 50, batchSizeMax: 40 },
})
await fillShop(hub, { tea: 100_000, last: 1 })

/** Closes the gate that commits wait at; call what it returns to open it. */
function holdCommits(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  gate = promise
  return resolve
}

for (const [what, wanted] of [
  ['was done before its answer was lost', 'lostAfter'],
  ['was never sent', 'lostBefore'],
] as const)
  test(`when the connection breaks at a commit that ${what}, every command is done exactly once`, async () => {
    const before = struck
    fate = wanted
    const orders = Array.from({ length: 20 }, () => orderOf('tea'))
    const outcomes = await Promise.all(orders.map((order, i) => place(hub, order, i % 2 === 0 ? keyed(`${wanted}-${i}`, order) : PERSON)))
    assert.equal(struck, before + 1)
    assert.equal(new Set(outcomes.map(idOf)).size, 20)
    const refs = orders.map((order) => `'${order.externalRef}'`).join(', ')
    assert.equal(await countOf('order_refs', `external_ref in (${refs})`), 20)
    assert.equal(await countOf('events', `type = 'order.received' and data::json->>'externalRef' in (${refs})`), 20)
    const again = await place(hub, orders[0] ?? orderOf('tea'), keyed(`${wanted}-0`, orders[0]))
    assert.equal(idOf(again), idOf(outcomes[0] ?? again))
    const report = await verifyDatabase(db.pool)
    assert.deepEqual(
      report.checks.flatMap((one) => one.examples),
      [],
    )
  })

test('memory knows what a commit took or gave back whose answer was lost', async () => {
  const left = () => hub.memory.availability.availableAt(hub.memory.itemNo('last'), hub.memory.nodeNo('n1'))
  fate = 'lostAfter'
  const orderId = idOf(await place(hub, orderOf('last')))
  assert.equal(left(), 0)
  assert.equal(codeOf(await place(hub, orderOf('last'))), 'stock_short')
  fate = 'lostAfter'
  assert.equal(codeOf(await act(hub, orderId, { action: 'cancel', reason: 'asked' })), 'done')
  assert.equal(left(), 1)
  assert.equal(fate, 'kept', 'both commits were struck')
})

test('a transaction that is chosen to end a deadlock is decided again', async () => {
  const outsider = new pg.Client(db.connection)
  await outsider.connect()
  await putFacts(hub, 'account', 'accountId', [{ accountId: 'acme', name: 'A', currency: 'CNY', creditLimit: 1_000_000 }])
  const errors: unknown[] = []
  const noting = (send: () => Promise<unknown>) =>
    send().catch((error: unknown) => {
      errors.push(error instanceof pg.DatabaseError ? error.code : error)
      throw error
    })
  const second = await open({ wrapClient: (client) => intercept(client, (_text, send) => noting(send)) })
  const { itemNo, nodeNo } = { itemNo: second.memory.itemNo('tea'), nodeNo: second.memory.nodeNo('n1') }
  // The outsider waits longer before it looks for deadlocks, so that the engine's session is the one that gives way.
  await outsider.query(`set deadlock_timeout = '60s'`)
  await outsider.query('begin')
  await outsider.query('select from stock where item_no = $1 and node_no = $2 for update', [itemNo, nodeNo])
  const placed = place(second, orderOf('tea', 1, { accountId: 'acme' }))
  await somebodyWaits(rowsOf)
  await outsider.query(`select from accounts where account_id = 'acme' for update`)
  await outsider.query('commit')
  await outsider.end()
  idOf(await placed)
  assert.ok(errors.includes('40P01'), `saw ${String(errors)}`)
  const rows = await rowsOf<{ exposure: string }>(`select exposure from accounts where account_id = 'acme'`)
  assert.deepEqual(
    rows.map((row) => Number(row.exposure)),
    [1000],
  )
  await second.stop()
})

test('a full queue refuses people with a fault that says when to come back, and bulk senders wait for room', async () => {
  const openGate = holdCommits()
  const first = place(hub, orderOf('tea'))
  await somebodyCommits()
  const waiting = Array.from({ length: 200 }, () => place(hub, orderOf('tea')).then(codeOf, (error: unknown) => error))
  const bulk = { ...PERSON, lane: 'bulk' } as const
  const bulkSent: Promise<unknown>[] = []
  let bulkRefused: unknown
  for (let i = 0; i < 200 && bulkRefused === undefined; i++) {
    const sent = hub.engine.submit(placing(hub, orderOf('tea')), bulk).catch((error: unknown) => (bulkRefused = error))
    bulkSent.push(sent)
    await Promise.resolve()
  }
  let hasRoom = false
  const room = hub.engine.room('placeOrder').then(() => (hasRoom = true))
  assert.ok(bulkRefused instanceof Fault && bulkRefused.code === 'overloaded')
  assert.equal(hasRoom, false, 'bulk waits while its lane is full')
  openGate()
  await room
  const outcomes = await Promise.all(waiting)
  const refused = outcomes.filter((one) => one instanceof Fault)
  assert.ok(refused.length > 0 && refused.length < 200, `${refused.length} of 200 were refused`)
  for (const fault of refused) assert.deepEqual([fault.code, fault.retry, fault.retryAfterSeconds], ['overloaded', 'later', 1])
  await Promise.all([first, ...bulkSent])
})

/** Resolves when a commit waits at the gate: the engine has nothing else under way than what it decides next. */
async function somebodyCommits(): Promise<void> {
  for (;;) {
    const idle = await rowsOf(
      `select 1 from pg_stat_activity where datname = current_database() and application_name = 'fulcrum-engine' and state = 'idle in transaction'`,
    )
    if (idle.length > 0) return
  }
}

test('stopping finishes what was taken and refuses what comes after', async () => {
  const third = await open()
  const orders = Array.from({ length: 300 }, () => orderOf('tea'))
  const outcomes = orders.map((order) => place(third, order))
  const stopping = third.engine.stop()
  const late = place(third, orderOf('tea'))
  await assert.rejects(late, (error) => error instanceof Fault && error.code === 'shutting_down')
  assert.deepEqual([...new Set((await Promise.all(outcomes)).map(codeOf))], ['done'])
  await stopping
  await third.stop()
  const refs = orders.map((order) => `'${order.externalRef}'`).join(', ')
  assert.equal(await countOf('order_refs', `external_ref in (${refs})`), 300)
})

test('the books add up after all of that', async () => {
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
  assert.ok(report.checks.some((one) => one.checked > 100))
})
