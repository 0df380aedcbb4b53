import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import { startApp } from '../../../test/support/http-app.ts'
import { idSource } from '../../kernel/ids.ts'
import { parseMasterKeys } from '../../store/master-key.ts'
import { Vault } from '../../store/vault.ts'
import { accessHandlers } from './access-handlers.ts'
import { Authenticator } from './authenticator.ts'
import { ensureAdmin } from './ensure-admin.ts'
import { Passwords } from './passwords.ts'
import { present } from '../../kernel/assert.ts'

const db = await testDatabase({ poolMax: 4 })
const wallMs = () => Date.now()
const authenticator = new Authenticator({ pool: db.pool, wallMs, monotonicMs: () => performance.now(), onFault: assert.fail })
const deps = {
  pool: db.pool,
  ids: idSource(wallMs, 0),
  wallMs,
  passwords: new Passwords(),
  vault: new Vault(parseMasterKeys(randomBytes(32).toString('hex'))),
  authenticator,
}
const first = await ensureAdmin(deps, undefined)
const { url, logged } = await startApp(accessHandlers(deps), { authenticate: (request) => authenticator.authenticate(request) })
const admin = { authorization: `Bearer ${first.apiKey}` }

async function call(method: string, path: string, headers: Record<string, string>, body?: object) {
  const response = await fetch(url + path, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const value: Record<string, unknown> = JSON.parse(await response.text())
  return { status: response.status, value, cookie: response.headers.getSetCookie()[0], retryAfter: response.headers.get('retry-after') }
}

test('over HTTP a key is made, used, listed without its secret and revoked', async () => {
  const made = await call('POST', '/v1/keys', admin, { name: 'shop', role: 'integrator', scope: { channels: ['shop-cn'] } })
  assert.equal(made.status, 201)
  const own = { authorization: `Bearer ${String(made.value['secret'])}` }
  assert.equal((await call('GET', '/v1/sessions/current', own)).value['role'], 'integrator')
  assert.deepEqual([(await call('GET', '/v1/keys', own)).status, (await call('GET', '/v1/keys', {})).status], [403, 401])
  const listed = await call('GET', '/v1/keys', admin)
  assert.equal(listed.status, 200)
  assert.ok(JSON.stringify(listed.value).includes(String(made.value['credentialId'])))
  assert.ok(!JSON.stringify(listed.value).includes(String(made.value['secret'])))
  assert.equal((await call('DELETE', `/v1/keys/${String(made.value['credentialId'])}`, admin)).status, 200)
  const after = await call('GET', '/v1/sessions/current', own)
  assert.deepEqual([after.status, after.value['code']], [401, 'credential_invalid'])
  assert.deepEqual(logged, [])
})

test('over HTTP the first admin logs in, writes with the CSRF token of the session, and logs out', async () => {
  const told = present(first.console, 'the first console user')
  const opened = await call('POST', '/v1/sessions', {}, told)
  assert.equal(opened.status, 201)
  const cookie = present(opened.cookie?.split(';')[0], 'the session cookie')
  assert.equal((await call('GET', '/v1/sessions/current', { cookie })).value['csrfToken'], opened.value['csrfToken'])
  const body = { login: 'fang', name: '王芳', role: 'agent', password: 'correct horse battery' }
  const forged = await call('POST', '/v1/users', { cookie, origin: 'https://evil.example' }, body)
  assert.equal(forged.status, 401)
  const page = { cookie, origin: url, 'x-csrf-token': String(opened.value['csrfToken']) }
  const created = await call('POST', '/v1/users', page, body)
  assert.equal(created.status, 201)
  assert.equal((await call('POST', '/v1/users', page, body)).status, 409)
  const changed = await call('PATCH', `/v1/users/${String(created.value['userId'])}`, page, { disabled: true })
  assert.deepEqual([changed.status, typeof changed.value['disabledAt']], [200, 'string'])
  assert.equal((await call('POST', '/v1/sessions', {}, { login: 'fang', password: body.password })).status, 401)
  assert.equal((await call('DELETE', '/v1/sessions/current', page)).status, 200)
  assert.equal((await call('GET', '/v1/sessions/current', { cookie })).status, 401)
  assert.deepEqual(logged, [])
})

test('over HTTP a throttled log-in says how long to wait', async () => {
  let last = await call('POST', '/v1/sessions', {}, { login: 'guessed', password: 'x' })
  for (let i = 0; i < 10; i++) last = await call('POST', '/v1/sessions', {}, { login: 'guessed', password: `x${i}` })
  assert.deepEqual([last.status, last.value['code']], [429, 'login_throttled'])
  assert.ok(Number(last.retryAfter) > 0)
})
