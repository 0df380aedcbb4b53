import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { apiOf, at, pagesOf, stockOf } from '../support/api.ts'
import { count, ORDER, orderOf, placed, putFirstWorld } from '../support/first-world.ts'
import { failedStart, hasPostgres, hubFolder, startHubProcess } from '../support/hub-process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const oneLine = (output: string): string => {
  const lines = output.split('\n').filter((line) => line !== '')
  assert.equal(lines.length, 1, output)
  return lines[0] ?? ''
}

const folder = hubFolder()
const first = await startHubProcess({ dataDir: folder })
const api = apiOf(first.url)
await putFirstWorld(api)

test('a second start on the same data folder says so in one line and leaves the first unharmed', async () => {
  const second = await failedStart({ dataDir: folder })
  assert.equal(second.code, 1)
  assert.match(oneLine(second.output), /^fulcrum: another hub .* is using the data folder/)
  assert.equal((await api('POST', '/v1/orders', ORDER)).status, 201)
})

test('a start on a taken port says so in one line, leaves the first unharmed and nothing behind that was not there', async () => {
  const other = join(hubFolder(), 'data')
  const second = await failedStart({ dataDir: other, env: { PORT: new URL(first.url).port, FULCRUM_ADMIN_KEY: '' } })
  assert.equal(second.code, 1)
  assert.match(oneLine(second.output), /^fulcrum: .*already in use.*PORT/)
  assert.equal(hasPostgres(other), false)
  assert.equal(existsSync(other), false, 'the port is asked for before a database is made, and the folder goes with its lock')
  assert.equal((await api('GET', '/readyz')).status, 200)
  // The first key is for the first start that succeeds: one that failed has shown nothing.
  const third = await startHubProcess({ dataDir: other, env: { FULCRUM_ADMIN_KEY: '' } })
  const key = /admin API key\s+(\S+)/.exec(third.output())?.[1] ?? ''
  assert.equal((await apiOf(third.url, key)('GET', '/v1/orders')).status, 200)
  assert.equal(await third.stop(), 0)
})

test('settings that cannot be used are all named in one line', async () => {
  const bad = await failedStart({ dataDir: folder, env: { PORT: 'seven', FULCRUM_LOG_LEVEL: 'loud', FULCRUM_ADMIN_KEY: 'short' } })
  assert.equal(bad.code, 1)
  const line = oneLine(bad.output)
  for (const name of ['PORT', 'FULCRUM_LOG_LEVEL', 'FULCRUM_ADMIN_KEY']) assert.ok(line.includes(name), line)
  assert.ok(!line.includes('short'), 'a key is never printed')
  const unknown = await failedStart({ dataDir: folder, args: ['--nonsense'] })
  assert.equal(unknown.code, 1)
  assert.match(oneLine(unknown.output), /--nonsense/)
})

test('a weak admin key is refused before anything is made', async () => {
  const other = hubFolder()
  const weak = await failedStart({ dataDir: other, env: { FULCRUM_ADMIN_KEY: 'aaaaaaaaaaaa' } })
  assert.equal(weak.code, 1)
  assert.match(oneLine(weak.output), /^fulcrum: FULCRUM_ADMIN_KEY repeats itself/)
  assert.equal(existsSync(join(other, 'postgres')), false)
})

test('a database that cannot be reached, or lacks its master key, is named in one line without its password', async () => {
  const FULCRUM_MASTER_KEY = randomBytes(32).toString('base64')
  const DATABASE_URL = 'postgres://user:secret-word@127.0.0.1:1/nowhere'
  const unreachable = await failedStart({ env: { DATABASE_URL, FULCRUM_MASTER_KEY } })
  assert.equal(unreachable.code, 1)
  assert.match(oneLine(unreachable.output), /^fulcrum: .*(database|DATABASE_URL|PostgreSQL)/i)
  assert.ok(!unreachable.output.includes('secret-word'))
  const keyless = await failedStart({ env: { DATABASE_URL } })
  assert.equal(keyless.code, 1)
  assert.match(oneLine(keyless.output), /FULCRUM_MASTER_KEY/)
})

