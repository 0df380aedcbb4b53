import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Fault } from '../../kernel/fault.ts'
import { type PostgresBinaries } from './binaries.ts'
import { giveFolder, type Identity, spawnAs } from './identity.ts'
import { programEnv } from './postmaster.ts'

/** The major version whose files the installed programs read. */
export const POSTGRES_MAJOR = '18'

/**
 * Creates the cluster when it is not there yet: under a temporary name that is renamed when complete, so a start that was
 * killed half-way leaves nothing that looks like a database. The one superuser is `user`.
 * NOTE: the locale must be C.UTF-8 (builtin): with plain C, pg_trgm drops everything that is not ASCII, hence all Chinese.
 */
export async function createCluster(cluster: string, binaries: PostgresBinaries, identity: Identity, user: string): Promise<boolean> {
  if (existsSync(cluster)) {
    refuseOtherVersion(cluster)
    return false
  }
  const parent = dirname(cluster)
  const prefix = `${basename(cluster)}.new-`
  for (const name of readdirSync(parent)) if (name.startsWith(prefix)) rmSync(join(parent, name), { recursive: true, force: true })
  const draft = join(parent, `${prefix}${process.pid}`)
  mkdirSync(draft, { mode: 0o700 })
  giveFolder(identity, draft)
  try {
    await initdb(draft, binaries, identity, user)
    renameSync(draft, cluster)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    throw error
  }
  return true
}

async function initdb(folder: string, binaries: PostgresBinaries, identity: Identity, user: string): Promise<void> {
  const wanted = ['-D', folder, '-U', user, '--auth=trust', '--encoding=UTF8', '--data-checksums']
  const locale = ['--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const { file, args, options } = spawnAs(identity, binaries.initdb, [...wanted, ...locale])
  const child = spawn(file, args, { ...options, cwd: '/', env: programEnv(binaries), stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const [said, complained, code] = await Promise.all([text(child.stdout ?? []), text(child.stderr ?? []), closed])
  if (code !== 0) {
    throw new Fault('postgres_start_failed', `PostgreSQL could not create its cluster: ${lastLines(complained || said)}`, 'never')
  }
}

const lastLines = (output: string): string => output.trim().split('\n').slice(-4).join(' | ')

function refuseOtherVersion(cluster: string): void {
  const versionFile = join(cluster, 'PG_VERSION')
  const found = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : 'none'
  if (found !== POSTGRES_MAJOR) {
    throw new Fault(
      'postgres_version_differs',
      `${cluster} holds files of PostgreSQL version ${found}, expected ${POSTGRES_MAJOR}`,
      'never',
    )
  }
}
