import { HOUR, instant, type Instant } from '../../kernel/time.ts'
import type { Load } from '../freight/load.ts'
import { nextShipBy, shipDayIndex } from '../calendar/ship-days.ts'
import { windowOfDay } from '../calendar/working-time.ts'
import { tableDay, tableInstant } from '../calendar/zone.ts'
import { carbonAt, daysAt, serviceColumns, SURE_DAYS, whyAt, whyNot, type ServiceColumns } from './destination.ts'
import { createLoadPrices, freightOf, type LoadPrices, priceLoad } from './load-prices.ts'
import type { CarrierDays, Destination, Network } from './network.ts'

/** A question to the network: what can each of some nodes do for a load and a place. */
export type LegQuery = {
  readonly destination: Destination
  readonly load: Load
  /** When the nodes may start, unless `releases` says it per node. */
  readonly releaseAt: Instant
  /** Per asked node, for stock that arrives later. */
  readonly releases?: Float64Array
  /** The cheapest leg that is there by then is the best; with none in time the earliest. Infinity = the cheapest. */
  readonly neededBy: number
  /** Minor units per kg CO2e that a leg's freight is ranked with; default 0. */
  readonly carbonPrice?: number
  /** Only this service. */
  readonly service?: number
  /** 1 for each service that may carry the items; left out = all. From `servicesFor`. */
  readonly allowed?: Uint8Array
  /** Whether a node's day is full; asked only for nodes with a capacity. Days are local, since 1970-01-01. */
  readonly isFull?: (nodeNo: number, day: number) => boolean
}

/** Answers at the position of the node in the question; reuse it from question to question. */
export type LegTable = {
  /** Service index, -1 when no service can; `why` then holds the index in `whyNot` of the one that got furthest. */
  readonly service: Int32Array
  readonly why: Uint8Array
  /** Minor units of the base currency. */
  readonly freight: Float64Array
  /** Epoch ms. */
  readonly shipBy: Float64Array
  readonly deliverBy: Float64Array
  readonly co2eGrams: Float64Array
  /** Local day whose capacity it takes. */
  readonly shipDay: Int32Array
}

export const createLegTable = (size: number): LegTable => ({
  service: new Int32Array(size),
  why: new Uint8Array(size),
  freight: new Float64Array(size),
  shipBy: new Float64Array(size),
  deliverBy: new Float64Array(size),
  co2eGrams: new Float64Array(size),
  shipDay: new Int32Array(size),
})

const CANNOT_CARRY = whyNot.indexOf('cannot_carry')
const TOO_HEAVY = whyNot.indexOf('too_heavy')
const NO_DEPARTURE = whyNot.indexOf('no_departure')

/** A question made ready: what is the same for all nodes. One a network, filled anew by the next question. */
export type ReadyLegs = {
  readonly network: Network
  query: LegQuery
  readonly services: ServiceColumns
  readonly prices: LoadPrices
  /** By service: why it may not carry the load, 0 where it may. */
  readonly blocked: Uint8Array
  /** Index of the first departure per schedule, -1 = not asked yet. */
  readonly departure: Int32Array
  /** Dates by service, schedule and days of transit, the same for all nodes without a limit; empty where there are too many to be worth it. */
  readonly dates: Float64Array
  /** Day of {@link sureDeparture} by service and schedule; empty where there are too many to be worth it. */
  readonly sureDays: Int32Array
  /** By schedule: bits of services of which {@link sureDeparture} found a day. */
  readonly sureOf: Int32Array
}
const readyFor = new WeakMap<Network, ReadyLegs>()

function scratchOf(network: Network, query: LegQuery): ReadyLegs {
  const known = readyFor.get(network)
  if (known !== undefined) {
    known.query = query
    return known
  }
  const { services, schedules } = network
  const size = services.length * schedules.length
  const made: ReadyLegs = {
    network,
    query,
    services: serviceColumns(network),
    prices: createLoadPrices(network),
    blocked: new Uint8Array(services.length),
    departure: new Int32Array(schedules.length),
    dates: new Float64Array(size > SHARED_MAX ? 0 : size * TRANSITS * DATES_WIDTH),
    sureDays: new Int32Array(size > SURE_MAX ? 0 : size),
    sureOf: new Int32Array(schedules.length),
  }
  readyFor.set(network, made)
  return made
}

/** Makes a question ready to be asked of single nodes; it holds until the network's next question is made ready. */
export function readyLegs(network: Network, query: LegQuery): ReadyLegs {
  const ready = scratchOf(network, query)
  ready.departure.fill(-1)
  ready.dates.fill(0)
  ready.sureDays.fill(UNASKED)
  ready.sureOf.fill(0)
  priceLoad(network, query.load, ready.prices)
  for (let s = 0; s < ready.blocked.length; s += 1) {
    const { packagingGrams = 0, maxWeightGrams = Infinity } = network.services[s]?.service ?? {}
    const isTooHeavy = query.load.heaviestGrams + packagingGrams > maxWeightGrams
    ready.blocked[s] = query.allowed?.[s] === 0 ? CANNOT_CARRY : isTooHeavy ? TOO_HEAVY : 0
  }
  return ready
}