test('a stop under load loses nothing that was acknowledged, and the restart finds everything', async () => {
  await count(api, 'tea-500', 'sh-1', 100_000)
  const acknowledged = new Map<string, string>()
  let isStopped = false
  const buyers = Array.from({ length: 16 }, async (_, buyer) => {
    for (let n = 0; !isStopped; n++) {
      const ref = `load-${buyer}-${n}`
      const reply = await api('POST', '/v1/orders', orderOf(ref)).catch(() => undefined)
      if (reply?.status === 201) acknowledged.set(ref, String(reply.at('orderId')))
      // What is refused while the hub stops is refused as a problem, never cut.
      else if (reply !== undefined) assert.equal(reply.status, 503, reply.text)
      else break
    }
  })
  while (acknowledged.size < 100) await new Promise((resolve) => setImmediate(resolve))
  const code = await first.stop()
  isStopped = true
  await Promise.all(buyers)
  assert.equal(code, 0, first.output())
  assert.equal(hasPostgres(folder), false)
  const again = await startHubProcess({ dataDir: folder })
  const restarted = apiOf(again.url)
  for (const [ref, orderId] of acknowledged) {
    const reply = await restarted('POST', '/v1/orders', orderOf(ref))
    assert.deepEqual([reply.status, reply.at('orderId')], [200, orderId], ref)
  }
  let committed = 0
  for await (const orders of pagesOf(restarted, '/v1/orders?limit=200'))
    for (const order of orders) committed += Number(at(order, 'unitCount'))
  assert.equal(at(await stockOf(restarted, 'tea-500', 'sh-1'), 'committed'), committed)
  assert.equal((await restarted('GET', '/v1/items/tea-500')).at('name'), '龙井 500 g')
  await again.kill()
  const third = await startHubProcess({ dataDir: folder })
  const ref = [...acknowledged.keys()].at(-1) ?? ''
  assert.equal((await apiOf(third.url)('POST', '/v1/orders', orderOf(ref))).at('orderId'), acknowledged.get(ref))
  assert.equal(await third.stop(), 0)
})

test('the master key is a file that only its owner reads, and without FULCRUM_ADMIN_KEY the first key is shown once', async () => {
  const own = hubFolder()
  const hub = await startHubProcess({ dataDir: own, env: { FULCRUM_ADMIN_KEY: '' } })
  const key = /admin API key\s+(\S+)/.exec(hub.output())?.[1] ?? ''
  assert.equal((await apiOf(hub.url, key)('GET', '/v1/orders')).status, 200)
  assert.equal(statSync(join(own, 'master.key')).mode & 0o777, 0o600)
  assert.equal(await hub.stop(), 0)
  const again = await startHubProcess({ dataDir: own, env: { FULCRUM_ADMIN_KEY: '' } })
  assert.ok(!/admin API key/.test(again.output()))
  assert.equal((await apiOf(again.url, key)('GET', '/v1/orders')).status, 200)
  assert.equal(await again.stop(), 0)
})

test('the hub works for an ordinary user as it does for root', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('already run by an ordinary user; only root can become another one')
  const nobody = idsOf('nobody')
  if (nobody === undefined) return t.skip('there is no user nobody on this machine')
  const root = mkdtempSync(join(tmpdir(), 'fulcrum-user-'))
  after(() => rmSync(root, { recursive: true, force: true }))
  for (const part of ['bin', 'server', 'contract', 'simulator', 'db', 'package.json', 'package-lock.json'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true })
  cpSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  const dataDir = hubFolder()
  chmodSync(root, 0o755)
  for (const owned of [dataDir]) chownSync(owned, nobody.uid, nobody.gid)
  const hub = await startHubProcess({ dataDir, root, user: nobody, env: { HOME: dataDir, NODE_COMPILE_CACHE: join(dataDir, 'cache') } })
  const theirs = apiOf(hub.url)
  await putFirstWorld(theirs)
  await placed(theirs, ORDER)
  assert.equal(await hub.stop(), 0)
  assert.equal(statSync(join(dataDir, 'postgres')).uid, nobody.uid)
})

function idsOf(name: string): { readonly uid: number; readonly gid: number } | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}
