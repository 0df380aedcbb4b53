import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { locatePostgres } from './binaries.ts'
import { createCluster } from './cluster.ts'
import { chooseIdentity } from './identity.ts'
import {
  type Launch,
  launchPostmaster,
  postmasterArgs,
  prepareSocketFolder,
  readPostmaster,
  runsWith,
  socketFolder,
  stopPostmaster,
  sweepLeftovers,
} from './postmaster.ts'

/** How to reach a PostgreSQL: what `pg` needs. */
export type Connection = {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/**
 * A PostgreSQL that this hub brought along. Modes: absent → created → running ⇄ stopped. It outlives a killed hub, and the
 * next start on the same folder adopts it (`adopted`) instead of starting a second one.
 */
export type EmbeddedPostgres = {
  readonly connection: Connection
  readonly adopted: boolean
  readonly pid: number
  /** Ends all sessions, writes a checkpoint, returns when the process is gone. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** The cluster is `postgres/` in it, the log `postgres.log`. Created when missing. Hold its lock (data-folder.ts). */
  readonly dataDir: string
  readonly log: (line: string) => void
  /** Over the defaults; part of the identity: a running PostgreSQL with other settings is restarted. */
  readonly settings?: Readonly<Record<string, string>>
}

const PORT = 5432 // only a part of the socket's name: no TCP port is opened
const USER = 'fulcrum'
const DATABASE = 'fulcrum'
const RECOVER_MS_MAX = 120_000
const RECOVER_POLL_MS = 50

/** For 2 cores and a laptop's memory; durable: an acknowledged commit survives a power cut. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  max_connections: '100',
  max_wal_size: '4GB',
  min_wal_size: '512MB',
  // Off: the binaries have pglz alone, and compressing pages with it took a third of the server's time under load.
  wal_compression: 'off',
  wal_buffers: '16MB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  random_page_cost: '1.1',
  jit: 'off',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/**
 * Starts PostgreSQL on the data folder, or adopts the one that a killed hub left there. Unix socket only; works as root and as an ordinary user.
 * Faults: `postgres_unavailable`, `postgres_needs_user`, `postgres_socket_taken`, `postgres_version_differs`, `postgres_start_failed`.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const cluster = join(dataDir, 'postgres')
  const binaries = locatePostgres(join(dataDir, 'postgres-libraries'))
  const identity = chooseIdentity(cluster, binaries.postgres)
  if (await createCluster(cluster, binaries, identity, USER)) options.log(`created a PostgreSQL cluster in ${cluster}`)

  const socketDir = socketFolder(cluster)
  const settings = { ...SETTINGS, ...options.settings }
  const launch: Launch = { binaries, identity, cluster, socketDir, settings, logFile: join(dataDir, 'postgres.log') }
  const connection = { host: socketDir, port: PORT, database: DATABASE, user: USER }

  const adopted = await adoptRunning(launch, connection, options.log)
  const pid = adopted ?? (await launchAfresh(launch))
  await createDatabase(connection)
  return { connection, adopted: adopted !== undefined, pid, stop: () => stop(pid, socketDir) }
}

async function stop(pid: number, socketDir: string): Promise<void> {
  await stopPostmaster(pid)
  rmSync(socketDir, { recursive: true, force: true })
}

async function launchAfresh(launch: Launch): Promise<number> {
  sweepLeftovers(launch.cluster, launch.socketDir)
  prepareSocketFolder(launch.identity, launch.socketDir)
  return launchPostmaster(launch)
}

/**
 * The number of the PostgreSQL already running on the cluster, if it is of use; one that is not is stopped. One that recovers
 * from a crash is waited for.
 */
async function adoptRunning(launch: Launch, connection: Connection, log: (line: string) => void): Promise<number | undefined> {
  const deadline = Date.now() + RECOVER_MS_MAX
  for (;;) {
    const running = readPostmaster(launch.cluster)
    if (running === undefined) return undefined
    const fits = running.socketDir === launch.socketDir && runsWith(postmasterArgs(launch), running.pid)
    const said = fits && (running.isReady || running.isStarting) ? await ask(connection) : 'no'
    if (said === 'yes') {
      log(`adopted the running PostgreSQL (process ${running.pid})`)
      return running.pid
    }
    if (said === 'no' || Date.now() > deadline) {
      log(`restarting the PostgreSQL that was left running (process ${running.pid})`)
      await stopPostmaster(running.pid)
      return undefined
    }
    await wait(RECOVER_POLL_MS)
  }
}

/** Whether it takes sessions; `later` while it starts or recovers. */
async function ask(connection: Connection): Promise<'yes' | 'later' | 'no'> {
  const client = new Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined) // it ended the session after answering: the next look says more
  try {
    await client.connect()
    await client.end()
    return 'yes'
  } catch (error) {
    // 57P03: starting, recovering or shutting down; the last ends by itself, and the loop finds it gone.
    return error instanceof DatabaseError && error.code === '57P03' ? 'later' : 'no'
  }
}

async function createDatabase(connection: Connection): Promise<void> {
  const client = new Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [connection.database])
    if (found.rowCount === 0) await client.query(`create database ${connection.database}`)
  } finally {
    await client.end()
  }
}
