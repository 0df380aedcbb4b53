import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { putFacts, readHub } from '../../test/support/read-hub.ts'
import { parkCommand } from '../store/hub-settings.ts'
import { type ChoreDeps, choresOf } from './hub-chores.ts'
import { watchChore } from './watch-chore.ts'

const { hub } = await readHub(2)
const { pool } = hub
const warned: string[] = []
const gauges = new Map<string, number>()
const watch = {
  warn: (_: object, message: string) => void warned.push(message),
  gauge: (name: string, value: number) => void gauges.set(name, value),
}
const look = (oldSeconds?: number) =>
  watchChore({ pool, watch, wallNow: hub.wallNow, ...(oldSeconds === undefined ? {} : { oldSeconds }) }).runOnce()

beforeEach(() => {
  warned.length = 0
})

test('a hub that is well has nothing to say', async () => {
  await look()
  assert.deepEqual(warned, [])
  assert.deepEqual(Object.fromEntries(gauges), { oldTransactions: 0, parkedCommands: 0, expiredSubscriptions: 0, subscriptionLag: 0 })
})

test('an old open transaction is counted and named with the pid to look at', async () => {
  const client = await pool.connect()
  await client.query('begin')
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  await look(0)
  await client.query('rollback')
  client.release()
  assert.ok((gauges.get('oldTransactions') ?? 0) >= 1)
  assert.match(warned.join('\n'), new RegExp(`pg_terminate_backend\\(${rows[0]?.pid}\\)`))
})

test('a parked command is counted and told of', async () => {
  await parkCommand(pool, { kind: 'placeOrder', orderId: null, actor: {}, error: 'a rule threw', traceId: null }, new Date(hub.wallNow()))
  await look()
  assert.equal(gauges.get('parkedCommands'), 1)
  assert.match(warned.join('\n'), /1 commands are parked/)
  await pool.query('update parked_commands set resolved_at = now()')
})

test('a subscription that stands still is told of with its distance; one that moves is only measured', async () => {
  await putFacts(hub, 'item', 'sku', [
    { sku: 'a', name: 'A' },
    { sku: 'b', name: 'B' },
  ])
  const subscribe = 'insert into subscriptions (subscription, cursor, state, moved_at) values ($1, $2, $3, $4)'
  const [now, before] = [new Date(hub.wallNow()), new Date(hub.wallNow() - 60_000)]
  const { rows } = await pool.query<{ heads: string }>(`select json_agg(position order by log_shard)::text as heads from log_heads`)
  await pool.query(subscribe, ['still', '[0,0]', 'live', before])
  await pool.query(subscribe, ['moves', '[1,0]', 'live', now])
  await pool.query(subscribe, ['there', rows[0]?.heads, 'live', before])
  await look()
  assert.deepEqual(warned, ['subscription still stands still 2 events behind the log: look at its target and its last deliveries'])
  assert.equal(gauges.get('subscriptionLag'), 2)
})

test('a process without the role jobs runs no chores but those that keep its own clock and memory', () => {
  const deps: ChoreDeps = { ...hub, watch, answersKeptDays: 7, historyKeptDays: 400, refreshMemory: () => Promise.resolve() }
  const namesOf = (...roles: ('api' | 'jobs')[]) => choresOf(new Set(roles), deps, () => Promise.resolve(0)).map((chore) => chore.name)
  assert.deepEqual(namesOf('api'), ['clock', 'follow'])
  const jobs = namesOf('jobs')
  for (const name of ['ticks', 'answers', 'partitions', 'history', 'watch']) assert.ok(jobs.includes(name), name)
})
