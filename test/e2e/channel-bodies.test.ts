import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { shopify } from '../../server/connect/channels/fixtures.ts'
import { apiOf, at, listOf } from '../support/api.ts'
import { count, NODE, put } from '../support/first-world.ts'
import { hubFolder, startHubProcess } from '../support/hub-process.ts'

const SECRET = 'a-shared-secret'
const folder = hubFolder()
let hub = await startHubProcess({ dataDir: folder })
let api = apiOf(hub.url)
await put(api, '/v1/nodes', [NODE])
await put(api, '/v1/channels', [{ channelId: 'shop-cn', platform: 'shopify', name: 'Shop CN', zone: 'Asia/Shanghai', secret: SECRET }])
const body = JSON.stringify(shopify())
const skus = listOf(at(shopify(), 'line_items')).map((line) => String(at(line, 'sku')))

const signed = (text: string) => ({ 'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(text).digest('base64') })
const send = (text: string, headers: Readonly<Record<string, string>> = signed(text)) =>
  api.as('')('POST', '/v1/channels/shop-cn/orders', text, headers)

test('a platform is believed by its signature alone, and the secret is never shown', async () => {
  const forged = await send(body, { 'x-shopify-hmac-sha256': createHmac('sha256', 'other-secret').update(body).digest('base64') })
  assert.deepEqual([forged.status, forged.at('code')], [401, 'signature_invalid'])
  assert.equal((await send(body, {})).status, 401)
  const shown = await api('GET', '/v1/channels/shop-cn')
  assert.equal(shown.at('hasSecret'), true)
  assert.doesNotMatch(shown.text, new RegExp(`${SECRET}|sealed`, 'i'))
})

test('a sale of items that nobody knows yet is kept for a person to look at, and goes out once they are known', async () => {
  const first = await send(body)
  assert.ok(first.status >= 200 && first.status < 300, first.text)
  const orderId = String(first.at('results.0.orderId'))
  const kept = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual([kept.status, kept.at('state'), kept.at('phase')], [200, 'review', 'awaitingReview'], kept.text)
  await put(
    api,
    '/v1/items',
    skus.map((sku) => ({ sku, name: sku, weightGrams: 300 })),
  )
  for (const sku of skus) await count(api, sku, 'sh-1', 50)
  const approved = await api('POST', `/v1/orders/${orderId}/approve`, {})
  assert.deepEqual([approved.status, approved.at('state')], [200, 'accepted'], approved.text)
  assert.equal(listOf(approved.at('fulfillmentOrders')).length, 1, approved.text)
})

test('the same body twice makes one order, also after a restart, and never touches what the hub owns', async () => {
  const again = await send(body)
  assert.deepEqual([again.status, again.at('results.0.state')], [200, 'same'])
  const orderId = String(again.at('results.0.orderId'))
  const before = await api('GET', `/v1/orders/${orderId}`)
  assert.equal(await hub.stop(), 0)
  hub = await startHubProcess({ dataDir: folder })
  api = apiOf(hub.url)
  const restarted = await send(body)
  assert.deepEqual([restarted.status, restarted.at('results.0.orderId')], [200, orderId], restarted.text)
  const after = await api('GET', `/v1/orders/${orderId}`)
  assert.deepEqual(after.body, before.body)
})

test('what cannot become an order waits in the inbox with its reasons, and is answered 2xx', async () => {
  const { line_items: _, ...rest } = shopify()
  const broken = JSON.stringify({ ...rest, id: 999_000_111, name: '#broken' })
  const reply = await send(broken)
  assert.ok(reply.status >= 200 && reply.status < 300, reply.text)
  assert.equal(reply.at('results.0.state'), 'inbox')
  const inbox = await api('GET', '/v1/channels/shop-cn/inbox?state=open')
  const entry = listOf(inbox.at('items')).find((one) => at(one, 'inboxId') === reply.at('results.0.inboxId'))
  assert.ok(
    listOf(at(entry, 'issues')).some((issue) => String(at(issue, 'path')).includes('line_items')),
    inbox.text,
  )
  const replayed = await api('POST', `/v1/inbox/${String(reply.at('results.0.inboxId'))}/replay`, {})
  assert.deepEqual([replayed.status, replayed.at('results.0.state')], [200, 'inbox'], replayed.text)
  const garbage = await send('{"not": ')
  assert.ok(garbage.status >= 200 && garbage.status < 300, garbage.text)
})

const samples = join(process.env['FULCRUM_DATA_SAMPLES'] ?? join(import.meta.dirname, '../../../shared/data'), 'payloads')
const folders = { shopify: 'shopify', woocommerce: 'woocommerce', douyin: 'douyin', taobao: 'taobao-tmall' } as const

test(
  'every body of the sample collection is answered 2xx and kept once, whoever sends it twice',
  { skip: existsSync(samples) ? false : `no samples at ${samples}` },
  async () => {
    let sent = 0
    const orders = new Set<unknown>()
    for (const [platform, name] of Object.entries(folders)) {
      await put(api, '/v1/channels', [{ channelId: platform, platform, name: platform }])
      for (const file of readdirSync(join(samples, name)).filter((one) => one.endsWith('.json'))) {
        const text = readFileSync(join(samples, name, file), 'utf8')
        for (const _ of [1, 2]) {
          const reply = await api('POST', `/v1/channels/${platform}/orders`, text)
          assert.ok(reply.status >= 200 && reply.status < 300, `${file}: ${reply.status} ${reply.text.slice(0, 400)}`)
          for (const result of listOf(reply.at('results'))) orders.add(at(result, 'orderId'))
        }
        sent += 1
      }
    }
    orders.delete(undefined)
    assert.ok(sent >= 20 && orders.size >= 5, `${sent} bodies, ${orders.size} orders`)
    for (const orderId of orders) assert.equal((await api('GET', `/v1/orders/${String(orderId)}`)).status, 200)
  },
)
