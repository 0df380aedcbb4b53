import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadLinearProgramSolver } from '../../server/connect/solver/linear-program.ts'
import { createFluidModel } from './fluid-model.ts'
import { drawInstance, drawSequence, type Network } from './instance.ts'
import { seededRandom } from './random.ts'
import { simulate, type Policy } from './simulate.ts'

/** Three centres and five metros on a line, made up for this test. */
const network: Network = {
  centres: [0, 20, 40].map((lng) => ({ lat: 40, lng: -120 + lng, weight: 1 })),
  metros: [0, 10, 20, 30, 40].map((lng, k) => ({ lat: 38, lng: -120 + lng, weight: 1 + k })),
}
const solver = await loadLinearProgramSolver()
const instance = drawInstance(network, 600, seededRandom(3))
const sequence = drawSequence(instance, seededRandom(4))
const open = { boxesPerHalf: new Float64Array(3).fill(Infinity), outage: undefined }

function hindsight(): number {
  const counts = new Float64Array(instance.chance.length)
  for (const cls of sequence) if (cls >= instance.metros) counts[cls]! += 1
  const model = createFluidModel(instance, [{ closed: [] }], solver)
  const { cost } = model.solve([counts], instance.stock)
  model.dispose()
  return cost
}

describe('the published instances', () => {
  it('are never solved below the hindsight bound, and far sight never costs more than closest sourcing', () => {
    const bound = hindsight()
    const policies: Policy[] = [{ kind: 'closest' }, { kind: 'greedy' }, { kind: 'prices', solves: 5 }, { kind: 'window', solves: 5 }]
    const costs = policies.map((policy) => simulate(instance, sequence, open, policy, solver).cost)
    for (const cost of costs) assert.ok(cost >= bound - 1e-6)
    assert.ok(costs[3]! <= costs[0]!)
    assert.ok(costs[3]! / bound < 1.08, `${costs[3]! / bound}`)
  })

  it('give the same result for the same seed', () => {
    const once = simulate(instance, sequence, open, { kind: 'window', solves: 3 }, solver)
    const again = simulate(instance, drawSequence(instance, seededRandom(4)), open, { kind: 'window', solves: 3 }, solver)
    assert.deepEqual([once.cost, once.unfilled], [again.cost, again.unfilled])
  })

  it('never ship from a lost centre or beyond its boxes', () => {
    const scenario = { boxesPerHalf: Float64Array.from([40, 40, 40]), outage: 1 }
    const broken = simulate(instance, sequence, scenario, { kind: 'prices', solves: 4 }, solver)
    const whole = simulate(instance, sequence, open, { kind: 'prices', solves: 4 }, solver)
    assert.ok(broken.unfilled > whole.unfilled)
    assert.ok(broken.cost > whole.cost)
  })
})
