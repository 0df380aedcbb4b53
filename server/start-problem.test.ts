import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { ConfigError } from './config.ts'
import { Fault } from './kernel/fault.ts'
import { openClient } from './store/database.ts'
import { describeStartProblem } from './start-problem.ts'

test('a port that is taken is one line with the port and what to do', async () => {
  const first = createServer().listen(0, '127.0.0.1')
  await once(first, 'listening')
  const address = first.address()
  assert.ok(typeof address === 'object' && address !== null)
  const second = createServer().listen(address.port, '127.0.0.1')
  const [error] = await once(second, 'error')
  assert.equal(describeStartProblem(error), `127.0.0.1:${address.port} is already in use: stop what listens there, or set PORT to another`)
  first.close()
})

test('an unreachable DATABASE_URL is one line', async () => {
  const error = await openClient({ connectionString: 'postgres://me@127.0.0.1:1/x' }).catch((caught: unknown) => caught)
  assert.match(describeStartProblem(error) ?? '', /^connect: the database cannot be reached \(.*127\.0\.0\.1:1\)$/)
})

test('a bad setting and a fault speak for themselves, a bug keeps its trace', () => {
  assert.equal(describeStartProblem(new ConfigError(['PORT: expected x, got y'])), 'bad setting: PORT: expected x, got y')
  assert.equal(describeStartProblem(new Fault('data_folder_in_use', 'in use', 'never')), 'in use')
  assert.equal(describeStartProblem(new TypeError('x is not a function')), undefined)
})
