import type { Area } from '../../../contract/entities/area.ts'
import type { CalendarInput } from '../../../contract/entities/calendar.ts'
import { DAY, type Instant } from '../../kernel/time.ts'
import { TransientMap } from '../../kernel/transient-map.ts'
import { compileFactors } from '../carbon/emissions.ts'
import { minuteOfDay, yearOf } from '../calendar/day.ts'
import { holidaysOf } from '../calendar/holidays.ts'
import { ALWAYS_OPEN, hoursOn, prepareCalendar, type CalendarRules } from '../calendar/rules.ts'
import { compileShipDays } from '../calendar/ship-days.ts'
import { compileCalendar } from '../calendar/working-time.ts'
import { compileZone, type ZoneTable } from '../calendar/zone.ts'
import { comparablePostal, placeKey } from '../place/area.ts'
import { DEFAULT_CARRIER_ID, DEFAULT_SERVICE } from '../freight/default-service.ts'
import { pointOfPlace } from '../freight/distance.ts'
import { compileMostSpecific } from '../freight/most-specific.ts'
import { compileRates, serviceKey } from '../freight/rate-table.ts'
import type { CarrierDays, Network, NetworkFacts, NetworkNode, NetworkService, Schedule } from './network.ts'
import { zoneOfNode } from '../place/zone.ts'

/** Days ahead that a network knows: a promise beyond a year is none. */
const HORIZON_DAYS = 400
const DELIVERED_BY = '20:00'

type Horizon = { readonly fromDay: number; readonly toDay: number }

/** The value of a key, worked out once. */
function memo<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const old = known.get(key)
    if (old !== undefined) return old
    const made = make(key)
    known.set(key, made)
    return made
  }
}

/** Rules by calendarId; one that is not configured is always open. */
function rulesOf(calendars: readonly CalendarInput[], { fromDay, toDay }: Horizon): (calendarId: string) => CalendarRules {
  const byId = new Map(calendars.map((calendar) => [calendar.calendarId, calendar]))
  return memo((calendarId) => {
    const calendar = byId.get(calendarId)
    if (!calendar) return ALWAYS_OPEN
    const holidays =
      calendar.country === undefined
        ? ALWAYS_OPEN.holidays
        : holidaysOf(calendar.country, calendar.subdivision, yearOf(fromDay), yearOf(toDay))
    return prepareCalendar(calendar, holidays)
  })
}

function carrierDaysOf(rules: CalendarRules, { fromDay, toDay }: Horizon): CarrierDays {
  const open = new Uint8Array(toDay - fromDay)
  const before = new Int32Array(toDay - fromDay)
  const list: number[] = []
  for (let i = 0; i < open.length; i += 1) {
    before[i] = list.length
    if (hoursOn(rules, fromDay + i).length === 0) continue
    open[i] = 1
    list.push(fromDay + i)
  }
  return { fromDay, open, list: Int32Array.from(list), before }
}

/** Services that are sold by open carriers, in the order of (carrierId, serviceId); the default service where there is none. */
function servicesOf(facts: NetworkFacts, rules: (calendarId: string) => CalendarRules, horizon: Horizon): NetworkService[] {
  const days = memo((calendarId) => carrierDaysOf(rules(calendarId), horizon))
  const services = facts.carriers
    .filter((carrier) => !carrier.closed)
    .flatMap(({ carrierId, services: all }) =>
      all.filter((service) => !service.closed).map((service) => ({ carrierId, service, isDefault: false })),
    )
    .sort((a, b) => (serviceKey(a.carrierId, a.service.serviceId) < serviceKey(b.carrierId, b.service.serviceId) ? -1 : 1))
  const all = services.length > 0 ? services : [{ carrierId: DEFAULT_CARRIER_ID, service: DEFAULT_SERVICE, isDefault: true }]
  return all.map((entry) => ({
    ...entry,
    days: entry.service.calendarId === undefined ? undefined : days(entry.service.calendarId),
    deliveredByMinute: minuteOfDay(entry.service.deliveredBy ?? DELIVERED_BY),
  }))
}

/** One schedule per distinct calendar, zone, cut-off and handling time. */
function schedulesOf(nodes: readonly NetworkNode[], rules: (calendarId: string) => CalendarRules, { fromDay, toDay }: Horizon) {
  const schedules: Schedule[] = []
  const known = new Map<string, number>()
  const working = new Map<string, Schedule['hours']['time']>()
  const scheduleOf = Int32Array.from(nodes, ({ node, zone }) => {
    const place = `${node.calendarId ?? ''}\n${zone.zone}`
    const key = `${place}\n${node.cutOff ?? ''}\n${node.handlingMinutes ?? 0}`
    const old = known.get(key)
    if (old !== undefined) return old
    const own = node.calendarId === undefined ? ALWAYS_OPEN : rules(node.calendarId)
    const time = working.get(place) ?? compileCalendar(own, zone, fromDay, toDay)
    working.set(place, time)
    const cutOffMinute = node.cutOff === undefined ? undefined : minuteOfDay(node.cutOff)
    const hours = { time, cutOffMinute, handlingMinutes: node.handlingMinutes ?? 0 }
    known.set(key, schedules.length)
    return schedules.push({ hours, days: compileShipDays(hours) }) - 1
  })
  return { schedules, scheduleOf }
}

