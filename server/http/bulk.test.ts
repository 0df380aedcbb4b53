import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import fc from 'fast-check'
import { bearer, jsonHeaders, startApp } from '../../test/support/http-app.ts'
import { orderInput } from '../../test/support/orders.ts'
import { Fault } from '../kernel/fault.ts'
import { refuse } from '../kernel/outcome.ts'
import { LineReader } from './line-reader.ts'

let batches: number[] = []
let inFlight = 0
let inFlightMax = 0
const { url, app } = await startApp(
  {
    'item.put': async (_context, rows) =>
      rows.map(({ value }) =>
        value.sku === 'refused'
          ? refuse('node_unknown', { en: 'no such component', zh: '没有该部件' }, { pointer: '/components/0' })
          : { status: 'created', version: 1 },
      ),
    'order.placeMany': async (_context, lines) => {
      batches.push(lines.length)
      inFlight += lines.length
      inFlightMax = Math.max(inFlightMax, inFlight)
      await new Promise((resolve) => setImmediate(resolve))
      inFlight -= lines.length
      if (lines.some((line) => line.value.externalRef === 'away')) throw new Fault('database_away', 'secret-host', 'later')
      return lines.map(({ value }) =>
        value.externalRef.startsWith('short')
          ? refuse('stock_short', { en: 'none left', zh: '已无库存' })
          : { status: 'created', externalRef: value.externalRef },
      )
    },
  },
  { limits: { lineBytesMax: 4000, linesInFlightMax: 100, linesPerBatchMax: 40 } },
)

type BulkAnswer = {
  results: { index: number; key?: string; status: string; version?: number; problem?: { code: string; pointer: string } }[]
  created: number
  refused: number
}
const put = (body: string): Promise<Response> => fetch(`${url}/v1/items`, { method: 'PUT', headers: jsonHeaders('admin'), body })

test('each row of a bulk write is answered by itself, in order, whatever the others are', async () => {
  const rows = [{ sku: 'a', name: 'A' }, { sku: 'b' }, { sku: 'refused', name: 'R' }, 7, { sku: 'c', name: 'C' }]
  const response = await put(JSON.stringify(rows))
  assert.equal(response.status, 200)
  const body = (await response.json()) as BulkAnswer
  assert.deepEqual(
    body.results.map(({ index, key, status, problem }) => [index, key, status, problem?.code, problem?.pointer]),
    [
      [0, 'a', 'created', undefined, undefined],
      [1, 'b', 'refused', 'row_invalid', '/1/name'],
      [2, 'refused', 'refused', 'node_unknown', '/2/components/0'],
      [3, undefined, 'refused', 'row_invalid', '/3'],
      [4, 'c', 'created', undefined, undefined],
    ],
  )
  assert.deepEqual([body.created, body.refused], [2, 3])
})

test('a bulk write takes 10,000 rows and not one more; what is no array is refused whole', async () => {
  const rows = (count: number): string => `[${Array.from({ length: count }, (_, i) => `{"sku":"s${i}","name":"n"}`).join(',')}]`
  assert.equal(((await (await put(rows(10_000))).json()) as BulkAnswer).created, 10_000)
  assert.equal((await put(rows(10_001))).status, 413)
  assert.equal((await put('{"sku":"a"}')).status, 400)
})

const line = (ref: string): string => JSON.stringify(orderInput(ref))
async function bulk(
  body: string | Uint8Array,
): Promise<{ index: number; status: string; externalRef?: string; problem?: { code: string; detail: string } }[]> {
  const response = await fetch(`${url}/v1/orders/bulk`, {
    method: 'POST',
    headers: { ...bearer('admin'), 'content-type': 'application/x-ndjson' },
    body,
  })
  assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'application/x-ndjson; charset=utf-8'])
  const text = await response.text()
  return text
    .split('\n')
    .filter((part) => part !== '')
    .map((part) => JSON.parse(part))
}

test('NDJSON answers one line for each line, in input order, and a bad line stops nothing', async () => {
  const results = await bulk(
    [line('A'), '{"broken":', line('short-1'), `{"note":"${'x'.repeat(5000)}"}`, '', '{"channelId":"c"}', line('B')].join('\n'),
  )
  assert.deepEqual(
    results.map((result) => [result.index, result.status, result.problem?.code ?? result.externalRef]),
    [
      [0, 'created', 'A'],
      [1, 'refused', 'json_invalid'],
      [2, 'refused', 'stock_short'],
      [3, 'refused', 'line_too_long'],
      [4, 'refused', 'row_invalid'],
      [5, 'created', 'B'],
    ],
  )
})

