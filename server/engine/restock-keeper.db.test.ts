import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, fillShop, hubDatabase, idOf, orderOf, place } from '../../test/support/engine-hubs.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import { present } from '../kernel/assert.ts'
import type { OrderId } from '../kernel/ids.ts'
import { DAY, instant, toIso } from '../kernel/time.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { RestockKeeper } from './restock-keeper.ts'

const { db, open } = await hubDatabase()
const hub = await open()
await fillShop(hub, { tea: 0, cup: 0, pot: 5 })
await putFacts(hub, 'channel', 'channelId', [
  { channelId: 'patient', platform: 'direct', name: 'Patient', shortage: 'backorder', requiresPayment: false },
])
await putFacts(hub, 'item', 'sku', [
  {
    sku: 'set',
    name: 'set',
    components: [
      { sku: 'cup', quantity: 2 },
      { sku: 'pot', quantity: 1 },
    ],
  },
])

const warned: string[] = []
const keeper = new RestockKeeper({ ...hub, watch: { warn: (_data, message) => void warned.push(message) } })
async function settle(): Promise<void> {
  while (await keeper.runOnce());
}
const placed = async (sku: string, quantity: number) => idOf(await place(hub, orderOf(sku, quantity, { channelId: 'patient' })))
const allocated = async (orderId: OrderId) =>
  present((await readOrders(db.pool, [orderKeyOf(orderId)]))[0], 'the order').state.lines.map((line) => line.allocated)

test('stock that comes goes to who has waited longest, at once and not when their clocks are due', async () => {
  const [first, second] = [await placed('tea', 3), await placed('tea', 2)]
  const late = await placed('tea', 1)
  await count(hub, [{ sku: 'tea', nodeId: 'n1', onHand: 5 }])
  await settle()
  assert.deepEqual([await allocated(first), await allocated(second), await allocated(late)], [[3], [2], [0]])
  await count(hub, [{ sku: 'tea', nodeId: 'n1', delta: 1, reason: 'correction' }])
  await settle()
  assert.deepEqual(await allocated(late), [1])
  assert.deepEqual(warned, [])
})

test('a bundle is looked at when one of its parts comes', async () => {
  const order = await placed('set', 1)
  await count(hub, [{ sku: 'cup', nodeId: 'n1', onHand: 2 }])
  await settle()
  assert.deepEqual(await allocated(order), [1])
})

test('what came while no process with the jobs ran is found by the next one that starts', async () => {
  const order = await placed('tea', 1)
  await count(hub, [{ sku: 'tea', nodeId: 'n1', delta: 1, reason: 'receipt' }])
  const next = new RestockKeeper({ ...hub, watch: { warn: (_data, message) => void warned.push(message) } })
  while (await next.runOnce());
  assert.deepEqual(await allocated(order), [1])
  await settle()
})

test('more items at once than are told apart are all looked at', async () => {
  const many = Array.from({ length: 1001 }, (_, i) => `many-${i}`)
  await putFacts(
    hub,
    'item',
    'sku',
    many.map((sku) => ({ sku, name: sku })),
  )
  const orders = [await placed('many-0', 1), await placed('many-1000', 1)]
  await count(
    hub,
    many.map((sku) => ({ sku, nodeId: 'n1', onHand: 1 })),
  )
  await settle()
  for (const order of orders) assert.deepEqual(await allocated(order), [1])
})

test('stock of what nobody waits for, and stock that leaves, look at no order', async () => {
  const order = await placed('tea', 9)
  await count(hub, [{ sku: 'pot', nodeId: 'n1', onHand: 9 }])
  await settle()
  await count(hub, [{ sku: 'tea', nodeId: 'n1', delta: -1, reason: 'damage' }])
  assert.equal(await keeper.runOnce(), false)
  assert.deepEqual(await allocated(order), [0])
})

test('supply that is announced, or given another date, is told to who waits for it at once', async () => {
  const order = await placed('cup', 7)
  const promised = async () => {
    const { state } = present((await readOrders(db.pool, [orderKeyOf(order)]))[0], 'the order')
    return state.promise.deliverBy ?? 0
  }
  const supply = (days: number) => {
    const availableAt = toIso(instant(hub.clock.now() + days * DAY))
    return putFacts(hub, 'supply', 'supplyId', [
      { supplyId: 'po-1', sku: 'cup', nodeId: 'n1', kind: 'purchaseOrder', quantity: 9, availableAt },
    ])
  }
  await supply(3)
  await settle()
  const first = await promised()
  await supply(6)
  await settle()
  assert.ok(first > 0 && (await promised()) > first)
})
