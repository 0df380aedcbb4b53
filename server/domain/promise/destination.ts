import type { Place } from '../../../contract/entities/basics.ts'
import type { LaneInput } from '../../../contract/entities/lane.ts'
import type { TransientMap } from '../../kernel/transient-map.ts'
import { hubIntensity, legIntensity } from '../carbon/emissions.ts'
import { areaKey, comparablePostal, isIn, placeKey, type PlaceKey } from '../place/area.ts'
import { defaultDays } from '../freight/default-service.ts'
import { assumedKm, kmOfChord, pointOf, type Point } from '../freight/distance.ts'
import type { Destination, DestinationArea, Network, NetworkService } from './network.ts'
import { zoneOfPlace } from '../place/zone.ts'

/** Why a service does not run from a node to a place, by how far it got; the last three depend on the load and the time. `ok` when it runs. */
export const whyNot = [
  'ok',
  'service_not_used',
  'outside_area',
  'no_lane',
  'too_far',
  'no_rate',
  'cannot_carry',
  'too_heavy',
  'no_departure',
] as const
export type WhyNot = (typeof whyNot)[number]
const NOT_USED = 1
const OUTSIDE = 2
const NO_LANE = 3
const TOO_FAR = 4
const NO_RATE = 5

/** In place of transit days: hours count, or the distance decides. */
const BY_HOURS = -1
const BY_KM = -2

/** Bytes of arrays kept for areas, and for cells, before the oldest go. */
const AREA_BYTES = 48_000_000
const CELL_BYTES = 24_000_000
const BYTES_PER_PAIR = 20
const BYTES_PER_NODE = 5

/** Half around the world. */
const FARTHEST_KM = 20_040
/** Transit that a service which surely runs stays within: more than the default by distance takes half around the world. */
export const SURE_DAYS = 40
/** Services that `sure` has a bit for. */
const SURE_SERVICES = 31

/** Coordinates are rounded to a cell of 0.05° (about 5 km), so that a city's customers share an entry and the same place always gets the same answer. */
const CELLS_PER_DEGREE = 20
const cell = (degrees: number): number => Math.round(degrees * CELLS_PER_DEGREE) / CELLS_PER_DEGREE

/** The destination's entry, from the cache or laid out now: a cell costs some µs per 500 nodes, the first of an area some µs per hundred pairs. */
export function destinationOf(network: Network, place: Place): Destination {
  const { lat, lng } = place
  const at = lat === undefined || lng === undefined ? '' : `${Math.round(lat * CELLS_PER_DEGREE)},${Math.round(lng * CELLS_PER_DEGREE)}`
  const postal = network.postalLength === 0 ? '' : comparablePostal(place.postalCode, place.countryCode).slice(0, network.postalLength)
  const areaKey = `${place.countryCode}\n${place.region ?? ''}\n${place.city ?? ''}\n${postal}`
  const key = `${areaKey}\n${at}`
  return (
    network.destinations.get(key) ??
    keep(
      network.destinations,
      key,
      layOut(network, place, key, areaOf(network, place, areaKey)),
      CELL_BYTES / (network.nodes.length * 4 + 500),
    )
  )
}

function areaOf(network: Network, place: Place, key: string): DestinationArea {
  const pairs = network.nodes.length * network.services.length
  return (
    network.areas.get(key) ??
    keep(
      network.areas,
      key,
      layOutArea(network, place),
      AREA_BYTES / (pairs * BYTES_PER_PAIR + network.nodes.length * BYTES_PER_NODE + 1000),
    )
  )
}

/** Puts an entry in; beyond `max` the oldest tenth goes. */
function keep<T>(entries: Map<string, T> | TransientMap<string, T>, key: string, entry: T, max: number): T {
  if (entries.size >= Math.max(64, max)) {
    for (const old of entries.keys()) {
      entries.delete(old)
      if (entries.size < max * 0.9) break
    }
  }
  entries.set(key, entry)
  return entry
}

function layOut(network: Network, place: Place, key: string, area: DestinationArea): Destination {
  const { lat, lng } = place
  const hasPoint = lat !== undefined && lng !== undefined
  const target = hasPoint ? pointOf(cell(lat), cell(lng)) : undefined
  const zone = zoneOfPlace(hasPoint ? { ...place, lat: cell(lat), lng: Math.max(-180, Math.min(180, cell(lng))) } : place)
  return { key, zone: zone === undefined ? undefined : network.zones(zone), km: kmTo(network, area.place, target), area }
}

