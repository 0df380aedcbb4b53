import { assertNever } from '../../kernel/assert.ts'
import type { OrderId, ReservationId } from '../../kernel/ids.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { type Instant, instant, SECOND, toIso } from '../../kernel/time.ts'

/** Where a bare reservation can stand, and what moves it; the ended states have no way out. */
export const reservationMoves = {
  soft: { extend: 'soft', release: 'released', expire: 'expired', consume: 'consumed' },
  consumed: {},
  released: {},
  expired: {},
} as const satisfies Record<string, Record<string, string>>
export type ReservationState = keyof typeof reservationMoves

/** Stock of one item held at one node for whoever knows the key; it takes units only while it is soft. */
export type Reservation = {
  readonly reservationId: ReservationId
  readonly key: string
  readonly channelId: string | undefined
  readonly sku: string
  readonly nodeId: string
  readonly quantity: number
  readonly state: ReservationState
  readonly expiresAt: Instant
  readonly version: number
  /** The order that took it over. */
  readonly orderId?: OrderId
}

export type ReservationAction =
  | { readonly action: 'extend'; readonly expiresInSeconds: number }
  | { readonly action: 'release' }
  /** Its time has run out; before that it changes nothing. */
  | { readonly action: 'expire' }

export const expiryOf = (now: Instant, expiresInSeconds: number): Instant => instant(now + expiresInSeconds * SECOND)

/** Whether its units are still promised to its key: from its last instant on nobody may take it over, also before the hub has freed it. */
export const isHolding = (one: Reservation, now: Instant): boolean => one.state === 'soft' && now < one.expiresAt

/**
 * What an action makes of a reservation: the reservation itself where there was nothing to do. An extension counts from now and
 * never shortens. Refusals: `reservation_expired` for an extension that comes too late, `action_not_allowed` once an order has it.
 */
export function actOnReservation(one: Reservation, action: ReservationAction, now: Instant): Outcome<Reservation> {
  switch (action.action) {
    case 'extend':
      return extend(one, expiryOf(now, action.expiresInSeconds), now)
    case 'release':
      if (one.state === 'consumed')
        return refuse(
          'action_not_allowed',
          { en: 'an order has taken the reservation over', zh: '该预留已被订单接管' },
          { expected: 'soft', got: one.state },
        )
      return done(one.state === 'soft' ? ended(one, 'released') : one)
    case 'expire':
      return done(one.state === 'soft' && now >= one.expiresAt ? ended(one, 'expired') : one)
    default:
      return assertNever(action, 'an action on a reservation')
  }
}

function extend(one: Reservation, expiresAt: Instant, now: Instant): Outcome<Reservation> {
  if (one.state !== 'soft' && one.state !== 'expired')
    return refuse(
      'action_not_allowed',
      { en: `the reservation is ${one.state}`, zh: `该预留的状态为 ${one.state}` },
      { expected: 'soft', got: one.state },
    )
  if (!isHolding(one, now))
    return refuse(
      'reservation_expired',
      { en: `the stock was held until ${toIso(one.expiresAt)}`, zh: `库存仅预留至 ${toIso(one.expiresAt)}` },
      { got: toIso(one.expiresAt) },
    )
  return done(expiresAt > one.expiresAt ? { ...one, expiresAt, version: one.version + 1 } : one)
}

const ended = (one: Reservation, state: Exclude<ReservationState, 'soft'>): Reservation => ({ ...one, state, version: one.version + 1 })

/** What may be asked of it now. */
export const allowedActionsOf = (one: Reservation, now: Instant): readonly ('extend' | 'release')[] =>
  one.state !== 'soft' ? [] : isHolding(one, now) ? ['extend', 'release'] : ['release']
