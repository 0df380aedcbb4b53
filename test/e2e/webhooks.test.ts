import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { verifySignature } from '../../server/connect/webhooks/standard-webhooks.ts'
import { apiOf, at, listOf } from '../support/api.ts'
import { count, orderOf, placed, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

type Received = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }

/** A receiver on loopback: notes each message and answers what the test says. */
const received: Received[] = []
const waiting = new Set<() => void>()
let status = (_message: Received): number => 204
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    const message = { path: request.url ?? '', headers: request.headers, body }
    received.push(message)
    response.writeHead(status(message)).end()
    for (const look of waiting) look()
  })
})
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
after(() => {
  receiver.closeAllConnections()
  receiver.close()
})
const { port } = receiver.address() as AddressInfo
const urlOf = (path: string) => `http://127.0.0.1:${port}${path}`
const on = (path: string) => received.filter((one) => one.path === path)
const arrivedOn = (path: string, many: number): Promise<void> =>
  new Promise((resolve) => {
    const look = () => on(path).length >= many && (waiting.delete(look), resolve())
    waiting.add(look)
    look()
  })

const hub = await startHubProcess({
  dataDir: hubFolder(),
  env: { FULCRUM_OUTBOUND_HOSTS: '127.0.0.1,hooks.example.com', FULCRUM_OUTBOUND_PRIVATE_RANGES: '127.0.0.0/8' },
})
const api = apiOf(hub.url)
await putFirstWorld(api)
await count(api, 'tea-500', 'sh-1', 100_000)

async function webhook(path: string, filters: object = { types: ['order.received'] }, asked = api) {
  const reply = await asked('POST', '/v1/webhooks', { name: path, url: urlOf(path), filters })
  assert.equal(reply.status, 201, reply.text)
  return { id: String(reply.at('webhookId')), secret: String(reply.at('secret')), cursor: String(reply.at('cursor')) }
}
const isSigned = (message: Received | undefined, secret: string): boolean => {
  const headers = Object.fromEntries(Object.entries(message?.headers ?? {}).map(([name, value]) => [name, String(value)]))
  return verifySignature(secret, headers, message?.body ?? '', Number(headers['webhook-timestamp']))
}
/** Asks until the answer holds; deliveries are noted a moment after they were made. */
async function eventually(path: string, holds: (reply: Awaited<ReturnType<typeof api>>) => boolean) {
  for (let asked = 0; ; asked++) {
    const reply = await api('GET', path)
    if (holds(reply)) return reply
    assert.ok(asked < 2000, reply.text)
  }
}

test('an order placed over HTTP reaches a webhook as a signed CloudEvent', async () => {
  const { id, secret } = await webhook('/first')
  const orderId = await placed(api, orderOf('hook-1'))
  await arrivedOn('/first', 1)
  const [message] = on('/first')
  assert.ok(isSigned(message, secret))
  assert.equal(message?.headers['content-type'], 'application/cloudevents+json; charset=utf-8')
  const event: unknown = JSON.parse(message?.body ?? '')
  assert.deepEqual(
    ['specversion', 'type', 'orderid', 'subject', 'channelid'].map((name) => at(event, name)),
    ['1.0', 'order.received', orderId, orderId, 'shop-cn'],
  )
  const logged = await api('GET', `/v1/events?orderId=${orderId}&types=order.received`)
  assert.deepEqual(at(event, 'data'), logged.at('events.0.data'))
  assert.equal(at(event, 'cursor'), logged.at('events.0.cursor'))
  const deliveries = await eventually(`/v1/webhooks/${id}/deliveries`, (reply) => listOf(reply.at('items')).length === 1)
  assert.equal(deliveries.at('items.0.messageId'), message?.headers['webhook-id'])
  assert.equal(deliveries.at('items.0.state'), 'delivered')
})

test('a test message is sent at once and tells what came back', async () => {
  const { id, secret } = await webhook('/try')
  assert.deepEqual((await api('POST', `/v1/webhooks/${id}/test`)).at('delivered'), true)
  assert.ok(isSigned(on('/try')[0], secret))
  status = ({ path }) => (path === '/try' ? 500 : 204)
  const failed = await api('POST', `/v1/webhooks/${id}/test`)
  assert.deepEqual([failed.at('delivered'), failed.at('answer')], [false, 500])
  status = () => 204
})

test('after a rotation both secrets sign until the old one ends', async () => {
  const { id, secret } = await webhook('/rotating')
  const rotated = await api('POST', `/v1/webhooks/${id}/rotate`, { overlapHours: 1 })
  const newer = String(rotated.at('secret'))
  assert.equal(listOf(rotated.at('secrets')).length, 2)
  await api('POST', `/v1/webhooks/${id}/test`)
  const [message] = on('/rotating')
  assert.ok(isSigned(message, secret) && isSigned(message, newer))
  const again = [1, 2].map(() => api('POST', `/v1/webhooks/${id}/rotate`, { overlapHours: 0 }, { 'idempotency-key': 'rotate-once' }))
  assert.equal((await again[0])?.at('secret'), (await again[1])?.at('secret'), 'one key, one rotation')
  await api('POST', `/v1/webhooks/${id}/test`)
  assert.ok(!isSigned(on('/rotating')[1], newer), 'without overlap the old secret ends at once')
  assert.ok(!(await api('GET', `/v1/webhooks/${id}`)).text.includes('whsec_'))
})

