import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { bearer, jsonHeaders, startApp } from '../../test/support/http-app.ts'
import { orderInput, orderView } from '../../test/support/orders.ts'
import { Fault } from '../kernel/fault.ts'
import { refuse, type Refusal } from '../kernel/outcome.ts'
import { HEALTH } from './app.ts'
import type { RequestContext } from './context.ts'

let seen: RequestContext | undefined
const { url, logged, app } = await startApp(
  {
    'order.place': async (context, { body }) => {
      seen = context
      switch (body.externalRef) {
        case 'short':
          return refuse(
            'stock_short',
            { en: 'tea-500: 2 asked, 1 can be promised', zh: 'tea-500：需要 2 件，可承诺 1 件' },
            { expected: 2, got: 1, pointer: '/lines/0/quantity' },
          )
        case 'contradiction':
          return refuse('order_contradictory', { en: 'two lines are called 1', zh: '有两行的行号为 1' })
        case 'kept':
          return JSON.parse('{"status":"refused","code":"stock_short","detail":"tea-500: none left"}') as Refusal
        case 'defect':
          throw new Error('relation "orders" does not exist at /srv/hub/store.ts:12')
        case 'away':
          throw new Fault('database_away', 'ECONNREFUSED 10.0.0.3:5432', 'later', { retryAfterSeconds: 3 })
        case 'slow':
          return new Promise(() => undefined)
        default:
          return { status: 'done', value: orderView(body), success: 201, version: 1, location: '/v1/orders/ord_0123456789abc' }
      }
    },
    'order.get': async (_context, { params }) =>
      params.orderId === 'ord_0123456789abc'
        ? { status: 'done', value: orderView(orderInput(), 3), version: 3 }
        : refuse('order_unknown', { en: 'there is no such order', zh: '订单不存在' }),
    'order.list': async (_context, { query }) => ({ status: 'done', value: { items: [], next: `limit-${query.limit}` } }),
    'order.approve': async (context) => {
      seen = context
      return context.ifMatch === 2
        ? { status: 'done', value: orderView(orderInput(), 3), version: 3 }
        : refuse('version_conflict', { en: 'the order has version 2', zh: '订单当前为第 2 版' }, { expected: 2, got: context.ifMatch })
    },
    'channel.intake': async (context, { body }) => {
      seen = context
      return {
        status: 'done',
        value: { results: [{ state: 'applied', inboxId: 'inb_0000000000000', externalRef: Buffer.from(body).toString('hex') }] },
      }
    },
  },
  { limits: { requestMsMax: 300, bodyMsMax: 200, headersMsMax: 500, bodyBytesMax: 100_000 } },
)

const place = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: { ...jsonHeaders('admin'), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

type Problem = {
  code: string
  status: number
  title: string
  detail: string
  pointer?: string
  expected?: unknown
  got?: unknown
  errors?: { pointer: string; detail: string }[]
}
async function problem(response: Response, status: number, code: string): Promise<Problem> {
  assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
  const body = (await response.json()) as Problem
  assert.deepEqual([response.status, body.status, body.code], [status, status, code], JSON.stringify(body))
  return body
}

test('a created order answers 201 with Location, ETag and the trace it belongs to', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const response = await place(orderInput(), { traceparent, 'idempotency-key': 'k-1' })
  assert.equal(response.status, 201)
  assert.equal(response.headers.get('location'), '/v1/orders/ord_0123456789abc')
  assert.equal(response.headers.get('etag'), '"1"')
  assert.match(response.headers.get('traceresponse') ?? '', /^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/)
  assert.equal(response.headers.get('access-control-allow-origin'), null)
  assert.equal(seen?.traceId, '0af7651916cd43dd8448eb211c80319c')
  assert.equal(seen?.idempotencyKey, 'k-1')
})

test('a refusal of a rule answers with its code, what was expected and what was got', async () => {
  const body = await problem(await place(orderInput('short')), 409, 'stock_short')
  assert.deepEqual([body.expected, body.got, body.pointer], [2, 1, '/lines/0/quantity'])
})

