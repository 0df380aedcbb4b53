import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { idSource } from '../kernel/ids.ts'
import { instant, MINUTE } from '../kernel/time.ts'
import { insertKey, listKeys, readOpenKeys, revokeKey, touchKeys } from './credentials.ts'
import { transaction } from './database.ts'
import { countLoginAttempts, forgiveLoginAttempts } from './login-attempts.ts'
import { checkMasterKeys } from './master-key-marks.ts'
import { parseMasterKeys } from './master-key.ts'
import { closeSession, openSession, readOpenSessions, SESSIONS_PER_USER_MAX } from './sessions.ts'
import { changeUser, insertUser, readUserByLogin, type User } from './users.ts'
import { violatedConstraint } from './pg-errors.ts'

const db = await testDatabase()
const ids = idSource(() => Date.now(), 0)
const now = instant(Date.UTC(2026, 10, 21, 8))
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const newKey = (more: object = {}) => ({
  credentialId: ids.next('key', 0),
  name: 'k',
  role: 'agent' as const,
  permissions: ['order.read'] as const,
  scope: { channels: ['a'] },
  keyHash: randomBytes(32),
  createdBy: 'start',
  createdAt: now,
  expiresAt: undefined,
  ...more,
})

let logins = 0
async function newUser(): Promise<User> {
  const user = await insertUser(db.pool, {
    userId: ids.next('usr', 0),
    login: `u${++logins}`,
    name: 'U',
    passwordHash: '$argon2id$old',
    role: 'agent',
    scope: {},
    createdBy: 'start',
    createdAt: now,
  })
  assert.ok(user)
  return user
}
const newSession = (user: User, createdAt = now) => ({
  tokenHash: randomBytes(32),
  userId: user.userId,
  passwordHash: '$argon2id$old',
  createdAt,
  expiresAt: instant(createdAt + 60 * MINUTE),
})

test('a key opens the hub until it expires or is revoked, and the first revocation counts', async () => {
  const key = newKey({ expiresAt: instant(now + MINUTE) })
  assert.ok(await insertKey(db.pool, key))
  const open = async (at: number) => (await readOpenKeys(db.pool, [hex(key.keyHash), hex(randomBytes(32))], instant(at))).size
  assert.equal(await open(now), 1)
  assert.equal(await open(now + MINUTE), 0)
  const revoked = await revokeKey(db.pool, key.credentialId, now)
  assert.equal(revoked?.revokedAt, now)
  assert.equal((await revokeKey(db.pool, key.credentialId, instant(now + 5)))?.revokedAt, now)
  assert.equal(await open(now), 0)
})

test('what was stored of a key comes back as it was, and the day of use is kept', async () => {
  const key = newKey({ scope: { nodes: ['n'], customer: { accountId: 'x' } } })
  await insertKey(db.pool, key)
  await touchKeys(db.pool, [key.credentialId], '2026-11-21')
  const found = (await readOpenKeys(db.pool, [hex(key.keyHash)], now)).get(hex(key.keyHash))
  const { keyHash, createdBy, ...kept } = key
  assert.equal(keyHash.length + createdBy.length, 37)
  assert.deepEqual(found, { ...kept, revokedAt: undefined, lastUsedOn: '2026-11-21' })
})

test('pages of keys follow each other without gap or repeat', async () => {
  for (let i = 0; i < 5; i++) await insertKey(db.pool, newKey())
  const all = await listKeys(db.pool, undefined, 1000)
  const paged = []
  for (let page = await listKeys(db.pool, undefined, 2); page.length > 0; page = await listKeys(db.pool, page.at(-1)?.credentialId, 2)) {
    paged.push(...page)
  }
  assert.ok(all.length >= 5)
  assert.deepEqual(paged, all)
})

test('the database itself refuses a customer without a customer and a carrier without carriers', async () => {
  for (const role of ['customer', 'carrier']) {
    const error = await insertKey(db.pool, newKey({ role, scope: { channels: ['a'] } })).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    assert.equal(violatedConstraint(error), 'credentials_role_scope_check')
  }
})

