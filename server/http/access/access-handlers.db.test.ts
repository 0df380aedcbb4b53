import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { permissions, permissionsOfRole, type Role } from '../../../contract/access.ts'
import { testDatabase } from '../../../test/support/database.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { idSource } from '../../kernel/ids.ts'
import { MINUTE } from '../../kernel/time.ts'
import { parseMasterKeys } from '../../store/master-key.ts'
import { Vault } from '../../store/vault.ts'
import { accessHandlers } from './access-handlers.ts'
import { Authenticator } from './authenticator.ts'
import { ensureAdmin } from './ensure-admin.ts'
import { Passwords } from './passwords.ts'
import { attemptsMax, SESSION_SECONDS } from './log-in.ts'

const db = await testDatabase({ poolMax: 8 })
const clock = { wall: Date.UTC(2026, 10, 21, 8), monotonic: 0 }
const deps = {
  pool: db.pool,
  ids: idSource(() => clock.wall, 0),
  wallMs: () => clock.wall,
  passwords: new Passwords(),
  vault: new Vault(parseMasterKeys(randomBytes(32).toString('hex'))),
  authenticator: new Authenticator({
    pool: db.pool,
    wallMs: () => clock.wall,
    monotonicMs: () => clock.monotonic,
    onFault: (fault) => assert.fail(fault),
  }),
}
const handlers = accessHandlers(deps)
const pass = (ms: number) => {
  clock.wall += ms
  clock.monotonic += ms
}
type Headers = Record<string, string>
const context = <P extends Principal | undefined>(principal: P, headers: Headers = {}, remoteAddress = '192.0.2.1') => ({
  principal,
  traceId: '0'.repeat(32),
  traceparent: '',
  idempotencyKey: undefined,
  hashInput: undefined,
  ifMatch: undefined,
  language: 'en' as const,
  signal: new AbortController().signal,
  headers,
  remoteAddress,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
})
const admin: Principal = {
  credentialId: 'key_0000000000001',
  kind: 'key',
  name: 'root',
  role: 'admin',
  permissions: new Set(permissions),
  scope: {},
}
const none = { params: undefined, query: undefined, body: undefined }
const authenticate = async (headers: Headers, method = 'GET') => deps.authenticator.authenticate({ method, headers })
const bearer = (key: string) => authenticate({ authorization: `Bearer ${key}` })
const isRefused = (found: object | undefined, code: string) => assert.equal(found !== undefined && 'code' in found && found.code, code)

async function createKey(by: Principal, body: { role: Role; [more: string]: unknown }) {
  return handlers['key.create'](context(by), { ...none, body: { name: 'k', ...body } })
}
async function made(body: { role: Role; [more: string]: unknown }) {
  const reply = await createKey(admin, body)
  assert.ok(reply.status === 'done')
  return reply.value
}
const PASSWORD = 'correct horse battery'
async function createUser(login: string, more: object = {}) {
  const body = { login, name: login, role: 'agent' as const, password: PASSWORD, ...more }
  const reply = await handlers['user.create'](context(admin), { ...none, body })
  assert.ok(reply.status === 'done', JSON.stringify(reply))
  return reply.value
}
const logInAs = (login: string, password = PASSWORD, headers: Headers = { host: 'localhost:7070' }, address?: string) =>
  handlers['session.open'](context(undefined, headers, address), { ...none, body: { login, password } })

async function cookieOf(login: string): Promise<{ cookie: string; csrf: string }> {
  const reply = await logInAs(login)
  assert.ok(reply.status === 'done')
  const cookie = String(reply.headers?.['set-cookie']).split(';')[0] ?? ''
  return { cookie, csrf: reply.value.csrfToken ?? '' }
}

