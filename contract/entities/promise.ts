import { Type, type Static } from 'typebox'
import { Amount, AmountNotNegative, closed, Currency, InstantText, Quantity, Ref } from './basics.ts'
import { AddressInput } from './order-input.ts'

/** A question for dates: what, from which channel, where to, asked as of when (default, and at the earliest, now). */
export const PromiseInput = Type.Object(
  {
    /** Left out = the whole stock, whoever it is kept for. */
    channelId: Type.Optional(Ref),
    /** An order's address is taken as it is; what identifies a person is not read. Left out where `pickup` says where it is collected. */
    shipTo: Type.Optional(AddressInput),
    pickup: Type.Optional(Type.Object({ nodeId: Ref }, closed)),
    /** An order's lines are taken as they are; only item and quantity count. */
    lines: Type.Array(
      Type.Object({ sku: Ref, quantity: Quantity, lineRef: Type.Optional(Ref), unitPrice: Type.Optional(AmountNotNegative) }, closed),
      { minItems: 1, maxItems: 500 },
    ),
    at: Type.Optional(InstantText),
  },
  closed,
)
export type PromiseInput = Static<typeof PromiseInput>

const Basis = Type.Union([Type.Literal('configured'), Type.Literal('default')])

/** One node's part of an option. */
export const PromiseShipment = Type.Object({
  nodeId: Ref,
  shipBy: InstantText,
  deliverBy: InstantText,
  cost: Amount,
  co2eGrams: Type.Number(),
  factorId: Ref,
  distanceKm: Type.Number(),
  lines: Type.Array(Type.Object({ sku: Ref, quantity: Quantity })),
})

/** What one service can do: everything delivered by `deliverBy`, at `cost` minor units of the base currency. */
export const PromiseOption = Type.Object({
  carrierId: Ref,
  serviceId: Ref,
  nodeIds: Type.Array(Ref),
  shipBy: InstantText,
  deliverBy: InstantText,
  cost: Amount,
  currency: Currency,
  co2eGrams: Type.Number(),
  /** `default` when transit or freight stands on the default service by distance. */
  basis: Basis,
  split: Type.Boolean(),
  shipments: Type.Array(PromiseShipment),
})
export type PromiseOption = Static<typeof PromiseOption>

/** Options by delivery, then cost. With none, `reason` says what stood in the way. */
export const PromiseOptions = Type.Object({
  asOf: InstantText,
  options: Type.Array(PromiseOption),
  reason: Type.Optional(
    Type.Union([
      Type.Literal('unknown_item'),
      Type.Literal('stock_short'),
      Type.Literal('no_service'),
      Type.Literal('item_discontinued'),
      Type.Literal('channel_closed'),
    ]),
  ),
  /** What cannot be supplied, in units, where the reason is stock_short, unknown_item or item_discontinued. */
  missing: Type.Optional(Type.Array(Type.Object({ sku: Ref, quantity: Quantity }))),
})
export type PromiseOptions = Static<typeof PromiseOptions>