function usableOf(nodes: readonly NetworkNode[], services: readonly NetworkService[]): Uint8Array {
  const usable = new Uint8Array(nodes.length * services.length)
  nodes.forEach(({ node }, n) => {
    const own = node.services && new Set(node.services.map(({ carrierId, serviceId }) => serviceKey(carrierId, serviceId)))
    services.forEach(({ carrierId, service, isDefault }, s) => {
      usable[n * services.length + s] = isDefault || !own || own.has(serviceKey(carrierId, service.serviceId)) ? 1 : 0
    })
  })
  return usable
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, i) => one === b[i])

/** How much of a postal code any area looks at; where a British prefix ends, the next character tells whether the district ends too. */
function postalLengthOf({ carriers, lanes, rates }: NetworkFacts): number {
  const areas = [
    ...carriers.flatMap(({ services, zones }) => [...services, ...(zones ?? [])].flatMap(({ areas: own }) => own ?? [])),
    ...[...lanes, ...rates].flatMap(({ to }) => to ?? []),
  ]
  const lengthOf = ({ postalPrefix, countryCode = '' }: Area): number =>
    postalPrefix === undefined
      ? 0
      : comparablePostal(postalPrefix, countryCode).length + (countryCode === 'GB' || countryCode === '' ? 1 : 0)
  return areas.reduce((most, area) => Math.max(most, lengthOf(area)), 0)
}

/**
 * Lays the facts out for quotes from `now` on. About 1 ms a zone plus 1 ms a calendar and zone; rate rows are those valid on the day of `now`.
 * Build a new one when a fact changes and at least once a day; with the one `before` it of the same facts, areas that were laid out stay,
 * unless other rates are valid.
 */
export function compileNetwork(facts: NetworkFacts, now: Instant, before?: Network): Network {
  const today = Math.floor(now / DAY)
  const horizon = { fromDay: today - 2, toDay: today + HORIZON_DAYS }
  const zones = memo((zone): ZoneTable => compileZone(zone, horizon.fromDay, horizon.toDay))
  const rules = rulesOf(facts.calendars, horizon)
  const nodes = facts.nodes.map(({ nodeNo, node }) => ({
    nodeNo,
    nodeId: node.nodeId,
    node,
    key: placeKey(node.place),
    point: pointOfPlace(node.place),
    zone: zones(zoneOfNode(node)),
  }))
  const indexOf = new Int32Array(nodes.reduce((max, { nodeNo }) => Math.max(max, nodeNo + 1), 0)).fill(-1)
  nodes.forEach(({ nodeNo }, i) => (indexOf[nodeNo] = i))
  const services = servicesOf(facts, rules, horizon)
  const serviceNos = new Map(services.map(({ carrierId, service }, i) => [serviceKey(carrierId, service.serviceId), i]))
  const starts = nodes.map(({ nodeId, node }) => ({ nodeId, place: node.place }))
  const lanes = facts.lanes.filter((lane) => !lane.closed && serviceNos.has(serviceKey(lane.carrierId, lane.serviceId)))
  const laneRows = lanes.map(({ laneId, carrierId, serviceId, from, to }) => ({
    id: laneId,
    group: serviceNos.get(serviceKey(carrierId, serviceId)) ?? -1,
    from,
    to: to ? [to] : [],
  }))
  const rates = compileRates({
    rates: facts.rates,
    carriers: facts.carriers,
    serviceNos,
    nodes: starts,
    currency: facts.baseCurrency,
    today,
  })
  return {
    ...horizon,
    baseCurrency: facts.baseCurrency,
    nodes,
    indexOf,
    services,
    usable: usableOf(nodes, services),
    ...schedulesOf(nodes, rules, horizon),
    isLimited: Uint8Array.from(nodes, ({ node }) => (node.capacityPerDay === undefined ? 0 : 1)),
    lanes,
    laneMatch: compileMostSpecific(laneRows, starts),
    rates,
    factors: compileFactors(facts.factors),
    postalLength: postalLengthOf(facts),
    zones,
    destinations: new TransientMap(),
    areas: before !== undefined && isSame(before.rates.rateIds, rates.rateIds) ? before.areas : new Map(),
    builtAt: now,
  }
}
