import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ScanMeaning } from '../../../contract/entities/scan.ts'
import { Trade } from '../../../test/support/trade.ts'
import { HOUR, instant, MINUTE } from '../../kernel/time.ts'
import { nextDueAt } from '../order/clock.ts'
import type { Order, PlannedOrder } from '../order/state.ts'

const workOf = (order: Order): PlannedOrder => order.state.fulfillmentOrders[0] ?? assert.fail()
const usual = (order: Order): number => (workOf(order).deliverBy ?? 0) - (workOf(order).shipBy ?? 0)
const clockOf = (order: Order) => order.state.clocks.find((clock) => clock.clock === 'scan')
const tasksOf = (order: Order, kind: string) => (order.state.tasks ?? []).filter((task) => task.kind === kind)
const openOf = (order: Order, kind: string) => tasksOf(order, kind).filter((task) => task.doneAt === undefined)

/** One parcel on its way, with a tracking number unless told otherwise. */
function onItsWay(more: object = { trackingNo: 'T1' }): { readonly trade: Trade; readonly order: Order } {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false })
  trade.stock('tea', 'n1', 10)
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]))
  const { fulfillmentOrderId } = workOf(order)
  const parcels = [{ ...more, lines: [{ lineRef: '1', sku: 'tea', quantity: 1 }] }]
  for (const [verb, input] of [
    ['start', {}],
    ['pick', {}],
    ['pack', { parcels }],
    ['handOver', {}],
  ] as const)
    order = trade.act(order, { action: 'work', fulfillmentOrderId, verb, ...input } as never)
  return { trade, order }
}
function scan(trade: Trade, order: Order, meaning: ScanMeaning): Order {
  const one = {
    key: `${meaning}@${trade.now}`,
    meaning,
    occurredAt: trade.now,
    precision: 'minute',
    timeBasis: 'offset',
    flags: [],
  } as const
  const { parcelId } = workOf(order).parcels?.[0] ?? assert.fail()
  return trade.act(order, { action: 'scan', parcelId, carrierId: 'c', scans: [one as never] })
}
const tick = (trade: Trade, order: Order): Order => trade.act(order, { action: 'tick' })

test('a parcel that no carrier tells of for as long as its lane takes becomes a task with an owner, once', () => {
  const { trade, order } = onItsWay()
  const due = instant(trade.now + usual(order))
  assert.deepEqual([clockOf(order)?.state, clockOf(order)?.dueAt], ['running', due])
  trade.pass(usual(order) - MINUTE)
  assert.deepEqual(openOf(tick(trade, order), 'parcelSilent'), [])
  trade.pass(MINUTE)
  const silent = tick(trade, order)
  assert.deepEqual(
    openOf(silent, 'parcelSilent').map((task) => [task.owner, task.nodeId]),
    [['agent', 'n1']],
  )
  assert.equal(clockOf(silent)?.state, 'breached')
  assert.ok((nextDueAt(silent.state) ?? 0) > trade.now, 'the order still has a clock')
  trade.pass(30 * 24 * HOUR)
  assert.equal(tasksOf(tick(trade, silent), 'parcelSilent').length, 1)
})

test('each scan gives the carrier as long again, and one that comes late ends the task', () => {
  const { trade, order } = onItsWay()
  trade.pass(usual(order) - HOUR)
  const heard = scan(trade, order, 'collected')
  assert.equal(clockOf(heard)?.dueAt, trade.now + usual(order))
  trade.pass(usual(order))
  const silent = tick(trade, heard)
  assert.equal(openOf(silent, 'parcelSilent').length, 1)
  trade.pass(HOUR)
  const again = scan(trade, silent, 'departed')
  assert.deepEqual(openOf(again, 'parcelSilent'), [])
  assert.deepEqual([clockOf(again)?.state, clockOf(again)?.dueAt], ['running', trade.now + usual(order)])
})

test('a task that a person has seen to is opened anew only after as long a silence again', () => {
  const { trade, order } = onItsWay()
  trade.pass(usual(order))
  const silent = tick(trade, order)
  const [task] = openOf(silent, 'parcelSilent')
  const seen = trade.act(silent, { action: 'task', taskId: task?.taskId ?? '', verb: 'done', reason: 'carrier says it moves' })
  assert.equal(clockOf(seen)?.dueAt, trade.now + usual(order))
  trade.pass(usual(order) - MINUTE)
  assert.equal(tasksOf(tick(trade, seen), 'parcelSilent').length, 1)
  trade.pass(MINUTE)
  assert.equal(tasksOf(tick(trade, seen), 'parcelSilent').length, 2)
})

test('a delivered parcel, and one without a number that scans could name, is not listened for', () => {
  const { trade, order } = onItsWay()
  assert.equal(clockOf(scan(trade, order, 'delivered'))?.state, 'met')
  assert.equal(clockOf(onItsWay({}).order), undefined)
})

test('a lost parcel is a task until a scan says that it was found', () => {
  const { trade, order } = onItsWay()
  const lost = scan(trade, scan(trade, order, 'collected'), 'lost')
  assert.deepEqual([openOf(lost, 'parcelLost').length, clockOf(lost)?.state], [1, 'met'])
  assert.ok(nextDueAt(lost.state) !== undefined)
  trade.pass(HOUR)
  assert.deepEqual(openOf(scan(trade, lost, 'delivered'), 'parcelLost'), [])
})
