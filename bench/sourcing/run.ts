import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadLinearProgramSolver, type LinearProgramSolver } from '../../server/connect/solver/linear-program.ts'
import { createFluidModel } from './fluid-model.ts'
import { closestBoxes, drawInstance, drawSequence, readNetwork, type Instance } from './instance.ts'
import { measureAvailability, measurePlanSpeed } from './plan-speed.ts'
import { seededRandom } from './random.ts'
import { simulate, type Policy, type Result, type Scenario } from './simulate.ts'

/**
 * npm run bench:sourcing [-- --instances 12 --sequences 3 --periods 10000 --large --data <folder of the two CSV pairs>]
 * 30 × 30 as in the literature: --instances 30 --sequences 30. Exit 1 when the best policy misses the gate.
 */
const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '12' },
    sequences: { type: 'string', default: '3' },
    periods: { type: 'string', default: '10000' },
    large: { type: 'boolean', default: false },
    data: { type: 'string' },
  },
})
const GATE = 1.03
const GATED = 'window re-optimised 40×'

const policies: readonly (readonly [string, Policy])[] = [
  ['closest centre', { kind: 'closest' }],
  ['exact greedy', { kind: 'greedy' }],
  ['static bid prices', { kind: 'prices', solves: 1 }],
  ['bid prices re-solved 10×', { kind: 'prices', solves: 10 }],
  ['bid prices re-solved 40×', { kind: 'prices', solves: 40 }],
  ['window re-optimised 10×', { kind: 'window', solves: 10 }],
  [GATED, { kind: 'window', solves: 40 }],
  // Every order known beforehand, whole boxes only: what no policy can beat by much.
  ['whole horizon as one window', { kind: 'window', solves: 1 }],
]
type Sample = Result & { readonly seed: number; readonly ratio: number }
type Row = { policy: string; ratio: number; halfWidth: number; unfilledShare: number; microsPerOrder: number; solveMs: number }

const folder = values.data ?? join(process.env['FULCRUM_DATA_SAMPLES'] ?? '../shared/data', 'sourcing')
if (!existsSync(folder)) {
  console.error(
    `bench:sourcing needs the published network (cities*.csv, fulfillment_centers*.csv); ${folder} does not exist. Name its folder with --data.`,
  )
  process.exit(1)
}
const network = readNetwork(folder, !values.large)
const solver = await loadLinearProgramSolver()
const instances = Number(values.instances)
const sequences = Number(values.sequences)

console.log(`cores ${cpus().length}, ${instances} instances × ${sequences} sequences, ${values.periods} periods, seed = instance number`)
const plain = runFamily('published', instances, sequences, () => undefined)
const broken = runFamily('capacity and outage at T/2', Math.ceil(instances / 2), sequences, outageOf)
const speed = [measurePlanSpeed(20_000), ...[1, 2, 5].map((lines) => measurePlanSpeed(5000, lines))]
const availabilityMicros = measureAvailability()
console.log('\nplanning over 559 nodes each stocking 30 % of 2,000 items, explanation built (µs)')
console.table(
  speed.map((row) => ({ ...row, meanMicros: round(row.meanMicros), p50Micros: round(row.p50Micros), p99Micros: round(row.p99Micros) })),
)
console.log(`availability of one item over its nodes: ${availabilityMicros.toFixed(2)} µs`)
mkdirSync('bench/results', { recursive: true })
writeFileSync('bench/results/sourcing.json', `${JSON.stringify({ options: values, plain, broken, speed, availabilityMicros }, null, 2)}\n`)
const gated = plain.rows.find(({ policy }) => policy === GATED)
const isMet = gated !== undefined && gated.ratio <= GATE
console.log(`gate: ${GATED} ≤ ${GATE}: ${isMet ? 'met' : 'MISSED'} (${gated?.ratio.toFixed(4)})`)
process.exit(isMet ? 0 : 1)

