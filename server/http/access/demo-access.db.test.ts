import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { roles } from '../../../contract/access.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { idSource } from '../../kernel/ids.ts'
import { parseMasterKeys } from '../../store/master-key.ts'
import { readKeyByHash } from '../../store/credentials.ts'
import { readUserByLogin } from '../../store/users.ts'
import { closeDemoAccess, type DemoAccess, openDemoAccess } from './demo-access.ts'
import { Passwords } from './passwords.ts'
import { bytesOfHash, hashOfSecret } from './secrets.ts'

const db = await testDatabase()
const wallMs = () => Date.UTC(2026, 10, 25)
const passwords = new Passwords()
const deps = {
  pool: db.pool,
  ids: idSource(wallMs, () => 0),
  wallMs,
  passwords,
  masterKeys: parseMasterKeys(randomBytes(32).toString('hex')),
}
const scopes = { customer: { customer: { channelId: 'app', customerRef: 'app-1' } }, carrier: { carriers: ['sf'] } }

async function isOpen({ logins, password, simulatorKey }: DemoAccess): Promise<{ users: number; key: boolean }> {
  const found = await Promise.all(logins.map((login) => readUserByLogin(db.pool, login)))
  const open = found.filter((one) => one !== undefined && one.user.disabledAt === undefined)
  for (const one of open) assert.ok(await passwords.verify(one?.passwordHash, password))
  const key = await readKeyByHash(db.pool, bytesOfHash(hashOfSecret(simulatorKey)))
  return { users: open.length, key: key !== undefined && key.revokedAt === undefined }
}

test('the demo lets in one log-in of each role and its simulator, the same at each start, and nobody once it is closed', async () => {
  const first = await openDemoAccess(deps, scopes)
  assert.deepEqual(await isOpen(first), { users: roles.length, key: true })
  assert.deepEqual((await readUserByLogin(db.pool, 'demo-customer'))?.user.scope, scopes.customer)

  const second = await openDemoAccess(deps, scopes)
  assert.equal(second.password, first.password)
  assert.deepEqual(await isOpen(second), { users: roles.length, key: true })
  assert.equal((await isOpen(first)).key, false, 'the key of an earlier simulator ends')

  await closeDemoAccess(deps)
  assert.deepEqual(await isOpen(second), { users: 0, key: false })
  const third = await openDemoAccess(deps, scopes)
  assert.deepEqual(await isOpen(third), { users: roles.length, key: true })
})

test('the simulator’s key does everything but let people in', async () => {
  const { simulatorKey } = await openDemoAccess(deps, scopes)
  const key = await readKeyByHash(db.pool, bytesOfHash(hashOfSecret(simulatorKey)))
  assert.deepEqual(
    ['access.read', 'access.write'].filter((one) => key?.permissions.some((held) => held === one)),
    [],
  )
  assert.ok(key?.permissions.includes('hub.write'))
})
