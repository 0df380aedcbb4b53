import type { OrderId } from '../../kernel/ids.ts'
import { done, type Outcome, refuse, type Refusal } from '../../kernel/outcome.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { isHolding, type Reservation } from './reservation.ts'

/** A reservation with the numbers of its item and node. */
export type HeldStock = { readonly reservation: Reservation; readonly itemNo: number; readonly nodeNo: number }

/**
 * The reservations that an order names, as they may be taken over now; `found` has one entry a name, undefined where there is none.
 * Refusals: `reservation_unknown`, `reservation_mismatch` (another channel's, or named twice), `reservation_taken`, `reservation_expired`.
 */
export function heldFor(
  order: { readonly channelId: string },
  found: readonly (HeldStock | undefined)[],
  now: Instant,
): Outcome<readonly HeldStock[]> {
  const held: HeldStock[] = []
  for (const [i, one] of found.entries()) {
    const pointer = `/reservations/${i}`
    if (one === undefined) return refuse('reservation_unknown', { en: 'there is no such reservation', zh: '预留不存在' }, { pointer })
    const wrong = refusalToTake(order, one.reservation, pointer, now)
    if (wrong !== undefined) return wrong
    if (held.some((other) => other.reservation.reservationId === one.reservation.reservationId))
      return refuse(
        'reservation_mismatch',
        { en: 'the reservation is named twice', zh: '同一预留列出了两次' },
        { got: one.reservation.reservationId, pointer },
      )
    held.push(one)
  }
  return done(held)
}

function refusalToTake(order: { readonly channelId: string }, one: Reservation, pointer: string, now: Instant): Refusal | undefined {
  const { channelId, state, expiresAt, reservationId } = one
  if (channelId !== undefined && channelId !== order.channelId)
    return refuse(
      'reservation_mismatch',
      { en: 'the reservation is of another channel', zh: '该预留属于另一渠道' },
      { expected: order.channelId, pointer },
    )
  if (state === 'consumed')
    return refuse(
      'reservation_taken',
      { en: 'an order has taken the reservation over', zh: '该预留已被订单接管' },
      { got: reservationId, pointer },
    )
  if (isHolding(one, now)) return undefined
  const said =
    state === 'released'
      ? { en: 'the reservation was given back', zh: '该预留已释放' }
      : { en: `the stock was held until ${toIso(expiresAt)}`, zh: `库存仅预留至 ${toIso(expiresAt)}` }
  return refuse('reservation_expired', said, { got: reservationId, pointer })
}

/** The reservation once an order has it. */
export const consumedBy = (one: Reservation, orderId: OrderId): Reservation => ({
  ...one,
  state: 'consumed',
  version: one.version + 1,
  orderId,
})
