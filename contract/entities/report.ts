import { Type, type Static } from 'typebox'
import { Amount, Currency, DayText, InstantText, Name, Ref, Zone } from './basics.ts'

const Count = Type.Integer({ minimum: 0 })
/** 0..1. */
const Share = Type.Number({ minimum: 0, maximum: 1 })

/** The way of an order in stages; each ends where the first piece of its work reaches the next milestone. */
export const stages = ['check', 'accept', 'wait', 'pick', 'pack', 'handOver', 'transit'] as const
export type Stage = (typeof stages)[number]

/** What counts as going wrong, by the event that tells of it. */
export const exceptionKinds = [
  'review',
  'hold',
  'noStock',
  'rejected',
  'acceptExpired',
  'short',
  'workCancelled',
  'clockBreached',
  'parcelTrouble',
] as const
export type ExceptionKind = (typeof exceptionKinds)[number]

/** Orders by how they came out. Rate: fulfilled ÷ (fulfilled + cancelled); left out while neither is there. */
const outcomeCounts = {
  placed: Count,
  fulfilled: Count,
  cancelled: Count,
  open: Count,
}
/** Dated promises whose fate is known: kept, delivered in time; broken, delivered late or due and not yet delivered. */
const promiseCounts = { kept: Count, broken: Count, keptRate: Type.Optional(Share) }

/** Orders placed in a range, and the exceptions that happened in it. */
export const ReportFigures = Type.Object({
  from: InstantText,
  to: InstantText,
  ...outcomeCounts,
  fulfilmentRate: Type.Optional(Share),
  ...promiseCounts,
  /** Mean time in each stage over the orders that came through it, ms of business time. */
  stages: Type.Array(Type.Object({ stage: Type.Enum(stages), orders: Count, meanMs: Type.Optional(Type.Integer({ minimum: 0 })) })),
  /** By channel, the busiest first. */
  channels: Type.Array(Type.Object({ channelId: Ref, channelName: Type.Optional(Name), ...outcomeCounts, ...promiseCounts })),
  /** Planned freight and handling, minor units of the report's currency; left out for roles that see no amounts. */
  cost: Type.Optional(Type.Object({ orders: Count, total: Amount, mean: Type.Optional(Amount) })),
  /** g CO2e of the plans. */
  co2e: Type.Object({ orders: Count, totalGrams: Type.Number(), meanGrams: Type.Optional(Type.Number()) }),
  /** Local days of the zone, oldest first; days without an order are left out. */
  days: Type.Array(Type.Object({ day: DayText, ...outcomeCounts, ...promiseCounts })),
  exceptions: Count,
  /** Exceptions by kind, the most frequent first. */
  kinds: Type.Array(Type.Object({ kind: Type.Enum(exceptionKinds), exceptions: Count })),
  /** Exceptions by node and local hour of the day; without a node: before one was chosen. At most 30 nodes, the most troubled first. */
  heat: Type.Array(
    Type.Object({
      nodeId: Type.Optional(Ref),
      nodeName: Type.Optional(Name),
      hours: Type.Array(Count, { minItems: 24, maxItems: 24 }),
    }),
  ),
})

export const OverviewReport = Type.Object({
  /** Business time at which this was true. */
  asOf: InstantText,
  /** Events of the log that are not counted yet; 0 but for moments after a burst. */
  behind: Count,
  currency: Currency,
  zone: Zone,
  range: ReportFigures,
  /** The range of the same length that ends where this one begins; of one that still runs, as much of it as has passed of this one. */
  before: Type.Optional(ReportFigures),
})
export type OverviewReport = Static<typeof OverviewReport>
