import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { startApp } from '../../test/support/http-app.ts'
import { Fault } from '../kernel/fault.ts'
import { BlindIndex } from '../store/blind-index.ts'
import { claimAnswers } from '../store/claims.ts'
import { run } from '../store/database.ts'
import { parseMasterKeys } from '../store/master-key.ts'
import { Vault } from '../store/vault.ts'
import type { Handlers } from './handler.ts'
import { keepAnswers } from './keep-answers.ts'

const db = await testDatabase({ poolMax: 8 })
const masterKeys = parseMasterKeys(randomBytes(32).toString('hex'))
const deps = {
  pool: db.pool,
  keys: db.pool,
  vault: new Vault(masterKeys),
  blindIndex: new BlindIndex(masterKeys),
  wallMs: () => Date.now(),
}

/** What was done, and what the next one waits for or throws. */
const done: string[] = []
let next: () => Promise<void> = () => Promise.resolve()
const handlers: Pick<Handlers, 'channel.intake' | 'user.change' | 'key.revoke'> = {
  'channel.intake': async (_, { body }) => {
    done.push(Buffer.from(body).toString())
    await next()
    return { status: 'done', success: 201, value: { results: [{ state: 'applied', inboxId: `inb_${done.length}`, created: true }] } }
  },
  'user.change': async (_, { params, body }) => {
    done.push(`${params.userId} ${body.password ?? ''}`)
    return { status: 'done', value: { userId: 'usr_1', login: 'ann', name: String(done.length), role: 'agent', scope: {}, createdAt: '' } }
  },
  'key.revoke': async () => {
    done.push('revoke')
    return { status: 'refused', code: 'key_unknown', detail: { en: `refused ${done.length}`, zh: `第 ${done.length} 次拒绝` } }
  },
}
const { url } = await startApp({ ...handlers, ...keepAnswers(deps, handlers, ['key.revoke']) })
/** Another process on the same database: nothing is shared but that. */
const other = await startApp(keepAnswers(deps, handlers, ['key.revoke']))

async function send(method: string, path: string, key: string, body: string, who = 'admin', at = url) {
  const type = 'application/json'
  const response = await fetch(at + path, {
    method,
    headers: { authorization: `Bearer ${who}`, 'idempotency-key': key, 'content-type': type },
    ...(method === 'DELETE' ? {} : { body }),
  })
  const value = (await response.json()) as Record<string, unknown>
  return { status: response.status, value: value['results'] ?? value['name'] ?? value['code'] }
}
const intake = (key: string, body: string, who?: string, at?: string) => send('POST', '/v1/channels/shop/orders', key, body, who, at)

test('the same key and body give the same answer, done once; its status too', async () => {
  done.length = 0
  const first = await intake('k-1', '{"id":1}')
  assert.equal(first.status, 201)
  assert.deepEqual(await intake('k-1', '{"id":1}'), first)
  assert.deepEqual(done, ['{"id":1}'])
})

test('the same key with another body, or for another write, is refused', async () => {
  assert.deepEqual(await intake('k-1', '{"id":2}'), { status: 409, value: 'idempotency_key_reused' })
  assert.equal((await send('PATCH', '/v1/users/usr_0000000000001', 'k-1', '{"disabled":true}')).value, 'idempotency_key_reused')
})

test('a key that was answered gives its answer also while another input with it is under way', async () => {
  const first = await intake('k-1', '{"id":1}')
  const bodies = ['{"id":2}', '{"id":1}', '{"id":2}', '{"id":1}']
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(bodies.map((body) => intake('k-1', body)))
    assert.deepEqual([answers[1], answers[3]], [first, first])
    assert.deepEqual([answers[0]?.value, answers[2]?.value], ['idempotency_key_reused', 'idempotency_key_reused'])
  }
})

test('a key belongs to its credential', async () => {
  done.length = 0
  await intake('k-1', '{"id":1}', 'integrator')
  assert.equal(done.length, 1)
})

