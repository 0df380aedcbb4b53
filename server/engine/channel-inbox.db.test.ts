import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { intakePrincipal, openIntake, shopifyBody, SIGNING_SECRET } from '../../test/support/intake.ts'
import * as fixtures from '../connect/channels/fixtures.ts'
import { splitPerson } from '../domain/order/person.ts'
import { present } from '../kernel/assert.ts'
import { type OrderId, parseId, shardOfRef } from '../kernel/ids.ts'
import { readBody } from '../store/channel-bodies.ts'
import { sealPerson } from '../store/seal-person.ts'
import { openBytes } from '../store/vault.ts'
import { unpackBody } from './kept-body.ts'

const { db, hub, intake, mapper, faults, submit, put, take, takeOne, replay, numberOf, orderOf, bodyStates, count } = await openIntake()

test('what contradicts a rule of the hub goes to the inbox with the rule, and no order is made', async () => {
  await put('channel', 'usd-only', { channelId: 'usd-only', platform: 'shopify', name: 'U', currency: 'USD' })
  const result = await takeOne(shopifyBody(), 'usd-only')
  assert.equal(result.state, 'inbox')
  assert.deepEqual(result.issues?.at(-1), { code: 'currency_mismatch', severity: 'error', path: '/currency', expected: 'USD', got: 'EUR' })
  await put('channel', 'usd-only', { channelId: 'usd-only', platform: 'shopify', name: 'U' })
  const again = await replay(result.inboxId)
  assert.deepEqual([again.state, again.created], ['applied', true])
})

test('a body that cannot be mapped is kept in the inbox and becomes an order when it is replayed after the fix', async () => {
  faults.isBroken = true
  const kept = await takeOne(shopifyBody())
  assert.deepEqual([kept.state, kept.issues?.[0]?.code], ['inbox', 'platform_unmapped'])
  const still = await replay(kept.inboxId)
  assert.deepEqual([still.state, still.inboxId], ['inbox', kept.inboxId])
  faults.isBroken = false
  const result = await replay(kept.inboxId)
  assert.deepEqual([result?.state, result?.created], ['applied', true])
  assert.equal((await orderOf(result)).state.state, 'accepted')
  const { rows } = await db.pool.query<{ state: string; size: number; erased: boolean }>(
    `select b.state, length(b.sealed) as size, p.wrapped_key is null as erased
     from channel_bodies as b join persons as p on p.shard = b.shard and p.person_id = b.person_id where b.body_id = $1`,
    [numberOf(kept.inboxId)],
  )
  assert.deepEqual(rows, [{ state: 'replayed', size: 0, erased: true }])
  const last = await replay(kept.inboxId)
  assert.deepEqual([last.state, last.orderId], ['same', result?.orderId])
  assert.deepEqual(await bodyStates(result?.orderId), ['replayed', 'applied'])
})

test('a body refused by its own fields says path, expectation and value', async () => {
  const [line] = fixtures.shopify()['line_items'] as Record<string, unknown>[]
  const result = await takeOne(shopifyBody({ line_items: [{ ...line, price: 'ten' }] }))
  const issue = result.issues?.find((one) => one.severity === 'error')
  assert.deepEqual([result.state, issue?.path, issue?.got], ['inbox', 'line_items[0].price', '"ten"'])
})

