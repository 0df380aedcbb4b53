import { Type, type Static } from 'typebox'
import { Area } from './area.ts'
import { closed, Grams, LocalTime, Name, Ref, Version, Zone } from './basics.ts'

export const modes = ['road', 'van', 'bike', 'rail', 'sea', 'air'] as const
export const Mode = Type.Enum(modes)
export type Mode = (typeof modes)[number]

const Days = Type.Integer({ minimum: 0, maximum: 365 })
const Hours = Type.Number({ minimum: 0, maximum: 8760 })
/** Days on the carrier's calendar after the day of hand-over; promises use `max`. */
export const TransitDays = Type.Object({ min: Days, max: Days }, closed)
/** Hours after hand-over; promises use `p90`. */
export const TransitHours = Type.Object({ p50: Hours, p90: Hours }, closed)

/**
 * A level that a carrier sells. With transitDays or speedKmPerDay it runs everywhere in `areas` and lanes are exceptions to it;
 * without, its lanes are its network. With no rate row of its own it costs the default tariff; with rows it is sold only where one fits.
 */
export const ServiceInput = Type.Object(
  {
    serviceId: Ref,
    name: Name,
    mode: Mode,
    transitDays: Type.Optional(TransitDays),
    /** It leaves as soon as the order is ready instead of at the end of the node's day. */
    transitHours: Type.Optional(TransitHours),
    /** Days = ceil(km / speed), at least 1. */
    speedKmPerDay: Type.Optional(Type.Integer({ minimum: 1, maximum: 50_000 })),
    /** Days on which it collects, moves and delivers, in local time of the node (collect) and the place (deliver); left out = all. */
    calendarId: Type.Optional(Ref),
    /** Local time at the place by which a day's deliveries are done; default 20:00. */
    deliveredBy: Type.Optional(LocalTime),
    /** Of one parcel: a heavier unit cannot go, a heavier load goes as several parcels. */
    maxWeightGrams: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
    /** cm³ per kg, for example 5000: the dearer of weight and volume ÷ divisor is charged. */
    volumetricDivisor: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** Great circle from node to place. */
    maxKm: Type.Optional(Type.Number({ minimum: 0, maximum: 25_000 })),
    /** Item attributes it can carry (coldChain, hazardous …); left out = everything. */
    capabilities: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 50 })),
    /** Places it delivers to; left out = everywhere. */
    areas: Type.Optional(Type.Array(Area, { minItems: 1, maxItems: 1000 })),
    /** Emission factor; left out = the default of its mode. */
    factorId: Type.Optional(Ref),
    /** Weight of the packaging of each parcel; default 0. */
    packagingGrams: Type.Optional(Grams),
    /** true: withdrawn. Nothing is planned with it any more; what was planned or is on its way goes on. */
    closed: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type ServiceInput = Static<typeof ServiceInput>

/** Who moves parcels. `zones` name groups of places that rate rows refer to. */
export const CarrierInput = Type.Object(
  {
    carrierId: Ref,
    name: Name,
    services: Type.Array(ServiceInput, { minItems: 1, maxItems: 100 }),
    zones: Type.Optional(
      Type.Array(Type.Object({ zoneId: Ref, areas: Type.Array(Area, { minItems: 1, maxItems: 2000 }) }, closed), { maxItems: 200 }),
    ),
    /** Whose bodies its scans come in (docs/reference/carriers.md); left out = its own id where that names a format, else `fulcrum`. */
    scanFormat: Type.Optional(Ref),
    /** Zone of its times that name none and whose place tells none. */
    scanZone: Type.Optional(Zone),
    closed: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type CarrierInput = Static<typeof CarrierInput>
export const Carrier = Type.Interface([CarrierInput], { version: Version })
export type Carrier = Static<typeof Carrier>
