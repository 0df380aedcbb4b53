import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { authenticateByRole, bearer, startApp } from '../../test/support/http-app.ts'
import { orderInput, orderView } from '../../test/support/orders.ts'
import { refuse } from '../kernel/outcome.ts'
import type { StreamFilters, StreamMessage, StreamSink } from './stream.ts'

type Opened = { filters: StreamFilters; after: string | undefined; sink: StreamSink; stopped: boolean }
const opened: Opened[] = []
const revoked = new Set<string>()
const limits = { heartbeatMs: 40, reauthenticateMs: 20, streamBufferBytesMax: 20_000, streamsMax: 3, drainMsMax: 2000 }
const start = (own: Partial<typeof limits> = {}) =>
  startApp(
    {},
    {
      limits: { ...limits, ...own },
      authenticate: (request) => (revoked.has(request.headers.authorization ?? '') ? undefined : authenticateByRole(request)),
      subscribe: async (_principal, filters, after, sink) => {
        if (after === 'old') return refuse('cursor_expired', { en: 'kept from c-100', zh: '自 c-100 起保留' })
        const entry: Opened = { filters, after, sink, stopped: false }
        opened.push(entry)
        return { status: 'done', value: { position: () => 'c-99', stop: () => void (entry.stopped = true) } }
      },
    },
  )
const { url } = await start()
const message = (cursor: string): StreamMessage => ({ cursor, type: 'order.accepted', json: `{"cursor":"${cursor}"}` })

async function open(
  query = '',
  headers: Record<string, string> = {},
  base = url,
): Promise<{ response: IncomingMessage; entry: Opened; text: () => string }> {
  const sender = get(`${base}/v1/stream${query}`, { headers: { ...bearer('agent'), ...headers } })
  const [response] = (await once(sender, 'response')) as [IncomingMessage]
  let text = ''
  response.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const entry = opened.at(-1)
  assert.ok(entry)
  return { response, entry, text: () => text }
}
async function until(response: IncomingMessage, done: () => boolean): Promise<void> {
  while (!done()) await once(response, 'data')
}

test('filters and Last-Event-ID reach the subscription; messages carry id, event and data', async () => {
  const { response, entry, text } = await open('?types=order.accepted,order.held&channelId=shop-cn', { 'last-event-id': 'c-7' })
  assert.deepEqual(entry.filters, { types: ['order.accepted', 'order.held'], channelId: 'shop-cn' })
  assert.equal(entry.after, 'c-7')
  assert.equal(response.headers['content-type'], 'text/event-stream; charset=utf-8')
  entry.sink.deliver([message('c-8'), message('c-9')])
  await until(response, () => text().includes('id: c-9\n'))
  // A beat may come between opening and delivery.
  assert.match(
    text().replaceAll(': still here\nid: c-99\n\n', ''),
    /^retry: 2000\n\nid: c-8\nevent: order.accepted\ndata: \{"cursor":"c-8"\}\n\nid: c-9\n/,
  )
  response.destroy()
  await once(response, 'close')
})

test('a quiet stream beats, and its beat moves the place of resumption past what was filtered out', async () => {
  const { response, text } = await open()
  await until(response, () => text().includes(': still here'))
  assert.match(text(), /: still here\nid: c-99\n\n/)
  response.destroy()
})

test('a stream tells its place when it opens: who is cut before the first message misses nothing', async () => {
  const { response, text } = await open()
  await until(response, () => text().includes('id: '))
  assert.match(text(), /^retry: 2000\n\n: still here\nid: c-99\n\n/)
  response.destroy()
})

test('a cursor below what is kept answers 410, a malformed one 400', async () => {
  const ask = (id: string): Promise<Response> => fetch(`${url}/v1/stream`, { headers: { ...bearer('agent'), 'last-event-id': id } })
  const gone = await ask('old')
  assert.deepEqual([gone.status, ((await gone.json()) as { code: string }).code], [410, 'cursor_expired'])
  assert.equal((await ask('a b')).status, 400)
})

test('a client that does not read is cut, and its subscription stops', async () => {
  const { response, entry } = await open()
  response.pause()
  const cut = new Promise((resolve) => response.on('error', resolve).on('close', resolve))
  const block = Array.from({ length: 100 }, (_, i) => message(`c-${i}-${'x'.repeat(300)}`))
  let delivered = 0
  while (entry.sink.deliver(block) && delivered < 10_000) delivered++
  while (!entry.stopped && delivered < 10_000) {
    entry.sink.deliver(block)
    delivered++
  }
  assert.ok(entry.stopped)
  assert.equal(entry.sink.deliver(block), false)
  response.resume()
  await cut
})

test('who is far behind is told all of it: more at once than the buffer holds, and far more in all', async () => {
  // A beat of the real length: on a busy machine this client may well take nothing from one short beat to the next.
  const { app, url: own } = await start({ heartbeatMs: 15_000 })
  const { response, entry, text } = await open('', {}, own)
  for (let i = 0; i < 60; i++) {
    const block = Array.from({ length: 100 }, (_, n) => message(`c-${i}-${n}-${'x'.repeat(300)}`))
    if (!entry.sink.deliver(block)) await entry.sink.drained()
    assert.ok(!entry.stopped, `cut in delivery ${i}`)
  }
  await until(response, () => text().includes('id: c-59-99-'))
  assert.equal(text().match(/^event: /gm)?.length, 6000)
  response.destroy()
  await app.close()
})

test('a client that takes nothing from one beat to the next is cut, though nothing more is told to it', async () => {
  const { response, entry } = await open()
  response.pause()
  const block = Array.from({ length: 100 }, (_, n) => message(`c-${n}-${'x'.repeat(300)}`))
  // The system takes some for it; what is then waited for does not come.
  for (let delivered = 0; !entry.stopped; delivered++) {
    assert.ok(delivered < 10_000)
    if (!entry.sink.deliver(block)) await entry.sink.drained()
  }
  response.resume()
})

test('a stream ends soon after its credential is revoked', async () => {
  const { response, entry, text } = await open()
  revoked.add('Bearer agent')
  await once(response, 'end')
  revoked.clear()
  assert.ok(entry.stopped)
  assert.match(text(), /no longer valid/)
})

test('no more streams than the limit are opened', async () => {
  const all = [await open(), await open(), await open()]
  const response = await fetch(`${url}/v1/stream`, { headers: bearer('agent') })
  assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '5'])
  for (const one of all) one.response.destroy()
})

test('a stop ends streams in good order, finishes what is in flight and takes nothing new', async () => {
  let finish: (() => void) | undefined
  const asked = Promise.withResolvers<void>()
  const { app, url: own } = await startApp(
    {
      'order.get': () => {
        asked.resolve()
        return new Promise((resolve) => (finish = () => resolve({ status: 'done', value: orderView(orderInput()), version: 1 })))
      },
    },
    {
      limits,
      subscribe: async (_principal, filters, after, sink) => {
        opened.push({ filters, after, sink, stopped: false })
        return { status: 'done', value: { position: () => 'c-1', stop: () => undefined } }
      },
    },
  )
  const live = await open('', {}, own)
  const pending = fetch(`${own}/v1/orders/ord_0123456789abc`, { headers: bearer('admin') })
  await asked.promise
  const closed = app.close()
  await once(live.response, 'end')
  assert.match(live.text(), /come back with Last-Event-ID/)
  await assert.rejects(fetch(`${own}/livez`, { headers: { connection: 'close' } }))
  finish?.()
  const response = await pending
  assert.deepEqual([response.status, response.headers.get('connection')], [200, 'close'])
  await response.text()
  await closed
})
