import pg from 'pg'
import { present } from '../kernel/assert.ts'
import { toFault } from './pg-errors.ts'

/** How to reach PostgreSQL: the embedded one by its socket, another by its URL. */
export type Connection =
  | { readonly host: string; readonly port: number; readonly database: string; readonly user: string }
  | { readonly connectionString: string }

export type Pool = pg.Pool
export type Client = pg.Client | pg.PoolClient
/** Whatever runs a statement: a pool for single reads, a client inside a transaction. */
export type Queryable = pg.Pool | pg.Client | pg.PoolClient

/** A named SQL statement, prepared once per connection. */
export type Statement<Row = object> = {
  readonly name: string
  readonly sql: string
  /** Never there: it carries the type of a row. */
  readonly row?: Row
}

const registry = new Map<string, Statement<unknown>>()

/**
 * Declares a statement at module level; `Row` is the shape of what it returns (int8 and numeric come as strings, timestamptz as epoch ms).
 * The name is unique in the hub and leads the text, so that it can be found in pg_stat_activity.
 */
export function statement<Row extends object>(name: string, sql: string): Statement<Row> {
  const declared = { name, sql: `/* fulcrum:${name} */\n${sql.trim()}` }
  const known = registry.get(name)
  if (known !== undefined && known.sql !== declared.sql) throw new Error(`two statements are called ${name}`)
  registry.set(name, declared)
  return declared
}

/** Every statement declared so far by the modules that were loaded: a test prepares them all. */
export const declaredStatements = (): readonly Statement<unknown>[] => [...registry.values()]

/** Runs a statement; its rows. Throws a Fault where PostgreSQL or the way to it is at fault (pg-errors.ts). */
export async function run<Row extends object>(on: Queryable, what: Statement<Row>, params: readonly unknown[] = []): Promise<Row[]> {
  return (await runCounting(on, what, params)).rows
}

export type Rows<Row> = { readonly rows: Row[]; readonly count: number }

/** As {@link run}, with the number of rows that were touched, for statements without `returning`. */
export async function runCounting<Row extends object>(
  on: Queryable,
  what: Statement<Row>,
  params: readonly unknown[] = [],
): Promise<Rows<Row>> {
  try {
    const result = await on.query<Row>({ name: what.name, text: what.sql, values: [...params] })
    return { rows: result.rows, count: result.rowCount ?? 0 }
  } catch (error) {
    throw toFault(error, what.name)
  }
}

/** PostgreSQL's own text of a column, or null. */
export type RawRow = readonly (string | null)[]

/** Runs a statement whose columns come as they are written: for pages of rows of which most columns are not looked at, or often the same. */
export async function runRaw(on: Queryable, what: Statement, params: readonly unknown[] = []): Promise<RawRow[]> {
  try {
    const query = { name: what.name, text: what.sql, values: [...params], rowMode: 'array' as const, types: RAW }
    return (await on.query<RawRow[]>(query as unknown as pg.QueryArrayConfig)).rows as unknown as RawRow[]
  } catch (error) {
    throw toFault(error, what.name)
  }
}

/** Runs a statement that returns exactly one row. */
export async function runOne<Row extends object>(on: Queryable, what: Statement<Row>, params: readonly unknown[] = []): Promise<Row> {
  return present((await run(on, what, params))[0], `the row of ${what.name}`)
}

const TIMESTAMPTZ = 1184

/** PostgreSQL writes `2026-11-21 08:00:00.123+00` (the sessions run in UTC): epoch ms, infinities as ±Infinity. */
export function parseTimestamptz(text: string): number {
  if (text === 'infinity') return Infinity
  if (text === '-infinity') return -Infinity
  if (text.charCodeAt(4) !== DASH || !text.endsWith('+00')) return Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'))
  const date = Date.UTC(two(text, 0) * 100 + two(text, 2), two(text, 5) - 1, two(text, 8), two(text, 11), two(text, 14), two(text, 17))
  return date + (text.charCodeAt(19) === POINT ? Math.floor(Number(text.slice(19, -3)) * 1000 + 1e-6) : 0)
}
const DASH = 45
const POINT = 46
const two = (text: string, at: number): number => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    Number(oid) === TIMESTAMPTZ ? parseTimestamptz : pg.types.getTypeParser(oid, format as 'text'),
}
const RAW: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text }

export type ConnectOptions = {
  readonly applicationName?: string
  readonly connectMsMax?: number
  /**
   * For a session whose statements reach their rows by key. Each is planned once: left to itself, PostgreSQL plans those anew each time whose
   * plans for these parameters look cheaper, which short arrays make them do. And always through an index: a plan made while a table is empty
   * would scan it whole until its statistics are taken, however many rows come before that.
   */
  readonly isByKey?: true
}