function layOutArea(network: Network, place: Place): DestinationArea {
  const { nodes, services } = network
  const pairs = nodes.length * services.length
  const key = placeKey(place)
  const { country, countries } = nodeColumns(network)
  const here = countries.indexOf(key.country)
  const area: DestinationArea = {
    place: key,
    isAbroad: Uint8Array.from(country, (one) => (one === here ? 0 : 1)),
    why: new Uint8Array(pairs),
    days: new Int16Array(pairs),
    hours: new Float32Array(pairs),
    rate: new Int32Array(pairs),
    lane: new Int32Array(pairs),
    carbon: new Float32Array(pairs),
    isByKm: new Uint8Array(pairs),
    sure: new Int32Array(nodes.length),
    leastCarbon: new Float64Array(services.length),
    leastPerKm: new Float64Array(services.length),
  }
  const rows = { lane: new Int32Array(nodes.length), rate: new Int32Array(nodes.length) }
  services.forEach((_, s) => {
    fillService(network, area, s, rows)
    fillFloors(network, area, s)
  })
  return area
}

/** What of a service holds for all nodes or is sure of one, so that many are left out of a plan before their legs are worked out. */
function fillFloors(network: Network, to: DestinationArea, s: number): void {
  const { maxKm, intensity, speedKmPerDay } = serviceColumns(network)
  const isSureByKm = daysFor(FARTHEST_KM, speedKmPerDay[s], true) <= SURE_DAYS
  const isOf = maxKm[s] === Infinity && s < SURE_SERVICES
  let least = Infinity
  let isByKm = true
  for (let n = 0, i = s; n < network.nodes.length; n += 1, i += network.services.length) {
    least = Math.min(least, to.carbon[i]!)
    isByKm &&= to.isByKm[i] === 1
    const days = to.days[i]!
    const isInTime = days === BY_KM ? isSureByKm : days === BY_HOURS ? to.hours[i]! <= SURE_DAYS * 24 : days <= SURE_DAYS
    if (isOf && isInTime && to.why[i] === 0) to.sure[n]! |= 1 << s
  }
  to.leastCarbon[s] = least
  to.leastPerKm[s] = isByKm ? intensity[s]! : 0
}

/** Nodes in columns: laying out a destination reads each of them, and a walk over objects costs three times as much. */
type NodeColumns = {
  readonly x: Float64Array
  readonly y: Float64Array
  readonly z: Float64Array
  readonly country: Uint16Array
  readonly countries: readonly string[]
}
const columnsOf = new WeakMap<Network, NodeColumns>()

function nodeColumns(network: Network): NodeColumns {
  const known = columnsOf.get(network)
  if (known !== undefined) return known
  const { nodes } = network
  const countries = [...new Set(nodes.map((node) => node.key.country))]
  const made: NodeColumns = {
    x: Float64Array.from(nodes, (node) => node.point?.x ?? NaN),
    y: Float64Array.from(nodes, (node) => node.point?.y ?? NaN),
    z: Float64Array.from(nodes, (node) => node.point?.z ?? NaN),
    country: Uint16Array.from(nodes, (node) => countries.indexOf(node.key.country)),
    countries,
  }
  columnsOf.set(network, made)
  return made
}

function kmTo(network: Network, place: PlaceKey, target: Point | undefined): Float32Array {
  const { nodes } = network
  const { x, y, z } = nodeColumns(network)
  const km = new Float32Array(nodes.length)
  for (let n = 0; n < km.length; n += 1) {
    const at = x[n] ?? NaN
    const node = target !== undefined && at === at ? undefined : nodes[n]
    if (target !== undefined && node === undefined) km[n] = kmOfChord(at - target.x, (y[n] ?? 0) - target.y, (z[n] ?? 0) - target.z)
    else if (node !== undefined) km[n] = assumedKm(node.key, place)
  }
  return km
}

type Rows = { readonly lane: Int32Array; readonly rate: Int32Array }