test('a contradiction answers 422, in the language that was asked for', async () => {
  const body = await problem(await place(orderInput('contradiction'), { 'accept-language': 'zh-CN,en;q=0.5' }), 422, 'order_contradictory')
  assert.match(body.title, /自相矛盾/)
  assert.equal(body.detail, '有两行的行号为 1')
})

test('mistakes in a body are told in the language that was asked for, each of them', async () => {
  const { currency: _, ...rest } = orderInput()
  const answer = await place({ ...rest, colour: 'red' }, { 'accept-language': 'zh-CN' })
  const body = await problem(answer, 400, 'body_invalid')
  assert.equal(body.detail, '缺少 currency（另有 1 处）')
  assert.deepEqual(
    body.errors?.map((one) => one.detail),
    ['缺少 currency', '此处没有字段 colour'],
  )
})

test('a refusal that was kept when details were English alone is told as it was kept', async () => {
  for (const language of ['en', 'zh-CN']) {
    const body = await problem(await place(orderInput('kept'), { 'accept-language': language }), 409, 'stock_short')
    assert.equal(body.detail, 'tea-500: none left')
  }
})

test('a body that breaks the schema answers 400 and names every mistake', async () => {
  const { currency: _, ...rest } = orderInput()
  const body = await problem(
    await place({ ...rest, colour: 'red', lines: [{ lineRef: '1', sku: 's', quantity: 1.5, unitPrice: -1 }] }),
    400,
    'body_invalid',
  )
  assert.deepEqual(
    new Set(body.errors?.map((error) => error.pointer)),
    new Set(['/currency', '/colour', '/lines/0/quantity', '/lines/0/unitPrice']),
  )
})

test('broken JSON answers 400 and says where', async () => {
  const body = await problem(await place('{"channelId":\n  "a",}'), 400, 'json_invalid')
  assert.equal(body.detail, 'line 2, column 7: unexpected "}"')
})

test('bytes that are not UTF-8 are refused, not replaced', async () => {
  const response = await fetch(`${url}/v1/orders`, {
    method: 'POST',
    headers: jsonHeaders('admin'),
    body: new Uint8Array([0x22, 0xff, 0x22]),
  })
  await problem(response, 400, 'json_invalid')
})

test('who shows no credential gets 401, a wrong one 401, one without the permission 403', async () => {
  const ask = (headers: Record<string, string>): Promise<Response> => fetch(`${url}/v1/items`, { method: 'PUT', headers, body: '[]' })
  const none = await ask({ 'content-type': 'application/json' })
  assert.equal(none.headers.get('www-authenticate'), 'Bearer realm="fulcrum"')
  await problem(none, 401, 'credential_missing')
  await problem(await ask({ authorization: 'Bearer nobody', 'content-type': 'application/json' }), 401, 'credential_invalid')
  await problem(await ask(jsonHeaders('carrier')), 403, 'permission_missing')
})

test('who is refused while a body is still coming surely sees why, and the connection goes on', async () => {
  for (let i = 0; i < 30; i++) {
    const body = `["${'x'.repeat(90_000)}"]`
    const response = await fetch(`${url}/v1/items`, { method: 'PUT', headers: jsonHeaders('carrier'), body })
    assert.notEqual(response.headers.get('connection'), 'close')
    await problem(response, 403, 'permission_missing')
  }
})

test('a process that runs jobs alone serves its health and figures, and says why nothing else is there', async () => {
  const jobs = await startApp({}, { only: HEALTH })
  const statusOf = async (path: string, method = 'GET') => (await fetch(jobs.url + path, { method, headers: bearer('admin') })).status
  assert.deepEqual(await Promise.all(['/livez', '/readyz', '/metrics'].map((path) => statusOf(path))), [200, 200, 200])
  assert.deepEqual(
    await Promise.all(['/v1/orders', '/v1/stream', '/openapi.json', '/docs', '/'].map((path) => statusOf(path))),
    Array(5).fill(404),
  )
  const refused = await fetch(`${jobs.url}/v1/orders`, { method: 'POST', headers: jsonHeaders('admin'), body: '{}' })
  assert.match(((await refused.json()) as { detail: string }).detail, /runs jobs alone/)
})

