import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { plainFetch } from './plain-fetch.ts'

async function served(listener: RequestListener): Promise<{ readonly url: string; readonly connections: () => number }> {
  const server = createServer(listener)
  let connections = 0
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return { url: `http://127.0.0.1:${address.port}`, connections: () => connections }
}
const echo: RequestListener = (incoming, answer) =>
  void text(incoming).then((body) => {
    answer.writeHead(body === 'wrong' ? 422 : 200, { 'content-type': 'application/json', etag: '"7"' })
    answer.end(JSON.stringify({ method: incoming.method, path: incoming.url, key: incoming.headers['idempotency-key'], body }))
  })

test('a call says what fetch says, and hears what fetch hears', async () => {
  const { url } = await served(echo)
  const calls = [
    [`${url}/v1/orders?limit=2`, undefined],
    [`${url}/v1/orders`, { method: 'POST', headers: { 'idempotency-key': 'k' }, body: '茶' }],
    [`${url}/v1/orders`, { method: 'POST', headers: {}, body: Buffer.from('bytes') }],
    [`${url}/v1/orders`, { method: 'POST', body: 'wrong' }],
  ] as const
  const send = plainFetch()
  for (const [target, init] of calls) {
    const [plain, usual] = [await send(target, init), await fetch(target, init)]
    assert.deepEqual([plain.ok, plain.status], [usual.ok, usual.status])
    for (const name of ['content-type', 'etag', 'retry-after']) assert.equal(plain.headers.get(name), usual.headers.get(name))
    assert.deepEqual(await plain.json(), await usual.json())
  }
  assert.match(await (await send(`${url}/x`)).text(), /"path":"\/x"/)
})

test('calls one after the other share a connection', async () => {
  const { url, connections } = await served(echo)
  const send = plainFetch()
  for (let n = 0; n < 5; n++) await (await send(url)).text()
  assert.equal(connections(), 1)
})

test('nobody there, and an answer that is cut off, are the TypeErrors of fetch', async () => {
  const send = plainFetch()
  await assert.rejects(send('http://127.0.0.1:1/'), TypeError)
  const { url } = await served((_, answer) => {
    answer.writeHead(200, { 'content-length': 100 })
    answer.write('half of it')
    setImmediate(() => answer.destroy())
  })
  await assert.rejects(send(url), TypeError)
})

test('a body that is a stream is sent by fetch itself', async () => {
  const { url } = await served(echo)
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(Buffer.from('line'))
      controller.close()
    },
  })
  const init = { method: 'POST', body, duplex: 'half' } as const
  assert.match(await (await plainFetch()(url, init)).text(), /"body":"line"/)
})
