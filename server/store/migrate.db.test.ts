import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { Fault } from '../kernel/fault.ts'
import { openPool } from './database.ts'
import { migrate } from './migrate.ts'

const folders: string[] = []
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))))

async function migrations(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fulcrum-migrations-'))
  folders.push(folder)
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql)
  return folder
}

const A = { '0001_a_create.sql': 'create table a (id int);' }
const B = { '0002_b_create.sql': 'create table b (id int); insert into b values (1);' }

const broken = (pattern: RegExp) => (error: unknown) =>
  error instanceof Fault && error.code === 'migrations_broken' && pattern.test(error.message)

test('migrations run in order, once', async () => {
  const db = await testDatabase({ migrations: null })
  assert.deepEqual(await migrate(db.pool, await migrations(A)), ['0001_a_create.sql'])
  const both = await migrations({ ...A, ...B })
  assert.deepEqual(await migrate(db.pool, both), ['0002_b_create.sql'])
  assert.deepEqual(await migrate(db.pool, both), [])
})

test('several processes migrating at once apply each file once', async () => {
  const db = await testDatabase({ migrations: null })
  const folder = await migrations({ ...A, ...B })
  const pools = [1, 2, 3, 4].map(() => openPool(db.connection, { max: 1 }))
  const applied = await Promise.all(pools.map((pool) => migrate(pool, folder)))
  assert.deepEqual(applied.flat(), ['0001_a_create.sql', '0002_b_create.sql'])
  assert.equal((await db.pool.query('select 1 from b')).rowCount, 1)
  await Promise.all(pools.map((pool) => pool.end()))
})

test('a file that fails leaves nothing of itself and names itself', async () => {
  const db = await testDatabase({ migrations: null })
  const folder = await migrations({ ...A, '0002_b_create.sql': 'create table b (id int); select 1 / 0;' })
  await assert.rejects(migrate(db.pool, folder), broken(/0002_b_create\.sql fails: division by zero/))
  assert.deepEqual((await db.pool.query(`select to_regclass('a') is null as a, to_regclass('b') is null as b`)).rows, [
    { a: false, b: true },
  ])
})

test('an applied migration that was changed is refused', async () => {
  const db = await testDatabase({ migrations: null })
  await migrate(db.pool, await migrations(A))
  await assert.rejects(
    migrate(db.pool, await migrations({ '0001_a_create.sql': 'create table a (id bigint);' })),
    broken(/was changed after it was applied/),
  )
})

test('a database of a newer hub is refused', async () => {
  const db = await testDatabase({ migrations: null })
  await migrate(db.pool, await migrations({ ...A, ...B }))
  await assert.rejects(migrate(db.pool, await migrations(A)), broken(/newer hub/))
})

test('a gap, a duplicate number and an empty folder are refused before anything runs', async () => {
  const db = await testDatabase({ migrations: null })
  await assert.rejects(
    migrate(db.pool, await migrations({ ...A, '0003_c_create.sql': 'select 1' })),
    broken(/expected 0002_<noun>_<verb>\.sql, got 0003/),
  )
  await assert.rejects(migrate(db.pool, await migrations({ ...A, '0001_b_create.sql': 'select 1' })), broken(/expected 0002/))
  await assert.rejects(migrate(db.pool, await migrations({})), broken(/holds no migrations/))
  assert.deepEqual((await db.pool.query(`select to_regclass('a') is null as a`)).rows, [{ a: true }])
})
