import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { emptyQuote } from '../../../test/support/empty-quote.ts'
import { Trade } from '../../../test/support/trade.ts'
import { DAY, instant } from '../../kernel/time.ts'
import type { Constraint } from '../compliance/constraint.ts'
import { bidPricesOf } from '../sourcing/bid-prices.ts'
import { createPlanner } from '../sourcing/plan-order.ts'
import { expandExplanation } from '../sourcing/expand-explanation.ts'
import { type NodeQuote, ONLY_QUOTE_TELLS, type QuoteFloors, type SourcingRequest } from '../sourcing/problem.ts'
import { defaultWeights } from '../sourcing/weights.ts'
import { demandsOf } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { dayText } from './plan-event.ts'
import { sourceDemands } from './source.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

type Draw = fc.GeneratorValue
const draws = new Map<number, () => fc.Arbitrary<number>>()
const drawOf = (most: number): (() => fc.Arbitrary<number>) => {
  const arbitrary = fc.integer({ min: 0, max: most })
  return () => arbitrary
}
/** 0 … most, drawn. Each range is an arbitrary of its own: told apart by arguments, they took a quarter of the time. */
function upTo(g: Draw, most: number): number {
  const known = draws.get(most) ?? drawOf(most)
  draws.set(most, known)
  return g(known)
}
const oneIn = (g: Draw, n: number): boolean => upTo(g, n - 1) === 0
const oneOf = <T>(g: Draw, values: readonly T[]): T => values[upTo(g, values.length - 1)] as T

const PLACES = [
  { countryCode: 'CN', region: '上海', city: '上海', lat: 31.23, lng: 121.47 },
  { countryCode: 'CN', region: '浙江', city: '杭州', lat: 30.28, lng: 120.13 },
  { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 },
  { countryCode: 'CN', region: '广东', city: '广州' },
  { countryCode: 'CN', region: '新疆', city: '乌鲁木齐', lat: 43.8, lng: 87.6 },
  { countryCode: 'DE', city: 'Köln', lat: 50.9, lng: 6.9 },
]
const ITEMS = ['a', 'b', 'c', 'd', 'e'] as const
const CARRIED = [
  { serviceId: 'road', mode: 'road', speedKmPerDay: 600 },
  { serviceId: 'air', mode: 'air', transitDays: { min: 1, max: 2 }, volumetricDivisor: 6000 },
  { serviceId: 'bike', mode: 'bike', transitHours: { p50: 1, p90: 3 }, maxKm: 60, maxWeightGrams: 9000 },
  { serviceId: 'cold', mode: 'van', capabilities: ['coldChain'], maxWeightGrams: 3000, calendarId: 'cn' },
  { serviceId: 'slow', mode: 'sea', speedKmPerDay: 90 },
]
const WEEK = { calendarId: 'cn', name: 'cn', weekly: [{ days: [1, 2, 3, 4, 5], hours: [{ from: '09:00', to: '18:00' }] }] }
const NEVER = { calendarId: 'never', name: 'never', weekly: [] }

