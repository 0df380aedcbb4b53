import assert from 'node:assert/strict'
import { test } from 'node:test'
import { act, countStock, place, putFacts, readHub } from '../../test/support/read-hub.ts'
import { readLogAfter } from '../store/log-pages.ts'
import { loadMemory, MemoryKeeper } from './memory-loader.ts'
import { Memory } from './memory.ts'

const { hub } = await readHub(1)
await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'sh-1', name: 'sh-1', kind: 'dc', place: { countryCode: 'CN' } }])

/** What another process knows, from the tables and from the log after `position` on. */
async function otherProcess() {
  const memory = new Memory()
  const keeper = new MemoryKeeper(memory, hub.pool, () => hub.clock.now())
  let position = 0
  for (const row of await readLogAfter(hub.pool, 0, 0, 10_000)) position = row.position
  await loadMemory(memory, hub.pool, hub.clock.now())
  const hear = async () => {
    for (const row of await readLogAfter(hub.pool, 0, position, 10_000)) {
      keeper.note([row])
      position = row.position
    }
  }
  const available = (sku: string) => {
    const { availability } = memory
    const start = availability.start(memory.itemNo(sku))
    return Array.from({ length: availability.count(memory.itemNo(sku)) }, (_, i) => availability.available[start + i])
  }
  return { memory, keeper, hear, available }
}

test('the stock of an item that is as new to a process as its stock is known after one refresh', async () => {
  const other = await otherProcess()
  await putFacts(hub, 'item', 'sku', [{ sku: 'new-1', name: 'New' }])
  await countStock(hub, [{ sku: 'new-1', nodeId: 'sh-1', onHand: 400 }])
  await other.hear()
  await other.keeper.refresh()
  assert.deepEqual(other.available('new-1'), [400])
})

test('what is heard of during a refresh is part of it', async () => {
  const other = await otherProcess()
  await putFacts(hub, 'item', 'sku', [{ sku: 'new-2', name: 'New' }])
  await other.hear()
  const refreshing = other.keeper.refresh()
  await putFacts(hub, 'item', 'sku', [{ sku: 'new-3', name: 'New' }])
  await countStock(hub, [{ sku: 'new-3', nodeId: 'sh-1', onHand: 7 }])
  const log = await readLogAfter(hub.pool, 0, 0, 10_000)
  other.keeper.note(log)
  const again = other.keeper.refresh()
  await Promise.all([refreshing, again])
  assert.deepEqual(other.available('new-3'), [7])
})

test("a node's day that another process fills or frees is known without asking for it", async () => {
  await putFacts(hub, 'node', 'nodeId', [
    { nodeId: 'bj-1', name: 'bj-1', kind: 'dc', place: { countryCode: 'CN', lat: 39.9, lng: 116.4 }, capacityPerDay: 2 },
  ])
  await putFacts(hub, 'item', 'sku', [{ sku: 'new-4', name: 'New' }])
  await putFacts(hub, 'channel', 'channelId', [{ channelId: 'shop', platform: 'direct', name: 'Shop', requiresPayment: false }])
  await countStock(hub, [{ sku: 'new-4', nodeId: 'bj-1', onHand: 9 }])
  const other = await otherProcess()
  const used = () => [...other.memory.capacityUsed.values()].reduce((sum, units) => sum + units, 0)
  const shipTo = { countryCode: 'CN', city: '北京', lat: 39.9, lng: 116.4 }
  const lines = [{ lineRef: '1', sku: 'new-4', quantity: 1, unitPrice: 100 }]
  const orderId = await place(hub, { channelId: 'shop', externalRef: 'day-1', currency: 'CNY', shipTo, lines })
  await other.hear()
  await other.keeper.refresh()
  assert.equal(used(), 1)
  await act(hub, orderId, { action: 'cancel', reason: 'asked' })
  await other.hear()
  await other.keeper.refresh()
  assert.equal(used(), 0)
})