/** Transit days below this, and this many services × schedules, share dates. */
const TRANSITS = 16
const DATES_WIDTH = 3
const SHARED_MAX = 64
const isSharedBy = (query: LegQuery): boolean => query.releases === undefined && query.destination.zone !== undefined

const isOpen = (days: CarrierDays | undefined, day: number): boolean => days === undefined || days.open[day - days.fromDay] === 1

/** The n-th day after `day` on which the carrier moves; `day` is one itself. */
const carrierDay = (days: CarrierDays | undefined, day: number, count: number): number | undefined =>
  days === undefined ? day + count : days.list[(days.before[day - days.fromDay] ?? NaN) + count]

/** Scratch for one pair's dates, so that the loop allocates nothing. */
type Dates = { shipBy: number; deliverBy: number; day: number }

/** Dates of a service by days: leaves at the close of the first day that is open at both ends and not full. */
function datesByDay(
  network: Network,
  query: LegQuery,
  memo: ReadyLegs,
  release: number,
  n: number,
  s: number,
  transit: number,
  isLimited: boolean,
  out: Dates,
): boolean {
  const schedule = network.scheduleOf[n] ?? 0
  const days = network.schedules[schedule]?.days
  const entry = network.services[s]
  if (!days || !entry) return false
  let i = query.releases ? -1 : (memo.departure[schedule] ?? -1)
  if (i < 0) {
    i = shipDayIndex(days, instant(release))
    if (!query.releases) memo.departure[schedule] = i
  }
  const nodeNo = network.nodes[n]?.nodeNo ?? -1
  for (; i < days.day.length; i += 1) {
    const day = days.day[i] ?? 0
    if (!isOpen(entry.days, day) || (isLimited && query.isFull?.(nodeNo, day))) continue
    const arrival = carrierDay(entry.days, day, transit)
    const zone = query.destination.zone ?? network.nodes[n]?.zone
    if (arrival === undefined || !zone) return false
    out.day = day
    out.shipBy = days.shipBy[i] ?? 0
    out.deliverBy = Math.max(out.shipBy, tableInstant(zone, arrival, entry.deliveredByMinute))
    return true
  }
  return false
}

/** Dates of a service by hours: leaves when the work is done, or with the opening of the first day that is open at both ends and not full. */
function datesByHour(
  network: Network,
  query: LegQuery,
  release: number,
  n: number,
  s: number,
  hours: number,
  isLimited: boolean,
  out: Dates,
): boolean {
  const schedule = network.schedules[network.scheduleOf[n] ?? 0]
  const entry = network.services[s]
  const first = schedule && nextShipBy(schedule.hours, instant(release))
  const zone = query.destination.zone ?? network.nodes[n]?.zone
  if (!first || !entry || !zone) return false
  const { time } = schedule.hours
  const nodeNo = network.nodes[n]?.nodeNo ?? -1
  for (let day = first.day; day < time.toDay; day += 1) {
    const window = windowOfDay(time, day)
    if (time.day[window] !== day || !isOpen(entry.days, day) || (isLimited && query.isFull?.(nodeNo, day))) continue
    out.day = day
    out.shipBy = Math.max(first.readyAt, time.start[window] ?? 0)
    out.deliverBy = arrivalOf(entry.days, zone, out.shipBy + hours * HOUR, entry.deliveredByMinute)
    return true
  }
  return false
}

/** An arrival on a day on which the carrier rests moves to the end of its next day. */
function arrivalOf(days: CarrierDays | undefined, zone: Parameters<typeof tableDay>[0], at: number, minute: number): number {
  if (!days) return at
  const day = tableDay(zone, instant(at))
  if (isOpen(days, day)) return at
  const next = days.list[days.before[day - days.fromDay] ?? NaN]
  return next === undefined ? Infinity : Math.max(at, tableInstant(zone, next, minute))
}

/**
 * The best leg of each of `count` nodes (node_no) for a load and a place, written into `into`. Best: in time before late; in time the lowest
 * freight plus priced carbon, late the earliest; ties by delivery, cost, then service order. On a known destination some tens of ns a node and service.
 */
export function bestLegs(network: Network, query: LegQuery, nodeNos: Int32Array, count: number, into: LegTable): void {
  tryLegs(readyLegs(network, query), nodeNos, 0, count, into)
}

/** {@link bestLegs} of the nodes at `from` up to `to` (excluded), for a question that was made ready. */
export function tryLegs(ready: ReadyLegs, nodeNos: Int32Array, from: number, to: number, into: LegTable): void {
  into.service.fill(-1, from, to)
  into.why.fill(0, from, to)
  const { service } = ready.query
  const end = service === undefined ? ready.network.services.length : service + 1
  for (let s = service ?? 0; s < end; s += 1) tryService(ready, s, nodeNos, from, to, into)
}

