import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BenchDatabase } from './bench-hub.ts'

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url))
export const KEY = 'bench-admin-key-0123456789abcdef0123456789'

export type HubProcess = { readonly port: number; readonly startSeconds: number; cpuSeconds(): number; stop(): Promise<void> }

/** The hub as it is started in production, on a database of the bench. */
export async function spawnHub(db: BenchDatabase, connection: BenchDatabase['postgres']['connection']): Promise<HubProcess> {
  const { host, port, user, database } = connection
  const start = performance.now()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, '--no-demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: `postgresql://${user}@${encodeURIComponent(host)}:${port}/${database}`,
      FULCRUM_MASTER_KEY: db.masterKey,
      FULCRUM_ADMIN_KEY: KEY,
      FULCRUM_LOG_LEVEL: 'warn',
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
    startSeconds: (performance.now() - start) / 1000,
    cpuSeconds: () => cpuOf(child.pid ?? 0),
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
