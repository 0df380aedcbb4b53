import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'
import { present } from '../../kernel/assert.ts'
import { HOUR, instant } from '../../kernel/time.ts'
import type { Order } from '../order/state.ts'

/** An order of two units, each in a parcel of its own; `collected`: the carrier has the first. */
function packed({ collected = false } = {}) {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false })
  trade.stock('tea', 'n1', 10)
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  const { fulfillmentOrderId } = workOf(order)
  const act = (verb: string, more: object = {}): Order =>
    (order = trade.act(order, { action: 'work', fulfillmentOrderId, verb, ...more } as never))
  act('start')
  act('pick')
  act('pack', { parcels: ['A', 'B'].map((trackingNo) => ({ trackingNo, lines: [{ lineRef: '1', quantity: 1 }] })) })
  const scan = (meaning: 'collected' | 'delivered'): Order => {
    trade.pass(HOUR)
    const one = { key: meaning, meaning, occurredAt: instant(trade.now), precision: 'instant', timeBasis: 'offset', flags: [] } as const
    const parcelId = [...(workOf(order).parcels ?? []), ...(workOf(order).voided ?? [])].find(
      (parcel) => parcel.trackingNo === 'A',
    )?.parcelId
    return (order = trade.act(order, { action: 'scan', parcelId: present(parcelId, 'a parcel'), carrierId: 'c', scans: [one] }))
  }
  if (collected) scan('collected')
  return { trade, act, scan, now: () => order }
}
const workOf = (order: Order) => present(order.state.fulfillmentOrders[0], 'the work')
const labels = (order: Order) => ({
  parcels: (workOf(order).parcels ?? []).map((one) => [one.trackingNo, one.state]),
  voided: (workOf(order).voided ?? []).map((one) => [one.trackingNo, one.state]),
})

test('parcels of work that is cancelled are void with it', () => {
  const { trade, act } = packed()
  act('requestCancel', { reason: 'asked' })
  const order = act('cancel', { reason: 'asked' })
  assert.equal(workOf(order).work, 'cancelled')
  assert.deepEqual(labels(order), {
    parcels: [],
    voided: [
      ['A', 'voided'],
      ['B', 'voided'],
    ],
  })
  assert.ok(workOf(order).voided?.every((one) => one.voidedAt === trade.now))
})

test('what a carrier has by then stays as its scans say', () => {
  const { act } = packed({ collected: true })
  act('requestCancel', { reason: 'asked' })
  assert.deepEqual(labels(act('cancel', { reason: 'asked' })), { parcels: [['A', 'collected']], voided: [['B', 'voided']] })
})

test('scans of a label that ended with its work are kept and move nothing', () => {
  const { act, scan } = packed()
  act('requestCancel', { reason: 'asked' })
  act('cancel', { reason: 'asked' })
  const order = scan('delivered')
  assert.deepEqual(labels(order).voided[0], ['A', 'voided'])
  assert.equal(workOf(order).voided?.[0]?.scans?.length, 1)
  assert.equal(order.state.lines[0]?.delivered, 0)
})

test('parcels of work that stands are left alone', () => {
  const { now } = packed()
  assert.deepEqual(labels(now()), {
    parcels: [
      ['A', undefined],
      ['B', undefined],
    ],
    voided: [],
  })
})
