import assert from 'node:assert/strict'
import { test } from 'node:test'
import { intakePrincipal, openIntake, shopifyBody } from '../../test/support/intake.ts'
import * as fixtures from '../connect/channels/fixtures.ts'
import { present } from '../kernel/assert.ts'

const { db, open, intake, intakeOf, warned, submit, put, stock, takeOne, takeOneBy, numberOf, orderOf, bodyStates, count } =
  await openIntake()

test('a body makes an order whose content is kept sealed beside it', async () => {
  const result = await takeOne(shopifyBody())
  assert.deepEqual([result.state, result.created], ['applied', true])
  const { intake: taken, state, person } = await orderOf(result)
  assert.deepEqual(
    [taken.channelId, taken.externalRef, state.state, taken.totals.total],
    ['shopify', String(result.externalRef), 'accepted', 5340],
  )
  assert.deepEqual([person?.customer.name, person?.shipTo.line1], ['Ada Beispiel', 'Musterweg 4'])
  assert.deepEqual(await bodyStates(result.orderId), ['applied'])
  assert.equal(await count('events', `order_id = ${numberOf(result.orderId)} and cause = '${result.inboxId}'`), state.version)
  const hex = Buffer.from('Musterweg').toString('hex')
  for (const table of ['channel_bodies', 'persons', 'orders', 'order_states', 'events'])
    assert.equal(await count(table, `${table}::text ~ 'Musterweg|Beispiel|${hex}'`), 0, table)
  assert.equal(await count('orders', `orders::text ~ '${result.externalRef}'`), 1, 'the search above sees what is there')
})

test('the same body twice makes one order, and both are kept', async () => {
  const body = shopifyBody()
  const first = await takeOne(body)
  const second = await takeOne(JSON.stringify(body, null, 2))
  assert.deepEqual([second.state, second.orderId, second.version], ['same', first.orderId, first.version])
  assert.deepEqual(await bodyStates(first.orderId), ['applied', 'same'])
})

test('twenty copies at once make one order', async () => {
  const body = shopifyBody()
  const results = (await Promise.all(Array.from({ length: 20 }, () => takeOne(body)))).map((one) => one)
  assert.equal(results.filter((one) => one.created === true).length, 1)
  assert.equal(results.filter((one) => one.state === 'same').length, 19)
  assert.equal(new Set(results.map((one) => one.orderId)).size, 1)
  assert.equal(await count('orders', `external_ref = '${String(body['id'])}'`), 1)
  assert.equal((await bodyStates(results[0]?.orderId)).length, 20)
  assert.equal((await orderOf(present(results[0], 'a result'))).state.payments.length, 1)
})

test('twelve versions at once end at the newest, each applied or recorded as older, and no money is counted twice', async () => {
  const base = shopifyBody({ financial_status: 'partially_paid' })
  const versions = Array.from({ length: 12 }, (_, i) => ({ ...base, note: `note ${i}`, updated_at: `2026-03-02T11:${10 + i}:00+01:00` }))
  const results = await Promise.all(versions.map((body) => takeOne(body)))
  assert.equal(results.filter((one) => one.created === true).length, 1)
  assert.ok(results.every((one) => one.state !== 'inbox' && one.orderId === results[0]?.orderId))
  const { person, state, intake: taken } = await orderOf(present(results[0], 'a result'))
  assert.equal(person?.note, 'note 11')
  const alone = await orderOf(await takeOne({ ...versions[11], id: 1 }))
  assert.deepEqual(
    state.payments.map((one) => one.amount),
    alone.state.payments.map((one) => one.amount),
  )
  assert.equal((await bodyStates(taken.orderId)).length, 12)
})

test('two processes that get the same sales at once make one order of each', async () => {
  const other = await open()
  const there = intakeOf(other)
  const made = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const body = shopifyBody()
      const both = await Promise.all(Array.from({ length: 4 }, (_, i) => takeOneBy(i % 2 === 0 ? intake : there, body, 'signed')))
      assert.equal(new Set(both.map((one) => one.orderId)).size, 1)
      return both.filter((one) => one.created === true).length
    }),
  )
  await other.stop()
  assert.deepEqual(
    made,
    Array.from({ length: 10 }, () => 1),
  )
  assert.equal(await count('orders', `channel_id = 'signed'`), await count('order_refs', `channel_id = 'signed'`))
})

test('a newer body replaces what the channel owns and touches nothing of the hub', async () => {
  const body = shopifyBody()
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
    `select data::json as data from events where order_id = $1 and type = 'order.amended'`,
    [numberOf(result.orderId)],
  )
  assert.deepEqual(
    rows.map((row) => row.data.changed),
    [['shipTo']],
  )
})

test('a body older than the one applied is recorded, not applied', async () => {
  const body = shopifyBody({ updated_at: '2026-03-05T10:00:00Z' })
  const first = await takeOne(body)
  const older = await takeOne({ ...body, note: 'old', updated_at: '2026-03-04T10:00:00Z' })
  assert.deepEqual([older.state, older.orderId, older.version], ['older', first.orderId, first.version])
  assert.equal((await orderOf(first)).person?.note, 'Ring twice')
})

test('a line that changes after the sale puts the order in review and changes no line', async () => {
  const body = shopifyBody()
  const first = await takeOne(body)
  const [line] = body['line_items'] as Record<string, unknown>[]
  const result = await takeOne({ ...body, line_items: [{ ...line, quantity: 5, current_quantity: 5 }], updated_at: '2026-03-06T10:00:00Z' })
  assert.equal(result.state, 'review')
  assert.ok(result.reviewReasons?.includes('quantity_changed'))
  assert.equal((await orderOf(first)).intake.lines[0]?.quantity, 3)
})

