import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, count, fillShop, hashOf, hubDatabase, intercept, orderOf, PERSON, place } from '../../../test/support/engine-hubs.ts'
import type { Reservation, ReservationAction } from '../../domain/reservation/reservation.ts'
import { idToInt8, type ReservationId } from '../../kernel/ids.ts'
import { verifyDatabase } from '../../store/verify/verify-database.ts'
import type { CommandOutcome } from '../command.ts'
import type { Hub } from '../hub.ts'
import type { MakeReservation } from './reserve-command.ts'

const { db, open, rowsOf } = await hubDatabase()
let wall = Date.parse('2026-11-21T08:00:00Z')
const wallNow = () => wall
const hub = await open({ wallNow })
await fillShop(hub, { tea: 10, one: 1, race: 40, late: 5, two: 20, cut: 10, hot: 30 })

const wish = (key: string, sku: string, more: Partial<MakeReservation> = {}): MakeReservation => {
  const { quantity = 1, expiresInSeconds = 900, nodeIds, channelId } = more
  const inputHash = hashOf([sku, quantity, expiresInSeconds, nodeIds, channelId])
  return { kind: 'makeReservation', key, sku, quantity, expiresInSeconds, inputHash, ...more }
}
const reserve = (at: Hub, command: MakeReservation): Promise<CommandOutcome> => at.engine.submit(command, PERSON)
const actOn = (at: Hub, reservationId: ReservationId, action: ReservationAction): Promise<CommandOutcome> =>
  at.engine.submit({ kind: 'actOnReservation', reservationId, action } as never, PERSON)
const of = (outcome: CommandOutcome): Reservation => {
  if (outcome.status === 'refused') throw new Error(`${outcome.code}: ${outcome.detail.en}`)
  return outcome.value['reservation'] as Reservation
}
const softOf = async (sku: string): Promise<number | undefined> =>
  (await rowsOf<{ soft: number }>('select s.soft from stock as s join items as i using (item_no) where i.sku = $1', [sku]))[0]?.soft
const freeOf = (at: Hub, sku: string): number => at.memory.availability.totalOf(at.memory.itemNo(sku))
const assertClean = async (): Promise<void> => {
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
}

test('the same key and input give the same reservation, once; another input under the key is refused', async () => {
  const [first, second] = await Promise.all([
    reserve(hub, wish('cart-1', 'tea', { quantity: 3 })),
    reserve(hub, wish('cart-1', 'tea', { quantity: 3 })),
  ])
  assert.equal(of(first).reservationId, of(second).reservationId)
  assert.deepEqual([await softOf('tea'), freeOf(hub, 'tea')], [3, 7])
  const again = await reserve(hub, wish('cart-1', 'tea', { quantity: 3 }))
  assert.deepEqual([of(again).reservationId, again.status === 'done' && again.value.fresh], [of(first).reservationId, false])
  assert.equal(codeOf(await reserve(hub, wish('cart-1', 'tea', { quantity: 4 }))), 'reservation_key_conflict')
  const ofShop = await reserve(hub, wish('cart-1', 'tea', { channelId: 'shop' }))
  assert.notEqual(of(ofShop).reservationId, of(first).reservationId, 'each channel has keys of its own')
})

test('a key is looked for before stock is refused: who has the last unit is told so again', async () => {
  const first = of(await reserve(hub, wish('last', 'one')))
  assert.equal(of(await reserve(hub, wish('last', 'one'))).reservationId, first.reservationId)
  assert.equal(codeOf(await reserve(hub, wish('too-late', 'one'))), 'stock_short')
})

test('stock is refused only on rows read anew: what another process freed is granted at once', async () => {
  const other = await open({ wallNow })
  const first = of(await reserve(other, wish('two-1', 'two', { quantity: 20 })))
  await hub.follower.settled()
  assert.equal(codeOf(await reserve(hub, wish('two-2', 'two'))), 'stock_short')
  await actOn(other, first.reservationId, { action: 'release' })
  assert.equal(codeOf(await reserve(hub, wish('two-2', 'two', { quantity: 20 }))), 'done')
  await other.stop()
})

test('two processes and one key: one reservation; two processes and few units: none is granted twice', async () => {
  const other = await open({ wallNow })
  const keyed = await Promise.all(Array.from({ length: 20 }, (_, i) => reserve(i % 2 === 0 ? hub : other, wish('race-key', 'race'))))
  assert.equal(new Set(keyed.map((one) => of(one).reservationId)).size, 1)
  const all = await Promise.all(Array.from({ length: 100 }, (_, i) => reserve(i % 2 === 0 ? hub : other, wish(`race-${i}`, 'race'))))
  assert.deepEqual([all.filter((one) => one.status === 'done').length, await softOf('race')], [39, 40])
  assert.deepEqual([...new Set(all.flatMap((one) => (one.status === 'refused' ? one.code : [])))], ['stock_short'])
  await other.stop()
})

test('carts and orders take from the same units', async () => {
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? reserve(hub, wish(`mix-${i}`, 'hot')) : place(hub, orderOf('hot')))),
  )
  assert.equal(all.filter((one) => one.status === 'done').length, 30)
  assert.equal(freeOf(hub, 'hot'), 0)
})

