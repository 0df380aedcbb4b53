import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { capabilityList } from '../../contract/registry.ts'
import type { Capability } from '../../contract/capability.ts'
import type { OpenApiDocument } from '../../server/http/openapi.ts'
import { type Api, apiOf, at, linesOf, listOf, type Reply } from '../support/api.ts'
import { openTestDatabase, urlOf } from '../support/database.ts'
import { orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { startHubProcess } from '../support/hub-process.ts'
import { arbitraryOf } from './fuzz/arbitrary.ts'

const db = await openTestDatabase()
const env = {
  DATABASE_URL: urlOf(db.connection),
  FULCRUM_MASTER_KEY: randomBytes(32).toString('base64'),
  FULCRUM_POOL_MAX: '4',
  FULCRUM_OUTBOUND_HOSTS: '127.0.0.1',
  FULCRUM_OUTBOUND_PRIVATE_RANGES: '127.0.0.0/8',
}
const left = apiOf((await startHubProcess({ env })).url)
const right = apiOf((await startHubProcess({ env })).url)
await putFirstWorld(left)
after(() => db.close())

type Request = { readonly method: string; readonly path: string; readonly body?: string; readonly type?: string }
type Answer = { readonly status: number; readonly body: unknown; readonly traceId: string }

/** Sends under a key; what names the attempt (trace ids, instants of a problem) is left out of the answer. */
async function send(api: Api, { method, path, body, type }: Request, key: string): Promise<Answer> {
  const traceId = randomBytes(16).toString('hex')
  const headers = {
    'idempotency-key': key,
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
  }
  const reply = await api(method, path, body, headers)
  return { status: reply.status, body: withoutTrace(valueOf(reply)), traceId }
}
const valueOf = (reply: Reply): unknown => reply.body ?? linesOf(reply.text)
const withoutTrace = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null, (name, one: unknown) => (name === 'traceId' ? undefined : one)))
const told = ({ status, body }: Answer) => ({ status, body })
const codes = (answer: Answer): unknown[] =>
  Array.isArray(answer.body) ? answer.body.map((line) => at(line, 'problem.code')) : [at(answer.body, 'code')]
async function eventsOf(traceIds: readonly string[]): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>('select count(*)::int as n from events where trace_id = any ($1)', [traceIds])
  return rows[0]?.n ?? 0
}

const isKeyed = ({ kind, keyless }: Capability) => kind === 'write' && keyless === undefined
const keyed: readonly Capability[] = capabilityList.filter(isKeyed)
const document = (await (await fetch(`${left.url}/openapi.json`)).json()) as OpenApiDocument

/** Requests of a write that its schema lets pass, no two alike. */
function requestsOf(capability: Capability): readonly Request[] {
  const operation = document.paths[capability.path]?.[capability.method.toLowerCase()]
  assert.ok(operation, `${capability.name} is in the document`)
  const content = Object.entries(Object(operation.requestBody?.['content']))[0] as [string, { schema: Record<string, unknown> }] | undefined
  const components = document.components.schemas
  const params = operation.parameters.filter((one) => one['in'] === 'path')
  const arbitrary = fc.record({
    path: fc
      .tuple(...params.map((one) => arbitraryOf(one['schema'] as Record<string, unknown>, components)))
      .map((values) =>
        values.reduce<string>(
          (path, value, i) => path.replace(`{${String(params[i]?.['name'])}}`, encodeURIComponent(String(value))),
          capability.path,
        ),
      ),
    body: content === undefined ? fc.constant(undefined) : bodyOf(content[0], content[1].schema),
  })
  const sampled = fc.sample(arbitrary, { seed: 20261126, numRuns: 60 })
  const type = content === undefined || content[0] === '*/*' ? undefined : content[0]
  const requests = sampled.map(({ path, body }): Request => ({
    method: capability.method,
    path,
    ...(body === undefined ? {} : { body, ...(type === undefined ? {} : { type }) }),
  }))
  return [...new Map(requests.map((one) => [`${one.path} ${one.body}`, one])).values()]

  function bodyOf(mediaType: string, schema: Record<string, unknown>): fc.Arbitrary<string> {
    if (mediaType === '*/*') return fc.nat().map((id) => JSON.stringify({ id }))
    // Bodies that leave out whatever may be left out would often be alike.
    const value = arbitraryOf(schema, components).filter((one) => !Array.isArray(one) || one.length > 0)
    return value.map((one) => JSON.stringify(one) + (mediaType === 'application/x-ndjson' ? '\n' : ''))
  }
}

