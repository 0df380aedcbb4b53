import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CarrierInput, ServiceInput } from '../../../contract/entities/carrier.ts'
import type { NodeInput } from '../../../contract/entities/node.ts'
import type { Place } from '../../../contract/entities/basics.ts'
import { present } from '../../kernel/assert.ts'
import { instant, parseInstant, toIso, type Instant } from '../../kernel/time.ts'
import { dayNumber } from '../calendar/day.ts'
import { compileNetwork } from './compile-network.ts'
import { bestLegs, createLegTable, type LegQuery } from './best-legs.ts'
import { destinationOf } from './destination.ts'
import { legFor, type Leg } from './leg.ts'
import { servicesFor } from './needs.ts'
import type { Network, NetworkFacts } from './network.ts'

const at = (iso: string): Instant => present(parseInstant(iso), iso)
const now = at('2026-06-10T10:00:00+08:00')
const shanghai: Place = { countryCode: 'CN', region: '上海', city: '上海', lat: 31.23, lng: 121.47 }
const hangzhou: Place = { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.28, lng: 120.13 }
const beijing: Place = { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 }
const node = (nodeNo: number, place: Place, more: Partial<NodeInput> = {}) => ({
  nodeNo,
  node: { nodeId: `n${nodeNo}`, name: 'n', kind: 'dc' as const, place, ...more },
})
const service = (more: Partial<ServiceInput>): ServiceInput => ({ serviceId: 's', name: 's', mode: 'road', ...more })
const carrier = (services: readonly ServiceInput[]): CarrierInput => ({ carrierId: 'c', name: 'c', services: [...services] })
const workdays = {
  calendarId: 'cn',
  name: 'cn',
  country: 'CN',
  weekly: [{ days: [1, 2, 3, 4, 5], hours: [{ from: '09:00', to: '18:00' }] }],
}
const facts = (more: Partial<NetworkFacts>): NetworkFacts => ({
  nodes: [node(7, shanghai), node(3, beijing)],
  carriers: [],
  lanes: [],
  rates: [],
  calendars: [workdays],
  factors: [],
  baseCurrency: 'CNY',
  ...more,
})
const load = { grams: 1000, volumeCm3: 0, heaviestGrams: 1000 }
const query = (network: Network, place: Place, more: Partial<LegQuery> = {}): LegQuery => ({
  destination: destinationOf(network, place),
  load,
  releaseAt: now,
  neededBy: Infinity,
  ...more,
})
const legOrWhy = (network: Network, nodeNo: number, place: Place, more: Partial<LegQuery> = {}) =>
  legFor(network, nodeNo, query(network, place, more))
const leg = (network: Network, nodeNo: number, place: Place, more: Partial<LegQuery> = {}): Leg => {
  const found = legOrWhy(network, nodeNo, place, more)
  assert.ok(!('why' in found), 'why' in found ? found.why : '')
  return found
}
const times = ({ shipBy, deliverBy }: Leg): string[] => [toIso(shipBy), toIso(deliverBy)]

test('with nothing configured there is one service by distance, always open, and it says default', () => {
  const network = compileNetwork(facts({}), now)
  const found = leg(network, 7, hangzhou)
  assert.deepEqual(times(found), ['2026-06-10T15:59:00.000Z', '2026-06-12T12:00:00.000Z'])
  assert.deepEqual([found.carrierId, found.serviceId, found.basis, found.factorId], ['default', 'standard', 'default', 'defra-2025-road'])
  // 1 kg = 2 half kilograms: 600 + 150 + 15 per 100 km.
  assert.equal(found.freight, 750 + Math.round(found.distanceKm * 0.15))
  assert.ok(Math.abs(found.co2eGrams - 0.001 * found.distanceKm * 125.22) < 1e-3)
  assert.ok(leg(network, 3, hangzhou).deliverBy > found.deliverBy)
})

