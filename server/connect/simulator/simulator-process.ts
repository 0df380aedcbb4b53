import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { NODE_FLAGS } from '../../kernel/node-flags.mjs'

/** What the simulator tells its hub. */
export type SimulatorNews =
  | {
      readonly kind: 'lived'
      readonly orders: number
      /** Of business time. */
      readonly days: number
      readonly seconds: number
      readonly met: Readonly<Record<string, number>>
    }
  | { readonly kind: 'trouble'; readonly message: string }

/** The hub that the world is around, and a key for it. */
export type SimulatorDoor = { readonly url: string; readonly key: string }
export type SimulatorOptions = {
  readonly onNews: (news: SimulatorNews) => void
  /** It ended though nobody asked it to; it is started again a few times. */
  readonly onEnd: (reason: string) => void
  readonly script?: string
}

export type Simulator = {
  /** Opens the hub to it: until then it has only made itself ready. Once. */
  admit(door: SimulatorDoor): void
  stop(): Promise<void>
}

const SCRIPT = fileURLToPath(new URL('../../../simulator/demo.ts', import.meta.url))
const RESTARTS_MAX = 5
const RESTART_MS = 2000
const STOP_MS_MAX = 3000
const HEAP_MB = 256
/** Room for what lives briefly (bodies, answers): with the default a sixth of its time goes into collecting them. */
const YOUNG_MB = 32
/** Behind the hub whose cores it shares. */
const NICENESS = 10

/**
 * The simulated world as a child process: bounded in memory, behind the hub in priority, ended with it, and started again when it breaks.
 * It may be started before there is a hub, and lives from when it is admitted. Modes: running → (waiting → running)* → stopped.
 */
export function startSimulator(options: SimulatorOptions): Simulator {
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let restarts = 0
  let door: SimulatorDoor | undefined
  let isUp = false

  /** Not by the environment or arguments, which others on the machine can read. */
  const tell = (): void => {
    if (isUp && door !== undefined && child?.connected === true) child.send(door)
  }

  const start = (): void => {
    const made = fork(options.script ?? SCRIPT, [], {
      execArgv: [...NODE_FLAGS, `--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child = made
    made.on('message', (news) => options.onNews(news as SimulatorNews))
    made.on('error', (error) => options.onEnd(error.message))
    made.once('spawn', () => {
      lowerPriority(made)
      isUp = true
      tell()
    })
    made.once('exit', (code, signal) => {
      child = undefined
      isUp = false
      if (isStopped) return
      options.onEnd(`it ended with ${signal ?? code}`)
      if (restarts++ < RESTARTS_MAX) timer = setTimeout(start, RESTART_MS * restarts)
    })
  }
  start()

  return {
    admit: (opened) => {
      door = opened
      tell()
    },
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      if (child !== undefined) await end(child)
    },
  }
}

/** Asks a child to end, and ends it when it does not. */
async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
  await gone
  clearTimeout(late)
}

function lowerPriority(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, NICENESS)
  } catch {
    // a machine that does not let it: the world then runs beside the hub instead of behind it
  }
}
