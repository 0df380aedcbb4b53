import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { readPostmaster } from '../../server/connect/postgres/postmaster.ts'

const USER = `
  const { openTestDatabase } = await import(process.argv[1])
  const db = await openTestDatabase({ migrations: null })
  const { rows } = await db.pool.query('select current_database() as name')
  console.log(rows[0].name)
  await db.close()`

test('processes that come and go share one cluster, and the last one out stops it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-cluster-'))
  chmodSync(folder, 0o711)
  t.after(() => rmSync(folder, { recursive: true }))
  const names = await Promise.all(
    [1, 2, 3].map(async () => {
      const args = ['--input-type=module', '-e', USER, new URL('database.ts', import.meta.url).href]
      const child = spawn(process.execPath, args, {
        env: { ...process.env, FULCRUM_TEST_CLUSTER: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [name, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
      assert.equal(code, 0)
      return name.trim()
    }),
  )
  assert.equal(new Set(names).size, 3)
  assert.ok(names.every((name) => name.startsWith('fulcrum_test_')))
  assert.equal(readPostmaster(join(folder, 'postgres')), undefined)
})