test('an unknown address is a 404 problem, a known one with another method 405 with Allow', async () => {
  await problem(await fetch(`${url}/v1/nothing`), 404, 'route_unknown')
  const response = await fetch(`${url}/v1/orders/ord_0123456789abc`, { method: 'DELETE', headers: bearer('admin') })
  assert.equal(response.headers.get('allow'), 'GET')
  await problem(response, 405, 'method_not_allowed')
  await problem(await fetch(`${url}/v1/orders/%E0%A4%A`, { headers: bearer('admin') }), 400, 'request_invalid')
})

test('query text becomes numbers and lists, defaults are filled in, unknown parameters are named', async () => {
  const list = async (query: string): Promise<Response> => fetch(`${url}/v1/orders${query}`, { headers: bearer('admin') })
  assert.deepEqual(await (await list('?limit=7')).json(), { items: [], next: 'limit-7' })
  assert.deepEqual(await (await list('')).json(), { items: [], next: 'limit-50' })
  assert.equal((await problem(await list('?limit=500'), 400, 'query_invalid')).pointer, '/limit')
  assert.equal((await problem(await list('?colour=red'), 400, 'query_invalid')).pointer, '/colour')
  await problem(await fetch(`${url}/v1/orders/nope`, { headers: bearer('admin') }), 400, 'path_invalid')
})

test('If-Match takes "2" and 2; a version that has moved on answers 412, nonsense 400', async () => {
  const approve = (value: string): Promise<Response> =>
    fetch(`${url}/v1/orders/ord_0123456789abc/approve`, { method: 'POST', headers: { ...bearer('admin'), 'if-match': value } })
  for (const value of ['"2"', '2']) {
    const response = await approve(value)
    assert.deepEqual([response.status, response.headers.get('etag')], [200, '"3"'])
  }
  await problem(await approve('"1"'), 412, 'version_conflict')
  await problem(await approve('two'), 400, 'header_invalid')
})

test('an Idempotency-Key beyond 255 visible ASCII characters is refused', async () => {
  await problem(await place(orderInput(), { 'idempotency-key': 'x'.repeat(256) }), 400, 'header_invalid')
  await problem(await place(orderInput(), { 'idempotency-key': 'a b' }), 400, 'header_invalid')
})

test('a body of another content type answers 415, one that is too large 413', async () => {
  await problem(await place('x', { 'content-type': 'text/plain' }), 415, 'content_type_unsupported')
  await problem(await place(orderInput(), { 'content-type': 'application/x-ndjson' }), 415, 'content_type_unsupported')
  await problem(await place({ note: 'x'.repeat(200_000) }), 413, 'body_too_large')
})

test('the route of a channel keeps every byte of any content type', async () => {
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/xml; charset=gbk']) {
    const bytes = new Uint8Array([0x7b, 0x20, 0xff, 0x00, 0x7d])
    const response = await fetch(`${url}/v1/channels/%E5%BA%97/orders`, {
      method: 'POST',
      headers: { 'content-type': type, 'x-shopify-hmac-sha256': 'sig' },
      body: bytes,
    })
    assert.deepEqual(await response.json(), { results: [{ state: 'applied', inboxId: 'inb_0000000000000', externalRef: '7b20ff007d' }] })
    assert.equal(seen?.headers['x-shopify-hmac-sha256'], 'sig')
    assert.equal(seen?.principal, undefined)
  }
})

