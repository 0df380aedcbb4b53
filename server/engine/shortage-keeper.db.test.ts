import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, count, fillShop, hubDatabase, idOf, orderOf, place } from '../../test/support/engine-hubs.ts'
import { putFacts } from '../../test/support/read-hub.ts'
import { present } from '../kernel/assert.ts'
import type { OrderId } from '../kernel/ids.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { verifyDatabase } from '../store/verify/verify-database.ts'
import { ShortageKeeper } from './shortage-keeper.ts'

const { db, open, rowsOf } = await hubDatabase()
const hub = await open()
await fillShop(hub, { tea: 10, cup: 10, pot: 4, tin: 6 })
const elsewhere = { countryCode: 'CN', city: '南京', lat: 32.06, lng: 118.8 }
await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'n2', name: 'n2', kind: 'dc', place: elsewhere, zone: 'Asia/Shanghai' }])

const warned: string[] = []
const keeper = () => new ShortageKeeper({ ...hub, watch: { warn: (_data, message) => void warned.push(message) } })
async function settle(one = keeper()): Promise<void> {
  while (await one.runOnce());
}
const orderNow = async (orderId: OrderId) => present((await readOrders(db.pool, [orderKeyOf(orderId)]))[0], 'the order').state
const heldAt = async (sku: string, nodeId: string) =>
  (
    await rowsOf<{ held: number; on_hand: number }>(
      `select s.soft + s.firm + s.committed as held, s.on_hand
       from stock as s join items as i using (item_no) join nodes as n using (node_no) where i.sku = $1 and n.node_id = $2`,
      [sku, nodeId],
    )
  )[0]
const openTasks = async (orderId: OrderId) => ((await orderNow(orderId)).tasks ?? []).filter((task) => task.doneAt === undefined)

test('a count that finds less has orders sourced elsewhere until the rest is covered, and no more of them than that', async () => {
  const ids: OrderId[] = []
  for (let i = 0; i < 5; i++) ids.push(idOf(await place(hub, orderOf('tea', 2))))
  await count(hub, [
    { sku: 'tea', nodeId: 'n2', onHand: 10 },
    { sku: 'tea', nodeId: 'n1', onHand: 5 },
  ])
  assert.equal((await heldAt('tea', 'n1'))?.held, 10)
  await settle()
  assert.deepEqual([await heldAt('tea', 'n1'), (await heldAt('tea', 'n2'))?.held], [{ held: 4, on_hand: 5 }, 6])
  for (const id of ids) assert.deepEqual(await openTasks(id), [])
  const report = await verifyDatabase(db.pool)
  assert.deepEqual([report.isClean, report.shortages], [true, []])
})

test('what nobody has is a task with an owner, and ends when stock comes', async () => {
  const id = idOf(await place(hub, orderOf('cup', 8)))
  await count(hub, [{ sku: 'cup', nodeId: 'n1', delta: -7, reason: 'damage' }])
  await settle()
  assert.deepEqual(
    (await openTasks(id)).map((task) => [task.kind, task.owner]),
    [['stockMissing', 'agent']],
  )
  assert.equal((await heldAt('cup', 'n1'))?.held, 0)
})

test('an unpaid hold that a loss left uncovered moves too, and stays a hold', async () => {
  const id = idOf(await place(hub, orderOf('pot', 3, { channelId: 'web' })))
  await count(hub, [
    { sku: 'pot', nodeId: 'n2', onHand: 3 },
    { sku: 'pot', nodeId: 'n1', onHand: 0 },
  ])
  await settle()
  const held = (await orderNow(id)).reservations.filter((one) => one.kind === 'soft')
  assert.deepEqual(
    held.map((one) => [one.nodeId, one.quantity]),
    [['n2', 3]],
  )
})

test('begun work is not taken away, and is looked at once, not for ever', async () => {
  const id = idOf(await place(hub, orderOf('tin', 6)))
  const { fulfillmentOrderId } = present((await orderNow(id)).fulfillmentOrders[0], 'its work')
  await act(hub, id, { action: 'work', fulfillmentOrderId, verb: 'start' })
  await count(hub, [{ sku: 'tin', nodeId: 'n1', onHand: 2 }])
  const one = keeper()
  await settle(one)
  assert.equal((await heldAt('tin', 'n1'))?.held, 6)
  assert.equal(await one.runOnce(), false)
  assert.deepEqual(warned, [])
})
