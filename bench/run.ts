/**
 * npm run bench [-- --quick] [-- --only whole,http] [-- --name quiet]: what the hub reaches on this machine, beside what its database
 * could do without it. One PostgreSQL of its own, fsync on; every repetition starts from the same database. Results go to bench/results.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBenchDatabase, type BenchDatabase } from './bench-hub.ts'
import { ceilings } from './cases/ceiling.ts'
import { fanOut, statusChanges } from './cases/followers.ts'
import { overHttp } from './cases/http.ts'
import { hotOrders, wholeOrders } from './cases/in-process.ts'
import { hotReservations } from './cases/reservations.ts'
import { reads } from './cases/reads.ts'
import { nodeWork } from './cases/work.ts'
import { size } from './cases/size.ts'
import { planWindow } from './cases/window.ts'
import { isMet, lineOf, type Sample, summarise, type Summary } from './measure.ts'

type Case = { readonly run: (db: BenchDatabase, count: number) => Promise<Sample[]>; readonly count: number; readonly quick: number }

const CASES: Readonly<Record<string, Case>> = {
  reads: { run: reads, count: 5000, quick: 1000 },
  whole: { run: wholeOrders, count: 30_000, quick: 5000 },
  hot: { run: hotOrders, count: 20_000, quick: 4000 },
  reserve: { run: hotReservations, count: 100_000, quick: 20_000 },
  ceiling: { run: ceilings, count: 20_000, quick: 2000 },
  work: { run: nodeWork, count: 10_000, quick: 1000 },
  window: { run: planWindow, count: 2000, quick: 400 },
  size: { run: size, count: 100_000, quick: 1000 },
  http: { run: overHttp, count: 20_000, quick: 2000 },
  status: { run: statusChanges, count: 10_000, quick: 2000 },
  followers: { run: fanOut, count: 200, quick: 60 },
}

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    name: { type: 'string' },
    repetitions: { type: 'string' },
  },
})
const names = options.only?.split(',') ?? Object.keys(CASES)
const unknown = names.filter((name) => !(name in CASES))
if (unknown.length > 0) {
  console.error(`expected --only with some of ${Object.keys(CASES).join(',')}; got ${unknown.join(',')}`)
  process.exit(1)
}
const repetitions = Number(options.repetitions ?? (options.quick ? 1 : 3))

const machine = {
  cores: availableParallelism(),
  cpu: cpus()[0]?.model ?? 'unknown',
  memoryGb: Math.round(totalmem() / 1e9),
  node: process.version,
}
console.log(
  `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, Node ${machine.node}; load before: ${loadavg()[0]?.toFixed(2)}`,
)
const db = await openBenchDatabase(1)
const loadBefore = loadavg()[0]
const results: Summary[] = []
try {
  for (const name of names) {
    const one = CASES[name]
    if (one === undefined) continue
    const samples: Sample[][] = []
    for (let k = 0; k < repetitions; k++) samples.push(await one.run(db, options.quick ? one.quick : one.count))
    const summaries = summarise(samples)
    console.log(`${name} (${repetitions} repetition${repetitions === 1 ? '' : 's'}, medians, range)`)
    for (const summary of summaries) console.log(lineOf(summary))
    results.push(...summaries)
  }
} finally {
  await db.close()
}
if (results.length === 0) throw new Error('nothing was measured')
console.log(shareOfCeiling(results))
const missed = results.filter((one) => !isMet(one))
console.log(missed.length === 0 ? 'every gate is met' : `${missed.length} of the gates missed: ${missed.map((one) => one.name).join('; ')}`)
const file = join(import.meta.dirname, 'results', `${options.name ?? (options.quick ? 'quick' : 'bench')}.json`)
mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), machine, loadBefore, repetitions, results }, null, 2)}\n`)
console.log(`written to ${file}`)

function shareOfCeiling(summaries: readonly Summary[]): string {
  const of = (name: string): number | undefined => summaries.find((one) => one.name === name)?.value
  const whole = of('whole orders, in process')
  const copy = of('ceiling: COPY of the same rows')
  return whole === undefined || copy === undefined
    ? ''
    : `whole orders reach ${Math.round((whole / copy) * 100)} % of what COPY reaches into the same tables`
}
