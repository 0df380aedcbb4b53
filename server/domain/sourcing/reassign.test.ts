import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { reassign, type OpenPlans } from './reassign.ts'

type Case = { readonly capacity: readonly number[]; readonly costs: readonly (readonly number[])[] }

/** 1,000 = cannot be there; the last place is "not served" and always costs 500. */
const cases: fc.Arbitrary<Case> = fc.record({
  capacity: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 }),
  costs: fc.array(fc.array(fc.oneof(fc.constant(1000), fc.integer({ min: 0, max: 90 })), { minLength: 3, maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  }),
})

function openPlans({ capacity, costs }: Case): OpenPlans {
  const options = costs.map((row) => new Map([...row.entries(), [3, 500] as const].filter(([, cost]) => cost < 1000)))
  return { at: new Int32Array(costs.length).fill(3), free: Float64Array.from([...capacity, Infinity]), options }
}

const totalOf = ({ at, options }: OpenPlans): number => at.reduce((sum, place, k) => sum + (options[k]?.get(place) ?? Number.NaN), 0)

function leastOf(c: Case, k = 0, left = c.capacity): number {
  const row = c.costs[k]
  if (!row) return 0
  let least = 500 + leastOf(c, k + 1, left)
  row.forEach((cost, p) => {
    if (cost < 1000 && (left[p] ?? 0) > 0)
      least = Math.min(
        least,
        cost +
          leastOf(
            c,
            k + 1,
            left.map((units, q) => (q === p ? units - 1 : units)),
          ),
      )
  })
  return least
}

describe('open plans looked at together', () => {
  it('cost the least there is, from any start, within every place', () => {
    fc.assert(
      fc.property(cases, (c) => {
        const plans = openPlans(c)
        reassign(plans, 1000)
        assert.equal(totalOf(plans), leastOf(c))
        c.capacity.forEach((capacity, p) => assert.equal(plans.free[p], capacity - plans.at.filter((place) => place === p).length))
      }),
      { numRuns: 300 },
    )
  })

  it('never cost more than before when the work is bounded', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 4 }), (c, rings) => {
        const plans = openPlans(c)
        const before = totalOf(plans)
        reassign(plans, rings)
        assert.ok(totalOf(plans) <= before)
      }),
    )
  })
})