test('a fault of one batch is told on each of its lines and does not name the inside', async () => {
  const results = await bulk(`${line('away')}\n${line('x')}\n`)
  assert.deepEqual(
    results.map((result) => result.problem?.code),
    ['unavailable', 'unavailable'],
  )
  assert.doesNotMatch(JSON.stringify(results), /secret-host/)
})

test('5,000 lines keep their order, their batches and their window', async () => {
  batches = []
  inFlightMax = 0
  const results = await bulk(Array.from({ length: 5000 }, (_, i) => line(`R-${i}`)).join('\n'))
  assert.deepEqual(
    results.map((result) => result.externalRef),
    Array.from({ length: 5000 }, (_, i) => `R-${i}`),
  )
  assert.ok(Math.max(...batches) <= 40 && inFlightMax <= 100, `batches up to ${Math.max(...batches)}, in flight ${inFlightMax}`)
})

function openBulk(base = url): { sender: ReturnType<typeof request>; answered: Promise<IncomingMessage> } {
  const sender = request(`${base}/v1/orders/bulk`, {
    method: 'POST',
    headers: { ...bearer('admin'), 'content-type': 'application/x-ndjson' },
  })
  return { sender, answered: new Promise((resolve) => sender.once('response', resolve)) }
}

test('a sender that waits for each answer before its next line gets it', async () => {
  const { sender, answered } = openBulk()
  sender.write(`${line('one')}\n`)
  const response = await answered
  const [first] = (await once(response, 'data')) as [Buffer]
  assert.match(first.toString(), /"externalRef":"one"/)
  sender.write(`${line('two')}\n`)
  const [second] = (await once(response, 'data')) as [Buffer]
  assert.match(second.toString(), /"index":1,.*"externalRef":"two"/)
  sender.end()
  await once(response, 'end')
})

test('a client that does not read its answers slows down the reading of its lines', async () => {
  batches = []
  const { sender, answered } = openBulk()
  const text = `${Array.from({ length: 500 }, (_, i) => line(`S-${i}-${'x'.repeat(80)}`)).join('\n')}\n`
  let sent = 0
  const total = 200
  const pump = (): void => {
    while (sent < total) {
      sent++
      if (!sender.write(text)) return
    }
    sender.end()
  }
  sender.on('drain', pump)
  pump()
  const response = await answered
  response.pause()
  // That nothing moves any more can only be seen by waiting: both socket buffers are full and the window holds the rest.
  let before = -1
  while (before !== sent) {
    before = sent
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  assert.ok(sent < total, `all ${total} blocks were read although no answer was taken`)
  let lines = 0
  response.on('data', (chunk: Buffer) => (lines += chunk.toString('latin1').split('\n').length - 1))
  response.resume()
  await once(response, 'end')
  assert.equal(lines, total * 500)
})

test('a sender that goes away in the middle leaves nothing behind', async () => {
  const { sender, answered } = openBulk()
  sender.write(`${line('one')}\n{"half":`)
  const response = await answered
  response.on('error', () => undefined)
  await once(response, 'data')
  const [flight] = [...app.surface.flights]
  assert.ok(flight)
  const gone = once(flight.signal, 'abort')
  sender.on('error', () => undefined).destroy()
  await gone
  assert.equal(app.surface.flights.size, 0)
})

test('a stop answers the lines that were read and then breaks off, so that nobody takes it for the end', async () => {
  const own = await startApp({
    'order.placeMany': async (_context, lines) => lines.map(({ value }) => ({ status: 'created', externalRef: value.externalRef })),
  })
  const { sender, answered } = openBulk(own.url)
  sender.on('error', () => undefined)
  sender.write(`${line('one')}\n`)
  const response = await answered
  const [first] = (await once(response, 'data')) as [Buffer]
  assert.match(first.toString(), /"externalRef":"one"/)
  const broken = once(response, 'end')
  await Promise.all([own.app.close(), assert.rejects(broken, { code: 'ECONNRESET' })])
  assert.deepEqual(own.logged, ['bulk intake ended early undefined'], 'said without an error')
})

test('lines are cut the same wherever the chunks end', () => {
  const text = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 12 }).map((part) => part.replaceAll('\n', '')),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(text, fc.array(fc.nat(30), { maxLength: 40 }), (lines, cuts) => {
      const bytes = Buffer.from(lines.join('\n'))
      const reader = new LineReader(1000)
      const found = []
      let from = 0
      for (const cut of cuts) {
        found.push(...reader.push(bytes.subarray(from, from + cut)))
        from += cut
      }
      found.push(...reader.push(bytes.subarray(from)), ...reader.end())
      const expected = lines.filter((part) => part.trim() !== '')
      assert.deepEqual(
        found.map((part) => (part.kind === 'text' ? part.text : part.kind)),
        expected,
      )
    }),
  )
})
