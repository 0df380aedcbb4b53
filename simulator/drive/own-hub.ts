import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../../server/kernel/node-flags.mjs'

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url))
const VERIFY = fileURLToPath(new URL('../../bin/verify.ts', import.meta.url))
const START_MS_MAX = 60_000
const STOP_MS_MAX = 30_000

/** A hub of the driver's own, on a temporary data folder with its own PostgreSQL. Modes: down → up → down …; ended at last. */
export class OwnHub {
  readonly folder = mkdtempSync(join(tmpdir(), 'fulcrum-drive-'))
  readonly key = randomBytes(24).toString('hex')
  #port = 0
  #child: ChildProcess | undefined
  #said = ''

  constructor() {
    chmodSync(this.folder, 0o755)
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Starts it and waits until it listens; the second time on the same port, so that whoever waits finds it again. */
  async start(): Promise<void> {
    if (this.#port === 0) this.#port = await freePort()
    this.#said = ''
    const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, '--driven'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...this.#environment(), PORT: String(this.#port), FULCRUM_ADMIN_KEY: this.key, FULCRUM_LOG_LEVEL: 'error' },
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the hub is not ready after ${START_MS_MAX} ms: ${this.#said}`)), START_MS_MAX)
      child.stdout.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString()
        if (!this.#said.includes('Fulcrum is ready on')) return
        clearTimeout(late)
        resolve()
      })
      child.once('exit', (code) => {
        clearTimeout(late)
        reject(new Error(`the hub ended with ${code}: ${this.#said}`))
      })
    })
  }

  /** Without a word, in the middle of whatever it does; its PostgreSQL lives on. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Stops it and takes its folder away. */
  async end(): Promise<void> {
    await this.#end('SIGTERM')
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Runs `npm run verify` beside it; what it printed and whether every invariant holds. */
  async verify(): Promise<{ readonly isClean: boolean; readonly text: string }> {
    const child = spawn(process.execPath, [...NODE_FLAGS, VERIFY], { stdio: ['ignore', 'pipe', 'pipe'], env: this.#environment() })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    return { isClean: code === 0, text }
  }

  #environment(): NodeJS.ProcessEnv {
    const { DATABASE_URL: _, FULCRUM_MASTER_KEY: __, ...inherited } = process.env
    return { ...inherited, HOST: '127.0.0.1', FULCRUM_DATA_DIR: this.folder }
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await gone
    clearTimeout(late)
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
