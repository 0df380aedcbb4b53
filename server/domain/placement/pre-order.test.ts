import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, MINUTE } from '../../kernel/time.ts'
import { Trade } from '../../../test/support/trade.ts'
import { phaseOf } from '../order/derive.ts'
import { ledgerViolations } from '../order/line-ledger.ts'
import type { Order } from '../order/state.ts'
import { viewPayments } from '../payment/view-payments.ts'

const ARRIVAL = 3 * DAY

/** Two phones are there, five more come in three days; thirty per cent make an order firm. */
function shop(preOrder: object = {}, channel: object = {}): Trade {
  const trade = new Trade()
  trade.item('phone')
  trade.node('n1')
  trade.channel('shop', { shortage: 'backorder', preOrder: { depositPercent: 30, ...preOrder }, ...channel })
  trade.stock('phone', 'n1', 2)
  const availableAt = new Date(trade.now + ARRIVAL).toISOString()
  trade.put('supply', 'po-1', { supplyId: 'po-1', sku: 'phone', nodeId: 'n1', kind: 'purchaseOrder', quantity: 5, availableAt })
  return trade
}
const phones = (quantity: number) => [{ sku: 'phone', quantity }]
const pay = (amount: number, kind: 'capture' | 'authorise' = 'capture') => ({
  action: 'payments' as const,
  entries: [{ kind, method: 'card', amount }],
})
const phase = ({ intake, state }: Order) => phaseOf(intake, state)
const clocks = ({ state }: Order) => state.clocks.filter((one) => one.state === 'running').map((one) => one.clock)
const preOrder = (order: Order) => viewPayments(order).preOrder
/** The supply comes in and the order looks. */
function arrive(trade: Trade, order: Order): Order {
  trade.pass(ARRIVAL)
  trade.put('supply', 'po-1', {
    supplyId: 'po-1',
    sku: 'phone',
    nodeId: 'n1',
    kind: 'purchaseOrder',
    quantity: 5,
    received: 5,
    availableAt: new Date(trade.now).toISOString(),
  })
  trade.stock('phone', 'n1', 7)
  return trade.act(order, { action: 'tick' })
}

test('an order that dated supply covers is firm with its deposit, rounded up, and waits for the goods', () => {
  const trade = shop()
  const placed = trade.place(trade.order([{ sku: 'phone', quantity: 4, more: { unitPrice: 999 } }]))
  assert.deepEqual([phase(placed), preOrder(placed)], ['awaitingPayment', { deposit: 1199, dueNow: 1199 }])
  const firm = trade.act(placed, pay(1199))
  assert.deepEqual([preOrder(firm), clocks(firm), firm.state.lines[0]?.allocated], [{ deposit: 1199, dueNow: 0 }, ['stock'], 0])
})

/** What is ordered under which policy, and whether it is a pre-order. */
const kinds: readonly [string, object, object, number, boolean][] = [
  ['is there already', {}, {}, 2, false],
  ['no supply will cover', {}, {}, 9, false],
  ['is shipped in parts', {}, { shortage: 'partial' }, 4, false],
  ['nobody pays for in advance', {}, { requiresPayment: false }, 4, false],
  ['waits for its supply', {}, {}, 4, true],
]
for (const [what, policy, channel, units, expected] of kinds)
  test(`what ${what} ${expected ? 'is' : 'is not'} sold for a deposit`, () => {
    const trade = shop(policy, channel)
    assert.equal(trade.place(trade.order(phones(units))).state.preOrder !== undefined, expected)
  })

test('when all of it is there the balance is asked for, and no node begins before it is paid', () => {
  const trade = shop()
  const firm = trade.act(trade.place(trade.order(phones(4))), pay(1200))
  const asked = arrive(trade, firm)
  assert.deepEqual([phase(asked), clocks(asked)], ['awaitingPayment', ['payment']])
  assert.deepEqual(preOrder(asked), { deposit: 1200, dueNow: 2800, balanceBy: new Date(trade.now + 72 * HOUR).toISOString() })
  assert.deepEqual([asked.state.lines[0]?.reserved, asked.state.lines[0]?.allocated], [4, 0])
  assert.equal(phase(trade.act(asked, pay(1000))), 'awaitingPayment')
  for (const kind of ['capture', 'authorise'] as const) {
    const paid = trade.ask(asked, pay(2800, kind))
    assert.equal(paid.status === 'done' && phase(paid.value.change.after), 'inFulfillment', kind)
  }
  const paid = trade.act(asked, pay(2800))
  assert.deepEqual([paid.state.lines[0]?.allocated, trade.rowOf('phone', 'n1').committed], [4, 4])
  for (const one of [firm, asked, paid]) assert.deepEqual(ledgerViolations(one), [])
})

