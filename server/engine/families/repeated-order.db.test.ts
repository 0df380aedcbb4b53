import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { OrderInput } from '../../../contract/entities/order.ts'
import { splitPerson } from '../../domain/order/person.ts'
import { shardOfRef } from '../../kernel/ids.ts'
import { sealPerson } from '../../store/seal-person.ts'
import { countStock, putFacts, readHub } from '../../../test/support/read-hub.ts'
import type { PlaceOrder } from './order-command.ts'

const { hub } = await readHub(1)
await putFacts(hub, 'item', 'sku', [{ sku: 'tea', name: 'Tea' }])
await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'sh', name: 'Shanghai', kind: 'dc', place: { countryCode: 'CN', lat: 31.2, lng: 121.5 } }])
await putFacts(hub, 'channel', 'channelId', [{ channelId: 'shop', platform: 'direct', name: 'Shop' }])
await countStock(hub, [{ sku: 'tea', nodeId: 'sh', onHand: 100 }])

const order = (externalRef: string, quantity: number, sku = 'tea'): OrderInput => ({
  channelId: 'shop',
  externalRef,
  currency: 'CNY',
  shipTo: { countryCode: 'CN', city: '杭州', lat: 30.3, lng: 120.1 },
  lines: [{ lineRef: '1', sku, quantity, unitPrice: 100 }],
})

function place(input: OrderInput, hash: string) {
  const split = splitPerson(input)
  const command: PlaceOrder = {
    kind: 'placeOrder',
    order: input,
    origin: 'api',
    inputHash: Buffer.from(hash),
    shard: shardOfRef(input.channelId, input.externalRef),
    seal: (orderId) => sealPerson(hub.vault, hub.blindIndex, orderId, split),
  }
  return hub.engine.submit(command, { actor: { kind: 'person', id: randomBytes(4).toString('hex') }, lane: 'interactive' })
}

test('an order that took most of the stock is answered again, not refused for want of it', async () => {
  const first = await place(order('A', 60), 'a')
  const again = await place(order('A', 60), 'a')
  assert.ok(first.status === 'done' && again.status === 'done')
  assert.equal(again.value.orderId, first.value.orderId)
  assert.equal(again.value.fresh, false)
})

test('other input under a known reference is a conflict, whatever else is wrong with it', async () => {
  const unknown = await place(order('A', 1, 'no-such-item'), 'b')
  assert.ok(unknown.status === 'refused')
  assert.equal(unknown.code, 'external_ref_conflict')
})

test('twenty equal orders at once that the stock covers once make one order and twenty answers with it', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => place(order('B', 40), 'same')))
  const ids = new Set(answers.map((answer) => (answer.status === 'done' ? answer.value.orderId : answer.code)))
  assert.equal(ids.size, 1)
  assert.equal(answers.filter((answer) => answer.status === 'done' && answer.value.fresh === true).length, 1)
})
