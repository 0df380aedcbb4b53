import { instant, type Instant } from '../../kernel/time.ts'
import { minor, type Minor } from '../../kernel/money.ts'
import { bestLegs, createLegTable, type LegQuery } from './best-legs.ts'
import { whyNot, type WhyNot } from './destination.ts'
import type { Network } from './network.ts'

/** One node's way to a place, spelled out. */
export type Leg = {
  readonly nodeId: string
  readonly carrierId: string
  readonly serviceId: string
  readonly shipBy: Instant
  readonly deliverBy: Instant
  /** Local day at the node whose capacity it takes, since 1970-01-01. */
  readonly shipDay: number
  readonly freight: Minor
  readonly co2eGrams: number
  /** Factor of the service; the lane's legs may name others. */
  readonly factorId: string
  readonly distanceKm: number
  readonly laneId: string | undefined
  readonly rateId: string | undefined
  /** `default` when transit or freight stands on the default by distance. */
  readonly basis: 'configured' | 'default'
}

/** Spells out a pair of node and service with figures that {@link bestLegs} found. */
export function legOf(
  network: Network,
  query: LegQuery,
  nodeNo: number,
  serviceNo: number,
  found: {
    readonly shipBy: number
    readonly deliverBy: number
    readonly shipDay: number
    readonly freight: number
    readonly co2eGrams: number
  },
): Leg | undefined {
  const n = network.indexOf[nodeNo] ?? -1
  const node = network.nodes[n]
  const entry = network.services[serviceNo]
  if (!node || !entry) return undefined
  const i = n * network.services.length + serviceNo
  const lane = network.lanes[query.destination.area.lane[i] ?? -1]
  const rateId = network.rates.rateIds[query.destination.area.rate[i] ?? -1]
  const { service } = entry
  const isTimed = lane?.transitDays ?? lane?.transitHours ?? service.transitDays ?? service.transitHours ?? service.speedKmPerDay
  return {
    nodeId: node.nodeId,
    carrierId: entry.carrierId,
    serviceId: service.serviceId,
    shipDay: found.shipDay,
    shipBy: instant(found.shipBy),
    deliverBy: instant(found.deliverBy),
    freight: minor(found.freight),
    co2eGrams: found.co2eGrams,
    factorId: network.factors.of(lane?.legs?.[0]?.mode ?? service.mode, lane?.legs?.[0]?.factorId ?? service.factorId).factorId,
    distanceKm: lane?.legs?.reduce((sum, leg) => sum + leg.distanceKm, 0) ?? lane?.distanceKm ?? query.destination.km[n] ?? 0,
    laneId: lane?.laneId,
    rateId,
    basis: isTimed === undefined || rateId === undefined ? 'default' : 'configured',
  }
}

/** One node's leg, by the service of the query or its best one; the reason where there is none. */
export function legFor(network: Network, nodeNo: number, query: LegQuery): Leg | { readonly why: WhyNot } {
  const table = createLegTable(1)
  bestLegs(network, query, Int32Array.of(nodeNo), 1, table)
  const leg = legOf(network, query, nodeNo, table.service[0] ?? -1, {
    shipBy: table.shipBy[0] ?? 0,
    deliverBy: table.deliverBy[0] ?? 0,
    shipDay: table.shipDay[0] ?? 0,
    freight: table.freight[0] ?? 0,
    co2eGrams: table.co2eGrams[0] ?? 0,
  })
  return leg ?? { why: whyNot[table.why[0] ?? 0] ?? 'no_departure' }
}
