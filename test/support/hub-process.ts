import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readPostmaster, stopPostmaster } from '../../server/connect/postgres/postmaster.ts'
import { ADMIN_KEY } from './admin-key.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_MS_MAX = 60_000

export type HubProcessOptions = {
  /** Holds the embedded PostgreSQL; left out where `DATABASE_URL` is in `env`. */
  readonly dataDir?: string
  readonly env?: Readonly<Record<string, string>>
  /** Of the command line; left out: `--no-demo`. */
  readonly args?: readonly string[]
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Of the sources; another one for a user who may not read this. */
  readonly root?: string
}
export type HubProcess = {
  readonly url: string
  readonly output: () => string
  /** SIGTERM; the exit code. */
  stop(): Promise<number>
  /** SIGKILL to the hub and its starter; the embedded PostgreSQL lives on, as after a crash. */
  kill(): Promise<void>
}

/** Undone in reverse order when the file's tests are over: the hub stops before its folder goes. */
const endings: (() => Promise<void>)[] = []
after(async () => {
  for (const end of endings.toReversed()) await end()
})

/** A folder of its own that goes with the test file; what a killed hub left running in it is stopped first. */
export function hubFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-e2e-'))
  chmodSync(folder, 0o755)
  endings.push(async () => {
    await stopPostgresIn(folder)
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

/** Starts the hub as an operator does (call it at the top of a test file or in a test, not in a hook) and waits for the line that says where it listens. Stopped when the file's tests are over. */
export async function startHubProcess(options: HubProcessOptions): Promise<HubProcess> {
  const run = spawnHub(options)
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the hub is not ready after ${START_MS_MAX} ms: ${run.output()}`)), START_MS_MAX)
    run.child.stdout?.on('data', () => {
      const found = /Fulcrum is ready on (http:\/\/\S+)/.exec(run.output())?.[1]
      if (found === undefined) return
      clearTimeout(late)
      resolve(found.replace('localhost', '127.0.0.1'))
    })
    void run.exited.then((code) => {
      clearTimeout(late)
      reject(new Error(`the hub ended with ${code}: ${run.output()}`))
    })
  })
  let isOver = false
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number> => {
    isOver = true
    signalGroup(run.child, signal)
    return run.exited
  }
  endings.push(async () => {
    if (!isOver) await end('SIGTERM')
  })
  return { url, output: run.output, stop: () => end('SIGTERM'), kill: async () => void (await end('SIGKILL')) }
}

/** Runs a start that is expected to fail: its exit code and all it printed. */
export async function failedStart(options: HubProcessOptions): Promise<{ readonly code: number; readonly output: string }> {
  const run = spawnHub(options)
  const late = setTimeout(() => signalGroup(run.child, 'SIGKILL'), START_MS_MAX)
  const code = await run.exited
  clearTimeout(late)
  return { code, output: run.output() }
}

function spawnHub(options: HubProcessOptions) {
  const root = options.root ?? ROOT
  const { DATABASE_URL: _, FULCRUM_MASTER_KEY: __, ...inherited } = process.env
  const node = options.root === undefined ? process.execPath : join(root, 'node_modules/.bin/node')
  const child = spawn(node, [join(root, 'bin/fulcrum.mjs'), 'start', ...(options.args ?? ['--no-demo'])], {
    cwd: root,
    detached: true, // a process group of its own, so that a kill reaches the hub behind its starter and nobody else
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.user === undefined ? {} : options.user),
    env: {
      ...inherited,
      PORT: '0',
      FULCRUM_LOG_LEVEL: 'warn',
      FULCRUM_ADMIN_KEY: ADMIN_KEY,
      ...(options.dataDir === undefined ? {} : { FULCRUM_DATA_DIR: options.dataDir }),
      ...options.env,
    },
  })
  let text = ''
  const note = (chunk: Buffer) => void (text += chunk.toString())
  child.stdout?.on('data', note)
  child.stderr?.on('data', note)
  const exited = new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? -1 : -2)))
  })
  return { child, exited, output: () => text }
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  assert.ok(child.pid !== undefined, 'the hub has a process id')
  try {
    if (signal === 'SIGKILL') process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch {
    // it is gone already: what was wanted
  }
}

/** Whether an embedded PostgreSQL runs in this data folder. */
export const hasPostgres = (folder: string): boolean => readPostmaster(join(folder, 'postgres')) !== undefined

async function stopPostgresIn(folder: string): Promise<void> {
  const running = readPostmaster(join(folder, 'postgres'))
  if (running !== undefined) await stopPostmaster(running.pid)
}