test('a release gives the stock back once, in every process', async () => {
  const other = await open({ wallNow })
  const before = freeOf(other, 'tea')
  const one = of(await reserve(hub, wish('back', 'tea', { quantity: 2 })))
  await other.follower.settled()
  assert.equal(await settled(other, 'tea'), before - 2)
  const released = await Promise.all([hub, other].map((at) => actOn(at, one.reservationId, { action: 'release' })))
  assert.deepEqual(
    released.map((outcome) => of(outcome).state),
    ['released', 'released'],
  )
  assert.equal(released.filter((outcome) => outcome.status === 'done' && outcome.value.fresh === true).length, 1)
  await other.follower.settled()
  assert.deepEqual([freeOf(hub, 'tea'), await settled(other, 'tea')], [before, before])
  await other.stop()
})

/** What a process believes once it has read what it heard of. */
async function settled(at: Hub, sku: string): Promise<number> {
  const rows = await rowsOf<{ revision: number }>('select s.revision from stock as s join items as i using (item_no) where i.sku = $1', [
    sku,
  ])
  assert.equal(rows.length, 1)
  await at.follower.settled()
  return new Promise((resolve) => {
    const look = (): void => {
      const free = freeOf(at, sku)
      void rowsOf<{ free: number }>(
        'select s.on_hand - s.soft - s.firm - s.committed as free from stock as s join items as i using (item_no) where i.sku = $1',
        [sku],
      ).then(([row]) => (row?.free === free ? resolve(free) : setImmediate(look)))
    }
    look()
  })
}

test('a reservation past its time is nobody’s before it is swept, and its stock is free after', async () => {
  const sweeper = await open({ wallNow, roles: new Set(['api', 'jobs']) })
  const one = of(await reserve(hub, wish('late-1', 'late', { quantity: 5, expiresInSeconds: 60 })))
  assert.equal(of(await actOn(hub, one.reservationId, { action: 'expire' })).state, 'soft', 'not early')
  const expired = new Promise<void>((resolve) => {
    sweeper.follower.listen((rows) => {
      if (rows.some((row) => row.type === 'reservation.expired' && row.subjectId === one.reservationId)) resolve()
    })
  })
  wall += 60_000
  assert.equal(codeOf(await actOn(hub, one.reservationId, { action: 'extend', expiresInSeconds: 60 })), 'reservation_expired')
  await expired
  assert.equal(codeOf(await reserve(hub, wish('late-2', 'late', { quantity: 5 }))), 'done')
  assert.equal(codeOf(await actOn(hub, one.reservationId, { action: 'extend', expiresInSeconds: 60 })), 'reservation_expired')
  await sweeper.stop()
})

test('a commit whose answer is lost counts once, and memory knows what it left', async () => {
  let isArmed = false
  const shaky = await open({
    wallNow,
    wrapClient: (client) =>
      intercept(client, async (text, send, cut) => {
        if (!isArmed || text !== 'commit') return send()
        isArmed = false
        const answer = await send()
        cut()
        await answer
        throw new Error('Connection terminated unexpectedly')
      }),
  })
  isArmed = true
  const one = of(await reserve(shaky, wish('cut-1', 'cut', { quantity: 4 })))
  assert.deepEqual([await softOf('cut'), freeOf(shaky, 'cut')], [4, 6])
  isArmed = true
  assert.equal(of(await actOn(shaky, one.reservationId, { action: 'release' })).state, 'released')
  assert.deepEqual([await softOf('cut'), freeOf(shaky, 'cut')], [0, 10])
  await shaky.stop()
})

test('unknown names and bundles are refused by their codes', async () => {
  await hub.engine.submit(
    {
      kind: 'putFacts',
      fact: 'item',
      rows: [{ index: 0, key: 'set', doc: { sku: 'set', name: 'set', components: [{ sku: 'tea', quantity: 2 }] } }],
    } as never,
    PERSON,
  )
  assert.equal(codeOf(await reserve(hub, wish('x-1', 'nothing'))), 'item_unknown')
  assert.equal(codeOf(await reserve(hub, wish('x-2', 'tea', { nodeIds: ['nowhere'] }))), 'node_unknown')
  assert.equal(codeOf(await reserve(hub, wish('x-3', 'tea', { channelId: 'none' }))), 'channel_unknown')
  assert.equal(codeOf(await reserve(hub, wish('x-4', 'set'))), 'bundle_not_reservable')
  const unknown = 'rsv_0000000000000' as ReservationId
  assert.equal(codeOf(await actOn(hub, unknown, { action: 'release' })), 'reservation_unknown')
})

test('position, rows and log of all of this agree, and verify tells when they do not', async () => {
  await count(hub, [{ sku: 'tea', nodeId: 'n1', onHand: 50 }])
  const one = of(await reserve(hub, wish('seen', 'tea')))
  await assertClean()
  const at = idToInt8(one.reservationId)
  await rowsOf(`update reservations set kind = 'released' where holder_id = $1`, [at])
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.filter((check) => check.violations > 0).map((check) => check.check),
    ['stock.reserved', 'reservations.log'],
  )
  await rowsOf(`update reservations set kind = 'soft' where holder_id = $1`, [at])
  await assertClean()
})
