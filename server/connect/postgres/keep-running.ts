import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { isAlive } from './postmaster.ts'

const LOOK_MS = 500

/**
 * An embedded PostgreSQL that is started again when it dies under the hub: on the same socket, after its own crash recovery.
 * Modes: running → restarting → running; stopped ends both. `log` hears of every restart; one that fails is tried at the next look.
 */
export async function keepPostgresRunning(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  let current = await startEmbeddedPostgres(options)
  let restarting: Promise<void> | undefined
  const restart = async (): Promise<void> => {
    options.log(`PostgreSQL (process ${current.pid}) is gone: starting it again`)
    try {
      current = await startEmbeddedPostgres(options)
    } catch (error) {
      options.log(`PostgreSQL could not be started again: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const timer = setInterval(() => {
    if (restarting !== undefined || isAlive(current.pid)) return
    restarting = restart().finally(() => (restarting = undefined))
  }, LOOK_MS)
  timer.unref()
  return {
    connection: current.connection,
    adopted: current.adopted,
    get pid() {
      return current.pid
    },
    stop: async () => {
      clearInterval(timer)
      await restarting
      await current.stop()
    },
  }
}
