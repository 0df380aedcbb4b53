import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { declaredStatements, openClient } from './database.ts'

const db = await testDatabase()
const folder = new URL('./', import.meta.url)
const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
for (const file of files) await import(new URL(file, folder).href)

test('every statement that the store declares can be prepared against the migrated schema', async () => {
  const statements = declaredStatements()
  assert.ok(files.length > 15 && statements.length > 60, `only ${files.length} files and ${statements.length} statements were found`)
  const broken: string[] = []
  const client = await db.pool.connect()
  for (const [i, { name, sql }] of statements.entries()) {
    try {
      await client.query(`prepare s${i} as ${sql}`)
    } catch (error) {
      broken.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  client.release()
  assert.deepEqual(broken, [])
})

test('every statement starts with its own name, so that it can be found where PostgreSQL shows what runs', () => {
  for (const { name, sql } of declaredStatements()) assert.ok(sql.startsWith(`/* fulcrum:${name} */\n`), name)
})

/** Tables of a handful of rows that are read whole: as many as there are log shards, processes, webhooks, people who log in. */
const small = new Set([
  'log_heads',
  'hub_settings',
  'business_clock',
  'subscriptions',
  'credentials',
  'users',
  'parked_commands',
  'master_key_marks',
  'node_closures',
  'process_slots',
  'pg_constraint',
])

test('no statement scans a table that grows from end to end: in the writing session each finds its rows by an index', async () => {
  const client = await openClient(db.connection, { isByKey: true, onLost: assert.fail })
  try {
    const settings = await client.query(`select current_setting('enable_seqscan') as scans, current_setting('plan_cache_mode') as plans`)
    assert.deepEqual(settings.rows, [{ scans: 'off', plans: 'force_generic_plan' }])
    const scanned: string[] = []
    let explained = 0
    for (const { name, sql } of declaredStatements()) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (generic_plan, costs off) ${sql}`)
      explained++
      for (const row of rows) {
        const table = /Seq Scan on (\w+)/.exec(row['QUERY PLAN'])?.[1]
        if (table !== undefined && !small.has(table)) scanned.push(`${name}: ${row['QUERY PLAN'].trim()}`)
      }
    }
    assert.ok(explained > 60)
    assert.deepEqual(scanned, [])
  } finally {
    await client.end()
  }
})
