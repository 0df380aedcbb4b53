import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { AmountNotNegative, closed, Currency, InstantText, Place, Quantity, Ref } from '../entities/basics.ts'

/** A basket, a place and a time; nothing in it identifies a person. */
export const PromiseInput = Type.Object(
  {
    channelId: Ref,
    shipTo: Place,
    lines: Type.Array(Type.Object({ sku: Ref, quantity: Quantity }, closed), { minItems: 1, maxItems: 100 }),
    /** When the order would be placed; left out = now. */
    at: Type.Optional(InstantText),
  },
  closed,
)
export const PromiseOption = Type.Object({
  carrierId: Ref,
  serviceId: Ref,
  name: Type.Optional(Type.String()),
  shipBy: InstantText,
  deliverBy: InstantText,
  /** Minor units of the hub's base currency. */
  cost: AmountNotNegative,
  currency: Currency,
  co2eGrams: Type.Number({ minimum: 0 }),
  nodeIds: Type.Array(Ref),
  /** `default` when it stands on the default service and calendar. */
  basis: Type.Union([Type.Literal('configured'), Type.Literal('default')]),
})
export const PromiseOptions = Type.Object({ options: Type.Array(PromiseOption), asOf: InstantText })

export const promiseList = [
  defineCapability({
    name: 'promise.options',
    method: 'POST',
    path: '/v1/promises',
    kind: 'read',
    permission: 'promise.read',
    summary: { en: 'Dated delivery options for a basket and a place', zh: '按购物篮与收货地给出可承诺的配送选项' },
    body: PromiseInput,
    output: { 200: PromiseOptions },
    outcomes: ['channel_unknown', 'item_unknown', 'stock_short'],
    slaMs: 25,
  }),
] as const
