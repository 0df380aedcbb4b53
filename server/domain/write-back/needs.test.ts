import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writtenStates } from '../../../contract/entities/channel.ts'
import type { LoggedEvent } from '../event/logged-event.ts'
import { needsOf } from './needs.ts'

const event = (type: string, data: object, more: Partial<LoggedEvent> = {}): LoggedEvent => ({
  position: 1,
  type,
  version: 1,
  subjectKind: 'order',
  subjectId: 'ord_1',
  subjectVersion: 1,
  orderId: '1',
  channelId: 'shop',
  nodeIds: null,
  customerRef: null,
  accountId: null,
  occurredAt: 0,
  recordedAt: 0,
  actor: { kind: 'person', id: 'x' },
  cause: null,
  traceId: null,
  data: { ...data },
  ...more,
})
const all = (one: LoggedEvent) => needsOf(one, 'shop', writtenStates)
const cancelled = event('order.cancelled', { reason: 'asked', stock: [{ sku: 'tea', nodeId: 'n1', committed: -1 }] })

test('a hand-over asks for its parcels, a cancellation for itself and for what it gives back', () => {
  const handedOver = event('fulfillment.handedOver', { fulfillmentOrderId: 'ful_1', parcelIds: ['par_1', 'par_2'] })
  assert.deepEqual(all(handedOver), [{ kind: 'shipped', fulfillmentOrderId: 'ful_1', parcelIds: ['par_1', 'par_2'] }])
  assert.deepEqual(all(cancelled), [
    { kind: 'cancelled', reason: 'asked' },
    { kind: 'stock', skus: ['tea'] },
  ])
})

test('what the channel said itself is not told back to it, its effect on stock is', () => {
  assert.deepEqual(all({ ...cancelled, actor: { kind: 'channel', id: 'shop' } }), [{ kind: 'stock', skus: ['tea'] }])
})

test('another channel’s order asks for nothing but its stock', () => {
  assert.deepEqual(all({ ...cancelled, channelId: 'web' }), [{ kind: 'stock', skus: ['tea'] }])
  assert.deepEqual(all(event('order.accepted', {}, { channelId: 'web' })), [])
})

test('a count and a reservation ask for the items they move, each once', () => {
  const counted = event('stock.counted', { sku: 'tea', onHand: 3 }, { subjectKind: 'stock', channelId: null, orderId: null })
  assert.deepEqual(all(counted), [{ kind: 'stock', skus: ['tea'] }])
  const sourced = event('order.sourced', { reserved: [{ sku: 'tea' }, { sku: 'cup' }, { sku: 'tea' }] })
  assert.deepEqual(all(sourced), [{ kind: 'stock', skus: ['tea', 'cup'] }])
})

test('states that are left out are not asked for', () => {
  assert.deepEqual(needsOf(cancelled, 'shop', ['shipped']), [])
  assert.deepEqual(needsOf(cancelled, 'shop', ['stock']), [{ kind: 'stock', skus: ['tea'] }])
})

test('digital goods are told of as given, also to the channel that told of the order', () => {
  const lines = [{ lineRef: '1', sku: 'song', quantity: 2 }]
  const delivered = event('order.digitalDelivered', { lines }, { actor: { kind: 'channel', id: 'shop' } })
  assert.deepEqual(all(delivered), [{ kind: 'given', subject: 'digital', lines: [{ lineRef: '1', quantity: 2 }] }])
})
