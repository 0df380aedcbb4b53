import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../server/kernel/node-flags.mjs'
import type { BenchDatabase } from './bench-hub.ts'

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url))
/** Where `npm start` keeps compiled code too (bin/fulcrum.mjs). */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/fulcrum', import.meta.url))
export const KEY = 'bench-admin-key-0123456789abcdef0123456789'

export type HubProcess = {
  readonly port: number
  readonly startSeconds: number
  cpuSeconds(): number
  /** Resident memory now; 0 where the system does not tell. */
  memoryMb(): number
  /** Seconds from its start until it says this. */
  said(what: RegExp): Promise<number>
  stop(): Promise<void>
}

/** The hub as it is started in production, on a database of the bench. */
export function spawnHub(
  db: BenchDatabase,
  connection: BenchDatabase['postgres']['connection'],
  env: Readonly<Record<string, string>> = {},
): Promise<HubProcess> {
  const { host, port, user, database } = connection
  return start({
    DATABASE_URL: `postgresql://${user}@${encodeURIComponent(host)}:${port}/${database}`,
    FULCRUM_MASTER_KEY: db.masterKey,
    ...env,
  })
}

/** The hub with a PostgreSQL of its own in this folder. */
export const spawnHubIn = (dataDir: string, args?: readonly string[]): Promise<HubProcess> =>
  start({ FULCRUM_DATA_DIR: dataDir, DATABASE_URL: '' }, args)

async function start(env: Readonly<Record<string, string>>, args: readonly string[] = ['--no-demo']): Promise<HubProcess> {
  const before = performance.now()
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: COMPILED,
      PORT: '0',
      HOST: '127.0.0.1',
      FULCRUM_ADMIN_KEY: KEY,
      FULCRUM_LOG_LEVEL: 'warn',
      ...env,
    },
  })
  let said = ''
  const listening = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const found = /http:\/\/[^\s:]+:(\d+)/.exec(said)
      if (found !== null) resolve(Number(found[1]))
    })
    child.on('exit', (code) => reject(new Error(`the hub ended with ${code}: ${said}`)))
  })
  return {
    port: listening,
    startSeconds: (performance.now() - before) / 1000,
    cpuSeconds: () => cpuOf(child.pid ?? 0),
    memoryMb: () => memoryOf(child.pid ?? 0),
    said: (what) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (what.test(said)) resolve((performance.now() - before) / 1000)
        }
        child.stdout.on('data', look)
        child.on('exit', (code) => reject(new Error(`the hub ended with ${code}: ${said}`)))
        look()
      }),
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

/** CPU seconds of a process so far; 0 where the system does not tell. */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

/** Resident memory of a process in MB. */
function memoryOf(pid: number): number {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Math.round(Number(found?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
}
