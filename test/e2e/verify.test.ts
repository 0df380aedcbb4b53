import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readPostmaster } from '../../server/connect/postgres/postmaster.ts'
import { openPool } from '../../server/store/database.ts'
import { apiOf } from '../support/api.ts'
import { orderOf, placed, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const VERIFY = fileURLToPath(new URL('../../bin/verify.ts', import.meta.url))
const dataDir = hubFolder()

/** What `npm run verify` ends with and prints. */
const verify = (...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, LC_ALL: 'C', DATABASE_URL: '', FULCRUM_DATA_DIR: dataDir }
    execFile(process.execPath, [VERIFY, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
    )
  })

test('verify looks at a data folder while its hub runs, repairs drift beside it, and says what it did', async () => {
  const empty = await verify()
  assert.equal(empty.code, 2, empty.output)
  assert.match(empty.output, /holds no database/)

  const hub = await startHubProcess({ dataDir })
  const api = apiOf(hub.url)
  await putFirstWorld(api)
  await placed(api, orderOf('v-1'))
  const clean = await verify()
  assert.equal(clean.code, 0, clean.output)
  assert.match(clean.output, /order\.state +1 +0/)

  const pool = openPool(
    { host: readPostmaster(join(dataDir, 'postgres'))?.socketDir ?? '', port: 5432, database: 'fulcrum', user: 'fulcrum' },
    { max: 1 },
  )
  await pool.query('update stock set committed = committed + 5')
  await pool.end()
  const drifted = await verify()
  assert.equal(drifted.code, 1, drifted.output)
  assert.match(
    drifted.output,
    /stock\.reserved +1 +1 .*sum of the reservations\n +tea-500@sh-1: soft 0, firm 0, committed 6; its reservations say 0, 0, 1/,
  )
  const repaired = await verify('--repair')
  assert.equal(repaired.code, 0, repaired.output)
  assert.match(repaired.output, /repaired +stock\.reserved: tea-500@sh-1: .*committed 6 → 1/)

  await placed(api, orderOf('v-2'))
  assert.equal((await verify()).code, 0)
  const chinese = await verify('--lang', 'zh')
  assert.match(chinese.output, /^检查项[^]*order\.state +2 +0[^]*违反 0 处/)
  const wrong = await verify('--fix')
  assert.deepEqual([wrong.code, /expected --repair, --lang en or zh, or nothing, got --fix/.test(wrong.output)], [2, true])
})
