import { HOUR, instant, type Instant } from '../../kernel/time.ts'
import { chargedFor, priceOf, type Charged } from '../freight/charge.ts'
import { defaultTariff } from '../freight/default-service.ts'
import type { Load } from '../freight/load.ts'
import { nextShipBy, shipDayIndex } from '../calendar/ship-days.ts'
import { windowOfDay } from '../calendar/working-time.ts'
import { tableDay, tableInstant } from '../calendar/zone.ts'
import { carbonAt, daysAt, serviceColumns, whyAt, whyNot, type ServiceColumns } from './destination.ts'
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

/** What is the same for all nodes of one question; one a network, filled anew for each question. */
type Prepared = {
  readonly services: ServiceColumns
  readonly charged: Charged[]
  readonly fixed: Float64Array
  readonly per100Km: Float64Array
  readonly blocked: Uint8Array
  /** Index of the first departure per schedule, -1 = not asked yet. */
  readonly departure: Int32Array
  /** Price per rate row, -1 = not asked yet. */
  readonly price: Float64Array
  /** Dates by service, schedule and days of transit, the same for all nodes without a limit; empty where there are too many to be worth it. */
  readonly dates: Float64Array
}
const preparedFor = new WeakMap<Network, Prepared>()

function scratchOf(network: Network): Prepared {
  const known = preparedFor.get(network)
  if (known !== undefined) return known
  const { services, schedules, rates } = network
  const size = services.length * schedules.length
  const made: Prepared = {
    services: serviceColumns(network),
    charged: [],
    fixed: new Float64Array(services.length),
    per100Km: new Float64Array(services.length),
    blocked: new Uint8Array(services.length),
    departure: new Int32Array(schedules.length),
    price: new Float64Array(rates.tariffs.length > PRICES_MAX ? 0 : rates.tariffs.length),
    dates: new Float64Array(size > SHARED_MAX ? 0 : size * TRANSITS * DATES_WIDTH),
  }
  preparedFor.set(network, made)
  return made
}

function prepare(network: Network, query: LegQuery): Prepared {
  const prepared = scratchOf(network)
  const { services } = network
  prepared.departure.fill(-1)
  prepared.dates.fill(0)
  prepared.price.fill(-1)
  for (let s = 0; s < services.length; s += 1) {
    const limits: Parameters<typeof chargedFor>[1] = services[s]?.service ?? {}
    const charged = chargedFor(query.load, limits)
    const tariff = defaultTariff(charged)
    prepared.charged[s] = charged
    prepared.fixed[s] = tariff.fixed
    prepared.per100Km[s] = tariff.per100Km
    const isTooHeavy = query.load.heaviestGrams + (limits.packagingGrams ?? 0) > (limits.maxWeightGrams ?? Infinity)
    prepared.blocked[s] = query.allowed?.[s] === 0 ? CANNOT_CARRY : isTooHeavy ? TOO_HEAVY : 0
  }
  return prepared
}

/** Transit days below this, and this many services × schedules, share dates. */
const TRANSITS = 16
const DATES_WIDTH = 3
const SHARED_MAX = 64
const isSharedBy = (query: LegQuery): boolean => query.releases === undefined && query.destination.zone !== undefined

/** Above this many rate rows clearing the memo costs more than pricing each pair. */
const PRICES_MAX = 2000