function fillService(network: Network, to: DestinationArea, s: number, rows: Rows): void {
  const entry = network.services[s]
  if (!entry) return
  const { service } = entry
  const count = network.services.length
  const hasLanes = network.laneMatch.has(s)
  const needsRate = network.rates.match.has(s)
  if (hasLanes) network.laneMatch.fill(s, to.place, rows.lane)
  if (needsRate) network.rates.match.fill(s, to.place, rows.rate)
  const isTimed = service.transitDays !== undefined || service.transitHours !== undefined || service.speedKmPerDay !== undefined
  const needsLane = hasLanes && !isTimed
  const isOutside = service.areas !== undefined && !service.areas.some((area) => isIn(to.place, areaKey(area)))
  const intensity = serviceColumns(network).intensity[s] ?? 0
  for (let n = 0, i = s; n < network.nodes.length; n += 1, i += count) {
    const laneRow = hasLanes ? (rows.lane[n] ?? -1) : -1
    const rateRow = needsRate ? (rows.rate[n] ?? -1) : -1
    to.lane[i] = laneRow
    to.rate[i] = rateRow
    if (network.usable[i] === 0) to.why[i] = NOT_USED
    else if (isOutside) to.why[i] = OUTSIDE
    else if (needsLane && laneRow < 0) to.why[i] = NO_LANE
    else if (needsRate && rateRow < 0) to.why[i] = NO_RATE
    const lane = network.lanes[laneRow]
    fillTransit(to, i, entry, lane, to.isAbroad[n] === 1)
    if (lane !== undefined) to.carbon[i] = carbonOf(network, lane, entry, intensity)
    to.isByKm[i] = lane?.legs === undefined && lane?.distanceKm === undefined ? 1 : 0
  }
}

/** A lane's own time, else the service's, else km over its speed, else the default by distance; the last two as soon as the distance is known. */
function fillTransit(to: DestinationArea, i: number, { service }: NetworkService, lane: LaneInput | undefined, isAbroad: boolean): void {
  const isTimed = lane !== undefined && (lane.transitDays !== undefined || lane.transitHours !== undefined)
  const { transitHours, transitDays } = isTimed ? lane : service
  to.days[i] = BY_HOURS
  if (transitHours) to.hours[i] = transitHours.p90
  else if (transitDays) to.days[i] = transitDays.max
  else if (lane?.distanceKm === undefined) to.days[i] = BY_KM
  else to.days[i] = daysFor(lane.distanceKm, service.speedKmPerDay, isAbroad)
}

const daysFor = (km: number, speedKmPerDay: number | undefined, isAbroad: boolean): number =>
  speedKmPerDay === undefined ? defaultDays(km, isAbroad) : Math.max(1, Math.ceil(km / speedKmPerDay))

/** What of a service enters when the distance to a place is known. */
export type ServiceColumns = {
  readonly maxKm: Float64Array
  readonly intensity: Float64Array
  readonly speedKmPerDay: readonly (number | undefined)[]
}
const servicesIn = new WeakMap<Network, ServiceColumns>()

export function serviceColumns(network: Network): ServiceColumns {
  const known = servicesIn.get(network)
  if (known !== undefined) return known
  const { services, factors } = network
  const made: ServiceColumns = {
    maxKm: Float64Array.from(services, ({ service }) => service.maxKm ?? Infinity),
    intensity: Float64Array.from(services, ({ service }) =>
      legIntensity({ distanceKm: 1, factor: factors.of(service.mode, service.factorId) }),
    ),
    speedKmPerDay: services.map(({ service }) => service.speedKmPerDay),
  }
  servicesIn.set(network, made)
  return made
}

/** Index in `whyNot` of the pair i = node n × services + service s, before load and time are looked at. */
export function whyAt({ area, km }: Destination, { maxKm }: ServiceColumns, i: number, n: number, s: number): number {
  const why = area.why[i]!
  return (why === 0 || why > TOO_FAR) && km[n]! > maxKm[s]! ? TOO_FAR : why
}

/** Transit days after hand-over, −1 where hours count. */
export function daysAt({ area, km }: Destination, { speedKmPerDay }: ServiceColumns, i: number, n: number, s: number): number {
  const days = area.days[i]!
  return days === BY_KM ? daysFor(km[n]!, speedKmPerDay[s], area.isAbroad[n] === 1) : days
}

/** g CO2e per gram carried. */
export function carbonAt({ area, km }: Destination, { intensity }: ServiceColumns, i: number, n: number, s: number): number {
  const own = area.carbon[i]!
  return area.isByKm[i] === 1 ? own + intensity[s]! * km[n]! : own
}

/** g CO2e per gram of a lane: its legs, or its length with the service's factor where it has one, and its hubs. */
function carbonOf({ factors }: Network, lane: LaneInput, { service }: NetworkService, intensity: number): number {
  const legs = lane.legs
    ? lane.legs.reduce((sum, leg) => {
        const factorId = leg.factorId ?? (leg.mode === service.mode ? service.factorId : undefined)
        return sum + legIntensity({ distanceKm: leg.distanceKm, factor: factors.of(leg.mode, factorId) })
      }, 0)
    : intensity * (lane.distanceKm ?? 0)
  const hubs = (lane.hubs ?? []).map((hub) => factors.named(hub))
  return legs + hubs.reduce((sum, hub) => sum + (hub ? hubIntensity(hub) : 0), 0)
}
