import { Type, type Static } from 'typebox'
import { CountryCode, InstantText, Name, Ref, Units } from './basics.ts'
import { Support } from './channel.ts'
import { ParcelStateName } from './scan.ts'

/** A link's secret part: the order, when it ends, and the hub's signature of both. */
export const TrackToken = Type.String({ pattern: '^ord_[0-7][0-9a-hjkmnp-tv-z]{12}\\.[0-9a-z]{1,12}\\.[A-Za-z0-9_-]{43}$' })

export const TrackLink = Type.Object({
  /** To be put behind the hub's address. The secret stands behind `#`: browsers send it to no server and no other page. */
  path: Type.String(),
  expiresAt: InstantText,
})

/** Steps as a shopper knows them; `waiting` covers whatever the hub has to settle first. */
export const trackSteps = ['placed', 'packed', 'shipped', 'delivered'] as const
/** The same where the buyer collects the order. */
export const pickupSteps = ['placed', 'readyForPickup', 'collected'] as const
/** The same where nothing is to be packed. */
export const digitalSteps = ['placed', 'delivered'] as const
export const trackStates = ['waiting', 'preparing', 'partShipped', 'readyForPickup', 'onTheWay', 'delivered', 'cancelled'] as const

/** An order as who holds its link may see it: no person, no address, no price, no node, no reason. */
export const Track = Type.Object({
  shop: Type.Optional(Name),
  support: Type.Optional(Support),
  externalRef: Ref,
  state: Type.Enum(trackStates),
  asOf: InstantText,
  /** Left out while nothing can be promised, and once there is nothing to wait for. */
  deliverBy: Type.Optional(InstantText),
  /** Those that are reached; `delivered` when everything is. */
  steps: Type.Array(Type.Object({ step: Type.Enum([...trackSteps, 'readyForPickup', 'collected'] as const), at: InstantText })),
  /** Nothing of it needs packing or a carrier. */
  isDigital: Type.Optional(Type.Literal(true)),
  /** Where it is collected, until when it is kept there, and the code to show. */
  pickup: Type.Optional(Type.Object({ name: Name, collectBy: Type.Optional(InstantText), code: Type.Optional(Type.String()) })),
  items: Type.Array(Type.Object({ name: Name, quantity: Units, shipped: Units, delivered: Units, cancelled: Units })),
  /** What has left. */
  parcels: Type.Array(
    Type.Object({
      carrier: Type.Optional(Name),
      trackingNo: Type.Optional(Ref),
      shippedAt: InstantText,
      deliveredAt: Type.Optional(InstantText),
      state: ParcelStateName,
      isReturning: Type.Optional(Type.Literal(true)),
      /** Where its carrier saw it last: to the city, by name only at the carrier's own places. */
      place: Type.Optional(
        Type.Object({
          name: Type.Optional(Name),
          city: Type.Optional(Name),
          region: Type.Optional(Name),
          countryCode: Type.Optional(CountryCode),
          at: InstantText,
        }),
      ),
      /** Four of five arrive between `from` and `to`. */
      eta: Type.Optional(Type.Object({ at: InstantText, from: InstantText, to: InstantText })),
      /** What its way emits, grams of CO2 equivalents. */
      co2eGrams: Type.Optional(Type.Number()),
    }),
  ),
})
export type Track = Static<typeof Track>