test('a node’s zone comes from its coordinates, and days are delivered in the zone of the place, with coordinates or without', () => {
  const network = compileNetwork(facts({ carriers: [carrier([service({ transitDays: { min: 1, max: 1 } })])] }), now)
  const berlin = { countryCode: 'DE', city: 'Berlin', lat: 52.52, lng: 13.4 }
  assert.deepEqual(times(leg(network, 7, berlin)), ['2026-06-10T15:59:00.000Z', '2026-06-11T18:00:00.000Z'])
  assert.deepEqual(times(leg(network, 7, { countryCode: 'DE' })), ['2026-06-10T15:59:00.000Z', '2026-06-11T18:00:00.000Z'])
  // A country of several zones tells none: the node's.
  assert.deepEqual(times(leg(network, 7, { countryCode: 'US' })), ['2026-06-10T15:59:00.000Z', '2026-06-11T12:00:00.000Z'])
})

test('National Day: neither node nor carrier works until 8 October, and make-up workdays count', () => {
  const release = at('2026-09-30T17:00:00+08:00')
  const carriers = [carrier([service({ transitDays: { min: 1, max: 2 }, calendarId: 'cn', deliveredBy: '18:00' })])]
  const nodes = [node(7, shanghai, { calendarId: 'cn', cutOff: '16:00' }), node(8, shanghai)]
  const network = compileNetwork(facts({ carriers, nodes }), release)
  // Thursday 8 October, Friday 9, make-up Saturday 10.
  assert.deepEqual(times(leg(network, 7, hangzhou, { releaseAt: release })), ['2026-10-08T10:00:00.000Z', '2026-10-10T10:00:00.000Z'])
  // The second node is always open and still has the carrier on 30 September.
  assert.deepEqual(times(leg(network, 8, hangzhou, { releaseAt: release })), ['2026-09-30T15:59:00.000Z', '2026-10-09T10:00:00.000Z'])
  assert.equal(leg(network, 8, hangzhou, { releaseAt: at('2026-10-01T01:00:00+08:00') }).shipDay, dayNumber('2026-10-08'))
})

test('a service by hours leaves when the work is done, not at the end of the day', () => {
  const carriers = [carrier([service({ mode: 'bike', transitHours: { p50: 0.5, p90: 1 }, maxKm: 10 })])]
  const nodes = [node(7, shanghai, { handlingMinutes: 15 }), node(8, shanghai, { calendarId: 'cn' })]
  const network = compileNetwork(facts({ carriers, nodes }), now)
  assert.deepEqual(times(leg(network, 7, shanghai)), ['2026-06-10T02:15:00.000Z', '2026-06-10T03:15:00.000Z'])
  assert.deepEqual(times(leg(network, 8, shanghai, { releaseAt: at('2026-06-12T20:00:00+08:00') })), [
    '2026-06-15T01:00:00.000Z',
    '2026-06-15T02:00:00.000Z',
  ])
  assert.deepEqual(legOrWhy(network, 7, hangzhou), { why: 'too_far' })
})

test('full days are skipped, for nodes that have a capacity', () => {
  const network = compileNetwork(facts({ nodes: [node(7, shanghai, { capacityPerDay: 5 }), node(8, shanghai)] }), now)
  const today = dayNumber('2026-06-10')
  const isFull = (nodeNo: number, day: number): boolean => nodeNo > 0 && day < today + 2
  assert.equal(leg(network, 7, shanghai, { isFull }).shipDay, today + 2)
  assert.equal(leg(network, 8, shanghai, { isFull }).shipDay, today)
  assert.deepEqual(legOrWhy(network, 7, shanghai, { isFull: () => true }), { why: 'no_departure' })
})

