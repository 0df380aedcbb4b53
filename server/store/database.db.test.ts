import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { closePool, commit, inOneWrite, openClient, openPool, run, runCounting, statement, transaction } from './database.ts'
import { Defect } from '../kernel/assert.ts'
import { Fault } from '../kernel/fault.ts'
import { isOutcomeUnknown, violatedConstraint } from './pg-errors.ts'

const db = await testDatabase({ migrations: null })
await db.pool.query(
  'create table probes (id bigint not null, at timestamptz, constraint probes_pkey primary key (id), constraint probes_id_check check (id > 0))',
)

const insertProbes = statement<{ id: string }>('testInsertProbes', 'insert into probes (id) select unnest($1::bigint[]) returning id')
const readClock = statement<{ at: number; big: string }>(
  'testReadClock',
  `select timestamptz '2026-11-21 08:00:00.123+00' as at, 9007199254740993::int8 as big`,
)

test('timestamptz comes back as epoch ms and int8 as decimal text', async () => {
  assert.deepEqual(await run(db.pool, readClock), [{ at: Date.UTC(2026, 10, 21, 8, 0, 0, 123), big: '9007199254740993' }])
})

test('a statement carries its name to the server and is prepared once per connection', async () => {
  const client = await openClient(db.connection)
  await Promise.all([run(client, readClock), run(client, readClock)])
  await run(client, readClock)
  const found = await client.query<{ statement: string }>(`select statement from pg_prepared_statements where name = 'testReadClock'`)
  assert.match(found.rows[0]?.statement ?? '', /^\/\* fulcrum:testReadClock \*\/\n/)
  assert.equal(found.rowCount, 1)
  await client.end()
})

test('a closed pool has no session left in PostgreSQL, and nobody is told that its connections ended', async () => {
  for (let round = 0; round < 20; round++) {
    const lost: Error[] = []
    const pool = openPool(db.connection, { max: 4, applicationName: 'closing', onLost: (error) => lost.push(error) })
    await Promise.all(Array.from({ length: 4 }, () => pool.query('select pg_sleep(0)')))
    await closePool(pool)
    const { rows } = await db.pool.query<{ left: number }>(
      `select count(*)::integer as left from pg_stat_activity where application_name = 'closing'`,
    )
    assert.deepEqual([rows[0]?.left, lost], [0, []])
  }
})

test('queued statements of one transaction are answered in order without waiting between them', async () => {
  const client = await openClient(db.connection)
  const queued = [
    client.query('begin'),
    run(client, insertProbes, [['1']]),
    run(client, insertProbes, [['2', '3']]),
    commit(client),
  ] as const
  const [, first, second] = await Promise.all(queued)
  assert.deepEqual([first, second], [[{ id: '1' }], [{ id: '2' }, { id: '3' }]])
  await client.end()
})

test('what is queued in one write is answered in order', async () => {
  const client = await openClient(db.connection)
  const queued = inOneWrite(client, () => [
    client.query('begin'),
    run(client, insertProbes, [['20']]),
    run(client, insertProbes, [['21']]),
    commit(client),
  ])
  await Promise.all(queued)
  assert.deepEqual((await db.pool.query('select id from probes where id in (20, 21) order by id')).rows, [{ id: '20' }, { id: '21' }])
  await client.end()
})

test('a failure among queued statements rolls all back, and commit says so', async () => {
  const client = await openClient(db.connection)
  const queued = [
    client.query('begin'),
    run(client, insertProbes, [['10']]),
    run(client, insertProbes, [['10']]),
    run(client, insertProbes, [['11']]),
    commit(client),
  ]
  const settled = await Promise.allSettled(queued)
  assert.deepEqual(
    settled.map((one) => one.status),
    ['fulfilled', 'fulfilled', 'rejected', 'rejected', 'rejected'],
  )
  const violated = settled[2]
  assert.equal(violated?.status === 'rejected' && violatedConstraint(violated.reason), 'probes_pkey')
  assert.equal((await db.pool.query('select 1 from probes where id in (10, 11)')).rowCount, 0)
  await client.end()
})

test('a violated constraint is a defect that names it', async () => {
  const error = await run(db.pool, insertProbes, [['-1']]).catch((caught: unknown) => caught)
  assert.ok(error instanceof Defect)
  assert.equal(violatedConstraint(error), 'probes_id_check')
})

test('a deadlock is a fault to retry at once', async () => {
  await db.pool.query('insert into probes (id) values (100), (101)')
  const lock = (id: number) => statement<object>(`testLock${id}`, `select id from probes where id = ${id} for update`)
  const both = (a: number, b: number, met: () => Promise<void>) =>
    transaction(db.pool, async (client) => {
      await run(client, lock(a))
      await met()
      await run(client, lock(b))
    })
  const { promise, resolve } = Promise.withResolvers<void>()
  let arrived = 0
  const met = () => {
    if (++arrived === 2) resolve()
    return promise
  }
  const settled = await Promise.allSettled([both(100, 101, met), both(101, 100, met)])
  const lost = settled.filter((one) => one.status === 'rejected')
  assert.equal(lost.length, 1)
  assert.ok(lost[0]?.reason instanceof Fault && lost[0].reason.code === 'database_conflict' && lost[0].reason.retry === 'now')
})

test('a connection that breaks leaves the outcome unknown and the retry for later', async () => {
  const client = await openClient(db.connection)
  const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid
  const hanging = run(client, statement<object>('testHang', 'select pg_sleep(60)')).catch((caught: unknown) => caught)
  await db.pool.query('select pg_terminate_backend($1)', [pid])
  const error = await hanging
  assert.ok(error instanceof Fault && isOutcomeUnknown(error) && error.retry === 'later')
})

test('a transaction whose body throws leaves nothing behind and gives its connection back', async () => {
  const boom = new Defect('boom')
  await assert.rejects(
    transaction(db.pool, async (client) => {
      await runCounting(client, insertProbes, [['500']])
      throw boom
    }),
    boom,
  )
  assert.equal((await db.pool.query('select 1 from probes where id = 500')).rowCount, 0)
  assert.equal(db.pool.idleCount, db.pool.totalCount)
})

test('a connection that breaks under a transaction is a fault of that transaction, and the pool goes on', async () => {
  const broken = transaction(db.pool, async (client) => {
    const { stream } = (client as unknown as { connection: { stream: { destroy(error: Error): void } } }).connection
    stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await client.query('select 1')
  })
  await assert.rejects(broken, Fault)
  assert.equal(await transaction(db.pool, async (client) => (await client.query<{ one: number }>('select 1 as one')).rows[0]?.one), 1)
})

test('two statements cannot share a name', () => {
  assert.throws(() => statement('testReadClock', 'select 1'), /two statements are called testReadClock/)
})

test('a server that is not there is a fault that says so', async () => {
  const error = await openClient({ ...db.connection, host: '/nonexistent' }).catch((caught: unknown) => caught)
  assert.ok(error instanceof Fault && error.code === 'database_lost')
})