/** A world of many nodes: near and far and at one spot, closed, choosy, full, without calendar or service; carriers with and without rates. */
function world(g: Draw): Trade {
  const trade = new Trade()
  for (const calendar of [WEEK, NEVER]) trade.put('calendar', calendar.calendarId, calendar)
  const services = CARRIED.filter(() => oneIn(g, 3))
  if (services.length > 0) trade.put('carrier', 'c', { carrierId: 'c', name: 'c', services })
  for (const { serviceId } of services) {
    for (let k = upTo(g, 3); k > 0; k--) {
      const to = oneOf(g, [undefined, { countryCode: 'CN' }, { countryCode: 'CN', region: '浙江' }, { countryCode: 'DE' }])
      const from = oneIn(g, 2) ? undefined : { nodeId: `n${upTo(g, 30)}` }
      const rateId = `${serviceId}-${k}`
      const money = { base: upTo(g, 4) * 200, perKg: upTo(g, 3) * 100, minimum: upTo(g, 2) * 500, fuelPpm: upTo(g, 1) * 80_000 }
      const bands = oneIn(g, 4) ? [{ uptoGrams: 1000, amount: 900 }] : undefined
      trade.put('rate', rateId, { rateId, carrierId: 'c', serviceId, currency: 'CNY', ...money, from, to: to && [to], bands })
    }
    const laneId = `lane-${serviceId}`
    if (oneIn(g, 3))
      trade.put('lane', laneId, {
        laneId,
        carrierId: 'c',
        serviceId,
        to: { countryCode: 'CN' },
        transitDays: { min: 1, max: 50 },
        distanceKm: 300,
      })
  }
  trade.channel('shop', {
    ...(oneIn(g, 3) ? { buffer: upTo(g, 3) } : {}),
    ...(oneIn(g, 6) ? { nodes: Array.from({ length: 40 }, (_, i) => `n${i}`).filter(() => oneIn(g, 2)) } : {}),
  })
  for (const sku of ITEMS)
    trade.item(sku, { weightGrams: [100, 700, 2500, 40_000][upTo(g, 3)], attributes: { coldChain: oneIn(g, 5), fragile: oneIn(g, 5) } })
  trade.item('kit', {
    components: [
      { sku: 'a', quantity: 1 },
      { sku: 'b', quantity: 2 },
    ],
  })
  const count = 10 + upTo(g, 40)
  const [isSame, fewOf, mostUnits] = [oneIn(g, 4), upTo(g, 3), oneOf(g, [2, 6, 300])]
  for (let i = 0; i < count; i++) {
    const place = oneOf(g, PLACES)
    const off = isSame || place.lat === undefined ? {} : { lat: place.lat + upTo(g, 40) / 20, lng: (place.lng ?? 0) + upTo(g, 40) / 20 }
    trade.node(`n${i}`, 'CN', {
      place: { ...place, ...off },
      handlingPerOrder: oneOf(g, [0, 150, 150, 220]),
      handlingPerUnit: oneOf(g, [0, 20, 20, 30]),
      ...(oneIn(g, 12) ? { closed: true } : {}),
      ...(oneIn(g, 12) ? { ships: false } : {}),
      ...(oneIn(g, 12) ? { channels: ['other'] } : {}),
      ...(oneIn(g, 8) ? { capabilities: oneOf(g, [[], ['coldChain'], ['fragile']]) } : {}),
      ...(oneIn(g, 6) ? { capacityPerDay: 1 } : {}),
      ...(oneIn(g, 6) ? { calendarId: oneOf(g, ['cn', 'cn', 'never']) } : {}),
      ...(oneIn(g, 8) ? { services: CARRIED.filter(() => oneIn(g, 2)).map(({ serviceId }) => ({ carrierId: 'c', serviceId })) } : {}),
    })
    if (oneIn(g, 8)) for (let day = 0; day < 3; day++) trade.useDay(`n${i}`, dayText(Math.floor(trade.now / DAY) + day))
    for (const sku of ITEMS) if (upTo(g, 3) >= fewOf) trade.stock(sku, `n${i}`, upTo(g, mostUnits))
  }
  if (oneIn(g, 3)) {
    const row = () => Float64Array.from({ length: 120 }, () => oneOf(g, [0, 0, 40, 300]))
    trade.facts.prices = bidPricesOf(3, new Map(ITEMS.map((sku) => [trade.memory.itemNo(sku), row()])))
  }
  const weights = { split: oneOf(g, [0, 300, 900]), stockHealth: oneOf(g, [0, 100]), carbonPerKg: oneOf(g, [0, 50, 4000]) }
  trade.facts.weights = { ...defaultWeights, ...weights, shortfallPerUnit: oneOf(g, [1_000_000_000, 2500]) }
  return trade
}

function question(g: Draw, trade: Trade): SourcingQuestion {
  const skus = [...ITEMS, 'kit', 'a'].filter(() => oneIn(g, 2))
  const lines = (skus.length === 0 ? ['a'] : skus).map((sku, lineNo) => ({ lineNo, sku, units: 1 + upTo(g, 3) }))
  const demands = demandsOf(lines, trade.facts)
  const rule: Constraint = { ruleId: 'r', when: 'always', action: 'refuse', originCountries: ['CN'] }
  const held = demands.flatMap((_, demand) => (oneIn(g, 9) ? [{ demand, nodeNo: trade.memory.nodeNo(`n${upTo(g, 9)}`), units: 1 }] : []))
  return {
    demands,
    shipTo: oneOf(g, PLACES),
    channel: trade.facts.channel('shop') ?? { channelId: 'shop', platform: 'direct', name: 'shop' },
    constraints: lines.map(() => (oneIn(g, 9) ? [rule] : undefined)),
    ...(held.length === 0 ? {} : { held }),
    ...(oneIn(g, 5) ? { excluded: new Set(['n1', 'n2', 'n3']) } : {}),
    ...(oneIn(g, 3) ? { promisedBy: instant(trade.now + upTo(g, 6) * DAY) } : {}),
    ...(oneIn(g, 8) ? { requestedService: { carrierId: 'c', serviceId: 'road' } } : {}),
    ...(oneIn(g, 12) ? { pickup: 'n1' } : {}),
    partial: !oneIn(g, 4),
    now: trade.now,
  }
}

