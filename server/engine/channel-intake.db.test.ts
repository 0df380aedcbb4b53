import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { IntakeResult } from '../../contract/capabilities/channel.ts'
import { permissionsOfRole } from '../../contract/access.ts'
import { testDatabase } from '../../test/support/database.ts'
import { channelMapper } from '../connect/channels/channel-mapper.ts'
import * as fixtures from '../connect/channels/fixtures.ts'
import type { Principal, Scope } from '../domain/access/principal.ts'
import { splitPerson } from '../domain/order/person.ts'
import { idToInt8, type InboxId, type OrderId, parseId, shardOfRef } from '../kernel/ids.ts'
import { parseMasterKeys } from '../store/master-key.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { readPersons } from '../store/person-reads.ts'
import { sealPerson } from '../store/seal-person.ts'
import { sealSecret } from '../store/secret-seal.ts'
import { ChannelIntake, secretOwner } from './channel-intake.ts'
import { openHub } from './hub.ts'
import type { FactKind } from './memory.ts'
import type { ChannelMapper, MappedOrder } from './ports/channel-mapper.ts'

const db = await testDatabase()
const warned: string[] = []
const note = (_data: object, message: string) => void warned.push(message)
const log = { info: () => undefined, warn: note, error: note }
const hub = await openHub({ connection: db.connection, masterKeys: parseMasterKeys(randomBytes(32).toString('hex')), log })
after(() => hub.stop())
const context = { actor: { kind: 'person', id: 'test' }, lane: 'interactive' } as const

/** The real mapper, with ways to be wrong as a mapping file may be until somebody fixes it. */
let isBroken = false
let isNoteMissed = false
const real = channelMapper()
const withoutNote = (one: MappedOrder): MappedOrder => {
  if (one.order === undefined) return one
  const { note: _, ...order } = one.order
  return { ...one, order }
}
const mapper: ChannelMapper = {
  ...real,
  mapBody: (channel, text) => {
    const mapped = real.mapBody(isBroken ? { ...channel, platform: 'nowhere' } : channel, text)
    return isNoteMissed ? { ...mapped, orders: mapped.orders.map(withoutNote) } : mapped
  },
}
const intake = new ChannelIntake({ ...hub, now: () => hub.clock.now(), mapper })

async function put(fact: FactKind, key: string, doc: Record<string, unknown>): Promise<void> {
  const outcome = await hub.engine.submit({ kind: 'putFacts', fact, rows: [{ index: 0, key, doc }] } as never, context)
  assert.equal(outcome.status, 'done')
}
const SECRET = 'shpss_0123456789'
await put('node', 'n1', {
  nodeId: 'n1',
  name: 'Köln',
  kind: 'dc',
  place: { countryCode: 'DE', city: 'Köln', lat: 50.9, lng: 6.9 },
  zone: 'Europe/Berlin',
})
await put('item', 'MUG-BLUE', { sku: 'MUG-BLUE', name: 'Mug', weightGrams: 400 })
await hub.engine.submit(
  { kind: 'changeStock', rows: [{ index: 0, mode: 'count', input: { sku: 'MUG-BLUE', nodeId: 'n1', onHand: 1000 } }] } as never,
  context,
)
await put('channel', 'signed', {
  channelId: 'signed',
  platform: 'shopify',
  name: 'S',
  sealedSecret: sealSecret(hub.vault, secretOwner('signed'), SECRET),
})
for (const platform of ['shopify', 'woocommerce', 'douyin', 'taobao', 'direct'])
  await put('channel', platform, { channelId: platform, platform, name: platform, zone: 'Asia/Shanghai' })

const principal = (scope: Scope = {}): Principal => ({
  credentialId: 'key_0000000000001',
  kind: 'key',
  name: 'integrator',
  role: 'integrator',
  permissions: new Set(permissionsOfRole.integrator),
  scope,
})
const bytes = (body: unknown): Buffer => Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
let orders = 0
const shopify = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...fixtures.shopify(),
  id: 7_000_000 + ++orders,
  ...over,
})

