import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, codeOf, count, fillShop, hubDatabase, idOf, orderOf, place } from '../../test/support/engine-hubs.ts'
import { idToInt8 } from '../kernel/ids.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import type { StoredLogRow } from '../store/log-pages.ts'
import { verifyDatabase } from '../store/verify/verify-database.ts'
import type { Hub } from './hub.ts'

const { db, open, rowsOf, countOf } = await hubDatabase()
let wall = Date.parse('2026-11-21T08:00:00Z')
const first = await open({ settings: { logShards: 4 }, wallNow: () => wall })
await fillShop(first, { tea: 100_000, last: 0, again: 5 })
const second = await open({ wallNow: () => wall })
const hubs: readonly Hub[] = [first, second]

/** What a follower told, per log shard. */
function follow(hub: Hub): StoredLogRow[] {
  const rows: StoredLogRow[] = []
  hub.follower.listen((told) => rows.push(...told))
  return rows
}

test('positions are dense and in commit order under two processes, and every follower tells each once, in order, with what it holds', async () => {
  const before = hubs.map((hub) => [...hub.follower.positions])
  const told = hubs.map(follow)
  const outcomes = await Promise.all(Array.from({ length: 400 }, (_, i) => place(hubs[i % 2] ?? first, orderOf('tea'))))
  assert.deepEqual([...new Set(outcomes.map(codeOf))], ['done'])
  for (const hub of hubs) await hub.follower.settled()
  const stored = await rowsOf<{ log_shard: number; position: string; type: string; subject_id: string; subject_version: number }>(
    'select log_shard, position, type, subject_id, subject_version from events order by log_shard, position',
  )
  assert.equal(new Set(stored.map((row) => row.log_shard)).size, 4)
  for (const [i, rows] of told.entries())
    for (let shard = 0; shard < 4; shard++) {
      const from = before[i]?.[shard] ?? 0
      const mine = rows.filter((row) => row.logShard === shard)
      const wanted = stored.filter((row) => row.log_shard === shard && Number(row.position) > from)
      assert.ok(wanted.length > 100)
      assert.deepEqual(
        mine.map((row) => [row.position, row.type, row.subjectId, row.subjectVersion]),
        wanted.map((row) => [Number(row.position), row.type, row.subject_id, row.subject_version]),
      )
      assert.deepEqual(
        mine.map((row) => row.position),
        mine.map((_, n) => from + n + 1),
      )
    }
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
})

test('what is told from memory is what is read from the log', async () => {
  const [own, read] = hubs.map(follow)
  const from = [...first.follower.positions]
  idOf(await place(first, orderOf('tea')))
  for (const hub of hubs) await hub.follower.settled()
  const told = (rows: readonly StoredLogRow[] = []) =>
    rows
      .filter((row) => row.position > (from[row.logShard] ?? 0))
      .map((row) => [
        [row.logShard, row.position, row.type, row.version, row.subjectKind, row.subjectId, row.subjectVersion],
        [row.shard, row.orderId, row.channelId, row.nodeIds, row.carrierIds, row.customerRef, row.accountId],
        [row.occurredAt, row.recordedAt, row.actor, row.cause, row.traceId, row.data],
      ])
  assert.ok((own?.length ?? 0) >= 3)
  assert.deepEqual(told(own), told(read))
})

test('the memory of a second process follows what the first one does', async () => {
  const at = (hub: Hub) => hub.memory.availability.availableAt(hub.memory.itemNo('last'), hub.memory.nodeNo('n1'))
  await count(first, [{ sku: 'last', nodeId: 'n1', onHand: 7 }])
  idOf(await place(first, orderOf('last', 3)))
  assert.equal(at(first), 4)
  while (at(second) !== 4) await second.follower.settled()
  idOf(await place(second, orderOf('last', 4)))
  while (at(first) !== 0) await first.follower.settled()
  assert.equal(codeOf(await place(first, orderOf('last'))), 'stock_short')
})

test('a reservation past its expiry is never allocated: late money finds what is there then', async () => {
  await count(first, [{ sku: 'last', nodeId: 'n1', onHand: 12 }])
  const late = idOf(await place(first, orderOf('last', 5, { channelId: 'web' })))
  wall += 10 * 60_000
  const payment = { action: 'payments', entries: [{ kind: 'capture', method: 'card', amount: 5000 }] }
  const paid = await act(first, late, payment)
  assert.equal(codeOf(paid), 'done')
  assert.equal(await countOf('reservations', `holder_id = ${idToInt8(late)} and kind <> 'expired'`), 0)
  idOf(await place(second, orderOf('last', 5)))
  const ticked = await act(first, late, { action: 'tick' })
  assert.equal(ticked.status === 'done' && ticked.value.change?.after.state.lines[0]?.allocated, 0)
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
})

test('an order that is checked again does not end for want of stock that another process knows of', async () => {
  await putFacts(first, 'channel', 'channelId', [
    { channelId: 'twice', platform: 'direct', name: 'Twice', unpaid: { holdMinutes: 10, onExpiry: 'recheck' } },
  ])
  const orderId = idOf(await place(first, orderOf('again', 5, { channelId: 'twice' })))
  wall += 10 * 60_000
  await act(first, orderId, { action: 'tick' })
  const { itemNo, nodeNo } = { itemNo: second.memory.itemNo('again'), nodeNo: second.memory.nodeNo('n1') }
  const known = () => second.memory.channels.has('twice') && second.memory.availability.availableAt(itemNo, nodeNo) === 5
  await second.follower.settled()
  while (!known()) await second.follower.settled()
  // What a process believes that has not heard of the units that came back.
  second.memory.availability.dropPosition(itemNo, nodeNo)
  const ticked = await act(second, orderId, { action: 'tick' })
  assert.equal(ticked.status === 'done' && ticked.value.change?.after.state.state, 'accepted')
})

test('of 200 buyers of one unit, over two processes, one wins in each of 20 rounds and the others are told that stock is short', async () => {
  await count(first, [{ sku: 'last', nodeId: 'n1', onHand: 0 }])
  for (let round = 0; round < 20; round++) {
    await count(first, [{ sku: 'last', nodeId: 'n1', onHand: 12 + round + 1 }])
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, i) => place(hubs[i % 2] ?? first, orderOf('last'))))
    const codes = outcomes.map(codeOf)
    assert.equal(codes.filter((code) => code === 'done').length, 1, `round ${round}`)
    assert.equal(codes.filter((code) => code === 'stock_short').length, 199, `round ${round}`)
  }
  const oversold = await countOf('stock', 'on_hand < soft + firm + committed')
  assert.equal(oversold, 0)
})
