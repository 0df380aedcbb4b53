import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkAction } from '../../../contract/entities/fulfillment-order.ts'
import { present } from '../../kernel/assert.ts'
import { MINUTE } from '../../kernel/time.ts'
import { Trade } from '../../../test/support/trade.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order, PlannedOrder } from '../order/state.ts'

const NEAR = { countryCode: 'CN', city: '杭州', lat: 30.27, lng: 120.16 }
const FAR = { countryCode: 'CN', city: '北京', lat: 39.9, lng: 116.4 }

/** A centre far away, and one node next door of another kind; both have the goods. */
function town(kind: 'store' | 'supplier', more: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.node('centre', 'CN', { place: FAR })
  trade.node('near', 'CN', { kind, place: NEAR, ...more })
  trade.channel('shop', { requiresPayment: false })
  for (const nodeId of ['centre', 'near']) trade.stock('tea', nodeId, 9)
  return trade
}
const tea = [{ sku: 'tea', quantity: 1 }]
const workOf = ({ state }: Order): PlannedOrder => present(state.fulfillmentOrders.at(-1), 'the work')
const does = (trade: Trade, order: Order, verb: WorkAction, more: object = {}): Order =>
  trade.act(order, { action: 'work', verb, fulfillmentOrderId: workOf(order).fulfillmentOrderId, ...more })

/** How the near node is set up, what the order asks for, and who serves it. */
const choices: readonly [string, 'store' | 'supplier', Record<string, unknown>, object, string][] = [
  ['a store ships like any node', 'store', {}, {}, 'near'],
  ['a supplier ships like any node', 'supplier', {}, {}, 'near'],
  ['a store that costs more than the way from the centre does not', 'store', { handlingPerOrder: 90_000 }, {}, 'centre'],
  ['a store that sends nothing out does not', 'store', { ships: false, pickup: {} }, {}, 'centre'],
  [
    'a store that sends nothing out gives out what buyers collect',
    'store',
    { ships: false, pickup: {} },
    { pickup: { nodeId: 'near' } },
    'near',
  ],
  ['a supplier of another channel does not', 'supplier', { channels: ['other'] }, {}, 'centre'],
]
for (const [what, kind, more, asked, expected] of choices)
  test(`${what}: ${expected} serves`, () => {
    const trade = town(kind, more)
    assert.equal(workOf(trade.place(trade.order(tea, asked))).nodeId, expected)
  })

test('what lies only where nothing is sent out cannot be sold for delivery, and its dated supply is not waited for', () => {
  const trade = town('store', { ships: false, pickup: {} })
  trade.stock('tea', 'centre', 0)
  const refused = trade.decide(trade.order(tea))
  assert.equal(refused.status === 'refused' && refused.code, 'unroutable')
  trade.channel('shop', { requiresPayment: false, shortage: 'backorder' })
  const availableAt = new Date(trade.now + 60 * MINUTE).toISOString()
  trade.put('supply', 'po', { supplyId: 'po', sku: 'tea', nodeId: 'near', kind: 'purchaseOrder', quantity: 9, availableAt })
  assert.equal(trade.place(trade.order(tea)).state.awaiting, undefined)
})

test('a store’s day that is full goes to the next node or day, never beyond its capacity', () => {
  const trade = town('store', { capacityPerDay: 1 })
  const first = trade.place(trade.order(tea))
  const day = present(workOf(first).capacityDay, 'the day')
  trade.useDay('near', day)
  const second = workOf(trade.place(trade.order(tea)))
  assert.ok(second.nodeId === 'centre' || present(second.capacityDay, 'its day') > day)
})

test('a supplier is asked first, takes the work on in its time, and sends with a carrier and numbers of its own', () => {
  const trade = town('supplier', { acceptMinutes: 60 })
  trade.put('carrier', 'own', {
    carrierId: 'own',
    name: 'own',
    services: [{ serviceId: 'van', name: 'van', mode: 'van', transitDays: { min: 1, max: 1 } }],
  })
  const offered = trade.place(trade.order(tea))
  assert.deepEqual(
    [workOf(offered).request, workOf(offered).acceptBy, phaseOf(offered.intake, offered.state)],
    ['offered', trade.now + 60 * MINUTE, 'awaitingAccept'],
  )
  let order = does(trade, does(trade, does(trade, offered, 'accept'), 'start'), 'pick')
  order = does(trade, order, 'pack', { parcels: [{ carrierId: 'own', serviceId: 'van', trackingNo: 'OWN-1' }] })
  order = does(trade, order, 'handOver')
  assert.deepEqual([phaseOf(order.intake, order.state), workOf(order).parcels?.[0]?.trackingNo], ['inTransit', 'OWN-1'])
  assert.equal(trade.rowOf('tea', 'near').onHand, 8)
})

/** How a supplier says no. */
const refusals: readonly [string, (trade: Trade, order: Order) => Order][] = [
  ['refuses', (trade, order) => does(trade, order, 'reject', { reason: 'sold_out' })],
  [
    'lets its time pass',
    (trade, order) => {
      trade.pass(60 * MINUTE)
      return trade.act(order, { action: 'tick' })
    },
  ],
]
for (const [what, says] of refusals)
  test(`a supplier that ${what} is relieved: the centre does it, and its goods are free again`, () => {
    const trade = town('supplier', { acceptMinutes: 60 })
    const order = says(trade, trade.place(trade.order(tea)))
    assert.deepEqual([workOf(order).nodeId, trade.rowOf('tea', 'near').committed, trade.rowOf('tea', 'centre').committed], ['centre', 0, 1])
  })