test('lanes give transit, distance and legs; a service without its own transit runs only on them', () => {
  const lanes = [
    { laneId: 'l1', carrierId: 'c', serviceId: 's', to: { countryCode: 'CN' }, transitDays: { min: 2, max: 4 }, distanceKm: 1000 },
    {
      laneId: 'l2',
      carrierId: 'c',
      serviceId: 's',
      from: { nodeId: 'n7' },
      to: { countryCode: 'CN', region: '浙江' },
      hubs: ['h'],
      transitDays: { min: 1, max: 1 },
      legs: [
        { mode: 'rail' as const, distanceKm: 100 },
        { mode: 'van' as const, distanceKm: 10 },
      ],
    },
  ]
  const hub = {
    factorId: 'h',
    mode: 'hub' as const,
    gramsPerTonne: 500,
    source: 's',
    sourceRow: '1',
    year: 2025,
    quality: 'default' as const,
  }
  const network = compileNetwork(facts({ carriers: [carrier([service({})])], lanes, factors: [hub] }), now)
  const near = leg(network, 7, hangzhou)
  assert.deepEqual([near.laneId, near.distanceKm, times(near)[1]], ['l2', 110, '2026-06-11T12:00:00.000Z'])
  assert.ok(Math.abs(near.co2eGrams - 0.001 * (100 * 34.7 + 10 * 782.25 + 500)) < 1e-3)
  const far = leg(network, 3, hangzhou)
  assert.deepEqual([far.laneId, far.distanceKm, times(far)[1]], ['l1', 1000, '2026-06-14T12:00:00.000Z'])
  assert.deepEqual(legOrWhy(network, 7, { countryCode: 'DE' }), { why: 'no_lane' })
})

test('each reason why a service does not run is told', () => {
  const row = { rateId: 'r', carrierId: 'c', serviceId: 's', currency: 'CNY', to: { countryCode: 'CN' }, perKg: 100 }
  const carriers = [
    carrier([
      service({
        transitDays: { min: 1, max: 1 },
        maxWeightGrams: 5000,
        capabilities: ['coldChain'],
        areas: [{ countryCode: 'CN' }, { countryCode: 'JP' }],
      }),
    ]),
  ]
  const nodes = [node(7, shanghai), node(8, shanghai, { services: [{ carrierId: 'c', serviceId: 'other' }] })]
  const network = compileNetwork(facts({ carriers, nodes, rates: [row] }), now)
  assert.equal(leg(network, 7, hangzhou).basis, 'configured')
  assert.equal(leg(network, 7, hangzhou).freight, 100)
  assert.deepEqual(legOrWhy(network, 8, hangzhou), { why: 'service_not_used' })
  assert.deepEqual(legOrWhy(network, 7, { countryCode: 'DE' }), { why: 'outside_area' })
  assert.deepEqual(legOrWhy(network, 7, { countryCode: 'JP' }), { why: 'no_rate' })
  assert.deepEqual(legOrWhy(network, 7, hangzhou, { load: { ...load, heaviestGrams: 5001 } }), { why: 'too_heavy' })
  assert.deepEqual(legOrWhy(network, 7, hangzhou, { allowed: servicesFor(network, ['hazardous']) }), { why: 'cannot_carry' })
  assert.equal(leg(network, 7, hangzhou, { allowed: servicesFor(network, ['coldChain']) }).serviceId, 's')
})

test('a network of the next day keeps the areas that were laid out, unless other rates are valid by then', () => {
  const row = { rateId: 'r', carrierId: 'c', serviceId: 's', currency: 'CNY', base: 100, validTo: '2026-06-11' }
  const next = { rateId: 'n', carrierId: 'c', serviceId: 's', currency: 'CNY', base: 300, validFrom: '2026-06-12' }
  const all = facts({ carriers: [carrier([service({ transitDays: { min: 1, max: 1 } })])], nodes: [node(7, shanghai)], rates: [row, next] })
  const first = compileNetwork(all, instant(Date.parse('2026-06-10T08:00:00Z')))
  assert.equal(leg(first, 7, hangzhou).freight, 100)
  const second = compileNetwork(all, instant(Date.parse('2026-06-11T08:00:00Z')), first)
  assert.deepEqual([second.areas.size, second.destinations.size], [1, 0])
  assert.equal(leg(second, 7, hangzhou).freight, 100)
  const third = compileNetwork(all, instant(Date.parse('2026-06-12T08:00:00Z')), second)
  assert.equal(third.areas.size, 0)
  assert.equal(leg(third, 7, hangzhou).freight, 300)
})