test('a paused webhook is sent what it missed when it is resumed; a replay sends it again', async () => {
  const { id, cursor } = await webhook('/pausing')
  assert.equal((await api('POST', `/v1/webhooks/${id}/pause`)).at('state'), 'paused')
  await placed(api, orderOf('paused-1'))
  assert.equal(on('/pausing').length, 0)
  await api('POST', `/v1/webhooks/${id}/resume`)
  await arrivedOn('/pausing', 1)
  await eventually(`/v1/webhooks/${id}`, (reply) => reply.at('lag') === 0)
  assert.equal((await api('POST', `/v1/webhooks/${id}/replay`, { after: cursor })).status, 200)
  await arrivedOn('/pausing', 2)
  assert.equal(on('/pausing')[0]?.headers['webhook-id'], on('/pausing')[1]?.headers['webhook-id'])
  assert.equal((await api('POST', `/v1/webhooks/${id}/replay`, { after: 'nonsense' })).at('code'), 'cursor_invalid')
})

test('a refused message is listed as dead and can be sent again', async () => {
  status = ({ path }) => (path === '/refusing' ? 422 : 204)
  const { id } = await webhook('/refusing')
  await placed(api, orderOf('refused-1'))
  const dead = await eventually(`/v1/webhooks/${id}/deliveries?state=dead`, (reply) => listOf(reply.at('items')).length === 1)
  assert.equal(dead.at('items.0.problem'), 'answered 422')
  status = () => 204
  const again = await api('POST', `/v1/webhooks/${id}/deliveries/${String(dead.at('items.0.deliveryId'))}/replay`)
  assert.equal(again.status, 202)
  await eventually(`/v1/webhooks/${id}/deliveries?state=delivered`, (reply) => listOf(reply.at('items')).length === 1)
})

test('targets that the operator did not allow are refused when they are set', async () => {
  for (const url of [
    'https://elsewhere.example/',
    'http://hooks.example.com.evil.net/',
    'http://10.0.0.1/',
    'http://user:pass@127.0.0.1/',
  ]) {
    const reply = await api('POST', '/v1/webhooks', { name: 'x', url })
    assert.deepEqual([reply.status, reply.at('code')], [422, 'webhook_target_refused'], url)
  }
  assert.equal(
    (await api('POST', '/v1/webhooks', { name: 'x', url: urlOf('/'), filters: { types: ['order.invented'] } })).at('code'),
    'event_type_unknown',
  )
})

test('a key sees the webhooks that are sent no more than it may see, and sent is what it may see', async () => {
  const key = async (body: object) => api.as(String((await api('POST', '/v1/keys', { name: 'k', ...body })).at('secret')))
  const narrow = await key({ role: 'integrator', scope: { channels: ['nowhere'] } })
  const wide = await key({ role: 'integrator' })
  const agent = await key({ role: 'agent' })
  const mine = await webhook('/narrow', {}, narrow)
  const theirs = await webhook('/wide', { types: ['order.received'] }, wide)
  assert.equal((await agent('GET', '/v1/webhooks')).status, 403)
  assert.equal((await narrow('GET', `/v1/webhooks/${theirs.id}`)).at('code'), 'webhook_unknown')
  assert.equal((await wide('GET', `/v1/webhooks/${mine.id}`)).status, 200)
  assert.deepEqual(
    listOf((await narrow('GET', '/v1/webhooks')).at('items')).map((one) => at(one, 'webhookId')),
    [mine.id],
  )
  await placed(api, orderOf('scoped-1'))
  await arrivedOn('/wide', 1)
  await eventually(`/v1/webhooks/${mine.id}`, (reply) => reply.at('lag') === 0)
  assert.equal(on('/narrow').length, 0)
})

test('the same Idempotency-Key makes one webhook and shows its secret again', async () => {
  const body = { name: 'once', url: urlOf('/once') }
  const [first, second] = [1, 2].map(() => api('POST', '/v1/webhooks', body, { 'idempotency-key': 'hook-once' }))
  assert.equal((await first)?.at('secret'), (await second)?.at('secret'))
  assert.equal((await first)?.at('webhookId'), (await second)?.at('webhookId'))
})

test('an ended webhook is gone and is sent nothing more', async () => {
  const { id } = await webhook('/ended')
  assert.equal((await api('DELETE', `/v1/webhooks/${id}`)).at('deleted'), true)
  assert.equal((await api('GET', `/v1/webhooks/${id}`)).at('code'), 'webhook_unknown')
  const { id: witness } = await webhook('/witness')
  await placed(api, orderOf('after-end'))
  await arrivedOn('/witness', 1)
  assert.equal(on('/ended').length, 0)
  assert.ok(witness !== id)
})
