import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderId, ReservationId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/time.ts'
import {
  actOnReservation,
  allowedActionsOf,
  type Reservation,
  type ReservationAction,
  type ReservationState,
  reservationMoves,
} from './reservation.ts'

const NOW = instant(1_000_000)
const held = (state: ReservationState, leftMs: number): Reservation => ({
  reservationId: 'rsv_0000000000001' as ReservationId,
  key: 'cart-1',
  channelId: undefined,
  sku: 'tea',
  nodeId: 'n1',
  quantity: 2,
  state,
  expiresAt: instant(NOW + leftMs),
  version: 3,
  ...(state === 'consumed' ? { orderId: 'ord_0000000000001' as OrderId } : {}),
})
const extend: ReservationAction = { action: 'extend', expiresInSeconds: 60 }
const release: ReservationAction = { action: 'release' }
const expire: ReservationAction = { action: 'expire' }

type Case = readonly [name: string, state: ReservationState, leftMs: number, action: ReservationAction, then: string]
const cases: readonly Case[] = [
  ['an extension counts from now', 'soft', 5000, extend, 'soft 4 +60000'],
  ['an extension never shortens', 'soft', 90_000, extend, 'same'],
  ['an extension that would change nothing changes nothing', 'soft', 60_000, extend, 'same'],
  ['at its last instant it is nobody’s', 'soft', 0, extend, 'reservation_expired'],
  ['an expired one is not extended', 'expired', -1, extend, 'reservation_expired'],
  ['a released one is not extended', 'released', 5000, extend, 'action_not_allowed'],
  ['what an order has is not extended', 'consumed', 5000, extend, 'action_not_allowed'],
  ['a release gives it back', 'soft', 5000, release, 'released 4 +5000'],
  ['a release may come late', 'soft', -1, release, 'released 4 +-1'],
  ['a second release finds its work done', 'released', 5000, release, 'same'],
  ['a release after expiry finds its work done', 'expired', -1, release, 'same'],
  ['what an order has is not given back twice', 'consumed', 5000, release, 'action_not_allowed'],
  ['it does not run out early', 'soft', 1, expire, 'same'],
  ['it runs out at its last instant', 'soft', 0, expire, 'expired 4 +0'],
  ['what has ended does not run out', 'released', -1, expire, 'same'],
  ['what an order has does not run out', 'consumed', -1, expire, 'same'],
]
for (const [name, state, leftMs, action, then] of cases) {
  test(`${state}: ${name}`, () => {
    const before = held(state, leftMs)
    const outcome = actOnReservation(before, action, NOW)
    const said =
      outcome.status === 'refused'
        ? outcome.code
        : outcome.value === before
          ? 'same'
          : `${outcome.value.state} ${outcome.value.version} +${outcome.value.expiresAt - NOW}`
    assert.equal(said, then)
  })
}

test('every move leads to a state, every state but the first is reached, and nothing leaves an ended one', () => {
  const reached = new Set(Object.values(reservationMoves).flatMap((moves): string[] => Object.values(moves)))
  assert.deepEqual([...reached].toSorted(), Object.keys(reservationMoves).toSorted())
  for (const state of ['consumed', 'released', 'expired'] as const) assert.deepEqual(reservationMoves[state], {})
})

test('what is allowed is what would be done', () => {
  assert.deepEqual(allowedActionsOf(held('soft', 1), NOW), ['extend', 'release'])
  assert.deepEqual(allowedActionsOf(held('soft', 0), NOW), ['release'])
  assert.deepEqual(allowedActionsOf(held('consumed', 1), NOW), [])
})
