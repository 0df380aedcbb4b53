import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'
import { DAY, MINUTE } from '../../kernel/time.ts'
import type { Clock, Order, PlannedOrder } from './state.ts'

const workOf = (order: Order): PlannedOrder => order.state.fulfillmentOrders[0] ?? assert.fail()
const fulfilOf = (order: Order): Clock => order.state.clocks.find(({ clock }) => clock === 'fulfil') ?? assert.fail('no clock fulfil')
const shown = (order: Order): readonly unknown[] => {
  const { state, dueAt, breaches } = fulfilOf(order)
  return [state, dueAt, breaches]
}

function placed(): { readonly trade: Trade; readonly order: Order } {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false })
  trade.stock('tea', 'n1', 10)
  return { trade, order: trade.place(trade.order([{ sku: 'tea', quantity: 1 }])) }
}

function work(trade: Trade, order: Order, ...verbs: readonly string[]): Order {
  const { fulfillmentOrderId } = workOf(order)
  const parcels = [{ trackingNo: 'T1', lines: [{ lineRef: '1', sku: 'tea', quantity: 1 }] }]
  return verbs.reduce(
    (now, verb) => trade.act(now, { action: 'work', fulfillmentOrderId, verb, ...(verb === 'pack' ? { parcels } : {}) } as never),
    order,
  )
}
const tick = (trade: Trade, order: Order): Order => trade.act(order, { action: 'tick' })
const passTo = (trade: Trade, at: number): void => trade.pass(at - trade.now)

test('work that leaves in time breaches nothing: the clock then runs until the goods should be there', () => {
  const { trade, order } = placed()
  const { shipBy = 0, deliverBy = 0 } = workOf(order)
  assert.deepEqual(shown(order), ['running', shipBy, 0])
  passTo(trade, shipBy - MINUTE)
  const gone = work(trade, order, 'start', 'pick', 'pack', 'handOver')
  assert.deepEqual(shown(gone), ['running', deliverBy, 0])
  passTo(trade, deliverBy - MINUTE)
  assert.deepEqual(shown(tick(trade, gone)), ['running', deliverBy, 0])
  assert.equal(fulfilOf(work(trade, gone, 'deliver')).state, 'met')
})

test('goods that are not there by their date breach it, once until it is due again', () => {
  const { trade, order } = placed()
  const gone = work(trade, order, 'start', 'pick', 'pack', 'handOver')
  passTo(trade, workOf(order).deliverBy ?? 0)
  const late = tick(trade, gone)
  assert.deepEqual(shown(late), ['running', trade.now + DAY, 1])
  trade.pass(MINUTE)
  assert.deepEqual(shown(tick(trade, late)), shown(late))
  assert.equal(fulfilOf(work(trade, late, 'deliver')).state, 'breached')
})

test('work that leaves late has breached it, also when the goods are there in time', () => {
  const { trade, order } = placed()
  const { shipBy = 0, deliverBy = 0 } = workOf(order)
  passTo(trade, shipBy)
  const gone = work(trade, tick(trade, order), 'start', 'pick', 'pack', 'handOver')
  assert.deepEqual(shown(gone), ['running', deliverBy, 1])
  assert.equal(fulfilOf(work(trade, gone, 'deliver')).state, 'breached')
})
