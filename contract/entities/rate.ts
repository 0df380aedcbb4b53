import { Type, type Static } from 'typebox'
import { Area, Origin } from './area.ts'
import { AmountNotNegative, closed, Currency, DayText, Ref, Version } from './basics.ts'

/**
 * A row of a carrier's tariff: max(minimum, base + perKg × kg + perParcel × parcels) × (1 + fuelPpm / 1 000 000), rounded once, half away
 * from zero. With bands the first that holds the charged weight replaces base and perKg × kg; above the last, its amount
 * plus perKg for the kilograms beyond it. The most specific row wins, in the order of lanes; a zone counts as its matching area.
 */
export const RateInput = Type.Object(
  {
    rateId: Ref,
    carrierId: Ref,
    serviceId: Ref,
    from: Type.Optional(Origin),
    to: Type.Optional(Area),
    /** One of the carrier's zones, instead of `to`. */
    zoneId: Type.Optional(Ref),
    /** Only rows in the hub's base currency are used. */
    currency: Currency,
    base: Type.Optional(AmountNotNegative),
    perKg: Type.Optional(AmountNotNegative),
    perParcel: Type.Optional(AmountNotNegative),
    minimum: Type.Optional(AmountNotNegative),
    bands: Type.Optional(
      Type.Array(Type.Object({ uptoGrams: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }), amount: AmountNotNegative }, closed), {
        minItems: 1,
        maxItems: 200,
      }),
    ),
    /** The charged weight is rounded up to a multiple of this, for example 500; default 1. */
    stepGrams: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** Surcharge in parts per million of the charge. */
    fuelPpm: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000 })),
    /** First and last day (UTC) on which quotes use the row. */
    validFrom: Type.Optional(DayText),
    validTo: Type.Optional(DayText),
  },
  closed,
)
export type RateInput = Static<typeof RateInput>
export const Rate = Type.Interface([RateInput], { version: Version })
export type Rate = Static<typeof Rate>
