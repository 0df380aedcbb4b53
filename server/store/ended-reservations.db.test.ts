import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fillShop, hashOf, hubDatabase, PERSON } from '../../test/support/engine-hubs.ts'
import type { Reservation, ReservationAction } from '../domain/reservation/reservation.ts'
import { HistoryKeeper } from '../engine/history-keeper.ts'
import { DAY, instant } from '../kernel/time.ts'
import { forgetEnded } from './ended-reservations.ts'
import { verifyDatabase } from './verify/verify-database.ts'

const { db, open, rowsOf, countOf } = await hubDatabase()
const wall = Date.parse('2026-11-21T08:00:00Z')
const hub = await open({ wallNow: () => wall })
await fillShop(hub, { tea: 100 })
const FIRST = { logShard: -1, subjectId: '' }

async function reserve(key: string): Promise<Reservation> {
  const command = { kind: 'makeReservation', key, sku: 'tea', quantity: 1, expiresInSeconds: 900, inputHash: hashOf([key]) }
  const outcome = await hub.engine.submit(command as never, PERSON)
  assert.ok(outcome.status === 'done')
  return outcome.value['reservation'] as Reservation
}
async function act({ reservationId }: Reservation, action: ReservationAction): Promise<void> {
  const outcome = await hub.engine.submit({ kind: 'actOnReservation', reservationId, action } as never, PERSON)
  assert.equal(outcome.status, 'done')
}
const keys = async (): Promise<string[]> =>
  (await rowsOf<{ key: string }>('select reservation_key as key from reservations order by 1')).map((row) => row.key)
const violated = async (): Promise<string[]> =>
  (await verifyDatabase(db.pool)).checks.flatMap((one) => (one.violations > 0 ? [one.check] : []))

/** What is written so far becomes a part of the log of its own, full. */
async function cutHere(): Promise<void> {
  const position = (await countOf('events')) + 1
  await db.pool.query('alter table events detach partition events_p000000')
  await db.pool.query(`create table events_a partition of events for values from (0) to (${position})`)
  await db.pool.query(`create table events_b partition of events for values from (${position}) to (4000000)`)
  await db.pool.query('insert into events select * from events_p000000')
  await db.pool.query('drop table events_p000000')
}

async function archive(): Promise<void> {
  const keeper = new HistoryKeeper({
    pool: db.pool,
    now: () => instant(wall + 31 * DAY),
    wallNow: () => wall,
    keptDays: 30,
    warn: (_, message) => assert.fail(message),
    gauge: () => undefined,
  })
  while (await keeper.runOnce());
}

test('a bare reservation that ended is forgotten with its last event, one that holds stock or moved since is not', async () => {
  const given = await reserve('given-back')
  const extended = await reserve('extended-later')
  const endedLater = await reserve('ended-later')
  await reserve('held')
  await act(given, { action: 'release', reason: 'caller' } as never)
  await cutHere()
  await act(extended, { action: 'extend', expiresInSeconds: 1800 } as never)
  await act(endedLater, { action: 'release', reason: 'caller' } as never)
  assert.deepEqual(await keys(), ['ended-later', 'extended-later', 'given-back', 'held'])
  await archive()
  assert.equal((await rowsOf(`select 1 from pg_tables where schemaname = 'archive' and tablename = 'events_a'`)).length, 1)
  assert.deepEqual(await keys(), ['ended-later', 'extended-later', 'held'])
  assert.deepEqual(await violated(), [])
})

test('its key is free again, the key of one that is kept still names it', async () => {
  assert.equal((await reserve('given-back')).state, 'soft')
  const held = await reserve('held')
  assert.equal((await reserve('held')).reservationId, held.reservationId)
  assert.deepEqual(await violated(), [])
})

test('a look is bounded, and a second one finds nothing', async () => {
  let looks = 0
  for (let at = await forgetEnded(db.pool, FIRST, 1); at !== undefined; at = await forgetEnded(db.pool, at.after, 1)) {
    assert.equal(at.forgotten, 0)
    looks += 1
  }
  assert.equal(looks, 3)
})
