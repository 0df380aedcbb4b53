import type { CalendarInput } from '../../../contract/entities/calendar.ts'
import type { CarrierInput, ServiceInput } from '../../../contract/entities/carrier.ts'
import type { EmissionFactorInput } from '../../../contract/entities/emission-factor.ts'
import type { LaneInput } from '../../../contract/entities/lane.ts'
import type { NodeInput } from '../../../contract/entities/node.ts'
import type { RateInput } from '../../../contract/entities/rate.ts'
import type { Instant } from '../../kernel/time.ts'
import type { TransientMap } from '../../kernel/transient-map.ts'
import type { Factors } from '../carbon/emissions.ts'
import type { PlaceKey } from '../place/area.ts'
import type { Point } from '../freight/distance.ts'
import type { MostSpecific } from '../freight/most-specific.ts'
import type { RateTable } from '../freight/rate-table.ts'
import type { NodeHours, ShipDays } from '../calendar/ship-days.ts'
import type { ZoneTable } from '../calendar/zone.ts'

/** Everything that dates, freight and emissions follow from. */
export type NetworkFacts = {
  readonly nodes: readonly { readonly nodeNo: number; readonly node: NodeInput }[]
  readonly carriers: readonly CarrierInput[]
  readonly lanes: readonly LaneInput[]
  readonly rates: readonly RateInput[]
  readonly calendars: readonly CalendarInput[]
  readonly factors: readonly EmissionFactorInput[]
  readonly baseCurrency: string
}

/** How a node hands over; nodes with the same calendar, zone, cut-off and handling time share one. */
export type Schedule = { readonly hours: NodeHours; readonly days: ShipDays }

/** Days on which a carrier moves: open or not per day from `fromDay`, the open days in order, and how many there are before each day. */
export type CarrierDays = { readonly fromDay: number; readonly open: Uint8Array; readonly list: Int32Array; readonly before: Int32Array }

export type NetworkNode = {
  readonly nodeNo: number
  readonly nodeId: string
  readonly node: NodeInput
  readonly key: PlaceKey
  readonly point: Point | undefined
  readonly zone: ZoneTable
}
export type NetworkService = {
  readonly carrierId: string
  readonly service: ServiceInput
  /** True for the one service there is where nothing is configured. */
  readonly isDefault: boolean
  readonly days: CarrierDays | undefined
  readonly deliveredByMinute: number
}

/** What of a quote depends on the place's names alone; the many places of an area share it. Pairs are at index node × services + service. */
export type DestinationArea = {
  readonly place: PlaceKey
  /** 1 for each node in another country. */
  readonly isAbroad: Uint8Array
  /** Per pair: index in `whyNot` (destination.ts) of what is wrong whatever the distance. */
  readonly why: Uint8Array
  /** Transit days after hand-over, -1 where hours count, -2 where the distance decides. */
  readonly days: Int16Array
  readonly hours: Float32Array
  /** Row of the rate table, -1 = default tariff by distance. */
  readonly rate: Int32Array
  readonly lane: Int32Array
  /** g CO2e per gram carried; to it comes the great circle with the service's factor where `isByKm`. */
  readonly carbon: Float32Array
  readonly isByKm: Uint8Array
  /** Per node a bit for each of the first services that runs from it whatever the distance, within `SURE_DAYS` (destination.ts). */
  readonly sure: Int32Array
  /** Per service, over all nodes: the least of `carbon`, and what each km adds at least. */
  readonly leastCarbon: Float64Array
  readonly leastPerKm: Float64Array
}

/** What of a quote depends on the place alone. */
export type Destination = {
  readonly key: string
  readonly area: DestinationArea
  /** Undefined where the place has no coordinates: it is then taken to be in the node's zone. */
  readonly zone: ZoneTable | undefined
  /** Per node, great circle or assumed. */
  readonly km: Float32Array
}

/** Facts laid out in arrays. Nodes and services are named by their index in `nodes` and `services`; it never changes once built, but for caches. */
export type Network = {
  /** First and last day (excluded) that it knows; build a new one each day and whenever a fact changes. */
  readonly fromDay: number
  readonly toDay: number
  readonly baseCurrency: string
  readonly nodes: readonly NetworkNode[]
  /** Node index by node_no, -1 where there is none. */
  readonly indexOf: Int32Array
  readonly services: readonly NetworkService[]
  /** 1 where node × service may be used, at index node × services + service. */
  readonly usable: Uint8Array
  readonly schedules: readonly Schedule[]
  /** Schedule of each node. */
  readonly scheduleOf: Int32Array
  /** 1 where the node has a capacity per day. */
  readonly isLimited: Uint8Array
  readonly lanes: readonly LaneInput[]
  readonly laneMatch: MostSpecific
  readonly rates: RateTable
  readonly factors: Factors
  /** Characters of the longest postal prefix that a lane, a rate, a zone or a service names: what follows them tells no two places apart. */
  readonly postalLength: number
  readonly zones: (zone: string) => ZoneTable
  readonly destinations: TransientMap<string, Destination>
  readonly areas: Map<string, DestinationArea>
  readonly builtAt: Instant
}
