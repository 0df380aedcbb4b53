import { mkdtempSync, rmSync, chmodSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChaos } from './chaos.ts'
import { raceForOneUnit } from './race.ts'

/** `npm run chaos [-- <kills> [<seed>]]`: 50 kills of the hub and its PostgreSQL under load, then 1,000 races for one unit. */
const [kills = '50', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2)
const ROUNDS = 1000

const dataDir = mkdtempSync(join(tmpdir(), 'fulcrum-chaos-'))
chmodSync(dataDir, 0o755)
console.log(`chaos: seed ${seed}, data folder ${dataDir}`)
const report = await runChaos({ dataDir, kills: Number(kills), seed: Number(seed), log: (line) => console.log(line) })
for (const problem of report.problems) console.log(`PROBLEM  ${problem}`)
console.log(
  `${report.acknowledged} orders acknowledged, ${report.unanswered} never answered, ${report.cancelled} cancelled; kills ${JSON.stringify(report.kills)}; ${report.problems.length} problems (seed ${seed})`,
)
const race = await raceForOneUnit({ rounds: ROUNDS, buyers: 500, seed: Number(seed) })
for (const problem of race.problems.slice(0, 20)) console.log(`PROBLEM  ${problem}`)
console.log(
  `${race.rounds} races of 500 buyers for one unit: ${race.winners} winners, ${race.problems.length} problems, ${(race.ms / 1000).toFixed(1)} s`,
)
const isGood = report.problems.length === 0 && race.problems.length === 0 && report.acknowledged > 0
if (isGood) rmSync(dataDir, { recursive: true, force: true })
else console.log(`the database is kept in ${dataDir}: look with FULCRUM_DATA_DIR=${dataDir} npm run verify`)
process.exitCode = isGood ? 0 : 1