function runFamily(
  title: string,
  count: number,
  repeats: number,
  breakage: (instance: Instance) => Scenario | undefined,
): { title: string; runs: number; boundMean: number; rows: Row[] } {
  const samples = new Map<string, Sample[]>(policies.map(([name]) => [name, []]))
  const bounds: number[] = []
  for (let seed = 1; seed <= count; seed++) {
    const random = seededRandom(seed)
    const instance = drawInstance(network, Number(values.periods), random)
    const scenario = breakage(instance) ?? { boxesPerHalf: new Float64Array(instance.centres).fill(Infinity), outage: undefined }
    for (let k = 0; k < repeats; k++) {
      const sequence = drawSequence(instance, random)
      const bound = hindsight(instance, sequence, scenario, solver)
      for (const [name, policy] of policies) {
        const result = simulate(instance, sequence, scenario, policy, solver)
        samples.get(name)?.push({ ...result, seed, ratio: result.cost / bound })
      }
      bounds.push(bound)
    }
  }
  const rows = [...samples].map(([policy, list]) => rowOf(policy, list))
  console.log(`\n${title}: cost / hindsight LP, ${bounds.length} runs, 95 % confidence`)
  console.table(
    rows.map((row) => ({
      ...row,
      ratio: row.ratio.toFixed(4),
      halfWidth: `±${row.halfWidth.toFixed(4)}`,
      unfilledShare: `${(row.unfilledShare * 100).toFixed(2)} %`,
      microsPerOrder: round(row.microsPerOrder),
      solveMs: round(row.solveMs),
    })),
  )
  return { title, runs: bounds.length, boundMean: mean(bounds), rows }
}

/** The LP that knows every order: a lower bound on any policy. */
function hindsight(instance: Instance, sequence: Int32Array, scenario: Scenario, lp: LinearProgramSolver): number {
  const half = Math.floor(sequence.length / 2)
  const isBroken = scenario.outage !== undefined
  const count = (part: Int32Array): Float64Array => {
    const counts = new Float64Array(instance.chance.length)
    for (const cls of part) if (cls >= instance.metros) counts[cls]! += 1
    return counts
  }
  const boxes = scenario.boxesPerHalf
  const stages = isBroken
    ? [
        { closed: [], boxes },
        { closed: [scenario.outage ?? -1], boxes },
      ]
    : [{ closed: [] }]
  const model = createFluidModel(instance, stages, lp)
  const counts = isBroken ? [count(sequence.subarray(0, half)), count(sequence.subarray(half))] : [count(sequence)]
  const { cost } = model.solve(counts, instance.stock, isBroken ? [boxes, boxes] : [])
  model.dispose()
  return cost
}

/** Each half a centre ships at most 1.05 times the boxes of closest sourcing; the centre with most stock is lost at half time. */
function outageOf(instance: Instance): Scenario {
  const boxesPerHalf = closestBoxes(instance).map((share) => Math.round((share * instance.periods * 1.05) / 2))
  const held = new Float64Array(instance.centres)
  instance.stock.forEach((units, at) => (held[at % instance.centres]! += units))
  return { boxesPerHalf, outage: held.indexOf(Math.max(...held)) }
}

function rowOf(policy: string, samples: readonly Sample[]): Row {
  // Sequences of one instance resemble each other: the interval is over the means of instances.
  const means = [...Map.groupBy(samples, ({ seed }) => seed).values()].map((own) => mean(own.map(({ ratio }) => ratio)))
  const ratio = mean(means)
  const variance = means.reduce((sum, value) => sum + (value - ratio) ** 2, 0) / Math.max(1, means.length - 1)
  const orders = samples.reduce((sum, sample) => sum + sample.orders, 0)
  const items = samples.reduce((sum, sample) => sum + sample.items, 0)
  return {
    policy,
    ratio,
    halfWidth: 1.96 * Math.sqrt(variance / means.length),
    unfilledShare: samples.reduce((sum, { unfilled }) => sum + unfilled, 0) / items,
    microsPerOrder: (samples.reduce((sum, { decideMs }) => sum + decideMs, 0) * 1000) / orders,
    solveMs: mean(samples.map(({ solveMs }) => solveMs)),
  }
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
