import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RateInput } from '../../../contract/entities/rate.ts'
import type { ServiceInput } from '../../../contract/entities/carrier.ts'
import { chargedFor, priceOf, tariffOf } from './charge.ts'
import { defaultDays, defaultFreight } from './default-service.ts'
import { kmBetween, pointOf } from './distance.ts'
import { loadOf } from './load.ts'

const rate = (more: Partial<RateInput>): RateInput => ({ rateId: 'r', carrierId: 'c', serviceId: 's', currency: 'CNY', ...more })
type Limits = Pick<ServiceInput, 'maxWeightGrams' | 'volumetricDivisor' | 'packagingGrams'>
const bands = [
  { uptoGrams: 3000, amount: 1800 },
  { uptoGrams: 1000, amount: 1200 },
]
type Case = [name: string, rate: Partial<RateInput>, limits: Limits, grams: number, volumeCm3: number, minor: number]
const cases: Case[] = [
  ['base and perKg, exact grams', { base: 500, perKg: 200 }, {}, 1250, 0, 750],
  ['half a minor unit rounds away from zero', { perKg: 1 }, {}, 500, 0, 1],
  ['started kilograms', { base: 500, perKg: 200, stepGrams: 1000 }, {}, 1001, 0, 900],
  ['minimum before fuel', { perKg: 100, minimum: 800, fuelPpm: 125_000 }, {}, 1000, 0, 900],
  ['fuel is rounded once with the rest', { base: 333, perKg: 333, fuelPpm: 155_000 }, {}, 333, 0, 513],
  ['per parcel, several parcels', { perParcel: 300, perKg: 100 }, { maxWeightGrams: 10_000 }, 25_000, 0, 3400],
  ['packaging counts for each parcel', { perParcel: 300, perKg: 100 }, { maxWeightGrams: 10_000, packagingGrams: 500 }, 19_000, 0, 2600],
  ['volume beats weight', { perKg: 100 }, { volumetricDivisor: 5000 }, 1000, 60_000, 1200],
  ['weight beats volume', { perKg: 100 }, { volumetricDivisor: 5000 }, 20_000, 60_000, 2000],
  ['the first band that holds it', { bands, perKg: 400 }, {}, 1000, 0, 1200],
  ['the next band', { bands, perKg: 400 }, {}, 1001, 0, 1800],
  ['beyond the last band perKg for the rest', { bands, perKg: 400 }, {}, 4500, 0, 2400],
  ['nothing configured in the row is free', {}, {}, 4500, 0, 0],
]
for (const [name, row, limits, grams, volumeCm3, expected] of cases) {
  test(`freight: ${name}`, () => {
    assert.equal(priceOf(tariffOf(rate(row)), chargedFor({ grams, volumeCm3, heaviestGrams: grams }, limits)), expected)
  })
}

test('adding weight or volume never lowers freight, by a rate row with rising bands or by default', () => {
  const amount = fc.integer({ min: 0, max: 100_000 })
  const row = fc
    .record({ base: amount, perKg: amount, perParcel: amount, minimum: amount, steps: fc.array(amount, { maxLength: 4 }) })
    .chain((r) =>
      fc.record({ row: fc.constant(r), stepGrams: fc.integer({ min: 1, max: 2000 }), fuelPpm: fc.integer({ min: 0, max: 500_000 }) }),
    )
    .map(({ row: { steps, ...r }, stepGrams, fuelPpm }) => {
      const rising = steps.sort((a, b) => a - b).map((amount_, i) => ({ uptoGrams: (i + 1) * 1500, amount: amount_ }))
      return rate({ ...r, stepGrams, fuelPpm, ...(rising.length > 0 && { bands: rising }) })
    })
  const limits = fc.record({
    maxWeightGrams: fc.integer({ min: 600, max: 50_000 }),
    volumetricDivisor: fc.integer({ min: 1000, max: 9000 }),
    packagingGrams: fc.integer({ min: 0, max: 500 }),
  })
  const some = fc.integer({ min: 0, max: 100_000 })
  fc.assert(
    fc.property(row, limits, some, some, some, some, (r, l, grams, more, volume, bigger) => {
      const tariff = tariffOf(r)
      const price = (g: number, v: number): number => priceOf(tariff, chargedFor({ grams: g, volumeCm3: v, heaviestGrams: g }, l))
      assert.ok(price(grams + more, volume + bigger) >= price(grams, volume))
      const plain = (g: number, km: number): number => defaultFreight(km, { grams: g, parcels: 1 })
      assert.ok(plain(grams + more, bigger / 10) >= plain(grams, bigger / 10))
      assert.ok(plain(grams, (bigger + more) / 10) >= plain(grams, bigger / 10))
    }),
  )
})

test('the default service: 1 kg over 1000 km costs 900 and takes 3 days, next door 1 day, abroad 5 more', () => {
  assert.equal(defaultFreight(1000, { grams: 1000, parcels: 1 }), 900)
  assert.deepEqual(
    [defaultDays(0, false), defaultDays(50, false), defaultDays(51, false), defaultDays(1000, false), defaultDays(1000, true)],
    [1, 1, 2, 3, 8],
  )
})

test('great circles: Shanghai–Hangzhou 165 km, Beijing–New York 10 991 km, a street 1 km', () => {
  const km = (a: [number, number], b: [number, number]): number => kmBetween(pointOf(...a), pointOf(...b))
  assert.equal(Math.round(km([31.23, 121.47], [30.27, 120.15])), 165)
  assert.ok(Math.abs(km([39.9042, 116.4074], [40.7128, -74.006]) - 10_990) < 5)
  assert.ok(Math.abs(km([31.23, 121.47], [31.239, 121.47]) - 1.0008) < 0.001)
  assert.ok(Math.abs(km([0, 0], [0, 180]) - Math.PI * 6371.0088) < 1e-6)
})

test('an item without weight counts 500 g, one without size no volume', () => {
  assert.deepEqual(loadOf({}, 3), { grams: 1500, volumeCm3: 0, heaviestGrams: 500 })
  assert.deepEqual(loadOf({ weightGrams: 200, lengthMm: 100, widthMm: 50, heightMm: 20 }, 2), {
    grams: 400,
    volumeCm3: 200,
    heaviestGrams: 200,
  })
})
