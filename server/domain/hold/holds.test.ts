import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'
import type { Role } from '../../../contract/access.ts'
import { workActionsOf } from '../fulfillment/allowed-work.ts'
import { allowedActionsOf, phaseOf } from '../order/derive.ts'
import type { Order } from '../order/state.ts'
import type { PlaceHold } from './decide-hold.ts'

function paidOrder(): { trade: Trade; order: Order } {
  const trade = new Trade()
  trade.channel('shop')
  for (const [sku, nodeId] of [
    ['tea', 'n1'],
    ['cup', 'n2'],
  ] as const) {
    trade.item(sku)
    trade.node(nodeId)
    trade.stock(sku, nodeId, 5)
  }
  const payments = [{ kind: 'capture', method: 'card', amount: 2000 }]
  const lines = [
    { sku: 'tea', quantity: 1 },
    { sku: 'cup', quantity: 1 },
  ]
  return { trade, order: trade.place(trade.order(lines, { payments })) }
}
const hold = (holdId: string, more: Partial<PlaceHold> = {}): PlaceHold => ({
  action: 'hold',
  holdId,
  reason: 'fraud',
  scope: 'order',
  ...more,
})
const startable = (order: Order): string =>
  order.state.fulfillmentOrders.map((work) => `${work.nodeId}:${workActionsOf(order, work).includes('start')}`).join(' ')
const running = (order: Order): string[] => order.state.clocks.filter((one) => one.state === 'running').map((one) => one.clock)

/** A hold on line 1 (tea, at n1), what can be started, the phase, the clocks, and whether money can go back. */
const reaches: readonly [Partial<PlaceHold>, string, string, string[], boolean][] = [
  [{ scope: 'order' }, 'n1:false n2:false', 'onHold', ['hold'], true],
  [{ scope: 'line', lineRef: '1' }, 'n1:false n2:true', 'inFulfillment', ['fulfil', 'hold'], true],
  [{ scope: 'money' }, 'n1:true n2:true', 'inFulfillment', ['fulfil', 'hold'], false],
]
for (const [more, work, phase, clocks, canRefund] of reaches)
  test(`a hold on ${more.scope} stops what it names and nothing else`, () => {
    const { trade, order } = paidOrder()
    const held = trade.act(order, hold('h1', more))
    assert.deepEqual([startable(held), phaseOf(held.intake, held.state), running(held)], [work, phase, clocks])
    assert.equal(allowedActionsOf(held.intake, held.state).includes('refund'), canRefund)
    const free = trade.act(held, { action: 'release', holdId: 'h1' })
    assert.deepEqual([startable(free), phaseOf(free.intake, free.state), running(free)], ['n1:true n2:true', 'inFulfillment', ['fulfil']])
  })

test('a hold on one fulfillment order leaves the others to their nodes', () => {
  const { trade, order } = paidOrder()
  const fulfillmentOrderId = order.state.fulfillmentOrders.find((one) => one.nodeId === 'n2')?.fulfillmentOrderId ?? ''
  assert.equal(startable(trade.act(order, hold('h1', { scope: 'fulfillmentOrder', fulfillmentOrderId }))), 'n1:true n2:false')
})

for (const more of [
  { scope: 'line' },
  { scope: 'line', lineRef: '9' },
  { scope: 'fulfillmentOrder', fulfillmentOrderId: 'ful_x' },
] as const)
  test(`a hold on ${JSON.stringify(more)}, which the order does not have, is refused`, () => {
    const { trade, order } = paidOrder()
    const outcome = trade.ask(order, hold('h1', more))
    assert.equal(outcome.status === 'refused' && outcome.code, 'hold_target_unknown')
  })

test('the same hold placed or released twice is one; others are open beside it', () => {
  const { trade, order } = paidOrder()
  const once = trade.act(order, hold('h1'))
  assert.equal(trade.act(once, hold('h2')).state, once.state)
  const both = trade.act(once, hold('h3', { reason: 'address' }))
  const left = trade.act(both, { action: 'release', holdId: 'h1' })
  assert.deepEqual([left.state.holds.map((one) => one.state), phaseOf(left.intake, left.state)], [['released', 'open'], 'onHold'])
  assert.equal(trade.act(left, { action: 'release', holdId: 'h1' }).state, left.state)
  const unknown = trade.ask(left, { action: 'release', holdId: 'h9' })
  assert.equal(unknown.status === 'refused' && unknown.code, 'hold_unknown')
})

test('a hold that names roles is released by them or an administrator; releasing all takes those that are one’s own', () => {
  const { trade, order } = paidOrder()
  const held = trade.act(trade.act(order, hold('h1', { releasableBy: ['finance'] })), hold('h2', { reason: 'address' }))
  const by = (role: Role, holdId?: string) => trade.ask(held, { action: 'release', role, ...(holdId === undefined ? {} : { holdId }) })
  const refused = by('agent', 'h1')
  assert.deepEqual(refused.status === 'refused' && [refused.code, refused.expected], ['hold_not_yours', ['finance']])
  for (const role of ['finance', 'admin'] as const) assert.equal(by(role, 'h1').status, 'done')
  const own = by('agent')
  assert.deepEqual(own.status === 'done' && own.value.change.after.state.holds.map((one) => one.state), ['open', 'released'])
})

test('while the money is on hold nothing is captured or given back, and what a bank does is still recorded', () => {
  const { trade, order } = paidOrder()
  const held = trade.act(order, hold('h1', { scope: 'money' }))
  const pay = (kind: 'capture' | 'chargeback') => trade.ask(held, { action: 'payments', entries: [{ kind, method: 'card', amount: 10 }] })
  const captured = pay('capture')
  assert.deepEqual([captured.status === 'refused' && captured.code, pay('chargeback').status], ['money_on_hold', 'done'])
})
