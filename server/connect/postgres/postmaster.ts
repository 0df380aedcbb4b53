import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, lstatSync, readdirSync, rmSync, truncateSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault } from '../../kernel/fault.ts'
import { type PostgresBinaries } from './binaries.ts'
import { giveFolder, type Identity, spawnAs } from './identity.ts'

const START_MS_MAX = 120_000
const STOP_MS_MAX = 120_000
const STOP_POLITE_MS_MAX = 60_000
const POLL_MS = 10
const LOG_BYTES_MAX = 16 * 1024 * 1024

/** What `postmaster.pid` says: line 1 the process, line 5 the socket's folder, line 8 its state. */
export type Postmaster = { readonly pid: number; readonly socketDir: string; readonly isReady: boolean; readonly isStarting: boolean }

/**
 * The folder of the Unix socket. A socket's path may be 107 bytes long, so it is not kept with the data but in a short
 * folder of the system's temporary one, named by the data folder.
 */
export function socketFolder(cluster: string): string {
  const name = createHash('sha256').update(resolve(cluster)).digest('hex').slice(0, 12)
  const folder = join(tmpdir(), `fulcrum-${name}`)
  if (Buffer.byteLength(folder) <= 85) return folder
  return join('/tmp', `fulcrum-${name}`)
}

/** Creates the socket's folder for the identity; refuses one that another user prepared. */
export function prepareSocketFolder(identity: Identity, folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 })
  const found = lstatSync(folder)
  const own = identity.kind === 'user' ? [0, identity.uid] : [process.getuid?.() ?? found.uid]
  if (!found.isDirectory() || !own.includes(found.uid)) {
    throw new Fault('postgres_socket_taken', `${folder} belongs to another user: remove it or set TMPDIR to a folder of your own`, 'never')
  }
  giveFolder(identity, folder)
}

/** The postmaster that runs on the cluster now, or undefined when the file is missing, torn or left by a process that is gone. */
export function readPostmaster(cluster: string): Postmaster | undefined {
  const lines = readText(join(cluster, 'postmaster.pid')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0 || !isPostmaster(pid, cluster)) return undefined
  const state = (lines[7] ?? '').trim()
  return { pid, socketDir: lines[4] ?? '', isReady: state === 'ready', isStarting: state === 'starting' }
}

/** Alive, and where the system can tell, really a PostgreSQL of this cluster and not a stranger who got its number. */
function isPostmaster(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false
  const command = readText(`/proc/${pid}/cmdline`)
  return command === '' ? process.platform !== 'linux' : command.split('\0').includes(cluster)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  // A killed child that its parent has not yet collected is dead, though it still has a number.
  return !/^\d+ \(.*\) Z/s.test(readText(`/proc/${pid}/stat`))
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // gone, or not a Linux: the caller decides what an empty text means
  }
}

export type Launch = {
  readonly binaries: PostgresBinaries
  readonly identity: Identity
  readonly cluster: string
  readonly socketDir: string
  readonly settings: Readonly<Record<string, string>>
  readonly logFile: string
}

/** The arguments of the postmaster; the adopted one is compared with them. */
export function postmasterArgs(launch: Launch): string[] {
  const settings = { ...launch.settings, listen_addresses: '', unix_socket_directories: launch.socketDir, unix_socket_permissions: '0700' }
  return ['-D', launch.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** Whether the running postmaster was started with the same settings. */
export function runsWith(args: readonly string[], pid: number): boolean {
  const command = readText(`/proc/${pid}/cmdline`).split('\0')
  return command.length === 1 || args.every((arg, index) => command[index + 1] === arg)
}

/**
 * Starts a postmaster that outlives this process, and waits until it takes part in transactions (line 8 says `ready`; the
 * socket accepts earlier). It has its own session, so a Ctrl-C meant for the hub does not reach it, and writes to a file.
 */
export async function launchPostmaster(launch: Launch): Promise<number> {
  if (existsSync(launch.logFile) && statSync(launch.logFile).size > LOG_BYTES_MAX) truncateSync(launch.logFile)
  const deadline = Date.now() + START_MS_MAX
  for (;;) {
    const logStart = existsSync(launch.logFile) ? statSync(launch.logFile).size : 0
    const pid = await launchOnce(launch, deadline)
    if (pid !== undefined) return pid
    const said = readText(launch.logFile).slice(logStart).trim()
    // Backends of a killed postmaster take a moment to notice; until then their shared memory is in use.
    if (!/shared memory block|lock file "postmaster\.pid" (already exists|is empty)/.test(said) || Date.now() > deadline)
      throw startFailed(said, launch.logFile)
    await wait(100)
  }
}

const startFailed = (said: string, logFile: string): Fault =>
  new Fault(
    'postgres_start_failed',
    `PostgreSQL did not start: ${said.split('\n').slice(-5).join(' | ') || 'it said nothing'} (log: ${logFile})`,
    'never',
  )

async function launchOnce(launch: Launch, deadline: number): Promise<number | undefined> {
  const { file, args, options } = spawnAs(launch.identity, launch.binaries.postgres, postmasterArgs(launch))
  const log = openSync(launch.logFile, 'a', 0o600)
  const child = spawn(file, args, { ...options, detached: true, cwd: '/', env: programEnv(launch.binaries), stdio: ['ignore', log, log] })
  closeSync(log)
  let failure: Error | undefined
  child.on('error', (error) => (failure = error))
  child.unref()
  for (;;) {
    if (failure !== undefined)
      throw new Fault('postgres_start_failed', `PostgreSQL did not start: ${failure.message}`, 'never', { cause: failure })
    if (child.exitCode !== null || child.signalCode !== null) return undefined
    const found = readPostmaster(launch.cluster)
    if (found?.pid === child.pid && found?.isReady) return found.pid
    if (Date.now() > deadline) {
      child.kill('SIGINT')
      throw startFailed(`not ready after ${START_MS_MAX / 1000} s (recovery of a large log?)`, launch.logFile)
    }
    await wait(POLL_MS)
  }
}

export const programEnv = (binaries: PostgresBinaries): Record<string, string> => ({
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  ...binaries.env,
})

/**
 * Stops a postmaster: sessions are ended, a checkpoint is written. Returns when the process is gone.
 * NOTE: PostgreSQL 18.4 that is told so while it recovers from a killed backend can wait for ever; after a minute it is told to stop
 * at once, which loses nothing either: the next start recovers.
 */
export async function stopPostmaster(pid: number): Promise<void> {
  const begun = Date.now()
  const deadline = begun + STOP_MS_MAX
  let isPolite = true
  signal(pid, 'SIGINT')
  while (isAlive(pid)) {
    if (isPolite && Date.now() > begun + STOP_POLITE_MS_MAX) {
      isPolite = false
      signal(pid, 'SIGQUIT')
    }
    if (Date.now() > deadline) {
      throw new Fault(
        'postgres_stop_slow',
        `PostgreSQL (process ${pid}) is still writing after ${STOP_MS_MAX / 1000} s; it goes on by itself`,
        'later',
      )
    }
    await wait(POLL_MS)
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/**
 * Removes what a postmaster that is gone left behind and that would keep a new one from starting: both lock files name a
 * process that may still have its number (killed, not yet collected by its parent).
 */
export function sweepLeftovers(cluster: string, socketDir: string): void {
  if (readPostmaster(cluster) !== undefined) return
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
  if (!existsSync(socketDir)) return
  for (const name of readdirSync(socketDir)) if (name.startsWith('.s.PGSQL.')) rmSync(join(socketDir, name), { force: true })
}
