import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkAction } from '../../../contract/entities/fulfillment-order.ts'
import { present } from '../../kernel/assert.ts'
import { DAY, HOUR } from '../../kernel/time.ts'
import { Trade } from '../../../test/support/trade.ts'
import { workActionsOf } from '../fulfillment/allowed-work.ts'
import { ledgerViolations } from '../order/line-ledger.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order, PlannedOrder } from '../order/state.ts'

function town(store: Record<string, unknown> = {}, channel: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.node('dc')
  trade.node('store', 'CN', { kind: 'store', pickup: {}, ...store })
  trade.channel('shop', { requiresPayment: false, ...channel })
  trade.stock('tea', 'dc', 50)
  trade.stock('tea', 'store', 3)
  return trade
}
const pickup = { pickup: { nodeId: 'store' } }
const tea = (quantity: number) => [{ sku: 'tea', quantity }]
const workOf = ({ state }: Order): PlannedOrder => present(state.fulfillmentOrders.at(-1), 'the work')
const does = (trade: Trade, order: Order, verb: WorkAction, more: object = {}): Order =>
  trade.act(order, { action: 'work', verb, fulfillmentOrderId: workOf(order).fulfillmentOrderId, ...more })
const doAll = (trade: Trade, order: Order, ...verbs: WorkAction[]): Order => verbs.reduce((now, verb) => does(trade, now, verb), order)
const ready = (trade: Trade, order: Order): Order => doAll(trade, order, 'start', 'pick', 'setReady')

test('what is collected is sourced at its node alone, promised when the node has it ready, and no carrier is asked', () => {
  const trade = town({ handlingMinutes: 90 })
  const order = trade.place(trade.order(tea(2), pickup))
  const work = workOf(order)
  assert.deepEqual(
    [work.nodeId, work.carrierId, order.state.promise.service, order.state.promise.basis],
    ['store', undefined, 'pickup', 'configured'],
  )
  assert.deepEqual([order.state.promise.deliverBy, order.state.promise.co2eGrams], [trade.now + 1.5 * HOUR, 0])
})

test('a full day of the node is not the day on which it is ready', () => {
  const trade = town({ capacityPerDay: 1 })
  const first = trade.place(trade.order(tea(1), pickup))
  const day = present(workOf(first).capacityDay, 'the day')
  trade.useDay('store', day)
  const second = trade.place(trade.order(tea(1), pickup))
  assert.ok(present(workOf(second).capacityDay, 'its day') > day)
})

/** What the order asks for, how the world is, and what is said. */
const refusals: readonly [string, Record<string, unknown>, Record<string, unknown>, string][] = [
  ['an unknown node', { pickup: { nodeId: 'nowhere' } }, {}, 'node_unknown'],
  ['a node without pick-up', { pickup: { nodeId: 'dc' } }, {}, 'pickup_unavailable'],
  ['a closed node', pickup, { closed: true }, 'pickup_unavailable'],
  ['a node of another channel', pickup, { channels: ['other'] }, 'pickup_unavailable'],
]
for (const [what, more, store, code] of refusals)
  test(`an order collected at ${what} is refused: ${code}`, () => {
    const trade = town(store)
    const outcome = trade.decide(trade.order(tea(1), more))
    assert.equal(outcome.status === 'refused' && outcome.code, code)
  })

test('what the node does not have is short, however much lies elsewhere', () => {
  const outcome = town().decide(town().order(tea(4), pickup))
  assert.equal(outcome.status === 'refused' && outcome.code, 'stock_short')
})

test('it is picked, set aside and collected; stock leaves with the buyer, no parcel is made', () => {
  const trade = town()
  const order = trade.place(trade.order(tea(2), pickup))
  assert.ok(!workActionsOf(order, workOf(order)).includes('move'))
  const picked = doAll(trade, order, 'start', 'pick')
  const actions = workActionsOf(picked, workOf(picked))
  assert.deepEqual([actions.includes('pack'), actions.includes('setReady'), actions.includes('collect')], [false, true, false])
  const set = does(trade, picked, 'setReady')
  assert.deepEqual([workOf(set).work, set.state.lines[0]?.packed, set.state.lines[0]?.shipped], ['readyForPickup', 2, 0])
  assert.equal(phaseOf(set.intake, set.state), 'inFulfillment')
  assert.equal(trade.rowOf('tea', 'store').onHand, 3)
  const collected = does(trade, set, 'collect')
  assert.equal(phaseOf(collected.intake, collected.state), 'delivered')
  assert.deepEqual([trade.rowOf('tea', 'store').onHand, trade.rowOf('tea', 'store').committed], [1, 0])
  for (const one of [order, picked, set, collected]) assert.deepEqual(ledgerViolations(one), [])
})

