import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { declaredStatements } from './database.ts'

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