test('a body corrected by hand makes its order, which keeps both texts; the entry is closed and cannot be corrected again', async () => {
  const { shipping_address: _, billing_address: __, customer: ___, ...rest } = shopifyBody()
  const kept = await takeOne(rest)
  assert.deepEqual([kept.state, kept.issues?.find((one) => one.severity === 'error')?.code], ['inbox', 'address_missing'])
  const inboxId = present(parseId('inb', kept.inboxId), 'an inbox id')
  const correct = (body: unknown) =>
    intake.replay({ inboxId, principal: intakePrincipal(), corrected: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) })
  const wrong = await correct('{"oops": 1}')
  assert.ok(wrong.status === 'done')
  assert.deepEqual([wrong.value.results[0]?.state, wrong.value.results[0]?.issues?.[0]?.code], ['inbox', 'not_an_order'])
  const read = await intake.read({ inboxId, principal: intakePrincipal() })
  assert.ok(read.status === 'done')
  assert.equal(read.value.raw.toString('utf8'), JSON.stringify(rest), 'what came stays what it was')
  const corrected = { ...shopifyBody(), id: rest['id'] }
  const done = await correct(corrected)
  assert.ok(done.status === 'done')
  const result = present(done.value.results[0], 'the result')
  assert.deepEqual([result.state, result.created], ['applied', true])
  assert.equal((await orderOf(result)).person?.shipTo.line1, 'Musterweg 4')
  const sealed = present(await readBody(db.pool, present(parseId('inb', result.inboxId), 'the body of the order')), 'the kept body')
  const key = hub.vault.openKey(sealed.personId, present(sealed.wrappedKey, 'the key of the buyer'))
  const { header, raw } = unpackBody(openBytes(key, 'body', sealed.sealed))
  assert.equal(raw.toString('utf8'), JSON.stringify(corrected))
  assert.equal(Buffer.from(header.original ?? '', 'base64').toString('utf8'), JSON.stringify(rest))
  const late = await correct(corrected)
  assert.equal(late.status === 'refused' && late.code, 'inbox_not_open')
})

test('who reads a body is in the log before it is shown; a body of another channel or of an order is not shown', async () => {
  const kept = await takeOne('{"oops": 1}')
  const inboxId = present(parseId('inb', kept.inboxId), 'an inbox id')
  const told = () => count('events', `type = 'body.read' and subject_id = '${kept.inboxId}'`)
  const foreign = await intake.read({ inboxId, principal: intakePrincipal({ channels: ['signed'] }) })
  assert.equal(foreign.status === 'refused' && foreign.code, 'inbox_unknown')
  assert.equal(await told(), 0)
  const read = await intake.read({ inboxId, principal: intakePrincipal({ channels: ['shopify'] }) })
  assert.equal(read.status === 'done' && read.value.raw.toString('utf8'), '{"oops": 1}')
  assert.equal(await told(), 1)
  // Looks at once and tries of a body are events of it, each with the next version.
  await Promise.all([1, 2, 3].map(() => intake.read({ inboxId, principal: intakePrincipal() })))
  await replay(kept.inboxId)
  await intake.read({ inboxId, principal: intakePrincipal() })
  const { rows } = await db.pool.query<{ version: number }>(
    `select subject_version as version from events where subject_id = $1 order by position`,
    [kept.inboxId],
  )
  assert.deepEqual(
    rows.map((row) => row.version),
    [1, 2, 3, 4, 5, 6, 7],
  )
  const order = await takeOne(shopifyBody())
  const ofOrder = await intake.read({ inboxId: present(parseId('inb', order.inboxId), 'an inbox id'), principal: intakePrincipal() })
  assert.equal(ofOrder.status === 'refused' && ofOrder.code, 'inbox_unknown')
})

test('several orders in one body are taken one by one, each sealed for its own buyer', async () => {
  const good = shopifyBody()
  const results = await take({ orders: [good, shopifyBody({ currency: 'NOPE' }), good] })
  assert.deepEqual(
    results.map((one) => one.state),
    ['applied', 'inbox', 'same'],
  )
})

test('after a fix of the mapping, the body that an order stands on says more when it is replayed, once', async () => {
  faults.isNoteMissed = true
  const result = await takeOne(shopifyBody())
  assert.equal((await orderOf(result)).person?.note, undefined)
  faults.isNoteMissed = false
  const again = await replay(result.inboxId)
  assert.deepEqual([again.state, again.orderId], ['applied', result.orderId])
  assert.equal((await orderOf(result)).person?.note, 'Ring twice')
  assert.equal((await replay(result.inboxId)).state, 'same')
})