test('a made key opens the hub with its role, permissions and scope, and its secret is not stored', async () => {
  const key = await made({ role: 'agent', permissions: ['order.read'], scope: { channels: ['shop'] } })
  assert.match(key.secret, /^fk_[A-Za-z0-9_-]{43}$/)
  const found = await bearer(key.secret)
  assert.ok(found !== undefined && 'role' in found)
  assert.deepEqual(
    [found.credentialId, found.role, [...found.permissions], found.scope],
    [key.credentialId, 'agent', ['order.read'], { channels: ['shop'] }],
  )
  const stored = await db.pool.query<{ row: string }>('select row_to_json(c)::text as row from credentials as c')
  assert.ok(stored.rows.length > 0 && stored.rows.every(({ row }) => !row.includes(key.secret)))
})

test('no credential is nobody; a malformed, unknown, expired or revoked one is refused', async () => {
  assert.equal(await authenticate({}), undefined)
  for (const authorization of ['Bearer', 'Bearer x', 'Basic abcdefghijklmnop', 'Bearer fk_a b', `Bearer fk_${'a'.repeat(43)}`]) {
    isRefused(await authenticate({ authorization }), 'credential_invalid')
  }
  const key = await made({ role: 'agent', expiresAt: new Date(clock.wall + MINUTE).toISOString() })
  assert.ok('role' in ((await bearer(key.secret)) ?? {}))
  clock.wall += MINUTE
  isRefused(await bearer(key.secret), 'credential_invalid')
})

test('a revocation counts here at once and in another process after a second at most', async () => {
  const key = await made({ role: 'agent' })
  const elsewhere = new Authenticator({ pool: db.pool, wallMs: deps.wallMs, monotonicMs: () => clock.monotonic, onFault: assert.fail })
  const request = { method: 'GET', headers: { authorization: `Bearer ${key.secret}` } }
  await bearer(key.secret)
  await elsewhere.authenticate(request)
  const reply = await handlers['key.revoke'](context(admin), { ...none, params: { credentialId: key.credentialId } })
  assert.ok(reply.status === 'done' && reply.value.revokedAt !== undefined)
  isRefused(await bearer(key.secret), 'credential_invalid')
  pass(1000)
  isRefused(await elsewhere.authenticate(request), 'credential_invalid')
})

test('nobody makes, sees or revokes a credential that reaches further than their own', async () => {
  const narrowed: Principal = { ...admin, permissions: new Set(['access.read', 'access.write', 'order.read']), scope: { channels: ['a'] } }
  isRefused(await createKey(narrowed, { role: 'agent' }), 'permission_exceeds_own')
  isRefused(await createKey(narrowed, { role: 'agent', permissions: ['access.write'] }), 'permission_exceeds_role')
  isRefused(await createKey(narrowed, { role: 'agent', permissions: ['order.read'], scope: { channels: ['a', 'b'] } }), 'scope_exceeds_own')
  isRefused(await createKey(admin, { role: 'customer' }), 'scope_required')
  isRefused(await createKey(admin, { role: 'agent', expiresAt: '2020-01-01T00:00:00Z' }), 'expiry_past')
  const own = await createKey(narrowed, { role: 'agent', permissions: ['order.read'] })
  assert.ok(own.status === 'done')
  assert.deepEqual(own.value.scope, { channels: ['a'] }, 'what is left out is inherited')
  const wide = await made({ role: 'admin' })
  isRefused(await handlers['key.revoke'](context(narrowed), { ...none, params: { credentialId: wide.credentialId } }), 'key_unknown')
  const list = await handlers['key.list'](context(narrowed), { ...none, query: { limit: 200 } })
  assert.ok(list.status === 'done' && list.value.items.length > 0)
  assert.ok(list.value.items.every((key) => key.scope.channels?.join() === 'a'))
  const user = await createUser('big-boss', { role: 'admin' })
  const takeOver = { ...none, params: { userId: user.userId }, body: { password: 'mine now, thanks' } }
  isRefused(await handlers['user.change'](context(narrowed), takeOver), 'user_unknown')
})

