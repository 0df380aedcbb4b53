import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import type { OrderInput } from '../../contract/entities/order.ts'
import { openHub } from '../../server/engine/hub.ts'
import { readHandlers } from '../../server/http/handlers/reads.ts'
import { idToInt8, type OrderId } from '../../server/kernel/ids.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { testDatabase } from '../support/database.ts'
import { ITEM, NODE, orderOf } from '../support/first-world.ts'
import { act, asked, countStock, place, putFacts, someone, valueOf } from '../support/read-hub.ts'

/** What clocks are told; moved by hand. */
let ahead = 0
const db = await testDatabase()
const hub = await openHub({
  connection: db.connection,
  masterKeys: parseMasterKeys(randomBytes(32).toString('hex')),
  log: { info() {}, warn() {}, error() {} },
  wallNow: () => Date.now() + ahead,
  bidPrices: false,
})
after(() => hub.stop())
const { pool, memory, facts, vault, blindIndex } = hub
const reads = readHandlers({ pool, memory, facts, vault, blindIndex, logShards: hub.settings.logShards, now: () => hub.clock.now() })
const admin = someone('admin')

await putFacts(hub, 'node', 'nodeId', [NODE])
await putFacts(hub, 'item', 'sku', [ITEM])
await putFacts(hub, 'channel', 'channelId', [
  { channelId: 'drops', platform: 'direct', name: 'Drops', unpaid: { holdMinutes: 1, onExpiry: 'cancel' } },
  { channelId: 'checks', platform: 'direct', name: 'Checks', unpaid: { holdMinutes: 1, onExpiry: 'recheck' } },
])
await countStock(hub, [{ sku: 'tea-500', nodeId: 'sh-1', onHand: 5 }])

const read = async (orderId: OrderId) =>
  valueOf('order.get', await reads['order.get'](asked(admin), { params: { orderId }, query: {}, body: undefined }))
const stock = async () => {
  const page = valueOf(
    'stock.list',
    await reads['stock.list'](asked(admin), { params: undefined, query: { sku: 'tea-500' }, body: undefined }),
  )
  const { soft, committed, available } = page.items[0] ?? {}
  return { soft, committed, available }
}
const unpaid = (ref: string, channelId: string, quantity: number): OrderInput => orderOf(ref, { channelId, quantity, paid: false })

/** Lets so much time pass, and waits until the order's next event is recorded. */
async function pass(minutes: number, orderId: OrderId, types: readonly string[]): Promise<void> {
  const happened = new Promise<void>((resolve) => {
    hub.follower.listen((rows) => {
      if (rows.some((row) => row.orderId === idToInt8(orderId) && types.includes(row.type))) resolve()
    })
  })
  ahead += minutes * 60_000
  await happened
}

test('an unpaid order is cancelled when its hold expires, and others can buy what it held', { timeout: 20_000 }, async () => {
  const orderId = await place(hub, unpaid('late-1', 'drops', 5))
  assert.deepEqual(await stock(), { soft: 5, committed: 0, available: 0 })
  await assert.rejects(place(hub, unpaid('late-2', 'drops', 1)), /stock_short/)
  await pass(2, orderId, ['order.cancelled'])
  assert.equal((await read(orderId)).state, 'cancelled')
  assert.deepEqual(await stock(), { soft: 0, committed: 0, available: 5 })
  const next = await place(hub, unpaid('late-2', 'drops', 1))
  await act(hub, next, { action: 'cancel', reason: 'test' })
})

test('where the channel says so an unpaid order is checked again and keeps its place', { timeout: 20_000 }, async () => {
  const orderId = await place(hub, unpaid('again-1', 'checks', 2))
  const before = await read(orderId)
  await pass(2, orderId, ['order.sourced'])
  const now = await read(orderId)
  assert.deepEqual([now.state, now.phase], ['accepted', 'awaitingPayment'])
  assert.ok(String(now.nextDueAt) > String(before.nextDueAt))
  assert.equal((await stock()).soft, 2)
  const paid = await act(hub, orderId, { action: 'payments', entries: [{ kind: 'capture', method: 'card', amount: 25_600 }] })
  assert.equal(paid?.state.lines[0]?.reserved, 2)
  assert.deepEqual(await stock(), { soft: 0, committed: 2, available: 3 })
})

test('a payment in time keeps the units through the expiry of the hold', { timeout: 20_000 }, async () => {
  const orderId = await place(hub, unpaid('in-time-1', 'drops', 1))
  await act(hub, orderId, { action: 'payments', entries: [{ kind: 'capture', method: 'card', amount: 12_800 }] })
  const other = await place(hub, unpaid('in-time-2', 'drops', 1))
  await pass(2, other, ['order.cancelled'])
  assert.equal((await read(orderId)).state, 'accepted')
  assert.deepEqual(await stock(), { soft: 0, committed: 3, available: 2 })
})
