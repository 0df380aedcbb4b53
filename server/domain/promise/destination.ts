import type { Place } from '../../../contract/entities/basics.ts'
import type { LaneInput } from '../../../contract/entities/lane.ts'
import { hubIntensity, legIntensity } from '../carbon/emissions.ts'
import { areaKey, isIn, placeKey, type PlaceKey } from '../freight/area.ts'
import { defaultDays } from '../freight/default-service.ts'
import { assumedKm, kmOfChord, pointOf, type Point } from '../freight/distance.ts'
import type { Destination, Network, NetworkService } from './network.ts'
import { zoneOfPlace } from './place-zone.ts'

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

/** Bytes of pair and node arrays kept before the oldest destinations go. */
const CACHE_BYTES = 48_000_000
const BYTES_PER_PAIR = 19

/** Coordinates are rounded to a cell of 0.05° (about 5 km), so that a city's customers share an entry and the same place always gets the same answer. */
const CELLS_PER_DEGREE = 20
const cell = (degrees: number): number => Math.round(degrees * CELLS_PER_DEGREE) / CELLS_PER_DEGREE

/** The destination's entry, from the cache or laid out now (some µs per hundred nodes). */
export function destinationOf(network: Network, place: Place): Destination {
  const { lat, lng } = place
  const at = lat === undefined || lng === undefined ? '' : `${Math.round(lat * CELLS_PER_DEGREE)},${Math.round(lng * CELLS_PER_DEGREE)}`
  const key = `${place.countryCode}\n${place.region ?? ''}\n${place.city ?? ''}\n${place.postalCode ?? ''}\n${at}`
  const known = network.destinations.get(key)
  if (known) return known
  const made = layOut(network, place, key)
  const max = Math.max(64, Math.floor(CACHE_BYTES / (made.why.length * BYTES_PER_PAIR + made.km.length * 4 + 500)))
  if (network.destinations.size >= max) {
    for (const old of network.destinations.keys()) {
      network.destinations.delete(old)
      if (network.destinations.size < max * 0.9) break
    }
  }
  network.destinations.set(key, made)
  return made
}

function layOut(network: Network, place: Place, key: string): Destination {
  const { lat, lng } = place
  const hasPoint = lat !== undefined && lng !== undefined
  const target = hasPoint ? pointOf(cell(lat), cell(lng)) : undefined
  const zone = zoneOfPlace(hasPoint ? { ...place, lat: cell(lat), lng: Math.max(-180, Math.min(180, cell(lng))) } : place)
  const pairs = network.nodes.length * network.services.length
  const destination: Destination = {
    key,
    place: placeKey(place),
    zone: zone === undefined ? undefined : network.zones(zone),
    km: kmTo(network, placeKey(place), target),
    why: new Uint8Array(pairs),
    days: new Int16Array(pairs).fill(-1),
    hours: new Float32Array(pairs),
    rate: new Int32Array(pairs),
    lane: new Int32Array(pairs),
    carbon: new Float32Array(pairs),
  }
  const rows = { lane: new Int32Array(network.nodes.length), rate: new Int32Array(network.nodes.length) }
  network.services.forEach((_, s) => fillService(network, destination, s, rows))
  return destination
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

function fillService(network: Network, to: Destination, s: number, rows: Rows): void {
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
  const intensity = legIntensity({ distanceKm: 1, factor: network.factors.of(service.mode, service.factorId) })
  const maxKm = service.maxKm ?? Infinity
  const { country, countries } = nodeColumns(network)
  const here = countries.indexOf(to.place.country)
  for (let n = 0, i = s; n < country.length; n += 1, i += count) {
    const laneRow = hasLanes ? (rows.lane[n] ?? -1) : -1
    const rateRow = needsRate ? (rows.rate[n] ?? -1) : -1
    const km = to.km[n] ?? 0
    to.lane[i] = laneRow
    to.rate[i] = rateRow
    if (network.usable[i] === 0) to.why[i] = NOT_USED
    else if (isOutside) to.why[i] = OUTSIDE
    else if (km > maxKm) to.why[i] = TOO_FAR
    else if (needsLane && laneRow < 0) to.why[i] = NO_LANE
    else if (needsRate && rateRow < 0) to.why[i] = NO_RATE
    if (laneRow < 0 && !isTimed) {
      to.days[i] = defaultDays(km, country[n] !== here)
      to.carbon[i] = intensity * km
      continue
    }
    const lane = network.lanes[laneRow]
    fillTransit(to, i, entry, lane, km, country[n] !== here)
    to.carbon[i] = carbonOf(network, lane, km, intensity, service.mode, service.factorId)
  }
}

/** A lane's own time, else the service's, else km over its speed, else the default by distance. */
function fillTransit(
  to: Destination,
  i: number,
  { service }: NetworkService,
  lane: LaneInput | undefined,
  km: number,
  isCrossBorder: boolean,
): void {
  const isTimed = lane !== undefined && (lane.transitDays !== undefined || lane.transitHours !== undefined)
  const { transitHours, transitDays } = isTimed ? lane : service
  if (transitHours) to.hours[i] = transitHours.p90
  else if (transitDays) to.days[i] = transitDays.max
  else if (service.speedKmPerDay !== undefined) to.days[i] = Math.max(1, Math.ceil((lane?.distanceKm ?? km) / service.speedKmPerDay))
  else to.days[i] = defaultDays(lane?.distanceKm ?? km, isCrossBorder)
}

/** g CO2e per gram: the lane's legs and hubs, else its distance or the great circle with the service's factor. */
function carbonOf(
  network: Network,
  lane: LaneInput | undefined,
  km: number,
  intensity: number,
  mode: NetworkService['service']['mode'],
  factorId: string | undefined,
): number {
  if (!lane) return intensity * km
  const legs = lane.legs
    ? lane.legs.reduce(
        (sum, leg) =>
          sum +
          legIntensity({
            distanceKm: leg.distanceKm,
            factor: network.factors.of(leg.mode, leg.factorId ?? (leg.mode === mode ? factorId : undefined)),
          }),
        0,
      )
    : intensity * (lane.distanceKm ?? km)
  const hubs = (lane.hubs ?? []).map((hub) => network.factors.named(hub))
  return legs + hubs.reduce((sum, hub) => sum + (hub ? hubIntensity(hub) : 0), 0)
}