/** Tries one service at every asked node: columns, and what is the same for all nodes, are at hand before the loop starts. */
function tryService(ready: ReadyLegs, s: number, nodeNos: Int32Array, from: number, end: number, into: LegTable): void {
  const { network, query } = ready
  const { destination, releases, neededBy } = query
  const { indexOf, scheduleOf, isLimited } = network
  const { service, why: whys, freight: freights, co2eGrams, shipBy, deliverBy, shipDay } = into
  const width = network.services.length
  const blocked = ready.blocked[s]!
  const { grams } = query.load
  const perGram = (query.carbonPrice ?? 0) / 1000
  const isShared = isSharedBy(query) && ready.dates.length > 0
  const firstDates = s * network.schedules.length
  const dates: Dates = { shipBy: 0.5, deliverBy: 0.5, day: 0 }
  for (let at = from; at < end; at += 1) {
    const n = indexOf[nodeNos[at]!] ?? -1
    if (n < 0) continue
    const i = n * width + s
    const isFirst = service[at]! < 0
    let why = whyAt(destination, ready.services, i, n, s) || blocked
    let freight = 0
    let co2e = 0
    if (why === 0) {
      freight = freightOf(network, destination, ready.prices, i, n, s)
      co2e = carbonAt(destination, ready.services, i, n, s) * grams
      // With no time to keep, a service that is dearer than the one at hand cannot be better: its dates need not be worked out.
      if (!isFirst && neededBy === Infinity && freight + co2e * perGram > freights[at]! + co2eGrams[at]! * perGram) continue
      const days = daysAt(destination, ready.services, i, n, s)
      const hasLimit = query.isFull !== undefined && isLimited[n] === 1
      const slot =
        isShared && days >= 0 && days < TRANSITS && !hasLimit ? ((firstDates + scheduleOf[n]!) * TRANSITS + days) * DATES_WIDTH : -1
      if (slot < 0 || !recall(ready.dates, slot, dates)) {
        const release = releases === undefined ? query.releaseAt : (releases[at] ?? query.releaseAt)
        const goes =
          days >= 0
            ? datesByDay(network, query, ready, release, n, s, days, hasLimit, dates)
            : datesByHour(network, query, release, n, s, destination.area.hours[i] ?? 0, hasLimit, dates)
        if (!goes || dates.deliverBy === Infinity) why = NO_DEPARTURE
        else if (slot >= 0) remember(ready.dates, slot, dates)
      }
    }
    if (why !== 0) {
      if (isFirst && whys[at]! < why) whys[at] = why
      continue
    }
    if (!isFirst && !isBetter(query, into, at, freight, co2e, dates.deliverBy)) continue
    service[at] = s
    whys[at] = 0
    freights[at] = freight
    co2eGrams[at] = co2e
    shipBy[at] = dates.shipBy
    deliverBy[at] = dates.deliverBy
    shipDay[at] = dates.day
  }
}

/** In `sureDays`: not asked yet, and not sure. */
const UNASKED = -2
const NEVER = -1
const SURE_MAX = 4096

/**
 * The local day on which a service leaves a node that has no limit, where it is sure that it arrives, whatever the distance, within
 * {@link SURE_DAYS} of transit; −1 where only the leg itself tells. The same for all nodes of a schedule.
 */
export function sureDeparture(ready: ReadyLegs, n: number, s: number): number {
  const { network, query, sureDays } = ready
  if (query.releases !== undefined || sureDays.length === 0) return NEVER
  const slot = s * network.schedules.length + network.scheduleOf[n]!
  const known = sureDays[slot]!
  if (known !== UNASKED) return known
  const dates: Dates = { shipBy: 0.5, deliverBy: 0.5, day: 0 }
  const goes =
    datesByDay(network, query, ready, query.releaseAt, n, s, SURE_DAYS, false, dates) &&
    dates.deliverBy < Infinity &&
    datesByHour(network, query, query.releaseAt, n, s, SURE_DAYS * 24, false, dates) &&
    dates.deliverBy < Infinity
  return (sureDays[slot] = goes ? dates.day : NEVER)
}

/** Dates that another node of the same schedule was told already for the same days of transit. */
function recall(known: Float64Array, slot: number, out: Dates): boolean {
  const shipBy = known[slot]!
  if (shipBy === 0) return false
  out.shipBy = shipBy
  out.deliverBy = known[slot + 1]!
  out.day = known[slot + 2]!
  return true
}

function remember(known: Float64Array, slot: number, { shipBy, deliverBy, day }: Dates): void {
  known[slot] = shipBy
  known[slot + 1] = deliverBy
  known[slot + 2] = day
}

function isBetter(query: LegQuery, into: LegTable, at: number, freight: number, co2e: number, deliverBy: number): boolean {
  const kept = into.deliverBy[at] ?? 0
  const isInTime = deliverBy <= query.neededBy
  if (isInTime !== kept <= query.neededBy) return isInTime
  const perGram = (query.carbonPrice ?? 0) / 1000
  const difference = freight + co2e * perGram - (into.freight[at] ?? 0) - (into.co2eGrams[at] ?? 0) * perGram
  return isInTime ? difference < 0 || (difference === 0 && deliverBy < kept) : deliverBy < kept || (deliverBy === kept && difference < 0)
}
