import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RateInput } from '../../../contract/entities/rate.ts'
import type { Area, Origin } from '../../../contract/entities/area.ts'
import { dayNumber } from '../calendar/day.ts'
import { areaKey, areaRank, isIn, originRank, placeKey } from '../place/area.ts'
import { comparableName } from '../place/comparable-name.ts'
import { compileMostSpecific } from './most-specific.ts'
import { compileRates, freightFor, serviceKey } from './rate-table.ts'

const nodes = [
  { nodeId: 'sh', place: { countryCode: 'CN', region: '上海市', city: '上海市' } },
  { nodeId: 'hz', place: { countryCode: 'CN', region: '浙江省', city: '杭州市' } },
  { nodeId: 'be', place: { countryCode: 'DE', region: 'Berlin', city: 'Berlin' } },
]
const rate = (rateId: string, base: number, more: Partial<RateInput>): RateInput => ({
  rateId,
  carrierId: 'c',
  serviceId: 's',
  currency: 'CNY',
  base,
  ...more,
})
const table = (rates: readonly RateInput[]) =>
  compileRates({
    rates,
    carriers: [
      {
        carrierId: 'c',
        name: 'C',
        services: [],
        zones: [
          {
            zoneId: 'east',
            areas: [
              { countryCode: 'CN', region: '浙江' },
              { countryCode: 'CN', region: '江苏' },
            ],
          },
        ],
      },
    ],
    serviceNos: new Map([[serviceKey('c', 's'), 0]]),
    nodes,
    currency: 'CNY',
    today: dayNumber('2026-06-10'),
  })
const load = { grams: 1000, volumeCm3: 0, heaviestGrams: 1000 }
const rowFor = (rates: readonly RateInput[], node: number, place: Parameters<typeof freightFor>[4]): string | undefined =>
  freightFor(table(rates), 0, node, nodes.length, place, load, {})?.rateId

const rows = [
  rate('any', 1, {}),
  rate('cn', 2, { to: { countryCode: 'CN' } }),
  rate('zj', 3, { zoneId: 'east' }),
  rate('hz', 4, { to: { countryCode: 'CN', city: '杭州' } }),
  rate('hz-31', 5, { to: { countryCode: 'CN', postalPrefix: '31' } }),
  rate('hz-3100', 6, { to: { countryCode: 'CN', postalPrefix: '3100' } }),
  rate('cn-from-sh', 7, { from: { nodeId: 'sh' }, to: { countryCode: 'CN' } }),
  rate('cn-from-zj', 8, { from: { countryCode: 'CN', region: '浙江' }, to: { countryCode: 'CN' } }),
]

test('the most specific row wins: place before start, postal prefix, city, zone or region, country, any', () => {
  const cases: [number, Parameters<typeof freightFor>[4], string][] = [
    [2, { countryCode: 'FR' }, 'any'],
    [2, { countryCode: 'CN' }, 'cn'],
    [0, { countryCode: 'CN' }, 'cn-from-sh'],
    [1, { countryCode: 'CN' }, 'cn-from-zj'],
    [0, { countryCode: 'CN', region: '江苏省', city: '南京' }, 'zj'],
    [0, { countryCode: 'CN', region: '浙江省', city: '杭州市' }, 'hz'],
    [0, { countryCode: 'CN', city: '杭州市', postalCode: '312000' }, 'hz-31'],
    [0, { countryCode: 'CN', city: '杭州市', postalCode: '310 013' }, 'hz-3100'],
    [0, { countryCode: 'DE', postalCode: '31000' }, 'any'],
    [0, { countryCode: 'CN', region: 'Zhejiang' }, 'zj'],
  ]
  for (const [node, place, expected] of cases) {
    assert.equal(rowFor(rows, node, place), expected, JSON.stringify(place))
    assert.equal(rowFor([...rows].reverse(), node, place), expected, 'whatever order the rows come in')
  }
})