const BY_KEY = ' -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'

function clientConfig(connection: Connection, options: ConnectOptions): pg.ClientConfig {
  return {
    ...connection,
    types,
    application_name: options.applicationName ?? 'fulcrum',
    connectionTimeoutMillis: options.connectMsMax ?? 10_000,
    keepAlive: true,
    options: `-c timezone=UTC -c default_transaction_isolation=read\\ committed${options.isByKey ? BY_KEY : ''}`,
  }
}

/** A pool of at most `max` connections for reads and bookkeeping; it does not keep the process alive by itself. */
export function openPool(
  connection: Connection,
  options: ConnectOptions & { readonly max: number; readonly onLost?: (error: Error) => void },
): Pool {
  const pool = new pg.Pool({ ...clientConfig(connection, options), max: options.max, idleTimeoutMillis: 30_000, allowExitOnIdle: true })
  // An idle connection broke and the pool has already dropped it; while it closes, the end of a connection is no news.
  pool.on('error', (error) => {
    if (!pool.ending) options.onLost?.(error)
  })
  return pool
}

/**
 * Ends a pool and waits until PostgreSQL has ended its sessions too, so that a server which is stopped next has nobody to throw out.
 * NOTE: the pool's own `end` resolves as soon as it has asked its connections to end. Waits at most {@link CLOSE_MS_MAX} for them.
 */
export async function closePool(pool: Pool): Promise<void> {
  let left = pool.totalCount
  const gone = new Promise<void>((resolve) => {
    if (left === 0) resolve()
    pool.on('remove', () => {
      left -= 1
      if (left === 0) resolve()
    })
  })
  await pool.end()
  let timer: NodeJS.Timeout | undefined
  await Promise.race([gone, new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS_MAX)))])
  clearTimeout(timer)
}
const CLOSE_MS_MAX = 5_000

/**
 * One dedicated connection in pipeline mode: statements queued in one turn leave in one write and are answered in order.
 * Each still ends with its own sync, so a failure does not skip those behind it: between `begin` and `commit` they fail with
 * 25P02, and `commit` itself *succeeds* with the tag ROLLBACK (see {@link transaction}). Not for cursors or COPY.
 */
export async function openClient(
  connection: Connection,
  options: ConnectOptions & { readonly onLost?: (error: Error) => void } = {},
): Promise<pg.Client> {
  const client = new pg.Client({ ...clientConfig(connection, options), pipeline: true })
  client.on('error', (error) => options.onLost?.(error))
  try {
    return await client.connect()
  } catch (error) {
    throw toFault(error, 'connect')
  }
}

/**
 * Calls `queue`, which must only queue statements and not wait, and lets all of them leave in one write: a transaction of eight
 * small statements takes 150 µs this way, 200 µs with a write each, 260 µs with a wait after each.
 */
export function inOneWrite<T>(client: Client, queue: () => T): T {
  const { stream } = client.connection
  stream.cork()
  try {
    return queue()
  } finally {
    stream.uncork()
  }
}

/**
 * Runs `body` between begin and commit on a client of the pool; any throw rolls back. For the hot path see openClient: there
 * begin, statements and commit may be queued without waiting in between.
 */
export async function transaction<T>(pool: Pool, body: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await connectPooled(pool)
  let broken: Error | undefined
  try {
    await client.query('begin')
    const value = await body(client)
    await commit(client)
    return value
  } catch (error) {
    broken = await rollback(client)
    throw toFault(error, 'transaction')
  } finally {
    giveBack(client, broken)
  }
}

/** Takes a client of the pool, to be given back with {@link giveBack}. */
export async function connectPooled(pool: Pool): Promise<pg.PoolClient> {
  try {
    const client = await pool.connect()
    // A pool hears of idle connections alone: while the client is out, an end that nobody hears would end the process.
    return client.on('error', knownByItsStatements)
  } catch (error) {
    throw toFault(error, 'connect')
  }
}

/** Gives a client back to its pool, which drops it where it is `broken`. */
export function giveBack(client: pg.PoolClient, broken?: Error): void {
  client.off('error', knownByItsStatements)
  client.release(broken)
}

/** The statement under way fails with the same error, and the next one finds the connection closed. */
const knownByItsStatements = (): void => undefined

/** Commits, and throws when PostgreSQL rolled back instead: a commit after a failed statement answers without an error. */
export async function commit(client: Client): Promise<void> {
  const result = await client.query('commit')
  if (result.command !== 'COMMIT') throw new Error(`expected COMMIT, got ${result.command}: a statement before it failed`)
}

async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error)) // the connection is gone: the pool must not reuse it
  }
}