/** Whether the surface let it pass: what breaks a schema is answered before a key is looked at. */
const reached = (answer: Answer): boolean =>
  !codes(answer).some((code) => ['body_invalid', 'path_invalid', 'query_invalid', 'row_invalid', 'json_invalid'].includes(String(code)))

/** The first of them that is let past the surface, and its answer. */
async function firstReached(requests: Request[], key: string): Promise<{ request: Request; answer: Answer }> {
  for (;;) {
    const request = requests.shift()
    assert.ok(request !== undefined, `one of the requests under ${key} is valid`)
    const answer = await send(left, request, key)
    if (reached(answer)) return { request, answer }
  }
}

test('the contract says of each write that takes no key why', () => {
  const keyless = capabilityList.filter((one: Capability) => one.kind === 'write' && !isKeyed(one))
  assert.deepEqual(
    keyless.map((one) => one.name),
    ['session.open', 'session.close'],
  )
  for (const { keyless: why } of keyless as readonly Capability[])
    assert.match(`${why?.en} ${why?.zh}`, /takes no Idempotency-Key: .+幂等键：/i)
})

const json = (method: string, path: string, body?: unknown): Request => ({
  method,
  path,
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
})
const made = async (path: string, body: object): Promise<string> => {
  const reply = await left('POST', path, body)
  assert.equal(reply.status, 201, reply.text)
  return String(Object.values(Object(reply.body))[0])
}
const workOf = async (ref: string) =>
  String((await left('GET', `/v1/orders/${await placed(left, orderOf(ref))}`)).at('fulfillmentOrders.0.fulfillmentOrderId'))
const countOf = async (sql: string): Promise<number> => Number((await db.pool.query<{ n: string }>(`select (${sql}) as n`)).rows[0]?.n)

test('two at once in two processes under one key are done once and answered alike, whoever keeps the answer', async () => {
  await put(left, '/v1/channels', [{ channelId: 'woo', platform: 'woocommerce', name: 'Woo' }])
  const service = { serviceId: 'standard', name: 'Standard', mode: 'road', transitDays: { min: 1, max: 3 } }
  await put(left, '/v1/carriers', [{ carrierId: 'sf', name: 'SF', services: [service], scanFormat: 'fulcrum' }])
  const webhook = { url: 'http://127.0.0.1:9/none', name: 'none' }
  const order = await placed(left, orderOf('at-once'))
  const [key, wave, user, hook] = [
    await made('/v1/keys', { name: 'k', role: 'agent' }),
    await workOf('at-once-wave'),
    await made('/v1/users', { login: 'before', name: 'B', role: 'agent', password: 'a long enough password' }),
    await made('/v1/webhooks', webhook),
  ]
  const cases: readonly (readonly [request: Request, effect: string, times: number])[] = [
    // kept by the engine, with what it changes
    [json('POST', '/v1/orders', orderOf('at-once-2')), `select count(*) from orders`, 1],
    [json('POST', `/v1/orders/${order}/hold`, { reason: 'look' }), `select count(*) from holds`, 1],
    [
      json('POST', '/v1/stock/adjustments', [{ sku: 'tea-500', nodeId: 'sh-1', delta: 7, reason: 'receipt' }]),
      `select sum(on_hand) from stock`,
      7,
    ],
    [
      json('POST', '/v1/fulfillment-orders/bulk', [{ fulfillmentOrderId: wave, action: 'start' }]),
      `select count(*) from events where type = 'fulfillment.started'`,
      1,
    ],
    [json('POST', '/v1/reservations', { key: 'cart', sku: 'tea-500', quantity: 2 }), `select sum(soft) from stock`, 2],
    [{ ...json('POST', '/v1/orders/bulk', orderOf('at-once-3')), type: 'application/x-ndjson' }, `select count(*) from orders`, 1],
    // kept in a transaction of their own
    [json('POST', '/v1/keys', { name: 'once', role: 'agent' }), `select count(*) from credentials`, 1],
    [
      json('POST', '/v1/users', { login: 'once', name: 'O', role: 'agent', password: 'a long enough password' }),
      `select count(*) from users`,
      1,
    ],
    [json('POST', '/v1/webhooks', webhook), `select count(*) from webhooks`, 1],
    [json('POST', `/v1/webhooks/${hook}/rotate`, {}), `select sum(json_array_length(secrets)) from webhooks`, 1],
    // kept beside what they do
    [json('PATCH', `/v1/users/${user}`, { password: 'another long password' }), `select count(distinct password_hash) from users`, 0],
    [json('DELETE', `/v1/keys/${key}`), `select count(*) from credentials where revoked_at is not null`, 1],
    [json('PATCH', `/v1/webhooks/${hook}`, { name: 'other' }), `select sum(version) from webhooks`, 1],
    [json('POST', '/v1/views', { name: 'mine', search: {} }), `select count(*) from saved_views`, 1],
    [json('POST', '/v1/channels/woo/orders', { id: 1 }), `select count(*) from channel_bodies`, 1],
    [json('POST', '/v1/carriers/sf/scans', { scans: [] }), `select count(*) from scan_bodies`, 1],
  ]
  for (const [i, [request, effect, times]] of cases.entries()) {
    const before = await countOf(effect)
    const [one, two] = await Promise.all([send(left, request, `at-once-${i}`), send(right, request, `at-once-${i}`)])
    assert.ok(one.status < 300, `${request.path}: ${JSON.stringify(one)}`)
    assert.deepEqual(told(two), told(one), request.path)
    assert.equal((await countOf(effect)) - before, times, request.path)
    assert.ok((await eventsOf([one.traceId])) === 0 || (await eventsOf([two.traceId])) === 0, `${request.path} is done in one of them`)
  }
})

