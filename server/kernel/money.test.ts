import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { divideRounded, minor, parseDecimal, prorate, scale } from './money.ts'

test('prorated parts always sum to the amount and differ from the exact share by less than one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 50 }),
      (amount, weights) => {
        const parts = prorate(minor(amount), weights)
        assert.equal(
          parts.reduce((sum, part) => sum + part, 0),
          amount,
        )
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        if (total > 0) parts.forEach((part, i) => assert.ok(Math.abs(part - (amount * (weights[i] ?? 0)) / total) < 1.000001))
      },
    ),
  )
})

test('scale equals the exact rational rounded half away from zero', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 1_000_000 }), (amount, numerator) => {
      const exact = divideRounded(BigInt(amount) * BigInt(numerator), 1_000_000n)
      assert.equal(BigInt(scale(minor(amount), numerator, 1_000_000)), exact)
    }),
  )
})

for (const [text, digits, want] of [
  ['12.30', 2, 1230],
  ['12.3', 2, 1230],
  ['-0.01', 2, -1],
  ['5', 0, 5],
  ['1.005', 3, 1005],
  ['1.000', 2, 100],
  ['1.005', 2, undefined],
  ['1e2', 2, undefined],
  ['', 2, undefined],
  ['12,30', 2, undefined],
  ['-0', 2, 0],
] as const)
  test(`decimal "${text}" at scale ${digits} is ${want}`, () => assert.equal(parseDecimal(text, digits), want))
