import { permissions } from '../../../contract/access.ts'
import { Fault } from '../../kernel/fault.ts'
import type { IdSource } from '../../kernel/ids.ts'
import { instant, type Instant } from '../../kernel/time.ts'
import { hasAdminKey, insertKey, readKeyByHash } from '../../store/credentials.ts'
import { lockFirstStart } from '../../store/first-start.ts'
import { transaction, type Client, type Pool } from '../../store/database.ts'
import { hasUsers, insertUser } from '../../store/users.ts'
import { newPassword, type Passwords } from './passwords.ts'
import { bytesOfHash, hashOfSecret, newKeyText } from './secrets.ts'

/** What the first start has to print, once: nothing of it can be read again. */
export type FirstCredentials = {
  readonly apiKey: string | undefined
  readonly console: { readonly login: string; readonly password: string } | undefined
}

const ADMIN_LOGIN = 'admin'
const OWN_KEY_LENGTH_MIN = 8
/** What fits behind `Bearer ` (RFC 6750, b64token). */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/

/**
 * Sees to it that somebody can come in: with FULCRUM_ADMIN_KEY that key opens the hub, otherwise a new one is made unless there
 * has ever been an admin's key; and a console user `admin` while there is no user at all. Safe for processes that start together.
 * Fault `admin_key_invalid` when the given key is weak, revoked, expired or belongs to a credential of another role.
 */
export async function ensureAdmin(
  deps: { readonly pool: Pool; readonly ids: IdSource; readonly wallMs: () => number; readonly passwords: Passwords },
  adminKey: string | undefined,
): Promise<FirstCredentials> {
  if (adminKey !== undefined) refuseWeakAdminKey(adminKey)
  const now = instant(deps.wallMs())
  return transaction(deps.pool, async (client) => {
    await lockFirstStart(client)
    const apiKey = adminKey === undefined ? await makeKey(client, deps.ids, now) : await takeKey(client, deps.ids, now, adminKey)
    return { apiKey, console: await makeUser(client, deps, now) }
  })
}

async function makeKey(client: Client, ids: IdSource, now: Instant): Promise<string | undefined> {
  if (await hasAdminKey(client)) return undefined
  const text = newKeyText()
  await storeKey(client, ids, now, text, 'first admin key')
  return text
}

async function takeKey(client: Client, ids: IdSource, now: Instant, text: string): Promise<undefined> {
  const known = await readKeyByHash(client, bytesOfHash(hashOfSecret(text)))
  if (known === undefined) {
    await storeKey(client, ids, now, text, 'FULCRUM_ADMIN_KEY')
    return
  }
  if (known.role !== 'admin') throw invalid(`belongs to ${known.credentialId}, whose role is ${known.role}`)
  if (known.revokedAt !== undefined) throw invalid(`was revoked (${known.credentialId}): choose another one`)
  if (known.expiresAt !== undefined && known.expiresAt <= now) throw invalid(`has expired (${known.credentialId}): choose another one`)
}

async function storeKey(client: Client, ids: IdSource, now: Instant, text: string, name: string): Promise<void> {
  await insertKey(client, {
    credentialId: ids.next('key', 0),
    name,
    role: 'admin',
    permissions,
    scope: {},
    keyHash: bytesOfHash(hashOfSecret(text)),
    createdBy: 'start',
    createdAt: now,
    expiresAt: undefined,
  })
}

async function makeUser(
  client: Client,
  deps: { readonly ids: IdSource; readonly passwords: Passwords },
  now: Instant,
): Promise<FirstCredentials['console']> {
  if (await hasUsers(client)) return undefined
  const password = newPassword()
  await insertUser(client, {
    userId: deps.ids.next('usr', 0),
    login: ADMIN_LOGIN,
    name: 'Administrator',
    role: 'admin',
    scope: {},
    passwordHash: await deps.passwords.hash(password),
    createdBy: 'start',
    createdAt: now,
  })
  return { login: ADMIN_LOGIN, password }
}

/** Fault `admin_key_invalid` when the text is no key or easily guessed: a start asks before it makes anything. */
export function refuseWeakAdminKey(text: string): void {
  if (text.length > 256 || !TOKEN.test(text)) throw invalid('may hold letters, digits and -._~+/ only, at most 256, with = at the end')
  if (text.length < OWN_KEY_LENGTH_MIN) throw invalid(`has ${text.length} characters, expected at least ${OWN_KEY_LENGTH_MIN}`)
  if (new Set(text).size < 5) throw invalid('repeats itself too much to be a secret')
}

const invalid = (what: string): Fault =>
  new Fault('admin_key_invalid', `FULCRUM_ADMIN_KEY ${what}. A good one: openssl rand -hex 32`, 'never')
