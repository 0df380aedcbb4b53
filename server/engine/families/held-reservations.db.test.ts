import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderInput } from '../../../contract/entities/order.ts'
import { act, codeOf, fillShop, hashOf, hubDatabase, idOf, intercept, orderOf, PERSON, place } from '../../../test/support/engine-hubs.ts'
import type { Reservation } from '../../domain/reservation/reservation.ts'
import type { ReservationId } from '../../kernel/ids.ts'
import { verifyDatabase } from '../../store/verify/verify-database.ts'
import type { CommandOutcome } from '../command.ts'
import type { Hub } from '../hub.ts'
import type { MakeReservation } from './reserve-command.ts'

const { db, open, rowsOf } = await hubDatabase()
let wall = Date.parse('2026-11-21T08:00:00Z')
const wallNow = () => wall
const hub = await open({ wallNow })
await fillShop(hub, { tea: 10, last: 1, race: 5, late: 5, cut: 5, paid: 5 })

async function reserve(at: Hub, key: string, sku: string, more: Partial<MakeReservation> = {}): Promise<Reservation> {
  const command = {
    kind: 'makeReservation',
    key,
    sku,
    quantity: 1,
    expiresInSeconds: 900,
    channelId: 'shop',
    inputHash: hashOf(key),
    ...more,
  }
  const outcome = await at.engine.submit(command as never, PERSON)
  if (outcome.status === 'refused') throw new Error(outcome.code)
  return outcome.value['reservation'] as Reservation
}
const release = (at: Hub, reservationId: ReservationId): Promise<CommandOutcome> =>
  at.engine.submit({ kind: 'actOnReservation', reservationId, action: { action: 'release' } } as never, PERSON)
const taking = (sku: string, quantity: number, ...names: readonly object[]): OrderInput =>
  orderOf(sku, quantity, { reservations: names as NonNullable<OrderInput['reservations']> })
const stock = async (sku: string) =>
  (
    await rowsOf<{ soft: number; firm: number; committed: number }>(
      'select s.soft, s.firm, s.committed from stock as s join items as i using (item_no) where i.sku = $1',
      [sku],
    )
  )[0]
const freeOf = (at: Hub, sku: string): number => at.memory.availability.totalOf(at.memory.itemNo(sku))

test('an order takes over what its cart held: soft becomes committed, and no unit is free in between', async () => {
  const one = await reserve(hub, 'cart-1', 'last')
  assert.equal(codeOf(await place(hub, orderOf('last'))), 'stock_short')
  const orderId = idOf(await place(hub, taking('last', 1, { reservationId: one.reservationId })))
  assert.deepEqual(await stock('last'), { soft: 0, firm: 0, committed: 1 })
  assert.equal(freeOf(hub, 'last'), 0)
  const [row] = await rowsOf<{ kind: string; version: number }>('select kind, version from reservations where reservation_key = $1', [
    'cart-1',
  ])
  assert.deepEqual(row, { kind: 'consumed', version: 2 })
  assert.equal(codeOf(await release(hub, one.reservationId)), 'action_not_allowed')
  assert.equal(codeOf(await place(hub, taking('last', 1, { key: 'cart-1' }))), 'reservation_taken')
  await act(hub, orderId, { action: 'cancel', reason: 'asked' })
  assert.deepEqual(
    [await stock('last'), freeOf(hub, 'last')],
    [{ soft: 0, firm: 0, committed: 0 }, 1],
    'what the order had comes back once',
  )
})

test('by key, and more than was held: the rest comes from what is free; the same order again is that order', async () => {
  await reserve(hub, 'cart-2', 'tea', { quantity: 4 })
  const order = taking('tea', 6, { key: 'cart-2' })
  const orderId = idOf(await place(hub, order))
  assert.deepEqual([await stock('tea'), freeOf(hub, 'tea')], [{ soft: 0, firm: 0, committed: 6 }, 4])
  assert.equal(idOf(await place(hub, order)), orderId)
})

test('an order that is refused leaves its reservation as it was', async () => {
  await reserve(hub, 'cart-3', 'tea', { quantity: 2 })
  assert.equal(codeOf(await place(hub, taking('tea', 50, { key: 'cart-3' }))), 'stock_short')
  assert.equal(codeOf(await place(hub, taking('tea', 1, { key: 'cart-3' }))), 'reservation_mismatch')
  assert.equal(codeOf(await place(hub, taking('tea', 1, { key: 'nobody' }))), 'reservation_unknown')
  assert.deepEqual(await stock('tea'), { soft: 2, firm: 0, committed: 6 })
})

test('an unpaid order holds softly what it took over, until its own time runs out', async () => {
  await reserve(hub, 'cart-4', 'paid', { quantity: 2, channelId: 'web' })
  const order = { ...taking('paid', 2, { key: 'cart-4' }), channelId: 'web' }
  idOf(await place(hub, order))
  assert.deepEqual(await stock('paid'), { soft: 2, firm: 0, committed: 0 })
})

test('many orders and a release race for one reservation over two processes: one has it', async () => {
  const other = await open({ wallNow })
  for (let round = 0; round < 5; round++) {
    const one = await reserve(hub, `race-${round}`, 'race')
    const name = { reservationId: one.reservationId }
    const all = await Promise.all([
      ...Array.from({ length: 6 }, (_, i) => place(i % 2 === 0 ? hub : other, taking('race', 1, name))),
      release(other, one.reservationId),
    ])
    assert.equal(all.filter((outcome) => outcome.status === 'done').length, 1, all.map(codeOf).join())
    const allowed = ['done', 'reservation_taken', 'reservation_expired', 'action_not_allowed']
    assert.deepEqual(
      all.map(codeOf).filter((code) => !allowed.includes(code)),
      [],
    )
  }
  await other.stop()
})

test('past its time a reservation is not taken over, swept or not', async () => {
  await reserve(hub, 'late-1', 'late', { quantity: 5, expiresInSeconds: 60 })
  wall += 60_000
  assert.equal(codeOf(await place(hub, taking('late', 5, { key: 'late-1' }))), 'reservation_expired')
  wall -= 60_000
})

test('a take-over whose answer is lost is done once', async () => {
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
  await reserve(shaky, 'cut-1', 'cut', { quantity: 3 })
  isArmed = true
  idOf(await place(shaky, taking('cut', 3, { key: 'cut-1' })))
  assert.deepEqual([await stock('cut'), freeOf(shaky, 'cut')], [{ soft: 0, firm: 0, committed: 3 }, 2])
  await shaky.stop()
})

test('after all of this positions, rows and log agree', async () => {
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
})
