import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { bearer, startApp } from '../../../test/support/http-app.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { channelMapper } from '../../connect/channels/channel-mapper.ts'
import { shopify, taobaoText } from '../../connect/channels/fixtures.ts'
import { ChannelIntake, secretOwner } from '../../engine/channel-intake.ts'
import { openHub } from '../../engine/hub.ts'
import { parseMasterKeys } from '../../store/master-key.ts'
import { sealSecret } from '../../store/secret-seal.ts'
import { channelHandlers } from './channel.ts'

const db = await testDatabase()
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
const hub = await openHub({ connection: db.connection, masterKeys: parseMasterKeys(randomBytes(32).toString('hex')), log: quiet })
after(() => hub.stop())
const intake = new ChannelIntake({ ...hub, now: () => hub.clock.now(), mapper: channelMapper() })
const SECRET = 'shared-secret-1'
for (const channelId of ['shopify', 'taobao', 'direct']) {
  const sealedSecret = sealSecret(hub.vault, secretOwner(channelId), SECRET)
  const doc = { channelId, platform: channelId, name: channelId, ...(channelId === 'direct' ? {} : { sealedSecret }) }
  hub.memory.put('channel', channelId, null, doc, 1)
}
const { url } = await startApp(channelHandlers({ intake, memory: hub.memory, pool: hub.pool }))

