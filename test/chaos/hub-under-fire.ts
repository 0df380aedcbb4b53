import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readPostmaster, stopPostmaster } from '../../server/connect/postgres/postmaster.ts'
import { type Connection, openPool, type Pool } from '../../server/store/database.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_MS_MAX = 60_000
export const KEY = 'chaos-admin-key-0123456789abcdef'

/**
 * A real hub process with its own PostgreSQL on a data folder, to be killed and started again.
 * Only processes that it started are ever signalled.
 */
export class HubUnderFire {
  readonly dataDir: string
  /** Where it listens now; undefined while it is down. */
  url: string | undefined
  private child: ChildProcess | undefined

  constructor(dataDir: string) {
    this.dataDir = dataDir
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(ROOT, 'bin/fulcrum.mjs'), 'start', '--no-demo'], {
      cwd: ROOT,
      detached: true, // a process group of its own: the kill reaches the hub behind its starter
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PORT: '0',
        DATABASE_URL: '',
        FULCRUM_DATA_DIR: this.dataDir,
        FULCRUM_ADMIN_KEY: KEY,
        FULCRUM_LOG_LEVEL: 'warn',
        FULCRUM_BID_PRICES: 'off',
      },
    })
    this.child = child
    this.url = await new Promise<string>((resolve, reject) => {
      let text = ''
      const late = setTimeout(() => reject(new Error(`the hub is not ready after ${START_MS_MAX} ms: ${text.slice(-2000)}`)), START_MS_MAX)
      const read = (chunk: Buffer) => {
        text = `${text}${chunk.toString()}`.slice(-20_000)
        const found = /Fulcrum is ready on (http:\/\/\S+)/.exec(text)?.[1]
        if (found === undefined) return
        clearTimeout(late)
        resolve(found.replace('localhost', '127.0.0.1'))
      }
      child.stdout?.on('data', read)
      child.stderr?.on('data', read)
      child.on('exit', (code) => {
        clearTimeout(late)
        reject(new Error(`the hub ended with ${code}: ${text.slice(-2000)}`))
      })
    })
  }

  /** kill -9 of the hub; its PostgreSQL lives on. */
  async killHub(): Promise<void> {
    const { child } = this
    if (child?.pid === undefined) return
    const gone =
      child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve))
    this.url = undefined
    signal(-child.pid, 'SIGKILL')
    await gone
  }

  /** kill -9 of the postmaster. */
  killPostgres(): void {
    const running = readPostmaster(join(this.dataDir, 'postgres'))
    if (running !== undefined) signal(running.pid, 'SIGKILL')
  }

  /** kill -9 of one backend, the engine's: PostgreSQL ends all sessions and recovers, and the hub must find back by itself. */
  async killBackend(): Promise<void> {
    const pool = this.pool()
    try {
      const { rows } = await pool.query<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'fulcrum-engine' limit 1`,
      )
      if (rows[0] !== undefined) signal(rows[0].pid, 'SIGKILL')
    } finally {
      await pool.end().catch(() => undefined)
    }
  }

  /** Ends the hub as an operator does, then whatever PostgreSQL is left. */
  async stop(): Promise<number | null> {
    const { child } = this
    const isOver = child === undefined || child.exitCode !== null || child.signalCode !== null
    if (!isOver) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    }
    this.url = undefined
    const running = readPostmaster(join(this.dataDir, 'postgres'))
    if (running !== undefined) await stopPostmaster(running.pid)
    return child?.exitCode ?? null
  }

  /** A look into its database from outside. */
  pool(): Pool {
    const running = readPostmaster(join(this.dataDir, 'postgres'))
    const connection: Connection = { host: running?.socketDir ?? '', port: 5432, database: 'fulcrum', user: 'fulcrum' }
    return openPool(connection, { max: 2, applicationName: 'fulcrum-chaos' })
  }
}

function signal(pid: number, name: 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    // gone already: what was wanted
  }
}
