import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, count, fillShop, hubDatabase, idOf, keyed, orderOf, PERSON, place } from '../../../test/support/engine-hubs.ts'
import type { CommandOutcome, RowResult } from '../command.ts'
import { verifyDatabase } from '../../store/verify/verify-database.ts'

const { db, open, rowsOf, countOf } = await hubDatabase()
let wall = Date.parse('2026-11-21T08:00:00Z')
const hub = await open({ wallNow: () => wall })
await fillShop(hub, { tea: 10, cup: 10, pot: 10, tin: 10, new: 5, held: 10 })

const rows = (outcome: CommandOutcome): readonly RowResult[] => (outcome.status === 'done' ? (outcome.value.rows ?? []) : [])
const statusOf = (outcome: CommandOutcome) => rows(outcome).map((row) => `${row.status} ${row.version}`)
const stockOf = async (sku: string) =>
  (
    await rowsOf<{ on_hand: number; counted_at: number | null; version: number }>(
      'select s.on_hand, s.counted_at, s.version from stock as s join items as i using (item_no) where i.sku = $1',
      [sku],
    )
  )[0]
const eventsOf = (sku: string) => countOf('events', `subject_kind = 'stock' and subject_id = '${sku}@n1'`)
const at = (minutes: number) => new Date(wall + minutes * 60_000).toISOString()

test('a count that finds what was known changes nothing that anybody sees, and supersedes older counts', async () => {
  wall += 3_600_000
  const before = [await eventsOf('tea'), (await stockOf('tea'))?.version]
  assert.deepEqual(statusOf(await count(hub, [{ sku: 'tea', nodeId: 'n1', onHand: 10, countedAt: at(-5) }])), ['unchanged 1'])
  assert.deepEqual([await eventsOf('tea'), (await stockOf('tea'))?.version], before)
  assert.equal((await stockOf('tea'))?.counted_at, wall - 5 * 60_000)
  assert.deepEqual(
    statusOf(await count(hub, [{ sku: 'tea', nodeId: 'n1', onHand: 3, countedAt: at(-6) }])),
    ['unchanged 1'],
    'it comes late',
  )
  assert.equal((await stockOf('tea'))?.on_hand, 10)
})

test('the first count makes a position known, also when it finds nothing', async () => {
  await hub.engine.submit(
    { kind: 'putFacts', fact: 'item', rows: [{ index: 0, key: 'none', doc: { sku: 'none', name: 'none' } }] } as never,
    {
      actor: { kind: 'person', id: 'usr_test' },
      lane: 'interactive',
    },
  )
  assert.deepEqual(statusOf(await count(hub, [{ sku: 'none', nodeId: 'n1', onHand: 0 }])), ['created 1'])
  assert.equal(await eventsOf('none'), 1)
  assert.deepEqual(statusOf(await count(hub, [{ sku: 'none', nodeId: 'n1', onHand: 0 }])), ['unchanged 1'])
})

test('a position that nobody knew is written once, and holds what its batch came to', async () => {
  const skus = ['once', 'twice', 'brought', 'dated']
  const docs = skus.map((sku, index) => ({ index, key: sku, doc: { sku, name: sku } }))
  await hub.engine.submit({ kind: 'putFacts', fact: 'item', rows: docs } as never, {
    actor: { kind: 'person', id: 'usr_test' },
    lane: 'interactive',
  })
  const held = async (sku: string) =>
    (
      await rowsOf<Record<string, number | boolean | null>>(
        `select s.item_no, s.node_no, s.on_hand, s.safety, s.version, s.revision, s.counted_at
         from stock as s join items as i using (item_no) where i.sku = $1`,
        [sku],
      )
    )[0] ?? {}
  const outcome = await count(hub, [
    { sku: 'once', nodeId: 'n1', onHand: 7, safety: 1 },
    { sku: 'twice', nodeId: 'n1', onHand: 7 },
    { sku: 'twice', nodeId: 'n1', onHand: 9, safety: 2 },
    { sku: 'brought', nodeId: 'n1', delta: 4, reason: 'receipt' },
    { sku: 'dated', nodeId: 'n1', onHand: 5, countedAt: at(-1) },
  ])
  assert.deepEqual(statusOf(outcome), ['created 1', 'created 1', 'updated 2', 'created 1', 'created 1'])
  const what = async (sku: string) => {
    const { on_hand: onHand, safety, version, revision } = await held(sku)
    return [onHand, safety, version, revision]
  }
  assert.deepEqual(await what('once'), [7, 1, 1, 1])
  assert.deepEqual(await what('twice'), [9, 2, 2, 2], 'made, and written over')
  assert.deepEqual(await what('brought'), [4, 0, 1, 1])
  assert.deepEqual(await what('dated'), [5, 0, 1, 1])
  assert.deepEqual([(await held('once'))['counted_at'] === null, (await held('brought'))['counted_at']], [false, null])
  assert.equal((await held('dated'))['counted_at'], wall - 60_000)
  // Memory and rows agree on which reading is newer: a change of each is seen at once.
  const again = await count(
    hub,
    skus.map((sku) => ({ sku, nodeId: 'n1', onHand: 1 })),
  )
  assert.deepEqual(statusOf(again), ['updated 2', 'updated 3', 'updated 2', 'updated 2'])
  for (const sku of skus) {
    const { item_no: itemNo, node_no: nodeNo, safety } = await held(sku)
    assert.equal(hub.memory.availability.availableAt(Number(itemNo), Number(nodeNo)), 1 - Number(safety), sku)
  }
})