test('an order that came another way keeps its reference; the body waits in the inbox', async () => {
  const body = shopifyBody()
  const order = mapper.mapBody({ channelId: 'shopify', platform: 'shopify' }, JSON.stringify(body)).orders[0]?.order
  assert.ok(order !== undefined)
  const placed = await submit({
    kind: 'placeOrder',
    order,
    origin: 'api',
    inputHash: randomBytes(32),
    shard: shardOfRef('shopify', order.externalRef),
    seal: (orderId: OrderId) => sealPerson(hub.vault, hub.blindIndex, orderId, splitPerson(order)),
  })
  assert.equal(placed.status, 'done')
  const result = await takeOne(body)
  assert.deepEqual([result.state, result.issues?.at(-1)?.code], ['inbox', 'external_ref_conflict'])
})

test('the body of an erased buyer leaves a record and nothing to read', async () => {
  const body = shopifyBody()
  const first = await takeOne(body)
  await db.pool.query('update persons set wrapped_key = null, erased_at = now() where person_id = $1', [numberOf(first.orderId)])
  const result = await takeOne({ ...body, note: 'x', updated_at: '2026-04-01T00:00:00Z' })
  assert.deepEqual([result.state, result.reviewReasons, result.version], ['older', ['person_erased'], first.version])
  const outcome = await intake.replay({ inboxId: present(parseId('inb', result.inboxId), 'an inbox id'), principal: intakePrincipal() })
  assert.equal(outcome.status === 'refused' && outcome.code, 'inbox_unknown')
})

test('a signature proves the platform; a false one and none without a credential are refused, and nothing is kept', async () => {
  const rawBody = Buffer.from(JSON.stringify(shopifyBody()))
  const sign = (secret: string) => ({ 'x-shopify-hmac-sha256': createHmac('sha256', secret).update(rawBody).digest('base64') })
  const before = await count('channel_bodies')
  const codeOf = async (headers: Record<string, string>, who?: ReturnType<typeof intakePrincipal>, channelId = 'signed') => {
    const outcome = await intake.take({ channelId, rawBody, headers, ...(who === undefined ? {} : { principal: who }) })
    return outcome.status === 'refused' ? outcome.code : outcome.value.results[0]?.state
  }
  assert.equal(await codeOf(sign('another-secret'), intakePrincipal()), 'signature_invalid')
  assert.equal(await codeOf({}), 'credential_missing')
  assert.equal(await codeOf({}, { ...intakePrincipal(), permissions: new Set(['order.read']) }), 'permission_missing')
  assert.equal(await codeOf({}, intakePrincipal({ channels: ['shopify'] })), 'scope_violation')
  assert.equal(await codeOf({}, intakePrincipal(), 'nowhere'), 'entity_unknown')
  assert.equal(await codeOf({}, intakePrincipal(), 'direct'), 'channel_platform_mismatch')
  assert.equal(await count('channel_bodies'), before)
  assert.equal(await codeOf(sign(SIGNING_SECRET)), 'applied')
  assert.equal(await codeOf({}, intakePrincipal()), 'same')
})

test('the four platforms make orders of their own bodies', async () => {
  assert.equal((await takeOne(fixtures.woocommerce(), 'woocommerce')).created, true)
  assert.equal((await takeOne(fixtures.douyin(), 'douyin')).created, true)
  const taobao = await takeOne(fixtures.taobaoText, 'taobao')
  assert.deepEqual([taobao.created, taobao.externalRef], [true, '3000000000000000123'])
})

test('bytes that are no text, nothing at all and a ping are kept', async () => {
  assert.equal((await takeOne('', 'shopify')).state, 'inbox')
  const raw = await intake.take({ channelId: 'shopify', rawBody: randomBytes(500), headers: {}, principal: intakePrincipal() })
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
