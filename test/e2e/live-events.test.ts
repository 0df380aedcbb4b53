import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOf, at, listOf } from '../support/api.ts'
import { openEvents } from '../support/event-source.ts'
import { count, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const hub = await startHubProcess({ dataDir: hubFolder() })
const api = apiOf(hub.url)
await putFirstWorld(api)
await count(api, 'tea-500', 'sh-1', 100_000)
await put(api, '/v1/channels', [{ channelId: 'other', platform: 'direct', name: 'Other' }])

/** The log from a cursor on, page by page, as cursors. */
async function readLog(asked: Api, query: string, after: string | undefined): Promise<string[]> {
  const cursors: string[] = []
  for (let cursor = after; ;) {
    const page = await asked('GET', `/v1/events?limit=17${query}${cursor === undefined ? '' : `&after=${cursor}`}`)
    assert.equal(page.status, 200, page.text)
    cursors.push(...listOf(page.at('events')).map((event) => String(at(event, 'cursor'))))
    cursor = String(page.at('cursor'))
    if (page.at('more') !== true) return cursors
  }
}

test('a stream broken again and again while orders flow gives every event once, in the order of the log', async () => {
  const start = String((await api('GET', '/v1/events?limit=1000')).at('cursor'))
  const flow = (async () => {
    for (let n = 0; n < 60; n += 4) await Promise.all([0, 1, 2, 3].map((i) => placed(api, orderOf(`flow-${n + i}`))))
    await placed(api, orderOf('flow-last', { channelId: 'other' }))
  })()
  const seen: string[] = []
  let last = start
  let connections = 0
  for (let isOver = false; !isOver; connections++) {
    const stream = await openEvents(api, '/v1/stream', { 'last-event-id': last })
    // Each connection takes a few events and is cut without a word.
    for (let taken = 0; taken < 29 && !isOver; taken++) {
      const message = await stream.next()
      assert.equal(at(message.data, 'cursor'), message.id)
      assert.equal(at(message.data, 'type'), message.event)
      seen.push(message.id)
      last = message.id
      isOver = at(message.data, 'channelId') === 'other' && message.event === 'order.accepted'
    }
    await stream.close()
  }
  await flow
  assert.ok(connections > 3, `${connections} connections`)
  const log = await readLog(api, '', start)
  assert.equal(new Set(seen).size, seen.length)
  assert.deepEqual(seen, log.slice(0, seen.length))
  assert.ok(log.length - seen.length <= 2, 'only what follows the last one waited for is missing')
})

test('a stream that begins far behind tells all that lies between, over one connection', async () => {
  const lines = Array.from({ length: 400 }, (_, n) => JSON.stringify(orderOf(`behind-${n}`)))
  const answer = await api('POST', '/v1/orders/bulk', `${lines.join('\n')}\n`, { 'content-type': 'application/x-ndjson' })
  assert.equal(answer.text.match(/"created"/g)?.length, 400, answer.text.slice(0, 300))
  const log = await readLog(api, '', undefined)
  assert.ok(log.length > 1600, String(log.length))
  const stream = await openEvents(api, '/v1/stream', { 'last-event-id': String(log[0]) })
  const seen: string[] = []
  while (seen.length < log.length - 1) seen.push((await stream.next()).id)
  await stream.close()
  assert.deepEqual(seen, log.slice(1))
})

test('a stream filtered by channel, type or order gives what the log gives under the same filter', async () => {
  const start = String((await api('GET', '/v1/events?limit=1000&after=' + String((await readLog(api, '', undefined)).at(-1)))).at('cursor'))
  const filters = ['channelId=other', 'types=order.accepted,order.held', `orderId=${await placed(api, orderOf('filter-0'))}`]
  const streams = await Promise.all(filters.map((filter) => openEvents(api, `/v1/stream?${filter}`, { 'last-event-id': start })))
  for (let n = 1; n < 6; n++) await placed(api, orderOf(`filter-${n}`, { channelId: n % 2 === 0 ? 'other' : 'shop-cn' }))
  for (const [i, stream] of streams.entries()) {
    const log = await readLog(api, `&${filters[i] ?? ''}`, start)
    assert.ok(log.length >= 2, filters[i])
    const seen: string[] = []
    while (seen.length < log.length) seen.push((await stream.next()).id)
    assert.deepEqual(seen, log, filters[i])
    await stream.close()
  }
})

test('a type that no event has is refused by list and stream, with the types there are', async () => {
  for (const path of ['/v1/events?types=order.placed', '/v1/stream?types=order.accepted,nope']) {
    const answer = await api('GET', path)
    assert.deepEqual([answer.status, answer.at('code')], [400, 'query_invalid'], answer.text)
  }
})

test('a stream without a cursor starts now, and an event reaches it within a second', async () => {
  const stream = await openEvents(api, '/v1/stream')
  const startedAt = performance.now()
  const id = await placed(api, orderOf('now-1'))
  const message = await stream.next()
  assert.equal(at(message.data, 'orderId'), id)
  assert.ok(performance.now() - startedAt < 1000, `${performance.now() - startedAt} ms`)
  await stream.close()
})

test('a cursor nobody gave out is refused by list and stream', async () => {
  for (const path of ['/v1/events?after=nonsense', '/v1/stream?after=nonsense']) {
    const reply = await api('GET', path)
    assert.ok(reply.status === 400 || reply.status === 422, `${path} ${reply.status}`)
    assert.equal(reply.at('code'), 'cursor_invalid')
  }
})

test('events carry no personal data', async () => {
  await placed(api, orderOf('private-1'))
  const pages = await api('GET', '/v1/events?limit=1000')
  assert.doesNotMatch(pages.text, /王芳|13800000000|文三路/)
})

test('the hub ends its streams when it stops, and they go on behind their last event after the restart', async () => {
  const folder = hubFolder()
  const first = await startHubProcess({ dataDir: folder })
  const before = apiOf(first.url)
  await putFirstWorld(before)
  const stream = await openEvents(before, '/v1/stream')
  await placed(before, orderOf('over-1'))
  const message = await stream.next()
  assert.equal(await first.stop(), 0)
  await stream.ended
  const second = await startHubProcess({ dataDir: folder })
  const after = apiOf(second.url)
  const again = await openEvents(after, '/v1/stream', { 'last-event-id': message.id })
  const rest = await readLog(after, '', message.id)
  assert.ok(rest.length > 0)
  for (const cursor of rest) assert.equal((await again.next()).id, cursor)
  await again.close()
})
