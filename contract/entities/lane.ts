import { Type, type Static } from 'typebox'
import { Area, Origin } from './area.ts'
import { closed, Ref, Version } from './basics.ts'
import { Mode, TransitDays, TransitHours } from './carrier.ts'

const Km = Type.Number({ minimum: 0, maximum: 50_000 })

/**
 * How long a service takes between two places. The most specific lane wins: by `to` (postal prefix, longer first; city; region;
 * country; any), then by `from` (node; city; region; country; any), then the smaller laneId.
 */
export const LaneInput = Type.Object(
  {
    laneId: Ref,
    carrierId: Ref,
    serviceId: Ref,
    from: Type.Optional(Origin),
    to: Type.Optional(Area),
    transitDays: Type.Optional(TransitDays),
    transitHours: Type.Optional(TransitHours),
    /** Measured distance; left out = great circle. */
    distanceKm: Type.Optional(Km),
    /** Legs for emissions where one mode does not carry it all; their distances count instead of distanceKm. */
    legs: Type.Optional(
      Type.Array(Type.Object({ mode: Mode, distanceKm: Km, factorId: Type.Optional(Ref) }, closed), { minItems: 1, maxItems: 10 }),
    ),
    /** Hubs passed on the way, by emission factor (mode hub). */
    hubs: Type.Optional(Type.Array(Ref, { maxItems: 10 })),
    closed: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type LaneInput = Static<typeof LaneInput>
export const Lane = Type.Interface([LaneInput], { version: Version })
export type Lane = Static<typeof Lane>
