import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { OrderInput } from '../../contract/entities/order.ts'
import { channelMapper } from '../../server/connect/channels/channel-mapper.ts'
import { purchasesIn } from '../shoppers/habits.ts'
import { type Purchase, purchaseOf, totalOf } from '../shoppers/purchase.ts'
import { CHANNELS, secretOf } from '../world/channels.ts'
import { worldOf } from '../world/world.ts'
import { directOrder } from './direct.ts'
import { platformCall, platformList } from './platform-call.ts'
import { shopifyRef } from './shopify.ts'

const world = worldOf(1)
const mapper = channelMapper()
const FROM = Date.UTC(2026, 10, 20, 12)
const purchases = [0, 1, 2, 3].flatMap((n) =>
  purchasesIn(world, { from: FROM + n * 1_800_000, to: FROM + (n + 1) * 1_800_000 }, { least: 40 }),
)
const ofPlatforms = purchases.filter((one) => one.channel.platform !== 'direct')

function read(purchase: Purchase, more: { isPaid?: boolean; isCancelled?: boolean } = {}) {
  const { channelId, platform } = purchase.channel
  const secret = secretOf(world.seed, channelId)
  const stage = { purchase, at: purchase.placedAt + 60_000, isPaid: true, isCancelled: false, ...more }
  const call = platformCall(stage, secret)
  assert.ok(call !== undefined)
  const signature = mapper.verifySignature(platform, { headers: call.headers, rawBody: call.body, secret, query: call.query })
  const mapped = mapper.mapBody({ channelId, platform, zone: 'Asia/Shanghai' }, Buffer.from(call.body).toString())
  const [order] = mapped.orders
  assert.ok(order !== undefined && mapped.orders.length === 1, JSON.stringify(mapped.issues))
  return { signature, order }
}

test('a platform’s body is signed, read without anybody having to look, and says what was bought to the fen', () => {
  assert.equal(new Set(ofPlatforms.map((one) => one.channel.platform)).size, 4)
  for (const purchase of ofPlatforms) {
    const { signature, order } = read(purchase)
    assert.equal(signature, 'valid')
    assert.equal(order.verdict, 'clean', JSON.stringify(order.issues))
    assert.equal(order.stated.total, totalOf(purchase))
    if (purchase.channel.platform === 'shopify') assert.equal(order.externalRef, shopifyRef(purchase))
    assert.deepEqual(
      order.order?.lines.map(({ sku, quantity }) => ({ sku, quantity })),
      purchase.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    )
    const lines = order.order?.lines.reduce((sum, line) => sum + line.quantity * line.unitPrice - (line.discount ?? 0), 0)
    assert.equal((lines ?? 0) + (order.order?.shipping?.amount ?? 0), totalOf(purchase))
    assert.deepEqual(
      order.order?.payments?.map(({ amount }) => amount),
      [totalOf(purchase)],
    )
  }
})

test('a body before payment has no payment, one after a change of mind is a cancellation, and both name the same order', () => {
  for (const purchase of ofPlatforms.slice(0, 40)) {
    const unpaid = read(purchase, { isPaid: false }).order
    const gone = read(purchase, { isCancelled: true }).order
    assert.deepEqual(
      (unpaid.order?.payments ?? []).filter(({ kind }) => kind === 'capture'),
      [],
    )
    assert.ok(gone.cancelled !== undefined)
    // What is given back goes the way it came, or nobody could say how much of it is left.
    const captured = new Set(gone.order?.payments?.filter(({ kind }) => kind === 'capture').map(({ method }) => method))
    for (const { kind, method } of gone.order?.payments ?? []) assert.ok(kind !== 'refund' || captured.has(method), method)
    assert.equal(unpaid.externalRef, gone.externalRef)
  }
})

test('whoever asks a platform for its orders reads the same of each as in a body of its own', () => {
  for (const platform of ['taobao', 'douyin', 'shopify', 'woocommerce'] as const) {
    const some = ofPlatforms.filter(({ channel }) => channel.platform === platform).slice(0, 5)
    assert.equal(some.length, 5)
    const stages = some.map((purchase) => ({ purchase, at: purchase.placedAt + 60_000, isPaid: true, isCancelled: false }))
    const channel = { channelId: some[0]?.channel.channelId ?? '', platform, zone: 'Asia/Shanghai' }
    const listed = mapper.mapBody(channel, Buffer.from(platformList(platform, stages)).toString())
    assert.deepEqual(listed.issues, [])
    assert.deepEqual(
      listed.orders.map(({ order, externalRef, verdict }) => ({ order, externalRef, verdict })),
      some.map((purchase) => {
        const { order, externalRef, verdict } = read(purchase).order
        return { order, externalRef, verdict }
      }),
    )
  }
})

test('what is not out yet is told of when its deposit is paid, and again when all of it is', () => {
  const shop = CHANNELS.find(({ channelId }) => channelId === 'web')
  assert.ok(shop !== undefined)
  const bought = Array.from({ length: 200 }, (_, n) => purchaseOf(world, shop, n, FROM)).filter(({ deposit }) => deposit !== undefined)
  assert.ok(bought.length > 5)
  for (const purchase of bought) {
    assert.deepEqual([purchase.lines.length, purchase.lines[0]?.quantity, purchase.regretsAt], [1, 1, undefined])
    const captured = (isPaid: boolean) => read(purchase, { isPaid }).order.order?.payments?.map(({ amount }) => amount)
    assert.deepEqual(captured(false), [purchase.deposit])
    assert.deepEqual(captured(true), [totalOf(purchase)])
  }
})

test('what the app and companies order passes the schema of POST /v1/orders', () => {
  const check = Compile(OrderInput)
  const direct = purchases.filter((one) => one.channel.platform === 'direct')
  assert.ok(direct.length > 10)
  for (const purchase of direct) assert.ok(check.Check(directOrder(purchase, purchase.accountId === undefined)))
})