test('an order that is paid in full from the start is never asked', () => {
  const trade = shop()
  const order = trade.place(trade.order(phones(4), { payments: [{ kind: 'capture', method: 'card', amount: 4000 }] }))
  assert.equal(phase(arrive(trade, order)), 'inFulfillment')
})

test('a deposit that does not come in time ends the order, and its supply is free again', () => {
  const trade = shop()
  const placed = trade.place(trade.order(phones(4)))
  trade.pass(31 * MINUTE)
  const ended = trade.act(placed, { action: 'tick' })
  assert.deepEqual([ended.state.state, ended.state.awaiting], ['cancelled', undefined])
})

test('a balance that does not come ends the order: its goods are free and its deposit is due back', () => {
  const trade = shop({ balanceHours: 24 })
  const asked = arrive(trade, trade.act(trade.place(trade.order(phones(4))), pay(1200)))
  trade.pass(24 * HOUR)
  const ended = trade.act(asked, { action: 'tick' })
  assert.deepEqual([ended.state.state, viewPayments(ended).due, viewPayments(ended).refundable], ['cancelled', -1200, 1200])
  assert.equal(trade.rowOf('phone', 'n1').firm, 0)
})

test('or it is a task, once, while the goods are kept; the money that comes ends it', () => {
  const trade = shop({ onExpiry: 'task' })
  let order = arrive(trade, trade.act(trade.place(trade.order(phones(4))), pay(1200)))
  for (const wait of [72 * HOUR, DAY]) {
    trade.pass(wait)
    order = trade.act(order, { action: 'tick' })
  }
  assert.deepEqual(
    order.state.tasks?.map((one) => [one.kind, one.doneAt]),
    [['balanceOverdue', undefined]],
  )
  assert.equal(trade.rowOf('phone', 'n1').firm, 4)
  const paid = trade.act(order, pay(2800))
  assert.equal(phase(paid), 'inFulfillment')
  assert.notEqual(paid.state.tasks?.[0]?.doneAt, undefined)
})

test('a hold on the order stops the time for the balance', () => {
  const trade = shop()
  const asked = arrive(trade, trade.act(trade.place(trade.order(phones(4))), pay(1200)))
  const held = trade.act(asked, { action: 'hold', holdId: 'h1', reason: 'fraud', scope: 'order' })
  trade.pass(4 * DAY)
  const still = trade.act(held, { action: 'tick' })
  assert.deepEqual([still.state.state, trade.rowOf('phone', 'n1').firm], ['accepted', 4])
})

test('with capture at order, the deposit is what is to be captured first, the rest when the balance is asked for', () => {
  const trade = shop({}, { captureAt: 'order' })
  const placed = trade.place(trade.order(phones(4), { payments: [{ kind: 'authorise', method: 'card', amount: 4000 }] }))
  assert.equal(viewPayments(placed).captureDue, 1200)
  const asked = arrive(trade, trade.act(placed, pay(1200)))
  assert.equal(viewPayments(asked).captureDue, 2800)
})

test('digital goods beside a pre-order are given for the whole price, not for a deposit', () => {
  const trade = shop()
  trade.item('app', { attributes: { digital: true } })
  const lines = [...phones(4), { sku: 'app', quantity: 1 }]
  const firm = trade.act(trade.place(trade.order(lines)), pay(1500))
  assert.equal(firm.state.lines[1]?.delivered, 0)
  const asked = arrive(trade, firm)
  assert.equal(asked.state.lines[1]?.delivered, 0)
  assert.equal(trade.act(asked, pay(3500)).state.lines[1]?.delivered, 1)
})
