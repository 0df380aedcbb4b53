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

test(
  'a pre-order is firm with its deposit; when its goods are there the balance is asked for, and an order without it ends',
  { timeout: 40_000 },
  async () => {
    const soon = (minutes: number) => new Date(hub.clock.now() + minutes * 60_000).toISOString()
    await putFacts(hub, 'channel', 'channelId', [
      { channelId: 'pre', platform: 'direct', name: 'Pre', shortage: 'backorder', preOrder: { depositPercent: 25, balanceHours: 24 } },
    ])
    await putFacts(hub, 'item', 'sku', [{ sku: 'phone', name: 'phone' }])
    const supply = { supplyId: 'po-phone', sku: 'phone', nodeId: 'sh-1', kind: 'purchaseOrder', quantity: 4, availableAt: soon(60) }
    await putFacts(hub, 'supply', 'supplyId', [supply])
    const order = (ref: string) => {
      const { payments: _, ...rest } = orderOf(ref, { channelId: 'pre', sku: 'phone', quantity: 2 })
      return { ...rest, payments: [{ kind: 'capture' as const, method: 'card', amount: 6400 }] }
    }
    const [paid, left] = [await place(hub, order('pre-1')), await place(hub, order('pre-2'))]
    const firm = await read(paid)
    assert.deepEqual([firm.phase, firm.payments?.preOrder], ['sourcing', { deposit: 6400, dueNow: 0 }])

    await countStock(hub, [{ sku: 'phone', nodeId: 'sh-1', onHand: 4 }])
    const asked = Promise.all([paid, left].map((orderId) => pass(30, orderId, ['payment.due'])))
    await asked
    const waiting = await read(paid)
    assert.deepEqual([waiting.phase, waiting.payments?.preOrder?.dueNow, waiting.payments?.due], ['awaitingPayment', 19_200, 19_200])

    const done = await act(hub, paid, { action: 'payments', entries: [{ kind: 'capture', method: 'card', amount: 19_200 }] })
    assert.ok(done)
    assert.equal((await read(paid)).phase, 'inFulfillment')
    await pass(24 * 60, left, ['order.cancelled'])
    const ended = await read(left)
    assert.deepEqual([ended.state, ended.payments?.due], ['cancelled', -6400])
  },
)
