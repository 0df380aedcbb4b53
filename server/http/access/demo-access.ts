import { createHmac } from 'node:crypto'
import { permissionsOfRole, roles, type Role } from '../../../contract/access.ts'
import type { Scope } from '../../domain/access/principal.ts'
import type { IdSource } from '../../kernel/ids.ts'
import { DAY, instant, type Instant } from '../../kernel/time.ts'
import { insertKey } from '../../store/credentials.ts'
import { closeDemoKeys, closeDemoUsers, DEMO_MAKER, openDemoUsers } from '../../store/demo.ts'
import { lockFirstStart } from '../../store/first-start.ts'
import { transaction, type Client, type Pool } from '../../store/database.ts'
import type { MasterKeys } from '../../store/master-key.ts'
import { insertUser, readUserByLogin } from '../../store/users.ts'
import { LETTERS, type Passwords } from './passwords.ts'
import { bytesOfHash, hashOfSecret, newKeyText } from './secrets.ts'

type Deps = {
  readonly pool: Pool
  readonly ids: IdSource
  readonly wallMs: () => number
  readonly passwords: Passwords
  readonly masterKeys: MasterKeys
}

/** What each role's log-in sees; a customer's and a carrier's cannot be without one. */
export type DemoScopes = Readonly<Partial<Record<Role, Scope>> & Record<'customer' | 'carrier', Scope>>

/** The demo's doors: a log-in for each role, all with one password, and the simulator's own key. */
export type DemoAccess = {
  readonly logins: readonly string[]
  readonly password: string
  readonly simulatorKey: string
}

const KEY_DAYS = 30
const PASSWORD_LENGTH = 12
/** What is not left to the simulator: who comes in. */
const withheld: readonly string[] = ['access.read', 'access.write']
const loginOf = (role: Role): string => `demo-${role}`

/**
 * The password of the demo's log-ins: made from the master key, so that it is another one in every database, needs no place to be
 * kept and can be shown at each start.
 */
export function demoPassword(keys: MasterKeys): string {
  const digest = createHmac('sha256', keys.indexKey).update('fulcrum demo log-ins').digest()
  return [...digest.subarray(0, PASSWORD_LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
}

/** Makes the log-ins, or lets them in again, and a new key for the simulator; older ones end. */
export async function openDemoAccess(deps: Deps, scopes: DemoScopes): Promise<DemoAccess> {
  const password = demoPassword(deps.masterKeys)
  const simulatorKey = newKeyText()
  const now = instant(deps.wallMs())
  await transaction(deps.pool, async (client) => {
    await lockFirstStart(client)
    await closeDemoKeys(client, now)
    await openDemoUsers(client)
    await makeUsers(client, deps, scopes, password, now)
    await insertKey(client, {
      credentialId: deps.ids.next('key', 0),
      name: 'simulator',
      role: 'admin',
      permissions: permissionsOfRole.admin.filter((one) => !withheld.includes(one)),
      scope: {},
      keyHash: bytesOfHash(hashOfSecret(simulatorKey)),
      createdBy: DEMO_MAKER,
      createdAt: now,
      expiresAt: instant(now + KEY_DAYS * DAY),
    })
  })
  return { logins: roles.map(loginOf), password, simulatorKey }
}

/** Without the demo, or within reach of others, nobody comes in by its doors. */
export async function closeDemoAccess({ pool, wallMs }: Pick<Deps, 'pool' | 'wallMs'>): Promise<void> {
  const now = instant(wallMs())
  await transaction(pool, async (client) => {
    await closeDemoKeys(client, now)
    await closeDemoUsers(client, now)
  })
}

async function makeUsers(client: Client, deps: Deps, scopes: DemoScopes, password: string, now: Instant): Promise<void> {
  let passwordHash: string | undefined
  for (const role of roles) {
    const login = loginOf(role)
    if ((await readUserByLogin(client, login)) !== undefined) continue
    passwordHash ??= await deps.passwords.hash(password)
    await insertUser(client, {
      userId: deps.ids.next('usr', 0),
      login,
      name: `Demo ${role}`,
      role,
      scope: scopes[role] ?? {},
      passwordHash,
      createdBy: DEMO_MAKER,
      createdAt: now,
    })
  }
}