test('no key makes one that outlives it, however long the line; who is logged in may', async () => {
  const iso = (ms: number) => new Date(ms).toISOString()
  const end = clock.wall + 90 * MINUTE
  const first = await made({ role: 'admin', expiresAt: iso(end) })
  const own = await bearer(first.secret)
  assert.ok(own !== undefined && 'role' in own)
  for (const expiresAt of [iso(end + 1), null]) isRefused(await createKey(own, { role: 'agent', expiresAt }), 'expiry_exceeds_own')
  isRefused(await createKey(own, { role: 'agent', expiresAt: iso(clock.wall) }), 'expiry_past')
  const madeBy = async (by: Principal, more: object) => {
    const reply = await createKey(by, { role: 'admin', ...more })
    assert.ok(reply.status === 'done')
    return reply.value
  }
  assert.equal((await madeBy(own, { expiresAt: iso(end) })).expiresAt, iso(end))
  assert.equal((await madeBy(own, { expiresAt: iso(end - MINUTE) })).expiresAt, iso(end - MINUTE))
  const second = await madeBy(own, {})
  assert.equal(second.expiresAt, iso(end), 'left out: as long as the key that makes it')
  const next = await bearer(second.secret)
  assert.ok(next !== undefined && 'role' in next)
  isRefused(await createKey(next, { role: 'agent', expiresAt: null }), 'expiry_exceeds_own')
  const login = await createUser('long-lived', { role: 'admin' })
  const { cookie } = await cookieOf('long-lived')
  const person = await authenticate({ cookie, host: 'localhost:7070' })
  assert.ok(person !== undefined && 'role' in person && person.credentialId === login.userId)
  assert.equal((await madeBy(person, { expiresAt: null })).expiresAt, undefined)
  assert.equal((await madeBy(admin, {})).expiresAt, iso(clock.wall + 365 * 24 * 60 * MINUTE))
})

test('a log-in opens a session that says who it is, and closing it ends it', async () => {
  const user = await createUser('Fang')
  const { cookie, csrf } = await cookieOf(' fANG ')
  const headers = { cookie, host: 'localhost:7070' }
  const found = await authenticate(headers)
  assert.ok(found !== undefined && 'role' in found)
  assert.deepEqual([found.credentialId, found.kind, [...found.permissions]], [user.userId, 'session', [...permissionsOfRole.agent]])
  const seen = await handlers['session.get'](context(found, headers), none)
  assert.ok(seen.status === 'done')
  assert.equal(seen.value.csrfToken, csrf)
  const closed = await handlers['session.close'](context(found, headers), none)
  assert.ok(closed.status === 'done')
  assert.match(String(closed.headers?.['set-cookie']), /^fulcrum_session=; .*Max-Age=0/)
  isRefused(await authenticate(headers), 'credential_invalid')
})