test('a defect answers 500 with the trace id and nothing of the inside; the log has it', async () => {
  const response = await place(orderInput('defect'))
  const text = await response.text()
  assert.equal(response.status, 500)
  assert.doesNotMatch(text, /relation|store\.ts|Error/)
  assert.ok(logged.some((line) => line.includes('relation "orders" does not exist')))
})

test('a fault that may pass answers 503 with Retry-After and does not name its host', async () => {
  const response = await place(orderInput('away'))
  assert.equal(response.headers.get('retry-after'), '3')
  assert.doesNotMatch((await problem(response, 503, 'unavailable')).detail, /10\.0|ECONN/)
})

test('a handler that does not answer in time is answered for, and its signal is aborted', async () => {
  const response = await place(orderInput('slow'))
  assert.match((await problem(response, 503, 'deadline_exceeded')).detail, /same Idempotency-Key/)
  assert.equal(seen?.signal.aborted, true)
})

test('when too many requests are in flight the next is sent away at once, with Retry-After', async () => {
  const small = await startApp(
    { 'order.get': () => new Promise(() => undefined) },
    { limits: { requestsInFlightMax: 2, requestMsMax: 400, drainMsMax: 10 } },
  )
  const ask = (): Promise<Response> => fetch(`${small.url}/v1/orders/ord_0123456789abc`, { headers: bearer('admin') })
  const all = await Promise.all([ask(), ask(), ask()])
  const codes = await Promise.all(all.map(async (response) => ((await response.json()) as Problem).code))
  assert.deepEqual(codes.toSorted(), ['deadline_exceeded', 'deadline_exceeded', 'overloaded'])
  assert.ok(all.every((response) => response.headers.get('retry-after') !== null))
})

test('a credential that asks too often gets 429 with the seconds to wait', async () => {
  const limited = await startApp(
    { 'order.list': async () => ({ status: 'done', value: { items: [] } }) },
    { limits: { requestsPerSecondMax: 1 } },
  )
  const ask = (): Promise<Response> => fetch(`${limited.url}/v1/orders`, { headers: bearer('admin') })
  assert.deepEqual([(await ask()).status, (await ask()).status], [200, 200])
  const response = await ask()
  assert.equal(response.headers.get('retry-after'), '1')
  await problem(response, 429, 'rate_limited')
})

/** Sends bytes as they are and gives back all that came until the other side closed. */
function raw(...parts: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      for (const part of parts) socket.write(part)
    })
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
}
const HEAD = `POST /v1/orders HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer admin\r\ncontent-type: application/json\r\n`

test('a sender that trickles its body or its headers is cut off', async () => {
  assert.match(await raw(`${HEAD}content-length: 50\r\n\r\n{"a"`), /^HTTP\/1\.1 408 [^]*body_timeout/)
  assert.match(await raw(HEAD), /^HTTP\/1\.1 408 /)
})

test('what is not HTTP, or has headers without end, gets a problem and a closed connection', async () => {
  assert.match(await raw('HELLO\r\n\r\n'), /^HTTP\/1\.1 400 [^]*request_invalid/)
  assert.match(await raw(`${HEAD}x: ${'y'.repeat(40_000)}\r\n\r\n`), /^HTTP\/1\.1 431 [^]*headers_too_large/)
})

test('liveness, readiness and metrics answer; metrics only to who may see the hub', async () => {
  assert.deepEqual(await (await fetch(`${url}/livez`)).json(), { status: 'live' })
  assert.deepEqual(await (await fetch(`${url}/readyz`)).json(), { status: 'ready' })
  await problem(await fetch(`${url}/metrics`), 401, 'credential_missing')
  const text = await (await fetch(`${url}/metrics`, { headers: bearer('admin') })).text()
  assert.match(text, /fulcrum_http_request_duration_seconds_count\{capability="order.place",status="2xx"\} \d+/)
  const head = await fetch(`${url}/livez`, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
})

test('no request stays on the books after its answer', () => {
  assert.notEqual(seen, undefined)
  assert.equal(app.surface.flights.size, 0)
})
