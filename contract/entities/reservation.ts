import { Type, type Static } from 'typebox'
import { closed, InstantText, Quantity, Ref, Version } from './basics.ts'

/** A reservation that an order takes over: by id, or by key in the order's channel. */
export const ReservationName = Type.Union([
  Type.Object({ reservationId: Type.String({ pattern: '^rsv_[0-7][0-9a-hjkmnp-tv-z]{12}$' }) }, closed),
  Type.Object({ key: Ref }, closed),
])
export type ReservationName = Static<typeof ReservationName>

const ExpiresIn = Type.Integer({ minimum: 1, maximum: 7 * 86_400 })

/**
 * Stock of one item for a cart: at the first of `nodeIds` that has the whole quantity, or at any node. `key` is the caller's own, one
 * per channel: the same key and input give the same reservation. A `channelId` reserves what that channel may be promised.
 */
export const ReservationInput = Type.Object(
  {
    key: Ref,
    sku: Ref,
    quantity: Quantity,
    channelId: Type.Optional(Ref),
    nodeIds: Type.Optional(Type.Array(Ref, { minItems: 1, maxItems: 100 })),
    /** Seconds until the stock is free again: 15 minutes when left out, 7 days at most. */
    expiresInSeconds: Type.Optional(ExpiresIn),
  },
  closed,
)
export type ReservationInput = Static<typeof ReservationInput>

/** Counted from now; an extension never shortens. */
export const ReservationExtension = Type.Object({ expiresInSeconds: Type.Optional(ExpiresIn) }, closed)
export type ReservationExtension = Static<typeof ReservationExtension>

export const reservationStates = ['soft', 'consumed', 'released', 'expired'] as const
/** soft: held; consumed: an order took it over; released: given back; expired: its time ran out. */
export const ReservationState = Type.Enum(reservationStates)

export const Reservation = Type.Object({
  reservationId: Type.String(),
  key: Ref,
  channelId: Type.Optional(Ref),
  sku: Ref,
  nodeId: Ref,
  quantity: Quantity,
  state: ReservationState,
  /** From this instant on the stock is nobody's. */
  expiresAt: InstantText,
  /** The order that took it over. */
  orderId: Type.Optional(Type.String()),
  version: Version,
  allowedActions: Type.Array(Type.Enum(['extend', 'release'])),
})
export type Reservation = Static<typeof Reservation>