test('equal rows: the smaller id wins', () => {
  assert.equal(rowFor([rate('b', 1, {}), rate('a', 2, {}), rate('c', 3, {})], 0, { countryCode: 'CN' }), 'a')
})

test('rows that cannot count are left out with the reason', () => {
  const { ignored, tariffs } = table([
    rate('usd', 1, { currency: 'USD' }),
    rate('old', 1, { validTo: '2026-06-09' }),
    rate('new', 1, { validFrom: '2026-06-11' }),
    rate('now', 1, { validFrom: '2026-06-10', validTo: '2026-06-10' }),
    rate('nobody', 1, { serviceId: 'x' }),
    rate('nowhere', 1, { zoneId: 'west' }),
  ])
  assert.equal(tariffs.length, 1)
  assert.deepEqual(ignored, [
    { rateId: 'usd', reason: 'currency' },
    { rateId: 'old', reason: 'not_valid' },
    { rateId: 'new', reason: 'not_valid' },
    { rateId: 'nobody', reason: 'unknown_service' },
    { rateId: 'nowhere', reason: 'unknown_zone' },
  ])
})

test('names are compared without case, width, accents and Chinese level words', () => {
  const cases: [string, string][] = [
    ['浙江省', '浙江'],
    ['广西壮族自治区', '广西'],
    ['香港特别行政区', '香港'],
    ['São Paulo ', 'sao paulo'],
    ['ＢＥＲＬＩＮ', 'berlin'],
    ['沙市', '沙市'],
  ]
  for (const [name, expected] of cases) assert.equal(comparableName(name), expected)
})

test('the compiled match is what looking at every row gives', () => {
  const country = fc.constantFrom('CN', 'DE')
  const name = fc.constantFrom('浙江', '上海', 'Berlin', '杭州')
  const optional = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: undefined })
  const defined = <T extends object>(value: T): T => JSON.parse(JSON.stringify(value))
  const area = fc
    .record({
      countryCode: optional(country),
      region: optional(name),
      city: optional(name),
      postalPrefix: optional(fc.constantFrom('3', '31')),
    })
    .map(defined)
  const origin = fc
    .record({ nodeId: optional(fc.constantFrom('sh', 'hz')), countryCode: optional(country), region: optional(name) })
    .map(defined)
  const row = fc.record({ from: optional(origin), to: fc.array(area, { maxLength: 2 }), group: fc.integer({ min: 0, max: 1 }) })
  const place = fc
    .record({ countryCode: country, region: optional(name), city: optional(name), postalCode: optional(fc.constantFrom('310', '2')) })
    .map(defined)
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.array(place, { minLength: 3, maxLength: 3 }), (given, places) => {
      const all = given.map((r, i) => ({ ...r, id: `r${i}`, from: r.from as Origin | undefined, to: r.to as Area[] }))
      const match = compileMostSpecific(all, nodes)
      const into = new Int32Array(nodes.length)
      for (const target of places) {
        match.fill(0, placeKey(target as (typeof nodes)[0]['place']), into)
        nodes.forEach((node, n) => {
          const key = placeKey(target as (typeof nodes)[0]['place'])
          let best = -1
          let rank = -1
          all.forEach((r, i) => {
            const starts =
              !r.from || (r.from.nodeId === undefined ? isIn(placeKey(node.place), areaKey(r.from)) : r.from.nodeId === node.nodeId)
            for (const to of r.to.length === 0 ? [{}] : r.to) {
              const own = areaRank(areaKey(to)) * 8 + originRank(r.from)
              const isFirst = best < 0 || own > rank || (own === rank && r.id < (all[best]?.id ?? ''))
              if (r.group === 0 && starts && isIn(key, areaKey(to)) && isFirst) [best, rank] = [i, own]
            }
          })
          assert.equal(into[n], best)
        })
      }
    }),
    { numRuns: 300 },
  )
})