test('an order that is sent is never set aside or collected', () => {
  const trade = town()
  const picked = doAll(trade, trade.place(trade.order(tea(1))), 'start', 'pick')
  const actions = workActionsOf(picked, workOf(picked))
  assert.deepEqual([actions.includes('setReady'), actions.includes('pack')], [false, true])
})

test('where the node asks for a code, it is made when the order is ready, and nothing is given out without it', () => {
  const trade = town({ pickup: { code: true, holdHours: 48 } })
  const set = ready(trade, trade.place(trade.order(tea(1), pickup)))
  const { code, collectBy } = workOf(set)
  assert.match(code ?? '', /^\d{6}$/)
  assert.equal(collectBy, trade.now + 48 * HOUR)
  const wrong = code === '000000' ? '000001' : '000000'
  for (const given of [{}, { code: wrong }]) {
    const { fulfillmentOrderId } = workOf(set)
    const outcome = trade.ask(set, { action: 'work', verb: 'collect', fulfillmentOrderId, ...given })
    assert.equal(outcome.status === 'refused' && outcome.code, 'pickup_code_wrong')
  }
  const collected = does(trade, set, 'collect', { code })
  assert.deepEqual([workOf(collected).work, workOf(collected).code], ['done', undefined])
})

test('what nobody collects becomes a task when its time is over, which ends with the collection', () => {
  const trade = town()
  const set = ready(trade, trade.place(trade.order(tea(1), pickup)))
  assert.deepEqual(
    set.state.clocks.filter((one) => one.state === 'running').map((one) => [one.clock, one.dueAt]),
    [['collect', trade.now + 7 * DAY]],
  )
  trade.pass(7 * DAY)
  const late = trade.act(set, { action: 'tick' })
  assert.deepEqual(
    late.state.tasks?.map((one) => [one.kind, one.owner, one.doneAt]),
    [['pickupOverdue', 'agent', undefined]],
  )
  const collected = does(trade, late, 'collect')
  assert.notEqual(collected.state.tasks?.[0]?.doneAt, undefined)
})

test('what is ready can still be cancelled: it goes back to the shelf', () => {
  const trade = town()
  const set = ready(trade, trade.place(trade.order(tea(2), pickup)))
  const cancelled = trade.act(set, { action: 'cancel', reason: 'not_collected' })
  assert.deepEqual([cancelled.state.state, trade.rowOf('tea', 'store').committed, trade.rowOf('tea', 'store').onHand], ['cancelled', 0, 3])
})

test('a collected order goes nowhere else: neither its address nor its node can be changed', () => {
  const trade = town()
  const order = trade.place(trade.order(tea(1), pickup))
  const edits = { shipTo: { countryCode: 'CN', city: '北京' } }
  const changed = trade.ask(order, { action: 'proposeChange', changeId: 'c1', edits })
  assert.equal(changed.status === 'refused' && changed.code, 'order_contradictory')
  const rejected = does(trade, order, 'reject', { reason: 'no_staff' })
  assert.deepEqual([rejected.state.lines[0]?.backordered, rejected.state.tasks?.[0]?.kind], [1, 'stockMissing'])
})

test('what waits for supply of its node is promised from there', () => {
  const trade = town({}, { shortage: 'backorder' })
  const availableAt = new Date(trade.now + 2 * DAY).toISOString()
  for (const nodeId of ['dc', 'store'])
    trade.put('supply', `po-${nodeId}`, { supplyId: `po-${nodeId}`, sku: 'tea', nodeId, kind: 'purchaseOrder', quantity: 9, availableAt })
  const order = trade.place(trade.order(tea(5), pickup))
  assert.deepEqual(order.state.awaiting, [{ supplyId: 'po-store', quantity: 2 }])
  assert.equal(order.state.promise.deliverBy, trade.now + 2 * DAY)
})
