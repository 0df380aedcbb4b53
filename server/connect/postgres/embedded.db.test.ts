import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from 'pg'
import { Fault } from '../../kernel/fault.ts'
import { type Connection, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts'
import { keepPostgresRunning } from './keep-running.ts'
import { isAlive, socketFolder } from './postmaster.ts'

const root = mkdtempSync(join(tmpdir(), 'fulcrum-embedded-'))
execFileSync('chmod', ['711', root])
const dataDir = join(root, 'hub')
const start = (settings?: Record<string, string>) =>
  startEmbeddedPostgres({ dataDir, log: () => undefined, ...(settings === undefined ? {} : { settings }) })
let running: EmbeddedPostgres | undefined
after(async () => {
  await running?.stop()
  rmSync(root, { recursive: true })
  rmSync(socketFolder(join(dataDir, 'postgres')), { recursive: true, force: true })
})

async function ask<T>(connection: Connection, sql: string): Promise<T | undefined> {
  const client = new Client(connection)
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ value: T }>(sql)
    return rows[0]?.value
  } finally {
    await client.end()
  }
}

const HUB = `
  const { startEmbeddedPostgres } = await import(process.argv[1])
  const { pid } = await startEmbeddedPostgres({ dataDir: process.argv[2], log: () => undefined })
  console.log(pid)
  setInterval(() => {}, 1000)`

test('a first start creates a durable, Chinese-capable database without a network port', async () => {
  running = await start()
  const { connection } = running
  assert.equal(running.adopted, false)
  assert.equal(await ask(connection, `select current_setting('fsync') || current_setting('synchronous_commit') as value`), 'onon')
  assert.equal(await ask(connection, `select current_setting('listen_addresses') as value`), '')
  assert.equal(await ask(connection, `select '王芳' ~ '^\\w+$' and upper('é') = 'É' as value`), true)
  await ask(connection, 'create extension pg_trgm')
  assert.equal(await ask(connection, `select array_length(show_trgm('王芳'), 1) > 0 as value`), true)
  await running.stop()
  assert.equal(isAlive(running.pid), false)
  assert.ok(!readdirSync(dataDir).some((name) => name.includes('.new-')), 'no draft is left')
})

test('PostgreSQL outlives a hub that is killed, and the next start adopts it with all its data', async () => {
  const hub = spawn(process.execPath, ['--input-type=module', '-e', HUB, new URL('embedded.ts', import.meta.url).href, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await once(hub.stdout, 'data')
  const pid = Number(String(said))
  hub.kill('SIGKILL')
  await once(hub, 'exit')
  running = await start()
  assert.deepEqual([running.adopted, running.pid], [true, pid])
})

test('a running PostgreSQL with other settings is restarted, not adopted', async () => {
  running = await start({ work_mem: '5MB' })
  assert.equal(running.adopted, false)
  assert.equal(await ask(running.connection, `select current_setting('work_mem') as value`), '5MB')
})

test('a killed PostgreSQL is started again and has every acknowledged row', async () => {
  assert.ok(running)
  const before = running.pid
  await ask(running.connection, 'create table kept as select 42 as value')
  process.kill(before, 'SIGKILL')
  running = await start({ work_mem: '5MB' })
  assert.notEqual(running.pid, before)
  assert.equal(await ask(running.connection, 'select value from kept'), 42)
})

test('a running PostgreSQL whose socket was swept away is restarted', async () => {
  assert.ok(running)
  rmSync(running.connection.host, { recursive: true })
  running = await start({ work_mem: '5MB' })
  assert.equal(running.adopted, false)
  assert.equal(await ask(running.connection, 'select value from kept'), 42)
})

test('a leftover pid file with the number of a stranger does not keep it from starting', async () => {
  assert.ok(running)
  await running.stop()
  writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n/nowhere\n\n\nready\n`)
  running = await start()
  assert.equal(running.adopted, false)
})

test('a setting that PostgreSQL refuses is a fault with its words', async () => {
  assert.ok(running)
  await running.stop()
  await assert.rejects(
    start({ shared_buffers: 'plenty' }),
    (error) => error instanceof Fault && error.code === 'postgres_start_failed' && error.message.includes('shared_buffers'),
  )
  running = await start()
})

test('a PostgreSQL that dies under the hub is started again on the same socket with every acknowledged row', async () => {
  await running?.stop()
  const lines: string[] = []
  const kept = await keepPostgresRunning({ dataDir, log: (line) => lines.push(line) })
  running = kept
  await ask(kept.connection, 'create table survives as select 7 as value')
  const former = kept.pid
  process.kill(former, 'SIGKILL')
  let value: number | undefined
  for (const end = Date.now() + 20_000; (kept.pid === former || value === undefined) && Date.now() < end;)
    value = await ask<number>(kept.connection, 'select value from survives').catch(() => undefined)
  assert.equal(value, 7)
  assert.notEqual(kept.pid, former)
  assert.ok(lines.some((line) => line.includes(`process ${former}`)))
})