test('the cookie is Secure, HttpOnly, Lax and bound to the host, except on plain HTTP to this machine', async () => {
  await createUser('cookies')
  const setBy = async (host: string) => {
    const reply = await logInAs('cookies', PASSWORD, { host })
    assert.ok(reply.status === 'done')
    return String(reply.headers?.['set-cookie'])
  }
  assert.match(
    await setBy('hub.example'),
    new RegExp(`^__Host-fulcrum_session=[\\w-]{43}; Path=/; Max-Age=${SESSION_SECONDS}; HttpOnly; SameSite=Lax; Secure$`),
  )
  assert.match(await setBy('127.0.0.1:7070'), /^fulcrum_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
  const token = /=([\w-]{43});/.exec(await setBy('localhost'))?.[1]
  assert.equal(
    await authenticate({ cookie: `fulcrum_session=${token}`, host: 'hub.example' }),
    undefined,
    'the weaker name counts only here',
  )
})

test('a write in a session needs its token and a page of this hub; a read and an API key do not', async () => {
  await createUser('writer')
  const { cookie, csrf } = await cookieOf('writer')
  const other = await cookieOf('writer')
  const base = { cookie, host: 'localhost:7070' }
  const own = { origin: 'http://localhost:7070' }
  const token = { 'x-csrf-token': csrf }
  assert.ok('role' in ((await authenticate(base)) ?? {}))
  for (const good of [
    { ...own, ...token },
    { 'sec-fetch-site': 'same-origin', ...token },
  ]) {
    assert.ok('role' in ((await authenticate({ ...base, ...good }, 'POST')) ?? {}))
  }
  const forged: readonly Headers[] = [
    {},
    own,
    token,
    { ...own, 'x-csrf-token': '' },
    { ...own, 'x-csrf-token': other.csrf },
    { origin: 'https://evil.example', ...token },
    { origin: 'null', ...token },
    { origin: 'http://localhost:7071', ...token },
    { ...own, 'sec-fetch-site': 'cross-site', ...token },
    { 'sec-fetch-site': 'same-site', ...token },
  ]
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    for (const headers of forged) isRefused(await authenticate({ ...base, ...headers }, method), 'credential_invalid')
  }
  const key = await made({ role: 'agent' })
  assert.ok('role' in ((await authenticate({ authorization: `Bearer ${key.secret}` }, 'POST')) ?? {}))
  isRefused(await logInAs('writer', PASSWORD, { host: 'localhost', origin: 'https://evil.example' }), 'origin_refused')
})

test('an unknown login, a wrong password and a disabled user get the same answer', async () => {
  const user = await createUser('leaver')
  await handlers['user.change'](context(admin), { ...none, params: { userId: user.userId }, body: { disabled: true } })
  await createUser('stayer')
  const answers = [
    await logInAs('leaver', PASSWORD, {}, '192.0.2.10'),
    await logInAs('stayer', 'wrong', {}, '192.0.2.11'),
    await logInAs('nobody', PASSWORD, {}, '192.0.2.12'),
  ]
  assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1)
  isRefused(answers[0], 'login_refused')
})

test('guessing is throttled by login and by address, and ends with the window', async () => {
  await createUser('target')
  for (let i = 0; i < attemptsMax.login; i++) isRefused(await logInAs('target', `wrong ${i}`, {}, `198.51.100.${i}`), 'login_refused')
  const throttled = await logInAs('target', PASSWORD, {}, '198.51.100.99')
  isRefused(throttled, 'login_throttled')
  assert.ok('retryAfterSeconds' in throttled && Number(throttled.retryAfterSeconds) <= 900)
  pass(15 * MINUTE)
  assert.equal((await logInAs('target', PASSWORD, {}, '198.51.100.99')).status, 'done')
  const tries = await Promise.all(Array.from({ length: 20 }, (_, i) => logInAs(`guess ${i}`, 'x', {}, `2001:db8::${i + 1}`)))
  assert.ok(tries.every((one) => one.status === 'refused' && one.code === 'login_refused'))
  const counted = await db.pool.query<{ attempts: number }>(`select max(attempts) as attempts from login_attempts where kind = 'address'`)
  assert.equal(counted.rows[0]?.attempts, 20, 'a whole /64 counts as one address')
})

test('a new password, and disabling, end every session; a narrower role counts at once', async () => {
  const user = await createUser('changing', { role: 'finance' })
  const change = (body: object) => handlers['user.change'](context(admin), { ...none, params: { userId: user.userId }, body })
  const first = { ...(await cookieOf('changing')), host: 'localhost' }
  await authenticate(first)
  await change({ role: 'executive' })
  const found = await authenticate(first)
  assert.ok(found !== undefined && 'role' in found && found.role === 'executive' && !found.permissions.has('order.pay'))
  isRefused(await change({ password: 'changing-changing' }), 'password_weak')
  isRefused(await change({ role: 'customer' }), 'scope_required')
  assert.equal((await change({ password: 'another long one' })).status, 'done')
  isRefused(await authenticate(first), 'credential_invalid')
  isRefused(await logInAs('changing', PASSWORD), 'login_refused')
  const reply = await logInAs('changing', 'another long one')
  assert.ok(reply.status === 'done')
  const again = { cookie: String(reply.headers?.['set-cookie']).split(';')[0] ?? '', host: 'localhost' }
  await change({ disabled: true })
  isRefused(await authenticate(again), 'credential_invalid')
  await change({ disabled: false })
  isRefused(await authenticate(again), 'credential_invalid')
})

