import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ClockRow } from '../store/hub-settings.ts'
import { BusinessClock } from './business-clock.ts'

const row = (business: number, wall: number, rate: number, version: number): ClockRow =>
  ({ anchor_business: business, anchor_wall: wall, rate, version }) as unknown as ClockRow

test('business time runs from its anchor at its rate', () => {
  let wall = 1000
  const clock = new BusinessClock(() => wall, row(50_000, 1000, 60, 1))
  assert.equal(clock.now(), 50_000)
  wall += 10
  assert.equal(clock.now(), 50_600)
})

test('a newer row is taken, an older one is not', () => {
  const clock = new BusinessClock(() => 1000, row(5000, 1000, 1, 2))
  clock.set(row(9000, 1000, 1, 1))
  assert.equal(clock.now(), 5000)
  clock.set(row(7000, 1000, 1, 3))
  assert.equal(clock.now(), 7000)
})

test('business time never goes backwards, whatever the wall clock and the row do', () => {
  const step = fc.oneof(
    fc.record({ wall: fc.integer({ min: -100_000, max: 100_000 }) }),
    fc.record({ business: fc.integer({ min: 0, max: 1_000_000 }), rate: fc.double({ min: 0, max: 3600, noNaN: true }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      let wall = 500_000
      let version = 1
      const clock = new BusinessClock(() => wall, row(500_000, wall, 1, version))
      let last = clock.now()
      for (const one of steps) {
        if ('wall' in one) wall += one.wall
        else clock.set(row(one.business, wall, one.rate, ++version))
        const now = clock.now()
        assert.ok(now >= last && Number.isSafeInteger(now))
        last = now
      }
    }),
  )
})
