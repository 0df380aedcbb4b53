import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, fillShop, hubDatabase, idOf, orderOf, place } from '../../../test/support/engine-hubs.ts'
import { putFacts } from '../../../test/support/read-hub.ts'
import { verifyDatabase } from '../../store/verify/verify-database.ts'
import type { CommandOutcome } from '../command.ts'

const { db, open, rowsOf } = await hubDatabase()
const hub = await open()
await fillShop(hub, { tea: 0, cup: 0 }, { shortage: 'backorder' })
const availableAt = new Date(hub.clock.now() + 3 * 86_400_000).toISOString()
const supply = (supplyId: string, sku: string, quantity: number) => ({
  supplyId,
  sku,
  nodeId: 'n1',
  kind: 'purchaseOrder',
  quantity,
  availableAt,
})
await putFacts(hub, 'supply', 'supplyId', [supply('po-tea', 'tea', 10), supply('po-cup', 'cup', 4)])
const reservedOf = async (supplyId: string) =>
  (await rowsOf<{ reserved: number }>('select reserved from supply where supply_id = $1', [supplyId]))[0]?.reserved
const isPromised = (outcome: CommandOutcome): boolean =>
  outcome.status === 'done' && outcome.value.change?.after.state.promise.deliverBy !== undefined

test('orders that race for dated supply over two processes are promised no unit twice, and none is left that one could have', async () => {
  const other = await open()
  const all = await Promise.all(Array.from({ length: 24 }, (_, i) => place(i % 2 === 0 ? hub : other, orderOf('tea', 2))))
  assert.equal(all.filter((outcome) => outcome.status === 'done').length, 24, 'a backorder is taken, promised or not')
  assert.deepEqual([all.filter(isPromised).length, await reservedOf('po-tea')], [5, 10])
  await other.stop()
})

test('what an order counts on is given back when it is cancelled, and another process promises it', async () => {
  const other = await open()
  const first = await place(hub, orderOf('cup', 4))
  assert.equal(isPromised(first), true)
  await Promise.all([
    act(hub, idOf(first), { action: 'cancel', reason: 'asked' }),
    act(other, idOf(first), { action: 'cancel', reason: 'asked' }),
  ])
  assert.equal(await reservedOf('po-cup'), 0)
  const heard = (): boolean => other.memory.supply.get('po-cup')?.reserved === 0
  while (!heard()) {
    await other.follower.settled()
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(isPromised(await place(other, orderOf('cup', 4))), true)
  assert.equal(await reservedOf('po-cup'), 4)
  await other.stop()
})

test('after that the reserved units of supply are what orders count on', async () => {
  const report = await verifyDatabase(db.pool)
  assert.deepEqual(
    report.checks.flatMap((one) => one.examples),
    [],
  )
  assert.equal(report.checks.find((one) => one.check === 'supply.reserved')?.checked, 2)
})
