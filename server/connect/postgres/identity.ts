import { execFileSync, type SpawnOptions } from 'node:child_process'
import { chmodSync, chownSync, existsSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import { Fault } from '../../kernel/fault.ts'

/**
 * Who runs PostgreSQL, which refuses to be root:
 * `self` an ordinary user runs it as itself; `user` root runs it as another user, who owns the cluster's folder;
 * `namespace` it runs in a user namespace of one unprivileged user: for root, where nobody else can reach the folders, and for
 * a user without a name (a container started with a bare number), whom initdb refuses.
 */
export type Identity =
  | { readonly kind: 'self' }
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'namespace' }

/** The owner of an existing cluster decides; for a new one the first that can reach `cluster` and `program`. */
export function chooseIdentity(cluster: string, program: string): Identity {
  if (process.getuid === undefined) return { kind: 'self' }
  if (process.getuid() !== 0) return hasName() ? { kind: 'self' } : inNamespace(`the user ${process.getuid()} has no name on this machine`)
  const unreachable = `no other user can reach ${dirname(cluster)} or the installed programs (nothing under /root can be)`
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster)
    return uid === 0 ? inNamespace(unreachable) : { kind: 'user', uid, gid }
  }
  const nobody = findNobody()
  if (nobody !== undefined && isReachable(dirname(cluster)) && isReachable(dirname(program))) return nobody
  return inNamespace(unreachable)
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false // no entry in the system's list of users
  }
}

function inNamespace(reason: string): Identity {
  try {
    execFileSync('unshare', [...NAMESPACE, 'true'], { stdio: 'ignore', timeout: 10_000 })
    return { kind: 'namespace' }
  } catch (cause) {
    const message = `PostgreSQL runs neither as root nor as a nameless user, and ${reason}. Start as an ordinary user, or set DATABASE_URL.`
    throw new Fault('postgres_needs_user', message, 'never', { cause })
  }
}

const NAMESPACE = ['--user', '--map-user=65534', '--map-group=65534', '--']

/** The user `nobody` as this machine has it; undefined where there is none. */
function findNobody(): Identity | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { kind: 'user', uid: Number(uid), gid: Number(gid) }
}

/** Whether everyone may enter the folder and all above it. */
export function isReachable(folder: string): boolean {
  for (let path = resolve(folder); ; path = dirname(path)) {
    if ((statSync(path).mode & 0o001) === 0) return false
    if (path === dirname(path)) return true
  }
}

/** How to spawn a program under the identity. */
export function spawnAs(
  identity: Identity,
  program: string,
  args: readonly string[],
): { file: string; args: string[]; options: SpawnOptions } {
  switch (identity.kind) {
    case 'self':
      return { file: program, args: [...args], options: {} }
    case 'user':
      return { file: program, args: [...args], options: { uid: identity.uid, gid: identity.gid } }
    case 'namespace':
      return { file: 'unshare', args: [...NAMESPACE, program, ...args], options: {} }
  }
}

/** Gives a folder to the identity, for its eyes alone. */
export function giveFolder(identity: Identity, folder: string): void {
  if (identity.kind === 'user') chownSync(folder, identity.uid, identity.gid)
  chmodSync(folder, 0o700)
}