type Answer = {
  readonly status: number
  readonly body: { results: Record<string, unknown>[]; items: Record<string, unknown>[]; next?: string; code?: string }
}
async function call(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
const signed = (body: string) => ({
  'content-type': 'application/json',
  'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
})
const ORDERS = '/v1/channels/shopify/orders'

test('a signed body makes an order without any credential: 201, then 200 for the same', async () => {
  const body = JSON.stringify(shopify())
  const first = await call('POST', ORDERS, signed(body), body)
  assert.deepEqual([first.status, first.body.results[0]?.['created']], [201, true])
  const second = await call('POST', ORDERS, signed(body), body)
  assert.deepEqual([second.status, second.body.results[0]?.['state']], [200, 'same'])
  assert.equal(second.body.results[0]?.['orderId'], first.body.results[0]?.['orderId'])
})

test('what a platform puts into its address is signed and taken', async () => {
  const query = new URLSearchParams({ app_key: '1', method: 'qimen', sign_method: 'hmac-sha256', timestamp: '2026-11-21 10:00:00' })
  const pairs = [...query].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}${value}`)
  query.set('sign', createHmac('sha256', SECRET).update(pairs.join('')).update(taobaoText).digest('hex').toUpperCase())
  const path = `/v1/channels/taobao/orders?${query.toString()}`
  const headers = { 'content-type': 'application/json' }
  assert.equal((await call('POST', path, headers, taobaoText)).status, 201)
  const forged = await call('POST', `${path}x`, headers, taobaoText)
  assert.deepEqual([forged.status, forged.body.code], [401, 'signature_invalid'])
})

test('bodies without a signature need the permission; unknown channels and direct ones have no body', async () => {
  const body = JSON.stringify(shopify())
  const json = { 'content-type': 'application/json' }
  for (const [path, headers, status, code] of [
    [ORDERS, json, 401, 'credential_missing'],
    [ORDERS, { ...json, ...bearer('floor') }, 403, 'permission_missing'],
    ['/v1/channels/nowhere/orders', { ...json, ...bearer('integrator') }, 404, 'entity_unknown'],
    ['/v1/channels/direct/orders', { ...json, ...bearer('integrator') }, 422, 'channel_platform_mismatch'],
  ] as const) {
    const answer = await call('POST', path, headers, body)
    assert.deepEqual([answer.status, answer.body.code], [status, code])
  }
  assert.equal((await call('POST', ORDERS, { ...json, ...bearer('integrator') }, body)).status, 200)
})

test('a body that makes no order answers 202, is listed page by page with its issues, and can be replayed', async () => {
  const headers = { 'content-type': 'text/plain', ...bearer('integrator') }
  for (let i = 0; i < 3; i++) {
    const answer = await call('POST', ORDERS, headers, `{"nonsense": ${i}}`)
    assert.deepEqual([answer.status, answer.body.results[0]?.['state']], [202, 'inbox'])
  }
  const first = await call('GET', '/v1/channels/shopify/inbox?limit=2', bearer('agent'))
  assert.deepEqual([first.status, first.body.items.length], [200, 2])
  const second = await call('GET', `/v1/channels/shopify/inbox?limit=2&cursor=${first.body.next}`, bearer('agent'))
  assert.deepEqual([second.body.items.length, second.body.next], [1, undefined])
  assert.equal(new Set([...first.body.items, ...second.body.items].map((one) => one['inboxId'])).size, 3)
  const [issue] = (first.body.items[0]?.['issues'] ?? []) as Record<string, string>[]
  assert.deepEqual([issue?.['code'], issue?.['path'], issue?.['got']], ['not_an_order', '$', 'an object with nonsense'])
  const foreign = await call('GET', `/v1/channels/taobao/inbox?cursor=${first.body.next}`, bearer('agent'))
  assert.equal(foreign.body.code, 'cursor_invalid')
  const json = { 'content-type': 'application/json' }
  const replayed = await call('POST', `/v1/inbox/${String(first.body.items[0]?.['inboxId'])}/replay`, { ...json, ...bearer('agent') }, '{}')
  assert.deepEqual([replayed.status, replayed.body.results[0]?.['state']], [200, 'inbox'])
  const unknown = await call('POST', '/v1/inbox/inb_0000000000000/replay', { ...json, ...bearer('agent') }, '{}')
  assert.deepEqual([unknown.status, unknown.body.code], [404, 'inbox_unknown'])
  assert.equal((await call('GET', '/v1/channels/shopify/inbox', bearer('floor'))).status, 403)
})

test('a body without a single byte is kept too', async () => {
  const answer = await call('POST', ORDERS, { ...bearer('integrator') })
  assert.deepEqual([answer.status, answer.body.results[0]?.['state']], [202, 'inbox'])
})

test('what a body says is shown to who may read bodies alone, as text or as the bytes that it is', async () => {
  const headers = { 'content-type': 'text/plain', ...bearer('integrator') }
  const taken = await call('POST', ORDERS, headers, '{"nonsense": "名"}')
  const path = `/v1/inbox/${String(taken.body.results[0]?.['inboxId'])}`
  const shown = await fetch(`${url}${path}/body`, { headers: bearer('integrator') })
  const { body, encoding, bytes, state } = (await shown.json()) as Record<string, unknown>
  assert.deepEqual([body, encoding, bytes, state], ['{"nonsense": "名"}', 'text', 19, 'open'])
  assert.equal(shown.headers.get('cache-control'), 'no-store')
  for (const role of ['agent', 'floor'] as const)
    assert.equal((await call('GET', `${path}/body`, bearer(role))).body.code, 'permission_missing', role)
  const json = { 'content-type': 'application/json' }
  const correction = JSON.stringify({ correctedBody: JSON.stringify({ ...shopify(), id: 77_001 }) })
  const blind = await call('POST', `${path}/replay`, { ...json, ...bearer('agent') }, correction)
  assert.deepEqual([blind.status, blind.body.code], [403, 'permission_missing'])
  const made = await call('POST', `${path}/replay`, { ...json, ...bearer('integrator') }, correction)
  assert.deepEqual([made.status, made.body.results[0]?.['created']], [200, true])
  const late = await call('POST', `${path}/replay`, { ...json, ...bearer('integrator') }, correction)
  assert.deepEqual([late.status, late.body.code], [409, 'inbox_not_open'])

  const binary = await fetch(`${url}${ORDERS}`, { method: 'POST', headers, body: new Uint8Array([0xff, 0xfe, 0x00]) })
  const kept = (await binary.json()) as Answer['body']
  const bytesShown = await fetch(`${url}/v1/inbox/${String(kept.results[0]?.['inboxId'])}/body`, { headers: bearer('integrator') })
  const answer = (await bytesShown.json()) as Record<string, unknown>
  assert.deepEqual([answer['body'], answer['encoding'], answer['bytes']], ['//4A', 'base64', 3])
})