test('another city asks a person and shows where the parcel should go now', async () => {
  const body = shopifyBody()
  await takeOne(body)
  const address = { ...(body['shipping_address'] as object), city: 'Bonn', zip: '53111' }
  const result = await takeOne({ ...body, shipping_address: address, updated_at: '2026-03-06T10:00:00Z' })
  assert.ok(result.state === 'review' && result.reviewReasons?.includes('destination_changed'))
  const { person, intake: taken } = await orderOf(result)
  assert.deepEqual([person?.shipTo.city, taken.shipTo.city], ['Bonn', 'Köln'])
})

test('a cancellation undoes the order and frees its stock; said again it changes nothing', async () => {
  const body = shopifyBody()
  await takeOne(body)
  const held = await count('reservations', `kind in ('soft', 'firm', 'committed')`)
  const cancelled = { ...body, cancelled_at: '2026-03-07T10:00:00Z', cancel_reason: 'customer', updated_at: '2026-03-07T10:00:00Z' }
  const result = await takeOne(cancelled)
  assert.equal((await orderOf(result)).state.state, 'cancelled')
  assert.equal(await count('reservations', `kind in ('soft', 'firm', 'committed')`), held - 1)
  assert.equal((await takeOne(cancelled)).state, 'same')
})

test('a notice that an order was deleted cancels it, once; one about an order nobody knows is kept', async () => {
  const first = await takeOne(shopifyBody())
  const notify = async (id: string | undefined) => {
    const headers = { 'x-shopify-topic': 'orders/delete' }
    const outcome = await intake.take({ channelId: 'shopify', rawBody: Buffer.from(`{"id":${id}}`), headers, principal: intakePrincipal() })
    return outcome.status === 'done' ? outcome.value.results[0] : undefined
  }
  const result = present(await notify(first.externalRef), 'a result')
  assert.deepEqual([result.state, result.orderId], ['applied', first.orderId])
  assert.equal((await orderOf(result)).state.state, 'cancelled')
  assert.equal((await notify(first.externalRef))?.state, 'same')
  assert.equal((await notify('999999999999'))?.state, 'ignored')
})

test('a sale that was undone before its first body came holds no stock', async () => {
  const result = await takeOne(shopifyBody({ cancelled_at: '2026-03-07T10:00:00Z', updated_at: '2026-03-07T10:00:00Z' }))
  assert.equal(result.created, true)
  const { state } = await orderOf(result)
  assert.equal(state.state, 'cancelled')
  assert.ok(state.reservations.every((one) => one.kind === 'released'))
})

test('shortage and unknown items put the order in review, never out', async () => {
  const [line] = fixtures.shopify()['line_items'] as Record<string, unknown>[]
  await put('item', 'RARE', { sku: 'RARE', name: 'Rare' })
  const short = await takeOne(shopifyBody({ line_items: [{ ...line, sku: 'RARE' }] }))
  assert.equal(short.state, 'review')
  assert.ok(short.reviewReasons?.includes('stock_short'))
  const unknown = await takeOne(shopifyBody({ line_items: [{ ...line, sku: 'NOBODY-KNOWS' }] }))
  assert.ok(unknown.state === 'review' && unknown.reviewReasons?.includes('item_unknown'))
})

test('an order with an unknown code is sourced when it is approved after an item took the code as its alias', async () => {
  const [line] = fixtures.shopify()['line_items'] as Record<string, unknown>[]
  const result = await takeOne(shopifyBody({ line_items: [{ ...line, sku: 'BOWL-CODE' }] }))
  assert.ok(result.reviewReasons?.includes('item_unknown'))
  await put('item', 'BOWL', { sku: 'BOWL', name: 'Bowl', aliases: [{ channelId: 'shopify', code: 'BOWL-CODE' }] })
  await stock('BOWL', 10)
  const { intake: taken } = await orderOf(result)
  const outcome = await submit({ kind: 'actOnOrder', orderId: taken.orderId, action: { action: 'approve' } })
  assert.equal(outcome.status, 'done')
  const { state } = await orderOf(result)
  assert.deepEqual(
    [state.state, state.reservations.map(({ sku, quantity, kind }) => [sku, quantity, kind])],
    ['accepted', [['BOWL', 3, 'committed']]],
  )
})

test("a channel's code for an item is read as the item's alias, in that channel alone", async () => {
  await put('item', 'CUP', { sku: 'CUP', name: 'Cup', aliases: [{ channelId: 'shopify', code: '4480-CUP' }] })
  await stock('CUP', 100)
  const [line] = fixtures.shopify()['line_items'] as Record<string, unknown>[]
  const body = shopifyBody({ line_items: [{ ...line, sku: '4480-CUP' }] })
  const result = await takeOne(body)
  assert.equal(result.state, 'applied')
  assert.equal((await orderOf(result)).intake.lines[0]?.sku, 'CUP')
  assert.ok((await takeOne({ ...body, note: 'again', updated_at: '2026-03-09T10:00:00Z' })).reviewReasons === undefined)
  assert.ok((await takeOne(body, 'signed')).reviewReasons?.includes('item_unknown'))
})

test('memory, database and log agree in the end', async () => {
  assert.deepEqual(warned, [])
  assert.equal(await count('stock', 'soft + firm + committed > on_hand'), 0)
  const { rows } = await db.pool.query<{ n: number }>(
    `select count(*)::int as n from channel_bodies as b where b.order_id is not null and b.state <> 'replayed' and b.person_id <> b.order_id`,
  )
  assert.equal(rows[0]?.n, 0)
})