test('a login is taken once', async () => {
  const user = await newUser()
  assert.equal(await insertUser(db.pool, { ...user, userId: ids.next('usr', 0), passwordHash: '$argon2id$x', createdBy: 'x' }), undefined)
  assert.equal((await readUserByLogin(db.pool, user.login))?.user.userId, user.userId)
})

test('a session is open until its end, its closing, or the disabling of its user', async () => {
  const user = await newUser()
  const [a, b] = [newSession(user), newSession(user)]
  assert.equal(await openSession(db.pool, a), true)
  assert.equal(await openSession(db.pool, b), true)
  const open = async (at: number) => (await readOpenSessions(db.pool, [hex(a.tokenHash), hex(b.tokenHash)], instant(at))).size
  assert.equal(await open(now), 2)
  assert.equal(await open(now + 60 * MINUTE), 0)
  await closeSession(db.pool, a.tokenHash)
  assert.equal(await open(now), 1)
  await transaction(db.pool, (client) => changeUser(client, user.userId, { disabled: true }, now))
  assert.equal(await open(now), 0)
  await transaction(db.pool, (client) => changeUser(client, user.userId, { disabled: false }, now))
  assert.equal(await open(now), 0, 'enabling a user brings no old session back')
  assert.equal(await openSession(db.pool, newSession(user)), true)
})

test('no session outlives a change of password, however the two meet', async () => {
  for (let round = 0; round < 20; round++) {
    const user = await newUser()
    const session = newSession(user)
    await Promise.all([
      transaction(db.pool, (client) => changeUser(client, user.userId, { passwordHash: '$argon2id$new' }, now)),
      openSession(db.pool, session),
    ])
    assert.equal((await readOpenSessions(db.pool, [hex(session.tokenHash)], now)).size, 0)
  }
})

test('a user has a bounded number of sessions: the oldest ends first', async () => {
  const user = await newUser()
  const sessions = Array.from({ length: SESSIONS_PER_USER_MAX + 3 }, (_, i) => newSession(user, instant(now + i)))
  for (const session of sessions) await openSession(db.pool, session)
  const open = await readOpenSessions(
    db.pool,
    sessions.map((session) => hex(session.tokenHash)),
    instant(now + 100),
  )
  assert.deepEqual(
    sessions.map((session) => open.has(hex(session.tokenHash))),
    sessions.map((_, i) => i >= 3),
  )
})

test('attempts add up within a window, also in parallel, and a success clears the login but not the address', async () => {
  const subjects = { login: 'someone', address: '10.0.0.1' }
  const after = instant(now - 15 * MINUTE)
  await Promise.all(Array.from({ length: 8 }, () => countLoginAttempts(db.pool, subjects, now, after)))
  const byKind = async (at: number) =>
    Object.fromEntries(
      (await countLoginAttempts(db.pool, subjects, instant(at), instant(at - 15 * MINUTE))).map((count) => [count.kind, count.attempts]),
    )
  assert.deepEqual(await byKind(now), { login: 9, address: 9 })
  await forgiveLoginAttempts(db.pool, subjects)
  assert.deepEqual(await byKind(now), { login: 1, address: 9 })
  assert.deepEqual(await byKind(now + 15 * MINUTE), { login: 1, address: 1 })
})

test('a master key that does not fit the database is refused and leaves no mark', async () => {
  const [first, second] = [randomBytes(32).toString('base64'), randomBytes(32).toString('hex')]
  await checkMasterKeys(db.pool, parseMasterKeys(first), now)
  for (const wrong of [second, `${first},${second}`]) {
    await assert.rejects(checkMasterKeys(db.pool, parseMasterKeys(wrong), now), { code: 'master_key_unknown' })
  }
  await checkMasterKeys(db.pool, parseMasterKeys(first), now)
  await checkMasterKeys(db.pool, parseMasterKeys(`${second},${first}`), now)
  await assert.rejects(checkMasterKeys(db.pool, parseMasterKeys(first), now), { code: 'master_key_unknown' })
})
