import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../kernel/fault.ts'
import { commit, type Client, connectPooled, giveBack, type Pool } from './database.ts'
import { toFault } from './pg-errors.ts'

/** One file of db/migrations. */
export type Migration = { readonly name: string; readonly sql: string; readonly sha256: string }
type Applied = { readonly name: string; readonly sha256: string }

/** Any constant that no other program uses on this database. */
const LOCK_KEY = '7021948117203'
const SHAPE = /^(\d{4})_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/

/** The migrations of a folder in order. Numbers start at 0001 and have no gaps. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  names.forEach((name, index) => {
    const expected = String(index + 1).padStart(4, '0')
    if (SHAPE.exec(name)?.[1] !== expected) throw broken(`expected ${expected}_<noun>_<verb>.sql, got ${name}`)
  })
  if (names.length === 0) throw broken(`${folder} holds no migrations`)
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

const broken = (message: string): Fault => new Fault('migrations_broken', message, 'never')

/**
 * Brings a database to the folder's last migration and returns the names applied now. Each file runs once, whole, in a transaction of
 * its own; several processes may call it at once: an advisory lock lets one work and the others find it done.
 * Fault `migrations_broken`: an applied file was changed or removed, the database is newer than the folder, or a file fails.
 */
export async function migrate(pool: Pool, folder: string): Promise<readonly string[]> {
  const migrations = await readMigrations(folder)
  const client = await connectPooled(pool)
  try {
    await client.query('/* fulcrum:lockMigrations */ select pg_advisory_lock($1::bigint)', [LOCK_KEY])
    try {
      return await applyMissing(client, migrations)
    } finally {
      await client.query('/* fulcrum:unlockMigrations */ select pg_advisory_unlock($1::bigint)', [LOCK_KEY])
    }
  } catch (error) {
    throw toFault(error, 'migrate')
  } finally {
    giveBack(client)
  }
}

async function applyMissing(client: Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  await client.query(CREATE_LEDGER)
  const { rows } = await client.query<Applied>('/* fulcrum:readMigrations */ select name, sha256 from migrations order by name')
  rows.forEach((applied, index) => checkApplied(applied, migrations[index]))
  const missing = migrations.slice(rows.length)
  for (const migration of missing) await applyOne(client, migration)
  return missing.map((migration) => migration.name)
}

const CREATE_LEDGER = `/* fulcrum:createMigrations */
create table if not exists migrations (
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now(),
  constraint migrations_pkey primary key (name)
)`

function checkApplied(applied: Applied, known: Migration | undefined): void {
  if (known === undefined)
    throw broken(`the database has ${applied.name}, which this version does not know: it was migrated by a newer hub`)
  if (known.name !== applied.name) throw broken(`the database has ${applied.name} where this version has ${known.name}`)
  if (known.sha256 !== applied.sha256) throw broken(`${applied.name} was changed after it was applied: write a new migration instead`)
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('/* fulcrum:recordMigration */ insert into migrations (name, sha256) values ($1::text, $2::text)', [
      migration.name,
      migration.sha256,
    ])
    await commit(client)
  } catch (error) {
    await client.query('rollback')
    const reason = error instanceof Error ? error.message : String(error)
    throw new Fault('migrations_broken', `${migration.name} fails: ${reason}`, 'never', { cause: error })
  }
}