/** Lets the next one begin and waits until `go`. */
function gate(): { readonly begun: Promise<void>; go: () => void } {
  const entered = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  next = () => {
    next = () => Promise.resolve()
    entered.resolve()
    return left.promise
  }
  return { begun: entered.promise, go: left.resolve }
}
/** Resolves when somebody waits for a key that is held. */
async function keyAwaited(): Promise<void> {
  const sql = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%holdKey%'`
  while ((await db.pool.query(sql)).rows.length === 0);
}

test('two at once with one key are done once and answered alike; another input under it is refused meanwhile', async () => {
  done.length = 0
  const { begun, go } = gate()
  const first = intake('k-2', '{}')
  await begun
  const second = intake('k-2', '{}')
  assert.equal((await intake('k-2', '{"id":9}')).value, 'idempotency_key_reused')
  go()
  assert.deepEqual(await second, await first)
  assert.equal(done.length, 1)
})

test('a key that is under way in another process is waited for, and its answer given', async () => {
  done.length = 0
  const { begun, go } = gate()
  const first = intake('k-6', '{}')
  await begun
  const [second, third] = [intake('k-6', '{}', 'admin', other.url), intake('k-6', '{"id":9}', 'admin', other.url).catch(() => undefined)]
  await keyAwaited()
  go()
  assert.deepEqual(await second, await first)
  assert.equal((await third)?.value, 'idempotency_key_reused')
  assert.equal(done.length, 1)
})

test('where the first one fails, the one that waited in another process does it', async () => {
  done.length = 0
  const failing = Promise.withResolvers<void>()
  const entered = Promise.withResolvers<void>()
  next = () => {
    next = () => Promise.resolve()
    entered.resolve()
    return failing.promise
  }
  const first = intake('k-7', '{}')
  await entered.promise
  const second = intake('k-7', '{}', 'admin', other.url)
  await keyAwaited()
  failing.reject(new Fault('database_lost', 'gone', 'later'))
  assert.deepEqual([(await first).status, (await second).status, done.length], [503, 201, 2])
})

test('a command under a key that is held for another write is answered at once: no batch waits for it', async () => {
  const { begun, go } = gate()
  const first = intake('k-8', '{}')
  await begun
  const { statement, values } = claimAnswers(
    [{ credentialId: 'key_admin', key: 'k-8', inputHash: new Uint8Array(32), answer: '{}' }],
    new Date(),
  )
  assert.deepEqual(await run(db.pool, statement, values), [])
  go()
  assert.equal((await first).status, 201)
})

test('a fault is not kept: the key may be used again', async () => {
  done.length = 0
  next = () => Promise.reject(new Fault('database_lost', 'gone', 'later'))
  assert.equal((await intake('k-3', '{}')).status, 503)
  next = () => Promise.resolve()
  assert.equal((await intake('k-3', '{}')).status, 201)
  assert.equal(done.length, 2)
})

test('another password is another input, and neither it nor the answer can be read from what is kept', async () => {
  const change = (password: string) => send('PATCH', '/v1/users/usr_0000000000001', 'k-4', JSON.stringify({ password }))
  const first = await change('a very long password 1')
  assert.equal(first.status, 200)
  assert.deepEqual(await change('a very long password 1'), first)
  assert.equal((await change('a very long password 2')).value, 'idempotency_key_reused')
  const { rows } = await db.pool.query<{ answer: object }>(`select answer from answers where idempotency_key = 'k-4'`)
  assert.deepEqual(Object.keys(rows[0]?.answer ?? {}), ['sealed'])
})

test('a write that keeps its own answer is left alone', async () => {
  done.length = 0
  await send('DELETE', '/v1/keys/key_0000000000001', 'k-5', '')
  await send('DELETE', '/v1/keys/key_0000000000001', 'k-5', '')
  assert.equal(done.length, 2)
})
