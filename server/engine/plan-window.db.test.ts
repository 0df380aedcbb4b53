import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, count, fillShop, hubDatabase, idOf, orderOf, place } from '../../test/support/engine-hubs.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import { present } from '../kernel/assert.ts'
import { idToInt8, type OrderId } from '../kernel/ids.ts'
import { instant, MINUTE } from '../kernel/time.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { verifyDatabase } from '../store/verify/verify-database.ts'
import { PlanWindowKeeper } from './plan-window-keeper.ts'

const { db, open, rowsOf } = await hubDatabase()
const hub = await open()
await fillShop(hub, {}, { replanMinutes: 30 })
const place2 = { countryCode: 'CN', city: '南京', lat: 32.06, lng: 118.8 }
await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'n2', name: 'n2', kind: 'dc', place: place2, zone: 'Asia/Shanghai' }])
const said = new Map<string, number>()
const keeper = () => new PlanWindowKeeper({ ...hub, now: () => hub.clock.now(), gauge: (name, value) => void said.set(name, value) })
const orderNow = async (orderId: OrderId) => present((await readOrders(db.pool, [orderKeyOf(orderId)]))[0], 'the order')
const standingOf = async (orderId: OrderId) => (await orderNow(orderId)).state.fulfillmentOrders.filter((work) => work.work !== 'cancelled')

/** Two orders that are split over both nodes because neither has all of one, and then more arrives; items of their own. */
let pairs = 0
async function splitOrders(channelId = 'shop'): Promise<OrderId[]> {
  const [tea, cup] = [`tea-${++pairs}`, `cup-${pairs}`]
  await putFacts(
    hub,
    'item',
    'sku',
    [tea, cup].map((sku) => ({ sku, name: sku })),
  )
  await count(hub, [
    { sku: tea, nodeId: 'n1', onHand: 2 },
    { sku: cup, nodeId: 'n2', onHand: 2 },
  ])
  const lines = [tea, cup].map((sku, i) => ({ lineRef: `${i + 1}`, sku, quantity: 1, unitPrice: 1000 }))
  const ids: OrderId[] = []
  for (let i = 0; i < 2; i++) ids.push(idOf(await place(hub, orderOf(tea, 1, { channelId, lines }))))
  for (const id of ids) assert.equal((await standingOf(id)).length, 2)
  await count(hub, [{ sku: cup, nodeId: 'n1', onHand: 2 }])
  return ids
}
const rowOf = (orderId: OrderId) => ({ order_id: idToInt8(orderId), is_open: true })

test('orders in their window are brought together, and the decision says from where, why and what it saved', async () => {
  const ids = await splitOrders()
  const one = keeper()
  while (await one.runOnce());
  for (const id of ids)
    assert.deepEqual(
      (await standingOf(id)).map((work) => work.nodeId),
      ['n1'],
    )
  assert.deepEqual([one.tally.moved, one.tally.lost, said.get('replannedOrders')], [2, 0, 2])
  assert.ok(one.tally.saved > 0)
  const docs = await rowsOf<{ doc: { replanned?: { fromNodes: string[]; costBefore: number; costAfter: number; together: number } } }>(
    `select doc::json as doc from sourcing_decisions where order_id = $1 and decision_no = 2`,
    [idToInt8(present(ids[0], 'an order'))],
  )
  const why = docs[0]?.doc.replanned
  assert.deepEqual(why?.fromNodes.toSorted(), ['n1', 'n2'])
  assert.ok((why?.costAfter ?? 0) < (why?.costBefore ?? 0) && why?.together === 2)
  const again = keeper()
  await again.runOnce()
  assert.equal(again.tally.moved, 0, 'what is best already stays')
})

test('a node that begins while the window plans keeps its work, and the rest moves', async () => {
  const [first, second] = await splitOrders()
  const one = keeper()
  const improvements = await one.find([rowOf(present(first, 'the first')), rowOf(present(second, 'the second'))])
  assert.equal(improvements.length, 2)
  const [work] = await standingOf(present(first, 'the first'))
  await act(hub, present(first, 'the first'), { action: 'work', fulfillmentOrderId: work?.fulfillmentOrderId, verb: 'start' })
  await one.carryOut(improvements, 2)
  assert.deepEqual([one.tally.moved, one.tally.lost], [1, 1])
  assert.equal((await standingOf(present(first, 'the first'))).length, 2)
  assert.equal((await standingOf(present(second, 'the second'))).length, 1)
})

test('two processes that found the same improvements move each order once', async () => {
  const ids = await splitOrders()
  const [one, other] = [keeper(), keeper()]
  const found = await Promise.all([one.find(ids.map(rowOf)), other.find(ids.map(rowOf))])
  await Promise.all([one.carryOut(found[0], 2), other.carryOut(found[1], 2)])
  assert.deepEqual([one.tally.moved + other.tally.moved, one.tally.lost + other.tally.lost], [2, 2])
})

test('an order of a channel without a window, or past its window, stays as it was planned', async () => {
  await putFacts(hub, 'channel', 'channelId', [{ channelId: 'plain', platform: 'direct', name: 'Plain', requiresPayment: false }])
  const plain = await splitOrders('plain')
  const one = keeper()
  while (await one.runOnce());
  const past = await splitOrders()
  const later = new PlanWindowKeeper({ ...hub, now: () => instant(hub.clock.now() + 31 * MINUTE), gauge: () => undefined })
  while (await later.runOnce());
  for (const id of [...plain, ...past]) assert.equal((await standingOf(id)).length, 2)
})

test('a pass is due only while an order may be in its window', async () => {
  let at = instant(hub.clock.now() - 20 * MINUTE)
  const one = new PlanWindowKeeper({ ...hub, now: () => at, gauge: () => undefined })
  assert.equal(one.dueAt(), 0, 'what was received before the process began')
  while (await one.runOnce());
  assert.equal(one.dueAt(), at + 15 * MINUTE)
  at = instant(at + 16 * MINUTE)
  while (await one.runOnce());
  assert.equal(one.dueAt(), undefined)
  await splitOrders()
  assert.equal(one.dueAt(), at + 15 * MINUTE)
})

test('after that every stored row is what the log says', async () => {
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
})