test('a count under a key that was used for another body leaves no trace of the positions it names', async () => {
  const docs = ['keyed', 'unkeyed'].map((sku, index) => ({ index, key: sku, doc: { sku, name: sku } }))
  await hub.engine.submit({ kind: 'putFacts', fact: 'item', rows: docs } as never, PERSON)
  const [first, second] = [
    { sku: 'keyed', nodeId: 'n1', onHand: 3 },
    { sku: 'unkeyed', nodeId: 'n1', onHand: 8 },
  ]
  assert.deepEqual(statusOf(await count(hub, [first], keyed('count-once', first))), ['created 1'])
  assert.equal(codeOf(await count(hub, [second], keyed('count-once', second))), 'idempotency_key_reused')
  assert.deepEqual(statusOf(await count(hub, [first], keyed('count-once', first))), ['created 1'], 'told again')
  assert.deepEqual([(await stockOf('keyed'))?.on_hand, await stockOf('unkeyed')], [3, undefined])
  assert.deepEqual([await eventsOf('keyed'), await eventsOf('unkeyed')], [1, 0])
})

test('what moved after a count was taken is put on top of it: before, beside and behind it in a batch', async () => {
  wall += 3_600_000
  await count(hub, [{ sku: 'cup', nodeId: 'n1', delta: -2, reason: 'loss', occurredAt: at(-20) }])
  await count(hub, [{ sku: 'cup', nodeId: 'n1', delta: -1, reason: 'loss', occurredAt: at(-5) }])
  await count(hub, [{ sku: 'cup', nodeId: 'n1', onHand: 20, countedAt: at(-10) }])
  assert.equal((await stockOf('cup'))?.on_hand, 19, 'only the later loss counts')
  await Promise.all([
    count(hub, [{ sku: 'cup', nodeId: 'n1', delta: 4, reason: 'receipt', occurredAt: at(-2) }]),
    count(hub, [
      { sku: 'cup', nodeId: 'n1', onHand: 30, countedAt: at(-9) },
      { sku: 'cup', nodeId: 'n1', onHand: 40, countedAt: at(-3) },
    ]),
  ])
  assert.equal((await stockOf('cup'))?.on_hand, 44, 'each count has its own moves')
})

test('rows of unknown items and nodes are refused one by one', async () => {
  const outcome = await count(hub, [
    { sku: 'pot', nodeId: 'n1', onHand: 4 },
    { sku: 'nothing', nodeId: 'n1', onHand: 4 },
    { sku: 'pot', nodeId: 'nowhere', delta: 1, reason: 'receipt' },
  ])
  assert.deepEqual(
    rows(outcome).map((row) => row.problem?.code ?? row.status),
    ['updated', 'item_unknown', 'node_unknown'],
  )
})

test('a count that finds less than is reserved is taken; the reservations stay and the shortage is named', async () => {
  for (const quantity of [4, 3]) idOf(await place(hub, orderOf('held', quantity)))
  await count(hub, [{ sku: 'held', nodeId: 'n1', onHand: 5 }])
  const [event] = await rowsOf<{ data: { shortBy: number; onHand: number } }>(
    `select data::json as data from events where subject_id = 'held@n1' order by position desc limit 1`,
  )
  assert.deepEqual([event?.data.onHand, event?.data.shortBy], [5, 2])
  assert.equal(await countOf('reservations as r join items as i using (item_no)', `i.sku = 'held' and r.kind = 'committed'`), 2)
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
  assert.ok(
    report.shortages.some((line) => line.includes('held')),
    report.shortages.join(),
  )
  const outcome = await place(hub, orderOf('held'))
  assert.equal(outcome.status === 'refused' && outcome.code, 'stock_short')
})

test('a row that no position could hold is refused alone, whichever way it goes beyond', async () => {
  await count(hub, [{ sku: 'pot', nodeId: 'n1', onHand: 10 }])
  const most = { sku: 'pot', nodeId: 'n1', delta: 1_000_000_000 }
  const outcome = await count(hub, [
    { ...most, delta: 999_999_990, reason: 'receipt' },
    { ...most, reason: 'receipt' },
    { ...most, delta: -1_000_000_000, reason: 'loss' },
    { ...most, delta: -1_000_000_000, reason: 'loss' },
    { ...most, delta: -1, reason: 'loss' },
  ])
  assert.deepEqual(
    rows(outcome).map((row) => row.problem?.code ?? row.status),
    ['updated', 'stock_out_of_range', 'updated', 'updated', 'stock_out_of_range'],
  )
  assert.equal((await stockOf('pot'))?.on_hand, -1_000_000_000)
  await count(hub, [{ sku: 'pot', nodeId: 'n1', onHand: 10 }])
})
