import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOf, at, listOf, type Reply } from '../support/api.ts'
import { openEvents } from '../support/event-source.ts'
import { count, NODE, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await put(api, '/v1/nodes', [{ ...NODE, nodeId: 'gz-1', name: '广州' }])
await put(api, '/v1/channels', [{ channelId: 'eu', platform: 'direct', name: 'EU', nodes: ['gz-1'] }])
await count(api, 'tea-500', 'gz-1', 50)
const cn = await placed(api, orderOf('cn-1'))
const eu = await placed(api, {
  ...orderOf('eu-1', { channelId: 'eu' }),
  customer: { name: '李小龙', phone: '13712345678', customerRef: 'C1' },
})

async function keyOf(role: string, more: object = {}): Promise<Api> {
  const reply = await api('POST', '/v1/keys', { name: `${role} key`, role, ...more })
  assert.equal(reply.status, 201, reply.text)
  assert.match(String(reply.at('secret')), /^\S{40,}$/)
  return api.as(String(reply.at('secret')))
}
const idOf = async (key: Api): Promise<string> => String((await key('GET', '/v1/sessions/current')).at('credentialId'))
const refsIn = (reply: Reply): readonly unknown[] => listOf(reply.at('items')).map((one) => at(one, 'orderId'))

test('what lies outside the scope of a key is not found, listed, counted, searched, streamed or sold', async () => {
  const inside = await keyOf('integrator', { scope: { channels: ['eu'] } })
  assert.equal((await inside('GET', `/v1/orders/${eu}`)).status, 200)
  for (const path of ['', '/events', '/sourcing']) assert.equal((await inside('GET', `/v1/orders/${cn}${path}`)).status, 404, path)
  assert.equal((await inside('POST', `/v1/orders/${cn}/hold`, { reason: 'x' })).status, 404)
  for (const query of ['', '?q=cn-1', '?q=13800000000', `?q=${cn}`, '?channelId=shop-cn', '?nodeId=sh-1']) {
    assert.ok(!refsIn(await inside('GET', `/v1/orders${query}`)).includes(cn), query)
  }
  assert.deepEqual(refsIn(await inside('GET', '/v1/orders')), [eu])
  const log = await inside('GET', '/v1/events?limit=1000')
  assert.ok(listOf(log.at('events')).length > 0)
  assert.doesNotMatch(log.text, new RegExp(`${cn}|cn-1|shop-cn`))
  const place = await inside('POST', '/v1/orders', orderOf('cn-2'))
  assert.deepEqual([place.status, place.at('code')], [403, 'scope_violation'])
  const lines = await inside('POST', '/v1/orders/bulk', JSON.stringify(orderOf('cn-3')), { 'content-type': 'application/x-ndjson' })
  assert.match(lines.text, /scope_violation/)
  assert.doesNotMatch((await inside('GET', '/v1/channels')).text, /shop-cn/)
  const stream = await openEvents(inside, '/v1/stream')
  await placed(api, orderOf('cn-4'))
  const seen = await placed(api, orderOf('eu-2', { channelId: 'eu' }))
  assert.equal(at((await stream.next()).data, 'orderId'), seen)
  await stream.close()
})

test('a key limited to nodes sees their stock and availability alone', async () => {
  const floor = await keyOf('floor', { scope: { nodes: ['gz-1'] } })
  const stock = await floor('GET', '/v1/stock')
  assert.deepEqual([...new Set(listOf(stock.at('items')).map((row) => at(row, 'nodeId')))], ['gz-1'])
  const available = await floor('GET', '/v1/availability?sku=tea-500')
  assert.deepEqual(
    listOf(available.at('nodes')).map((node) => at(node, 'nodeId')),
    ['gz-1'],
  )
  const write = await floor('PUT', '/v1/stock', [
    { sku: 'tea-500', nodeId: 'sh-1', onHand: 1 },
    { sku: 'tea-500', nodeId: 'gz-1', onHand: 51 },
  ])
  assert.deepEqual([write.at('results.0.problem.code'), write.at('results.1.status')], ['scope_violation', 'updated'])
  assert.equal((await floor('GET', `/v1/orders/${cn}`)).status, 404)
  assert.equal((await floor('GET', `/v1/orders/${eu}`)).status, 200)
})

test('each role sees a person and amounts only as far as its work needs them', async () => {
  const customerScope = { customer: { channelId: 'eu', customerRef: 'C1' } }
  const read = async (role: string, scope?: object) => {
    const reply = await (await keyOf(role, scope === undefined ? {} : { scope }))('GET', `/v1/orders/${eu}`)
    assert.equal(reply.status, 200, `${role} ${reply.text}`)
    return reply
  }
  assert.match((await read('admin')).text, /13712345678/)
  assert.match((await read('customer', customerScope)).text, /李小龙|13712345678/)
  for (const role of ['executive', 'finance', 'floor']) assert.doesNotMatch((await read(role)).text, /13712345678/, role)
  assert.equal((await read('floor')).at('totals'), undefined)
  assert.doesNotMatch((await read('executive')).text, /李小龙/)
  assert.ok((await read('finance')).at('totals.total') === 12_800)
})

test('a key does what its role and permissions allow and nothing else', async () => {
  const agent = await keyOf('agent', { permissions: ['order.read'] })
  assert.equal((await agent('GET', '/v1/orders')).status, 200)
  assert.deepEqual((await agent('POST', '/v1/orders', orderOf('no-1'))).at('code'), 'permission_missing')
  assert.equal((await agent('PUT', '/v1/items', [{ sku: 'x', name: 'x' }])).status, 403)
  assert.equal((await agent('GET', '/v1/keys')).status, 403)
  assert.equal((await agent('GET', '/metrics')).status, 403)
  const widened = await api('POST', '/v1/keys', { name: 'w', role: 'floor', permissions: ['order.place'] })
  assert.deepEqual([widened.status, widened.at('code')], [403, 'permission_exceeds_role'])
})

test('a revoked key is refused within a second, and its streams end', async () => {
  const key = await keyOf('integrator')
  const stream = await openEvents(key, '/v1/stream')
  const id = await idOf(key)
  assert.equal((await api('DELETE', `/v1/keys/${id}`)).status, 200)
  const revokedAt = performance.now()
  let status = 200
  while (status === 200 && performance.now() - revokedAt < 3000) status = (await key('GET', '/v1/orders')).status
  assert.equal(status, 401)
  assert.ok(performance.now() - revokedAt <= 1000, `${performance.now() - revokedAt} ms`)
  await stream.ended
})

test('a key past its expiry is refused, and none is made that has expired already', async () => {
  const past = await api('POST', '/v1/keys', { name: 'p', role: 'agent', expiresAt: '2020-01-01T00:00:00Z' })
  assert.deepEqual([past.status, past.at('code')], [422, 'expiry_past'])
  const daysOf = async (more: object) => {
    const made = await api('POST', '/v1/keys', { name: 'd', role: 'agent', ...more })
    return made.at('expiresAt') === undefined ? undefined : Math.round((Date.parse(String(made.at('expiresAt'))) - Date.now()) / 86_400_000)
  }
  assert.deepEqual([await daysOf({}), await daysOf({ expiresAt: null })], [365, undefined], 'a year, or for ever where that is said')
  const expiresAt = Date.now() + 900
  const key = await keyOf('agent', { expiresAt: new Date(expiresAt).toISOString() })
  assert.equal((await key('GET', '/v1/orders')).status, 200)
  let last = await key('GET', '/v1/orders')
  while (last.status === 200 && Date.now() < expiresAt + 3000) last = await key('GET', '/v1/orders')
  assert.deepEqual([last.status, last.at('code')], [401, 'credential_invalid'])
})

test('a log-in opens a session by cookie; its writes need the token against forged requests', async () => {
  const password = 'correct horse battery staple'
  const made = await api('POST', '/v1/users', { login: 'Mei', name: 'Mei', role: 'agent', password })
  assert.equal(made.status, 201, made.text)
  const nobody = api.as('')
  const wrong = await nobody('POST', '/v1/sessions', { login: 'mei', password: 'something else entirely' })
  assert.deepEqual([wrong.status, wrong.at('code')], [401, 'login_refused'])
  const opened = await nobody('POST', '/v1/sessions', { login: 'mei', password })
  assert.equal(opened.status, 201, opened.text)
  const set = opened.headers.get('set-cookie') ?? ''
  assert.match(set, /HttpOnly/i)
  assert.match(set, /SameSite=(Lax|Strict)/i)
  const cookie = set.split(';', 1)[0] ?? ''
  assert.equal((await nobody('GET', '/v1/orders', undefined, { cookie })).status, 200)
  const forged = await nobody('POST', `/v1/orders/${cn}/hold`, { reason: 'x' }, { cookie })
  assert.deepEqual([forged.status, forged.at('code')], [401, 'credential_invalid'], forged.text)
  const token = String(opened.at('csrfToken'))
  const cross = await nobody(
    'POST',
    `/v1/orders/${cn}/hold`,
    { reason: 'x' },
    { cookie, 'x-csrf-token': token, 'sec-fetch-site': 'cross-site' },
  )
  assert.ok(cross.status === 401 || cross.status === 403, cross.text)
  const honest = await nobody('POST', `/v1/orders/${cn}/hold`, { reason: 'x' }, { cookie, 'x-csrf-token': token, origin: hub.url })
  assert.equal(honest.status, 200, honest.text)
  const events = await api('GET', `/v1/orders/${cn}/events`)
  assert.partialDeepStrictEqual(at(listOf(events.at('items')).at(-1), 'actor'), { kind: 'person', id: made.at('userId') })
  assert.equal((await nobody('DELETE', '/v1/sessions/current', undefined, { cookie, 'x-csrf-token': token, origin: hub.url })).status, 200)
  assert.equal((await nobody('GET', '/v1/orders', undefined, { cookie })).status, 401)
})

test('guessing a password is throttled, also for the right one', async () => {
  const password = 'another long enough password'
  assert.equal((await api('POST', '/v1/users', { login: 'guessed', name: 'G', role: 'agent', password })).status, 201)
  const nobody = api.as('')
  const codes: unknown[] = []
  for (let n = 0; n < 12; n++) codes.push((await nobody('POST', '/v1/sessions', { login: 'guessed', password: `wrong ${n}` })).at('code'))
  assert.equal(codes[0], 'login_refused')
  assert.equal(codes.at(-1), 'login_throttled')
  const right = await nobody('POST', '/v1/sessions', { login: 'guessed', password })
  assert.deepEqual([right.status, right.at('code')], [429, 'login_throttled'])
  assert.ok(Number(right.headers.get('retry-after')) > 0)
})

test('problems speak the language that was asked for', async () => {
  const zh = await api('GET', '/v1/orders/ord_0000000000000', undefined, { 'accept-language': 'zh-CN,zh;q=0.9' })
  assert.match(String(zh.at('title')), /\p{Script=Han}/u)
  const en = await api('GET', '/v1/orders/ord_0000000000000', undefined, { 'accept-language': 'en' })
  assert.doesNotMatch(String(en.at('title')), /\p{Script=Han}/u)
})