test('the best service is the cheapest in time, the earliest when none is in time, and carbon can tip it', () => {
  const rates = [
    { rateId: 'air', carrierId: 'c', serviceId: 'air', currency: 'CNY', base: 2000 },
    { rateId: 'rail', carrierId: 'c', serviceId: 'rail', currency: 'CNY', base: 2100 },
    { rateId: 'road', carrierId: 'c', serviceId: 'road', currency: 'CNY', base: 1000 },
  ]
  const days = (max: number) => ({ transitDays: { min: 1, max } })
  const services = [
    service({ serviceId: 'air', mode: 'air', ...days(1) }),
    service({ serviceId: 'rail', mode: 'rail', ...days(1) }),
    service({ serviceId: 'road', ...days(4) }),
  ]
  const network = compileNetwork(facts({ carriers: [carrier(services)], rates }), now)
  const best = (more: Partial<LegQuery>): string => leg(network, 7, beijing, more).serviceId
  assert.equal(best({}), 'road')
  assert.equal(best({ neededBy: at('2026-06-12T00:00:00Z') }), 'air')
  assert.equal(best({ neededBy: at('2026-06-12T00:00:00Z'), carbonPrice: 100 }), 'rail')
  assert.equal(best({ neededBy: at('2026-06-10T12:00:00Z') }), 'air')
})

test('the table says what single legs say, whatever was asked before', () => {
  const carriers = [
    carrier([
      service({ serviceId: 'a', speedKmPerDay: 600, calendarId: 'cn' }),
      service({ serviceId: 'b', transitHours: { p50: 1, p90: 3 }, maxKm: 300 }),
    ]),
  ]
  const rates = [{ rateId: 'r', carrierId: 'c', serviceId: 'a', currency: 'CNY', base: 300, perKg: 120, fuelPpm: 100_000 }]
  const nodes = [node(1, shanghai, { calendarId: 'cn', cutOff: '16:00' }), node(5, hangzhou, { handlingMinutes: 90 }), node(9, beijing)]
  const network = compileNetwork(facts({ carriers, rates, nodes }), now)
  const table = createLegTable(8)
  const place = fc.constantFrom(shanghai, hangzhou, beijing, { countryCode: 'CN' })
  const asked = fc.array(fc.constantFrom(1, 5, 9, 4), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      place,
      asked,
      fc.integer({ min: 0, max: 200 * 86_400_000 }),
      fc.integer({ min: 1, max: 50_000 }),
      (to, nodeNos, later, grams) => {
        const q = query(network, to, { releaseAt: instant(now + later), load: { grams, volumeCm3: 0, heaviestGrams: 1 } })
        bestLegs(network, q, Int32Array.from(nodeNos), nodeNos.length, table)
        const fresh = compileNetwork(facts({ carriers, rates, nodes }), now)
        nodeNos.forEach((nodeNo, i) => {
          const single = legFor(fresh, nodeNo, { ...q, destination: destinationOf(fresh, to) })
          if ('why' in single) return assert.equal(table.service[i], -1)
          const found = [table.shipBy[i], table.deliverBy[i], table.freight[i], table.co2eGrams[i], table.shipDay[i]]
          return assert.deepEqual(found, [single.shipBy, single.deliverBy, single.freight, single.co2eGrams, single.shipDay])
        })
      },
    ),
    { numRuns: 60 },
  )
})

test('a later release never gives an earlier delivery; more weight never costs or emits less', () => {
  const services = [
    service({ serviceId: 'a', speedKmPerDay: 600, calendarId: 'cn' }),
    service({ serviceId: 'b', transitHours: { p50: 1, p90: 30 }, calendarId: 'cn' }),
  ]
  const nodes = [node(1, shanghai, { calendarId: 'cn', cutOff: '16:00', handlingMinutes: 300 }), node(5, hangzhou)]
  const network = compileNetwork(facts({ carriers: [carrier(services)], nodes }), now)
  const span = fc.integer({ min: 0, max: 150 * 86_400_000 })
  const grams = fc.integer({ min: 0, max: 30_000 })
  fc.assert(
    fc.property(fc.constantFrom(1, 5), fc.constantFrom(0, 1), span, span, grams, grams, (nodeNo, s, first, later, light, more) => {
      const of = (wait: number, weight: number): Leg =>
        leg(network, nodeNo, beijing, {
          service: s,
          releaseAt: instant(now + wait),
          load: { grams: weight, volumeCm3: 0, heaviestGrams: 0 },
        })
      const [a, b, heavy] = [of(first, light), of(first + later, light), of(first, light + more)]
      assert.ok(b.shipBy >= a.shipBy && b.deliverBy >= a.deliverBy && a.deliverBy >= a.shipBy)
      assert.ok(heavy.freight >= a.freight && heavy.co2eGrams >= a.co2eGrams && heavy.deliverBy === a.deliverBy)
    }),
    { numRuns: 300 },
  )
})

