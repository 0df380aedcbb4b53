import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { GuardedHttp } from './guarded-http.ts'
import { TargetRules } from './target-rules.ts'

const seen: string[] = []
const answers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/ok': (_, response) => response.end('fine'),
  '/busy': (_, response) => response.writeHead(429, { 'retry-after': '7' }).end(),
  '/moved': (_, response) => response.writeHead(302, { location: '/ok' }).end(),
  '/silent': () => undefined,
  '/cut': (request) => request.socket.destroy(),
  '/endless': (_, response) => void response.writeHead(200).write('x'.repeat(100_000)),
}
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    seen.push(`${request.url} ${body}`)
    answers[request.url ?? '']?.(request, response)
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const open = new TargetRules({ hosts: ['127.0.0.1', 'target.test'], privateRanges: ['127.0.0.0/8'] })
/** Waits long enough for an answer on a busy machine; `hasty` is for those that never come. */
const guarded = new GuardedHttp(open, 10_000)
const hasty = new GuardedHttp(open, 500)
after(() => {
  guarded.close()
  hasty.close()
  server.closeAllConnections()
  server.close()
})
const post = (path: string, by = guarded) => by.post(`http://127.0.0.1:${port}${path}`, { 'content-type': 'text/plain' }, 'hello')

test('an answer is known by its status, and the body arrives', async () => {
  assert.deepEqual(await post('/ok'), { kind: 'answered', status: 200, retryAfterMs: undefined })
  assert.ok(seen.includes('/ok hello'))
})

test('a pause asked for by the other side is passed on', async () => {
  assert.deepEqual(await post('/busy'), { kind: 'answered', status: 429, retryAfterMs: 7000 })
})

test('a redirect is an answer: it is not followed', async () => {
  const before = seen.filter((one) => one.startsWith('/ok')).length
  assert.deepEqual(await post('/moved'), { kind: 'answered', status: 302, retryAfterMs: undefined })
  assert.equal(seen.filter((one) => one.startsWith('/ok')).length, before)
})

test('a target that does not answer ends as silence', async () => {
  assert.deepEqual(await post('/silent', hasty), { kind: 'silent', problem: 'no answer within 500 ms' })
})

test('any number of calls without an answer hold up no other call to the same host', async () => {
  const poster = new GuardedHttp(open, 4000)
  after(() => poster.close())
  const silent = Array.from({ length: 100 }, () => post('/silent', poster))
  const first = await Promise.race([post('/ok', poster), ...silent])
  assert.equal(first.kind, 'answered')
  assert.ok((await Promise.all(silent)).every((answer) => answer.kind === 'silent'))
})

test('a connection that is cut, and a port where nobody listens, end as silence', async () => {
  assert.equal((await post('/cut')).kind, 'silent')
  const free = createServer()
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
  const { port: closedPort } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))
  assert.equal((await guarded.post(`http://127.0.0.1:${closedPort}/`, {}, '')).kind, 'silent')
})

test('an endless answer is cut off, its status counts', async () => {
  assert.equal((await post('/endless')).kind, 'answered')
})

/** A poster whose name service answers what the test says. */
function posterWith(rules: TargetRules, answersOfDns: readonly string[][]): { poster: GuardedHttp; asked: () => number } {
  let asked = 0
  const poster = new GuardedHttp(rules, 10_000, (_name, done) => {
    const addresses = answersOfDns[Math.min(asked, answersOfDns.length - 1)] ?? []
    asked += 1
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    )
  })
  after(() => poster.close())
  return { poster, asked: () => asked }
}

test('a name that points to a private address is not connected to', async () => {
  const closed = new TargetRules({ hosts: ['target.test'], privateRanges: [] })
  const { poster } = posterWith(closed, [['127.0.0.1']])
  const before = seen.length
  const answer = await poster.post(`http://target.test:${port}/ok`, {}, '')
  assert.ok(answer.kind === 'forbidden' && answer.problem.includes('127.0.0.1'), JSON.stringify(answer))
  assert.equal(seen.length, before)
})

test('one private address among public ones is enough to refuse', async () => {
  const closed = new TargetRules({ hosts: ['target.test'], privateRanges: [] })
  assert.equal((await posterWith(closed, [['8.8.8.8', '10.0.0.1']]).poster.post('https://target.test/', {}, '')).kind, 'forbidden')
})

test('the connection goes to the very address that was judged: a second answer of the name service is never asked for', async () => {
  const { poster, asked } = posterWith(open, [['127.0.0.1'], ['10.9.9.9']])
  assert.equal((await poster.post(`http://target.test:${port}/ok`, {}, '')).kind, 'answered')
  assert.equal(asked(), 1)
})