test('processes that start together make one admin key and one admin user, which are told once', async () => {
  const fresh = await testDatabase({ poolMax: 4 })
  const start = () => ensureAdmin({ ...deps, pool: fresh.pool }, undefined)
  const told = await Promise.all([start(), start(), start()])
  const keys = told.flatMap((one) => one.apiKey ?? [])
  const consoles = told.flatMap((one) => one.console ?? [])
  assert.deepEqual([keys.length, consoles.length], [1, 1])
  const there = new Authenticator({ pool: fresh.pool, wallMs: deps.wallMs, monotonicMs: () => clock.monotonic, onFault: assert.fail })
  const found = await there.authenticate({ method: 'GET', headers: { authorization: `Bearer ${keys[0]}` } })
  assert.ok(found !== undefined && 'role' in found && found.role === 'admin' && found.permissions.size === permissions.length)
  const login = accessHandlers({ ...deps, pool: fresh.pool })['session.open'](context(undefined), {
    ...none,
    body: consoles[0] ?? { login: '', password: '' },
  })
  assert.equal((await login).status, 'done')
  await fresh.close()
})

test('FULCRUM_ADMIN_KEY opens the hub on every start, and a weak, revoked or foreign one is refused', async () => {
  const fresh = await testDatabase({ poolMax: 4 })
  const start = (key: string) => ensureAdmin({ ...deps, pool: fresh.pool }, key)
  const there = new Authenticator({ pool: fresh.pool, wallMs: deps.wallMs, monotonicMs: () => clock.monotonic, onFault: assert.fail })
  const first = await start('my-own-admin-key-1')
  assert.equal(first.apiKey, undefined)
  assert.equal(first.console?.login, 'admin')
  assert.deepEqual(await start('my-own-admin-key-1'), { apiKey: undefined, console: undefined })
  const found = await there.authenticate({ method: 'GET', headers: { authorization: 'Bearer my-own-admin-key-1' } })
  assert.ok(found !== undefined && 'role' in found && found.role === 'admin')
  for (const weak of ['short', 'has a blank in it', 'aaaaaaaaaaaaaaaaaaaa', 'schlüssel-schlüssel']) {
    await assert.rejects(start(weak), { code: 'admin_key_invalid' })
  }
  await fresh.pool.query('update credentials set revoked_at = now()')
  await assert.rejects(start('my-own-admin-key-1'), { code: 'admin_key_invalid', message: /revoked/ })
  await fresh.close()
})

test('lists of keys and users take the cursors they gave, and no others', async () => {
  await made({ role: 'agent' })
  const first = await handlers['key.list'](context(admin), { ...none, query: { limit: 1 } })
  assert.ok(first.status === 'done' && first.value.next !== undefined)
  const second = await handlers['key.list'](context(admin), { ...none, query: { limit: 1, cursor: first.value.next } })
  assert.ok(second.status === 'done' && second.value.items[0]?.credentialId !== first.value.items[0]?.credentialId)
  for (const cursor of ['AAAA', first.value.items[0]?.credentialId ?? ''])
    isRefused(await handlers['key.list'](context(admin), { ...none, query: { cursor } }), 'cursor_invalid')
  isRefused(await handlers['user.list'](context(admin), { ...none, query: { cursor: first.value.next } }), 'cursor_invalid')
})
