import { createHash, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { after } from 'node:test'
import { Client } from 'pg'
import { isAlive } from '../../server/connect/postgres/postmaster.ts'
import { type Connection } from '../../server/connect/postgres/embedded.ts'
import { openPool, type Pool } from '../../server/store/database.ts'
import { migrate, readMigrations } from '../../server/store/migrate.ts'
import { alone, clusterFolder, joinCluster, type TestCluster } from './cluster.ts'

/** A database of one test file's own, migrated and empty. Dropped when the file's tests are over, or by `close`. */
export type TestDatabase = {
  readonly connection: Connection
  readonly pool: Pool
  close(): Promise<void>
}

/** What a hub process is told to use a database by (`DATABASE_URL`). */
export const urlOf = ({ host, port, user, database }: Connection): string =>
  `postgres:///${database}?${new URLSearchParams({ host, port: String(port), user }).toString()}`

const MIGRATIONS = fileURLToPath(new URL('../../db/migrations', import.meta.url))
const TEMPLATES_KEPT = 4

let joined: Promise<TestCluster> | undefined
let inUse = 0

export type TestDatabaseOptions = {
  /** A folder of migrations instead of db/migrations; null for an empty database. */
  readonly migrations?: string | null
  readonly poolMax?: number
}

/** Clones a migrated template. Call it at the top of a test file or in a hook. */
export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const db = await openTestDatabase(options)
  after(() => db.close())
  return db
}

/** As {@link testDatabase}, outside of node:test: the caller closes it. */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  inUse += 1
  joined ??= joinCluster()
  const cluster = await joined
  const folder = options.migrations === undefined ? MIGRATIONS : options.migrations
  const template = folder === null ? 'template0' : await prepareTemplate(cluster.connection, folder)
  const database = `fulcrum_test_${process.pid}_${randomBytes(5).toString('hex')}`
  await onServer(cluster.connection, (client) => client.query(`create database ${database} template ${template} strategy file_copy`))
  const connection = { ...cluster.connection, database }
  const pool = openPool(connection, { max: options.poolMax ?? 10, applicationName: 'fulcrum-test' })
  let closing: Promise<void> | undefined
  const close = () => (closing ??= dropDatabase(cluster, database, pool))
  return { connection, pool, close }
}

async function dropDatabase(cluster: TestCluster, database: string, pool: Pool): Promise<void> {
  if (!pool.ended) await pool.end()
  await onServer(cluster.connection, (client) => client.query(`drop database if exists ${database} with (force)`))
  inUse -= 1
  if (inUse > 0) return
  joined = undefined
  await cluster.leave()
}

/** The template for these migrations, named by their hash: built once, by one process, whole or not at all. */
async function prepareTemplate(connection: Connection, folder: string): Promise<string> {
  const migrations = await readMigrations(folder)
  const hash = createHash('sha256')
  for (const migration of migrations) hash.update(migration.name).update(migration.sha256)
  const template = `fulcrum_template_${hash.digest('hex').slice(0, 16)}`
  if (await onServer(connection, (client) => hasDatabase(client, template))) return template
  return alone(clusterFolder(), () => onServer(connection, (client) => buildTemplate(client, connection, folder, template)))
}

async function buildTemplate(client: Client, connection: Connection, folder: string, template: string): Promise<string> {
  if (await hasDatabase(client, template)) return template
  await sweep(client)
  const draft = `${template}_draft`
  await client.query(`drop database if exists ${draft} with (force)`)
  await client.query(`create database ${draft} template template0`)
  const pool = openPool({ ...connection, database: draft }, { max: 1 })
  try {
    await migrate(pool, folder)
  } finally {
    await pool.end()
  }
  await client.query(`alter database ${draft} rename to ${template}`)
  return template
}

/** Drops what killed test processes left, and templates of migrations long changed. */
async function sweep(client: Client): Promise<void> {
  const found = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname like 'fulcrum\\_t%' order by oid desc`,
  )
  const names = found.rows.map((row) => row.name)
  const orphans = names.filter((name) => !isAlive(Number(/^fulcrum_test_(\d+)_/.exec(name)?.[1] ?? process.pid)))
  const templates = names.filter((name) => /^fulcrum_template_[0-9a-f]+$/.test(name)).slice(TEMPLATES_KEPT)
  for (const name of [...orphans, ...templates]) await client.query(`drop database if exists ${name} with (force)`)
}

async function hasDatabase(client: Client, name: string): Promise<boolean> {
  return (await client.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1
}

async function onServer<T>(connection: Connection, body: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}
