import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { runChaos } from '../chaos/chaos.ts'

const VERIFY = fileURLToPath(new URL('../../bin/verify.ts', import.meta.url))

/** What `npm run verify` prints and ends with on a data folder. */
const verify = (dataDir: string): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: '', FULCRUM_DATA_DIR: dataDir }
    execFile(process.execPath, [VERIFY], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
    )
  })

test('killed under load, hub and PostgreSQL come back with every acknowledged order once and no other twice', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fulcrum-chaos-'))
  chmodSync(dataDir, 0o755)
  try {
    const seed = 4
    const report = await runChaos({ dataDir, kills: 4, seed, buyers: 8, loadMsMax: 700 })
    assert.deepEqual(report.problems, [], `seed ${seed}`)
    assert.ok(report.acknowledged > 50, `only ${report.acknowledged} orders were acknowledged`)
    assert.deepEqual(report.kills, { hub: 1, postgres: 1, both: 1, backend: 1 })
    const said = await verify(dataDir)
    assert.equal(said.code, 0, said.output)
    assert.match(said.output, /[1-9]\d* things checked, 0 violations/)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})