function freightOf(
  network: Network,
  to: Destination,
  { charged, fixed, per100Km, price }: Prepared,
  i: number,
  n: number,
  s: number,
): number {
  const row = to.area.rate[i]!
  if (row < 0) return fixed[s]! + Math.round((to.km[n]! * per100Km[s]!) / 100)
  const known = price[row]
  if (known !== undefined && known >= 0) return known
  const tariff = network.rates.tariffs[row]
  const bill = charged[s]
  if (!tariff || !bill) return 0
  const amount = priceOf(tariff, bill)
  price[row] = amount
  return amount
}

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
  memo: Prepared,
  release: number,
  n: number,
  s: number,
  transit: number,
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
  const isLimited = query.isFull !== undefined && network.isLimited[n] === 1
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
function datesByHour(network: Network, query: LegQuery, release: number, n: number, s: number, hours: number, out: Dates): boolean {
  const schedule = network.schedules[network.scheduleOf[n] ?? 0]
  const entry = network.services[s]
  const first = schedule && nextShipBy(schedule.hours, instant(release))
  const zone = query.destination.zone ?? network.nodes[n]?.zone
  if (!first || !entry || !zone) return false
  const { time } = schedule.hours
  const isLimited = query.isFull !== undefined && network.isLimited[n] === 1
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
  const memo = prepare(network, query)
  into.service.fill(-1, 0, count)
  into.why.fill(0, 0, count)
  const from = query.service ?? 0
  const to = query.service === undefined ? network.services.length : query.service + 1
  for (let s = from; s < to; s += 1) tryService(network, query, memo, s, nodeNos, count, into)
}

/**
 * What each node would charge for another load with the service it was given in `chosen`, into `into`; NaN where it has none. Dates are
 * not asked: a smaller load of the same order leaves with it.
 */
export function freightWith(
  network: Network,
  query: LegQuery,
  nodeNos: Int32Array,
  count: number,
  chosen: LegTable,
  into: Float64Array,
): void {
  const memo = prepare(network, query)
  const { destination } = query
  const { indexOf } = network
  const width = network.services.length
  for (let at = 0; at < count; at += 1) {
    const s = chosen.service[at]!
    const n = indexOf[nodeNos[at]!] ?? -1
    into[at] = s < 0 || n < 0 ? NaN : freightOf(network, destination, memo, n * width + s, n, s)
  }
}

/** Tries one service at every asked node: columns, and what is the same for all nodes, are at hand before the loop starts. */
function tryService(
  network: Network,
  query: LegQuery,
  memo: Prepared,
  s: number,
  nodeNos: Int32Array,
  count: number,
  into: LegTable,
): void {
  const { destination, releases, neededBy } = query
  const { indexOf, scheduleOf, isLimited } = network
  const { service, why: whys, freight: freights, co2eGrams, shipBy, deliverBy, shipDay } = into
  const width = network.services.length
  const blocked = memo.blocked[s]!
  const { grams } = query.load
  const perGram = (query.carbonPrice ?? 0) / 1000
  const isShared = isSharedBy(query) && memo.dates.length > 0
  const firstDates = s * network.schedules.length
  const dates: Dates = { shipBy: 0.5, deliverBy: 0.5, day: 0 }
  for (let at = 0; at < count; at += 1) {
    const n = indexOf[nodeNos[at]!] ?? -1
    if (n < 0) continue
    const i = n * width + s
    const isFirst = service[at]! < 0
    let why = whyAt(destination, memo.services, i, n, s) || blocked
    let freight = 0
    let co2e = 0
    if (why === 0) {
      freight = freightOf(network, destination, memo, i, n, s)
      co2e = carbonAt(destination, memo.services, i, n, s) * grams
      // With no time to keep, a service that is dearer than the one at hand cannot be better: its dates need not be worked out.
      if (!isFirst && neededBy === Infinity && freight + co2e * perGram > freights[at]! + co2eGrams[at]! * perGram) continue
      const days = daysAt(destination, memo.services, i, n, s)
      const slot =
        isShared && days >= 0 && days < TRANSITS && isLimited[n] === 0
          ? ((firstDates + scheduleOf[n]!) * TRANSITS + days) * DATES_WIDTH
          : -1
      if (slot < 0 || !recall(memo.dates, slot, dates)) {
        const release = releases === undefined ? query.releaseAt : (releases[at] ?? query.releaseAt)
        const goes =
          days >= 0
            ? datesByDay(network, query, memo, release, n, s, days, dates)
            : datesByHour(network, query, release, n, s, destination.area.hours[i] ?? 0, dates)
        if (!goes || dates.deliverBy === Infinity) why = NO_DEPARTURE
        else if (slot >= 0) remember(memo.dates, slot, dates)
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
