import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Api, apiOf, listOf, type Reply } from '../support/api.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const folder = hubFolder()

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const giveUpAt = Date.now() + 300_000; Date.now() < giveUpAt;) {
    const found = await look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${what} did not come about`)
}
const logIn = (api: Api, login: string, password: string): Promise<Reply> => api.as('')('POST', '/v1/sessions', { login, password })
const passwordIn = (output: string): string | undefined => /demo log-ins\s+password (\S+)/.exec(output)?.[1]

test('a first start opens a world that lives, with a door for each role; without the demo both are shut and what it made stays', async () => {
  const hub = await startHubProcess({ dataDir: folder, args: [] })
  const api = apiOf(hub.url)
  const password = await until('the demo’s password', async () => passwordIn(hub.output()))
  const orders = await until('an order', async () => {
    const page = await api('GET', '/v1/orders?limit=200')
    return listOf(page.at('items')).length > 30 ? page : undefined
  })
  assert.ok(String(orders.at('items.0.orderId')).startsWith('ord_'))
  for (const login of ['demo-admin', 'demo-agent', 'demo-customer', 'demo-floor']) {
    const session = await logIn(api, login, password)
    assert.equal(session.status, 201, `${login}: ${session.text}`)
  }
  const clock = await api('GET', '/v1/demo/clock')
  assert.ok(Date.parse(String(clock.at('at'))) < Date.now())
  const [from, present] = [clock.at('history.from'), clock.at('history.until')].map((text) => Date.parse(String(text))) as [number, number]
  assert.ok(from <= Date.parse(String(clock.at('at'))) && present - from > 4 * 86_400_000, 'it tells of the history that is lived')
  const paused = await api('POST', '/v1/demo/clock', { rate: 0 })
  assert.deepEqual([paused.at('rate'), paused.at('history')], [0, undefined])
  await until('the world’s word that it lives no more history', async () => /orders lived through [0-4]\.\d days/.exec(hub.output())?.[0])
  const still = await api('GET', '/v1/demo/clock')
  assert.deepEqual([still.at('at'), still.at('history')], [paused.at('at'), undefined], 'paused within history, time stands still')
  const moved = await api('POST', '/v1/demo/clock', { advanceSeconds: 60 })
  assert.equal(Date.parse(String(moved.at('at'))), Date.parse(String(paused.at('at'))) + 60_000)
  const fast = await api('POST', '/v1/demo/clock', { rate: 60 })
  const later = await until('a minute more', async () => {
    const at = Date.parse(String((await api('GET', '/v1/demo/clock')).at('at')))
    return at > Date.parse(String(fast.at('at'))) + 60_000 ? at : undefined
  })
  assert.ok(later < present, 'at ×60 it goes on from where it stood')
  assert.equal(await hub.stop(), 0, hub.output())

  const plain = await startHubProcess({ dataDir: folder })
  const without = apiOf(plain.url)
  assert.equal(passwordIn(plain.output()), undefined)
  const refused = await without('GET', '/v1/demo/clock')
  assert.deepEqual([refused.status, refused.at('code')], [404, 'demo_off'])
  assert.equal((await logIn(without, 'demo-admin', password)).status, 401)
  assert.ok(listOf((await without('GET', '/v1/orders?limit=200')).at('items')).length > 30)
  assert.equal(await plain.stop(), 0, plain.output())
})

test('a hub that holds something is no place for the demo: it starts as it is and says so', async () => {
  const own = hubFolder()
  const first = await startHubProcess({ dataDir: own })
  assert.equal((await apiOf(first.url)('PUT', '/v1/items', [{ sku: 'tea-500', name: '龙井' }])).status, 200)
  assert.equal(await first.stop(), 0)
  const second = await startHubProcess({ dataDir: own, args: [] })
  assert.match(second.output(), /no demo\s+.*FULCRUM_DATA_DIR/)
  assert.equal((await apiOf(second.url)('GET', '/v1/demo/clock')).status, 404)
  assert.equal(await second.stop(), 0)
})