test('a refusal that was answered stays the answer, also when it would be done by now', async () => {
  const refused = json('POST', '/v1/nodes/later/close', { reason: 'flood' })
  const first = await send(left, refused, 'later')
  assert.deepEqual([first.status, codes(first)], [404, ['entity_unknown']])
  await put(left, '/v1/nodes', [
    { nodeId: 'later', name: 'Later', kind: 'dc', place: { countryCode: 'CN', city: '上海', lat: 31, lng: 121 }, zone: 'Asia/Shanghai' },
  ])
  assert.deepEqual(told(await send(left, refused, 'later')), told(first))
  const line = JSON.stringify({ ...orderOf('pick-up'), shipTo: undefined, pickup: { nodeId: 'store' } })
  const bulk: Request = { method: 'POST', path: '/v1/orders/bulk', body: `${line}\n`, type: 'application/x-ndjson' }
  const before = await send(left, bulk, 'lines')
  assert.deepEqual(codes(before), ['node_unknown'])
  await put(left, '/v1/nodes', [
    { nodeId: 'store', name: 'Store', kind: 'store', place: { countryCode: 'CN', city: '上海', lat: 31, lng: 121 }, zone: 'Asia/Shanghai' },
  ])
  assert.deepEqual(told(await send(left, bulk, 'lines')), told(before))
})

test('rows of another body under a key are not done, not even those beyond the first body', async () => {
  const works = [await workOf('wave-1'), await workOf('wave-2')]
  const rows = works.map((fulfillmentOrderId) => ({ fulfillmentOrderId, action: 'start' }))
  const first = await send(left, json('POST', '/v1/fulfillment-orders/bulk', rows.slice(0, 1)), 'wave')
  assert.equal(at(first.body, 'updated'), 1)
  assert.deepEqual(codes(await send(left, json('POST', '/v1/fulfillment-orders/bulk', rows), 'wave')), ['idempotency_key_reused'])
  assert.notEqual((await left('GET', `/v1/fulfillment-orders/${works[1]}`)).at('work'), 'inProgress')
  assert.deepEqual(listOf((await left('GET', '/v1/fulfillment-orders?limit=1')).at('items')).length, 1)
})

test('every write of the contract, also where it refuses: the same key gives the same answer in any process, another input is refused', async () => {
  const wrong: string[] = []
  for (const capability of keyed) {
    const { name } = capability
    const requests = [...requestsOf(capability)]
    const { request, answer } = await firstReached(requests, `all-${name}`)
    assert.ok(answer.status < 500, `${name}: ${JSON.stringify(answer)}`)
    const again = [await send(left, request, `all-${name}`), await send(right, request, `all-${name}`)]
    for (const one of again)
      if (JSON.stringify(told(one)) !== JSON.stringify(told(answer)))
        wrong.push(`${name}: ${JSON.stringify(told(one))} after ${JSON.stringify(told(answer))}`)
    if ((await eventsOf(again.map((one) => one.traceId))) > 0) wrong.push(`${name}: done again`)
    const other = await firstReached(requests, `all-${name}`)
    if (codes(other.answer)[0] !== 'idempotency_key_reused') wrong.push(`${name}: another input is ${JSON.stringify(told(other.answer))}`)
  }
  assert.deepEqual(wrong, [])
  assert.ok(keyed.length >= 60, `${keyed.length} writes`)
})
