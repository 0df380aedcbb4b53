import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { type Api, apiOf, at, pagesOf, stockOf } from '../support/api.ts'
import { openTestDatabase, urlOf } from '../support/database.ts'
import { openEvents } from '../support/event-source.ts'
import { count, ITEM, orderOf, placed, put, putFirstWorld } from '../support/first-world.ts'
import { startHubProcess } from '../support/hub-process.ts'

const db = await openTestDatabase()
const env = {
  DATABASE_URL: urlOf(db.connection),
  FULCRUM_MASTER_KEY: randomBytes(32).toString('base64'),
  FULCRUM_POOL_MAX: '4',
}
const one = await startHubProcess({ env })
const two = await startHubProcess({ env })
const [left, right] = [apiOf(one.url), apiOf(two.url)]
await putFirstWorld(left)
after(() => db.close())

test('two processes started at once on an empty database migrate it once and both serve', async () => {
  const empty = await openTestDatabase({ migrations: null })
  const both = await Promise.all([0, 1].map(() => startHubProcess({ env: { ...env, DATABASE_URL: urlOf(empty.connection) } })))
  const [first, second] = both.map((hub) => apiOf(hub.url))
  assert.ok(first !== undefined && second !== undefined)
  await putFirstWorld(first)
  await soon('the channel', async () => (await second('POST', '/v1/orders', orderOf('cold-1'))).status === 201)
  assert.equal((await first('POST', '/v1/orders', orderOf('cold-1'))).status, 200)
  for (const hub of both) assert.equal(await hub.stop(), 0)
  await empty.close()
})

const SEEN_MS_MAX = 2000
/** Asks until the answer is as wanted; fails after two seconds. */
async function soon(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now()
  while (!(await isSo())) assert.ok(performance.now() - startedAt < SEEN_MS_MAX, `${what} is not seen after ${SEEN_MS_MAX} ms`)
}

test('what one process is told, the other knows within two seconds', async () => {
  await soon('the item', async () => (await right('GET', '/v1/items/tea-500')).status === 200)
  await soon('the stock', async () => (await right('GET', '/v1/availability?sku=tea-500')).at('available') === 100)
  await placed(right, orderOf('seen-1'))
  await put(left, '/v1/items', [
    { ...ITEM, name: 'renamed' },
    { sku: 'new-1', name: 'New' },
  ])
  await count(left, 'new-1', 'sh-1', 3)
  await soon('the new item for sale', async () => (await right('POST', '/v1/orders', orderOf('seen-2', { sku: 'new-1' }))).status < 300)
  await put(right, '/v1/channels', [{ channelId: 'shop-cn', platform: 'shopify', name: 'Shop CN', buffer: 90 }])
  await soon('the buffer', async () => (await left('GET', '/v1/availability?sku=tea-500&channelId=shop-cn')).at('available') === 9)
  await put(right, '/v1/channels', [{ channelId: 'shop-cn', platform: 'shopify', name: 'Shop CN' }])
})

test('an order placed at one is read, acted on and streamed at the other', async () => {
  const stream = await openEvents(right, '/v1/stream')
  const id = await placed(left, orderOf('cross-1'))
  assert.equal(at((await stream.next()).data, 'orderId'), id)
  await stream.close()
  const seen = await right('GET', `/v1/orders/${id}`)
  const held = await right('POST', `/v1/orders/${id}/hold`, { reason: 'x' }, { 'if-match': `"${String(seen.at('version'))}"` })
  assert.equal(held.status, 200, held.text)
  const stale = await left('POST', `/v1/orders/${id}/cancel`, {}, { 'if-match': `"${String(seen.at('version'))}"` })
  assert.equal(stale.status, 412, stale.text)
  const again = await Promise.all([left, right].map((api) => api('POST', '/v1/orders', orderOf('cross-2'), { 'idempotency-key': 'both' })))
  assert.equal(new Set(again.map((reply) => reply.at('orderId'))).size, 1)
  assert.deepEqual(
    again.map((reply) => reply.status),
    [201, 201],
  )
})

test('a key revoked at one process is refused by the other within a second', async () => {
  const made = await left('POST', '/v1/keys', { name: 'k', role: 'agent' })
  const there = right.as(String(made.at('secret')))
  assert.equal((await there('GET', '/v1/orders')).status, 200)
  await left('DELETE', `/v1/keys/${String(made.at('credentialId'))}`)
  const revokedAt = performance.now()
  let status = 200
  while (status === 200 && performance.now() - revokedAt < 3000) status = (await there('GET', '/v1/orders')).status
  assert.ok(status === 401 && performance.now() - revokedAt <= 1100, `${status} after ${performance.now() - revokedAt} ms`)
})

test('two processes never sell a unit twice, and one killed mid-load takes no acknowledged order with it', async () => {
  const UNITS = 400
  await put(left, '/v1/items', [{ sku: 'hot', name: 'Hot' }])
  await count(left, 'hot', 'sh-1', UNITS)
  await soon('the hot item', async () => (await right('GET', '/v1/availability?sku=hot')).at('available') === UNITS)
  const acknowledged = new Map<string, string>()
  const unknown = new Set<string>()
  let killed: Promise<void> | undefined
  const buy = async (api: Api, buyer: number): Promise<void> => {
    for (let n = 0; n < 60; n++) {
      const ref = `hot-${buyer}-${n}`
      const reply = await api('POST', '/v1/orders', orderOf(ref, { sku: 'hot' })).catch(() => undefined)
      if (reply === undefined) {
        unknown.add(ref)
        return
      }
      if (reply.status === 201) acknowledged.set(ref, String(reply.at('orderId')))
      else assert.deepEqual([reply.status, reply.at('code')], [409, 'stock_short'], reply.text)
      if (acknowledged.size === 150) killed ??= two.kill()
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, buyer) => buy(buyer % 2 === 0 ? left : right, buyer)))
  assert.ok(killed !== undefined && unknown.size > 0, 'the kill came while orders were under way')
  await killed

  const found = new Map<string, string[]>()
  for await (const orders of pagesOf(left, '/v1/orders?limit=200')) {
    for (const order of orders) {
      const ref = String(at(order, 'externalRef'))
      found.set(ref, [...(found.get(ref) ?? []), String(at(order, 'orderId'))])
    }
  }
  for (const [ref, orderId] of acknowledged) assert.deepEqual(found.get(ref), [orderId], ref)
  for (const ref of unknown) assert.ok((found.get(ref)?.length ?? 0) <= 1, ref)
  const sold = [...found.keys()].filter((ref) => ref.startsWith('hot-')).length
  assert.equal(sold, UNITS, 'every unit is sold once')
  assert.partialDeepStrictEqual(await stockOf(left, 'hot', 'sh-1'), { onHand: UNITS, committed: UNITS, available: 0 })

  const third = await startHubProcess({ env })
  const again = apiOf(third.url)
  for (const ref of unknown) {
    const reply = await again('POST', '/v1/orders', orderOf(ref, { sku: 'hot' }))
    assert.ok(reply.status === 409 || (reply.status === 200 && reply.at('orderId') === found.get(ref)?.[0]), reply.text)
  }
  assert.equal(await third.stop(), 0)
  assert.equal(await one.stop(), 0)
})