async function take(body: unknown, channelId = 'shopify', headers: Record<string, string> = {}): Promise<readonly IntakeResult[]> {
  const outcome = await intake.take({ channelId, rawBody: bytes(body), headers, principal: principal() })
  assert.ok(outcome.status === 'done', JSON.stringify(outcome))
  return outcome.value.results
}
async function takeOne(body: unknown, channelId = 'shopify', headers: Record<string, string> = {}): Promise<IntakeResult> {
  const results = await take(body, channelId, headers)
  assert.equal(results.length, 1)
  return results[0] as IntakeResult
}
async function replay(inboxId: string): Promise<readonly IntakeResult[]> {
  const outcome = await intake.replay({ inboxId: inboxId as InboxId, principal: principal() })
  assert.ok(outcome.status === 'done', JSON.stringify(outcome))
  return outcome.value.results
}
async function orderOf(result: IntakeResult) {
  const orderId = parseId('ord', result.orderId ?? '') as OrderId
  const [order] = await readOrders(hub.pool, [orderKeyOf(orderId)])
  assert.ok(order !== undefined)
  const person = (await readPersons(hub.pool, hub.vault, [orderKeyOf(orderId)])).get(orderId)
  return { ...order, person: person as Exclude<typeof person, 'erased'> }
}
const bodyStates = async (orderId: string | undefined): Promise<string[]> => {
  const { rows } = await db.pool.query<{ state: string }>('select state from channel_bodies where order_id = $1 order by body_id', [
    idToInt8(orderId as OrderId),
  ])
  return rows.map((row) => row.state)
}
async function count(table: string, where = 'true'): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`)
  return rows[0]?.n ?? -1
}

test('a body makes an order whose content is kept sealed beside it', async () => {
  const result = await takeOne(shopify())
  assert.deepEqual([result.state, result.created], ['applied', true])
  const { intake: taken, state, person } = await orderOf(result)
  assert.deepEqual(
    [taken.channelId, taken.externalRef, state.state, taken.totals.total],
    ['shopify', String(result.externalRef), 'accepted', 5340],
  )
  assert.deepEqual([person?.customer.name, person?.shipTo.line1], ['Ada Beispiel', 'Musterweg 4'])
  assert.deepEqual(await bodyStates(result.orderId), ['applied'])
  const hex = Buffer.from('Musterweg').toString('hex')
  for (const table of ['channel_bodies', 'persons', 'orders', 'order_states', 'events'])
    assert.equal(await count(table, `${table}::text ~ 'Musterweg|Beispiel|${hex}'`), 0, table)
  assert.equal(await count('orders', `orders::text ~ '${result.externalRef}'`), 1, 'the search above sees what is there')
})

test('the same body twice makes one order, and both are kept', async () => {
  const body = shopify()
  const first = await takeOne(body)
  const second = await takeOne(JSON.stringify(body, null, 2))
  assert.deepEqual([second.state, second.orderId, second.version], ['same', first.orderId, first.version])
  assert.deepEqual(await bodyStates(first.orderId), ['applied', 'same'])
})

test('twenty copies at once make one order', async () => {
  const body = shopify()
  const results = (await Promise.all(Array.from({ length: 20 }, () => takeOne(body)))).map((one) => one)
  assert.equal(results.filter((one) => one.created === true).length, 1)
  assert.equal(results.filter((one) => one.state === 'same').length, 19)
  assert.equal(new Set(results.map((one) => one.orderId)).size, 1)
  assert.equal(await count('orders', `external_ref = '${String(body['id'])}'`), 1)
  assert.equal((await bodyStates(results[0]?.orderId)).length, 20)
  assert.equal((await orderOf(results[0] as IntakeResult)).state.payments.length, 1)
})

test('twelve versions at once end at the newest, each applied or recorded as older, and no money is counted twice', async () => {
  const base = shopify({ financial_status: 'partially_paid' })
  const versions = Array.from({ length: 12 }, (_, i) => ({ ...base, note: `note ${i}`, updated_at: `2026-03-02T11:${10 + i}:00+01:00` }))
  const results = await Promise.all(versions.map((body) => takeOne(body)))
  assert.equal(results.filter((one) => one.created === true).length, 1)
  assert.ok(results.every((one) => one.state !== 'inbox' && one.orderId === results[0]?.orderId))
  const { person, state, intake: taken } = await orderOf(results[0] as IntakeResult)
  assert.equal(person?.note, 'note 11')
  const alone = await orderOf(await takeOne({ ...versions[11], id: 1 }))
  assert.deepEqual(
    state.payments.map((one) => one.amount),
    alone.state.payments.map((one) => one.amount),
  )
  assert.equal((await bodyStates(taken.orderId)).length, 12)
})

test('a newer body replaces what the channel owns and touches nothing of the hub', async () => {
  const body = shopify()
  const first = await takeOne(body)
  const before = await orderOf(first)
  const address = { ...(body['shipping_address'] as object), address1: 'Neuer Weg 9', phone: '+49 221 999999' }
  const result = await takeOne({ ...body, shipping_address: address, updated_at: '2026-03-03T10:16:00+01:00' })
  assert.deepEqual([result.state, result.orderId, result.version], ['applied', first.orderId, before.state.version + 1])
  const { state, person } = await orderOf(result)
  assert.deepEqual([person?.shipTo.line1, person?.shipTo.phone], ['Neuer Weg 9', '+49 221 999999'])
  assert.deepEqual(
    [state.reservations, state.fulfillmentOrders, state.promise],
    [before.state.reservations, before.state.fulfillmentOrders, before.state.promise],
  )
  const { rows } = await db.pool.query<{ data: { changed: string[] } }>(
    `select data from events where order_id = $1 and type = 'order.amended'`,
    [idToInt8(result.orderId as OrderId)],
  )
  assert.deepEqual(
    rows.map((row) => row.data.changed),
    [['shipTo']],
  )
})

test('a body older than the one applied is recorded, not applied', async () => {
  const body = shopify({ updated_at: '2026-03-05T10:00:00Z' })
  const first = await takeOne(body)
  const older = await takeOne({ ...body, note: 'old', updated_at: '2026-03-04T10:00:00Z' })
  assert.deepEqual([older.state, older.orderId, older.version], ['older', first.orderId, first.version])
  assert.equal((await orderOf(first)).person?.note, 'Ring twice')
})

test('a line that changes after the sale puts the order in review and changes no line', async () => {
  const body = shopify()
  const first = await takeOne(body)
  const [line] = body['line_items'] as Record<string, unknown>[]
  const result = await takeOne({ ...body, line_items: [{ ...line, quantity: 5, current_quantity: 5 }], updated_at: '2026-03-06T10:00:00Z' })
  assert.equal(result.state, 'review')
  assert.ok(result.reviewReasons?.includes('quantity_changed'))
  assert.equal((await orderOf(first)).intake.lines[0]?.quantity, 3)
})

test('another city asks a person and shows where the parcel should go now', async () => {
  const body = shopify()
  await takeOne(body)
  const address = { ...(body['shipping_address'] as object), city: 'Bonn', zip: '53111' }
  const result = await takeOne({ ...body, shipping_address: address, updated_at: '2026-03-06T10:00:00Z' })
  assert.ok(result.state === 'review' && result.reviewReasons?.includes('destination_changed'))
  const { person, intake: taken } = await orderOf(result)
  assert.deepEqual([person?.shipTo.city, taken.shipTo.city], ['Bonn', 'Köln'])
})

test('a cancellation undoes the order and frees its stock; said again it changes nothing', async () => {
  const body = shopify()
  await takeOne(body)
  const held = await count('reservations', `kind in ('soft', 'firm', 'committed')`)
  const cancelled = { ...body, cancelled_at: '2026-03-07T10:00:00Z', cancel_reason: 'customer', updated_at: '2026-03-07T10:00:00Z' }
  const result = await takeOne(cancelled)
  assert.equal((await orderOf(result)).state.state, 'cancelled')
  assert.equal(await count('reservations', `kind in ('soft', 'firm', 'committed')`), held - 1)
  assert.equal((await takeOne(cancelled)).state, 'same')
})

test('a sale that was undone before its first body came holds no stock', async () => {
  const result = await takeOne(shopify({ cancelled_at: '2026-03-07T10:00:00Z', updated_at: '2026-03-07T10:00:00Z' }))
  assert.equal(result.created, true)
  const { state } = await orderOf(result)
  assert.equal(state.state, 'cancelled')
  assert.ok(state.reservations.every((one) => one.kind === 'released'))
})

test('shortage and unknown items put the order in review, never out', async () => {
  const [line] = fixtures.shopify()['line_items'] as Record<string, unknown>[]
  await put('item', 'RARE', { sku: 'RARE', name: 'Rare' })
  const short = await takeOne(shopify({ line_items: [{ ...line, sku: 'RARE' }] }))
  assert.equal(short.state, 'review')
  assert.ok(short.reviewReasons?.includes('stock_short'))
  const unknown = await takeOne(shopify({ line_items: [{ ...line, sku: 'NOBODY-KNOWS' }] }))
  assert.ok(unknown.state === 'review' && unknown.reviewReasons?.includes('item_unknown'))
})

test("a channel's code for an item is read as the item's alias, in that channel alone", async () => {
  await put('item', 'CUP', { sku: 'CUP', name: 'Cup', aliases: [{ channelId: 'shopify', code: '4480-CUP' }] })
  await hub.engine.submit(
    { kind: 'changeStock', rows: [{ index: 0, mode: 'count', input: { sku: 'CUP', nodeId: 'n1', onHand: 100 } }] } as never,
    context,
  )
  const [line] = fixtures.shopify()['line_items'] as Record<string, unknown>[]
  const body = shopify({ line_items: [{ ...line, sku: '4480-CUP' }] })
  const result = await takeOne(body)
  assert.equal(result.state, 'applied')
  assert.equal((await orderOf(result)).intake.lines[0]?.sku, 'CUP')
  assert.ok((await takeOne({ ...body, note: 'again', updated_at: '2026-03-09T10:00:00Z' })).reviewReasons === undefined)
  const elsewhere = await intake.take({ channelId: 'signed', rawBody: bytes(body), headers: {}, principal: principal() })
  assert.ok(elsewhere.status === 'done' && elsewhere.value.results[0]?.reviewReasons?.includes('item_unknown'))
})

test('what contradicts a rule of the hub goes to the inbox with the rule, and no order is made', async () => {
  await put('channel', 'usd-only', { channelId: 'usd-only', platform: 'shopify', name: 'U', currency: 'USD' })
  const result = await takeOne(shopify(), 'usd-only')
  assert.equal(result.state, 'inbox')
  assert.deepEqual(result.issues?.at(-1), { code: 'currency_mismatch', severity: 'error', path: '/currency', expected: 'USD', got: 'EUR' })
  await put('channel', 'usd-only', { channelId: 'usd-only', platform: 'shopify', name: 'U' })
  const [again] = await replay(result.inboxId)
  assert.deepEqual([again?.state, again?.created], ['applied', true])
})

test('a body that cannot be mapped is kept in the inbox and becomes an order when it is replayed after the fix', async () => {
  isBroken = true
  const kept = await takeOne(shopify())
  assert.deepEqual([kept.state, kept.issues?.[0]?.code], ['inbox', 'platform_unmapped'])
  const [still] = await replay(kept.inboxId)
  assert.deepEqual([still?.state, still?.inboxId], ['inbox', kept.inboxId])
  isBroken = false
  const [result] = await replay(kept.inboxId)
  assert.deepEqual([result?.state, result?.created], ['applied', true])
  assert.equal((await orderOf(result as IntakeResult)).state.state, 'accepted')
  const { rows } = await db.pool.query<{ state: string; size: number; erased: boolean }>(
    `select b.state, length(b.sealed) as size, p.wrapped_key is null as erased
     from channel_bodies as b join persons as p on p.shard = b.shard and p.person_id = b.person_id where b.body_id = $1`,
    [idToInt8(kept.inboxId as InboxId)],
  )
  assert.deepEqual(rows, [{ state: 'replayed', size: 0, erased: true }])
  const [last] = await replay(kept.inboxId)
  assert.deepEqual([last?.state, last?.orderId], ['same', result?.orderId])
  assert.deepEqual(await bodyStates(result?.orderId), ['replayed', 'applied'])
})

test('a body refused by its own fields says path, expectation and value', async () => {
  const [line] = fixtures.shopify()['line_items'] as Record<string, unknown>[]
  const result = await takeOne(shopify({ line_items: [{ ...line, price: 'ten' }] }))
  const issue = result.issues?.find((one) => one.severity === 'error')
  assert.deepEqual([result.state, issue?.path, issue?.got], ['inbox', 'line_items[0].price', '"ten"'])
})

test('several orders in one body are taken one by one, each sealed for its own buyer', async () => {
  const good = shopify()
  const results = await take({ orders: [good, shopify({ currency: 'NOPE' }), good] })
  assert.deepEqual(
    results.map((one) => one.state),
    ['applied', 'inbox', 'same'],
  )
})

test('after a fix of the mapping, the body that an order stands on says more when it is replayed, once', async () => {
  isNoteMissed = true
  const result = await takeOne(shopify())
  assert.equal((await orderOf(result)).person?.note, undefined)
  isNoteMissed = false
  const [again] = await replay(result.inboxId)
  assert.deepEqual([again?.state, again?.orderId], ['applied', result.orderId])
  assert.equal((await orderOf(result)).person?.note, 'Ring twice')
  assert.equal((await replay(result.inboxId))[0]?.state, 'same')
})

test('an order that came another way keeps its reference; the body waits in the inbox', async () => {
  const body = shopify()
  const order = real.mapBody({ channelId: 'shopify', platform: 'shopify' }, JSON.stringify(body)).orders[0]?.order
  assert.ok(order !== undefined)
  const placed = await hub.engine.submit(
    {
      kind: 'placeOrder',
      order,
      origin: 'api',
      inputHash: randomBytes(32),
      shard: shardOfRef('shopify', order.externalRef),
      seal: (orderId: OrderId) => sealPerson(hub.vault, hub.blindIndex, orderId, splitPerson(order)),
    } as never,
    context,
  )
  assert.equal(placed.status, 'done')
  const result = await takeOne(body)
  assert.deepEqual([result.state, result.issues?.at(-1)?.code], ['inbox', 'external_ref_conflict'])
})

test('the body of an erased buyer leaves a record and nothing to read', async () => {
  const body = shopify()
  const first = await takeOne(body)
  await db.pool.query('update persons set wrapped_key = null, erased_at = now() where person_id = $1', [idToInt8(first.orderId as OrderId)])
  const result = await takeOne({ ...body, note: 'x', updated_at: '2026-04-01T00:00:00Z' })
  assert.deepEqual([result.state, result.reviewReasons, result.version], ['older', ['person_erased'], first.version])
  const outcome = await intake.replay({ inboxId: result.inboxId as InboxId, principal: principal() })
  assert.equal(outcome.status === 'refused' && outcome.code, 'inbox_unknown')
})

test('a signature proves the platform; a false one and none without a credential are refused, and nothing is kept', async () => {
  const rawBody = bytes(shopify())
  const sign = (secret: string) => ({ 'x-shopify-hmac-sha256': createHmac('sha256', secret).update(rawBody).digest('base64') })
  const before = await count('channel_bodies')
  const codeOf = async (headers: Record<string, string>, who?: Principal, channelId = 'signed') => {
    const outcome = await intake.take({ channelId, rawBody, headers, ...(who === undefined ? {} : { principal: who }) })
    return outcome.status === 'refused' ? outcome.code : outcome.value.results[0]?.state
  }
  assert.equal(await codeOf(sign('another-secret'), principal()), 'signature_invalid')
  assert.equal(await codeOf({}), 'credential_missing')
  assert.equal(await codeOf({}, { ...principal(), permissions: new Set(['order.read']) }), 'permission_missing')
  assert.equal(await codeOf({}, principal({ channels: ['shopify'] })), 'scope_violation')
  assert.equal(await codeOf({}, principal(), 'nowhere'), 'channel_unknown')
  assert.equal(await codeOf({}, principal(), 'direct'), 'channel_platform_mismatch')
  assert.equal(await count('channel_bodies'), before)
  assert.equal(await codeOf(sign(SECRET)), 'applied')
  assert.equal(await codeOf({}, principal()), 'same')
})

test('the four platforms make orders of their own bodies', async () => {
  assert.equal((await takeOne(fixtures.woocommerce(), 'woocommerce')).created, true)
  assert.equal((await takeOne(fixtures.douyin(), 'douyin')).created, true)
  const taobao = await takeOne(fixtures.taobaoText, 'taobao')
  assert.deepEqual([taobao.created, taobao.externalRef], [true, '3000000000000000123'])
})

test('bytes that are no text, nothing at all and a ping are kept', async () => {
  assert.equal((await takeOne('', 'shopify')).state, 'inbox')
  const raw = await intake.take({ channelId: 'shopify', rawBody: randomBytes(500), headers: {}, principal: principal() })
  assert.ok(raw.status === 'done' && raw.value.results[0]?.state === 'inbox')
  assert.equal((await takeOne('webhook_id=12', 'woocommerce')).state, 'ignored')
})

const samples = join(process.env['FULCRUM_DATA_SAMPLES'] ?? join(import.meta.dirname, '../../../shared/data'), 'payloads')
const folders = { shopify: 'shopify', woocommerce: 'woocommerce', douyin: 'douyin', taobao: 'taobao-tmall' } as const
test(
  'every sample body is kept, and those that hold orders make them',
  { skip: existsSync(samples) ? false : `no samples at ${samples}` },
  async () => {
    let seen = 0
    const made = new Set<string>()
    for (const [platform, folder] of Object.entries(folders))
      for (const file of readdirSync(join(samples, folder))) {
        const before = await count('channel_bodies')
        const results = await take(readFileSync(join(samples, folder, file), 'utf8'), platform)
        assert.equal(await count('channel_bodies'), before + results.length, file)
        for (const one of results) if (one.orderId !== undefined) made.add(one.orderId)
        seen += 1
      }
    assert.ok(seen >= 20 && made.size >= 4, `saw ${seen} bodies and ${made.size} orders`)
  },
)

test('memory, database and log agree in the end', async () => {
  assert.deepEqual(warned, [])
  assert.equal(await count('stock', 'soft + firm + committed > on_hand'), 0)
  const { rows } = await db.pool.query<{ n: number }>(
    `select count(*)::int as n from channel_bodies as b where b.order_id is not null and b.state <> 'replayed' and b.person_id <> b.order_id`,
  )
  assert.equal(rows[0]?.n, 0)
})