test('an area is told apart by its postal code as far as a lane, a rate, a zone or a service names one, and no further', () => {
  const homes = ['310-001', '310 002', '311000', undefined].map((postalCode) => ({
    countryCode: 'CN',
    city: '杭州',
    ...(postalCode === undefined ? {} : { postalCode }),
  }))
  const lane = { laneId: 'l', carrierId: 'sf', serviceId: 'a' }
  const rate = { rateId: 'r', carrierId: 'sf', serviceId: 'a', currency: 'CNY', base: 1 }
  const named = (postalPrefix: string) => ({ countryCode: 'CN', postalPrefix })
  const cases: readonly (readonly [Partial<NetworkFacts>, number])[] = [
    [{}, 1],
    [{ lanes: [{ ...lane, to: named('3-11') }] }, 3],
    [{ rates: [{ ...rate, to: named('310001') }] }, 4],
    [{ carriers: [carrier([service({ serviceId: 'a', areas: [named('31')] })])] }, 2],
    [{ carriers: [{ ...carrier([service({ serviceId: 'a' })]), zones: [{ zoneId: 'z', areas: [named('311')] }] }] }, 3],
  ]
  for (const [own, areas] of cases) {
    const network = compileNetwork(facts(own), now)
    for (const home of homes) destinationOf(network, home)
    assert.equal(network.areas.size, areas, JSON.stringify(own))
  }
})

test('destinations kept are bounded', () => {
  const nodes = Array.from({ length: 500 }, (_, i) => node(i + 1, shanghai))
  const network = compileNetwork(facts({ nodes }), now)
  for (let i = 0; i < 6000; i += 1) destinationOf(network, { countryCode: 'CN', city: `c${i}` })
  assert.ok(network.areas.size > 1000 && network.areas.size < 5000, `${network.areas.size}`)
  for (let i = 0; i < 12_000; i += 1)
    destinationOf(network, { countryCode: 'CN', lat: 20 + (i % 400) / 20, lng: 100 + Math.floor(i / 400) / 10 })
  assert.ok(network.destinations.size > 5000 && network.destinations.size < 11_000, `${network.destinations.size}`)
})

test('a service that is withdrawn is not planned with, its lanes neither; the others of its carrier are', () => {
  const services = [
    service({ serviceId: 'fast', transitDays: { min: 1, max: 1 } }),
    service({ serviceId: 'slow', transitDays: { min: 5, max: 5 } }),
  ]
  const lanes = [{ laneId: 'l', carrierId: 'c', serviceId: 'fast', transitDays: { min: 1, max: 1 } }]
  const serviceOf = (network: Network) => leg(network, 7, hangzhou).serviceId
  assert.equal(serviceOf(compileNetwork(facts({ carriers: [carrier(services)], lanes }), now)), 'fast')
  const withdrawn = services.map((one) => (one.serviceId === 'fast' ? { ...one, closed: true } : one))
  const network = compileNetwork(facts({ carriers: [carrier(withdrawn)], lanes }), now)
  assert.deepEqual([serviceOf(network), network.lanes.length, network.services.length], ['slow', 0, 1])
})

test('places that differ only where a British prefix ends are told apart, whichever is asked first', () => {
  const places = ['M1 1AA', 'M11 1AA', 'ME1 1AA'].map((postalCode): Place => ({ countryCode: 'GB', postalCode }))
  const services = [service({ areas: [{ countryCode: 'GB', postalPrefix: 'M1' }] })]
  for (const asked of [places, places.toReversed()]) {
    const network = compileNetwork(facts({ carriers: [carrier(services)] }), now)
    const found = new Map(asked.map((place) => [place.postalCode, 'why' in legOrWhy(network, 7, place)]))
    assert.deepEqual(
      places.map(({ postalCode }) => found.get(postalCode)),
      [false, true, true],
    )
  }
})