/** Questions asked of each world: making and compiling one costs more than asking. */
const ASKED_EACH = 3

/** The same facts, with each request to the planner changed on its way. */
const planningWith = (facts: PlacementFacts, change: (request: SourcingRequest) => SourcingRequest): PlacementFacts => {
  const planner = createPlanner(1_000_000)
  // Compiled before it is inherited, or each of these would compile the network anew: most of what this file took.
  void facts.network
  return Object.create(facts, {
    planner: { value: { plan: (request: SourcingRequest) => planner.plan(change(request)) } },
  }) as PlacementFacts
}

describe('nodes left out before they are quoted', () => {
  it('change nothing: plan, promise, best candidates and every reason are those of planning over all nodes', () => {
    const asked = { few: 0, all: 0 }
    const counting = (kind: keyof typeof asked) => (request: SourcingRequest) => {
      const seen = new Set<number>()
      const quote = (nodeNo: number, out: NodeQuote) => {
        if (!seen.has(nodeNo)) asked[kind] += 1
        seen.add(nodeNo)
        return request.quote(nodeNo, out)
      }
      return kind === 'few' ? { ...request, quote } : { ...request, quote, floors: undefined as never }
    }
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const trade = world(g)
        const dated = (kind: keyof typeof asked, asking: SourcingQuestion) => {
          const { plan, legs, legOf, held } = sourceDemands(asking, planningWith(trade.facts, counting(kind)))
          const { evaluations: _, explanation, ...kept } = plan
          const legsOf = plan.nodes.map(({ nodeNo }) => [
            legs.freight[legOf(nodeNo)],
            legs.co2eGrams[legOf(nodeNo)],
            legs.shipDay[legOf(nodeNo)],
          ])
          return { ...kept, legsOf, short: held?.short, why: expandExplanation(explanation) }
        }
        for (let n = 0; n < ASKED_EACH; n++) {
          const asking = question(g, trade)
          assert.deepEqual(dated('few', asking), dated('all', asking))
        }
      }),
      { numRuns: 100 },
    )
    assert.ok(asked.few < asked.all * 0.7, `${asked.few} of ${asked.all} were quoted: too few are left out for this to show anything`)
  })

  it('cost at least their floor, and are refused for the reason that it gives', () => {
    let sure = 0
    const compare = (request: SourcingRequest): SourcingRequest => {
      const nodeNos = Int32Array.from(request.universe.blank.keys()).filter((nodeNo) => request.universe.blank[nodeNo] !== 0)
      const column = () => new Float64Array(nodeNos.length)
      const floors: QuoteFloors = {
        freight: column(),
        freightPerKg: column(),
        handling: column(),
        handlingPerUnit: column(),
        carbonGramsPerKg: column(),
        reason: new Uint8Array(nodeNos.length),
      }
      request.floors?.(nodeNos, 0, nodeNos.length, floors)
      nodeNos.forEach((nodeNo, at) => {
        const out = emptyQuote()
        const reason = request.quote(nodeNo, out)
        if (floors.reason[at] === ONLY_QUOTE_TELLS) return
        sure += 1
        assert.equal(floors.reason[at], reason)
        if (reason !== 0) return
        for (const part of ['freight', 'freightPerKg', 'handling', 'handlingPerUnit', 'carbonGramsPerKg'] as const)
          assert.ok((floors[part][at] ?? NaN) <= out[part] + 1e-9, `${part} of node ${nodeNo}: ${out[part]} is below ${floors[part][at]}`)
      })
      return request
    }
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const trade = world(g)
        for (let n = 0; n < ASKED_EACH; n++) sourceDemands(question(g, trade), planningWith(trade.facts, compare))
      }),
      { numRuns: 34 },
    )
    assert.ok(sure > 1000, `${sure} floors were sure`)
  })
})
