import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../kernel/time.ts'
import type { Order } from '../order/state.ts'
import { phaseOf } from '../order/derive.ts'
import { viewPayments } from '../payment/view-payments.ts'
import { Trade } from '../../../test/support/trade.ts'

const pay = (kind: string, amount: number, paymentRef?: string) => ({
  kind: kind as 'capture',
  method: 'card',
  amount,
  ...(paymentRef === undefined ? {} : { paymentRef }),
})

function shop(more: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', more)
  trade.stock('tea', 'n1', 10)
  return trade
}
const heldAs = (order: Order): string => order.state.reservations.map((one) => `${one.kind}:${one.quantity}`).join(' ')
const running = (order: Order): string[] => order.state.clocks.filter((clock) => clock.state === 'running').map((clock) => clock.clock)

/** Ledger so far, what is added, and whether it is taken. */
const ledgers: readonly [string, readonly object[], readonly object[], string][] = [
  ['a refund within what was captured', [pay('capture', 2000)], [pay('refund', 500)], 'done'],
  ['a refund beyond it', [pay('capture', 2000)], [pay('refund', 2001)], 'refund_exceeds_captured /entries/0/amount'],
  [
    'two refunds that exceed it together',
    [pay('capture', 2000)],
    [pay('refund', 1500), pay('refund', 501)],
    'refund_exceeds_captured /entries/1/amount',
  ],
  ['a chargeback of what was refunded already', [pay('capture', 2000), pay('refund', 2000)], [pay('chargeback', 2000)], 'done'],
  ['a chargeback beyond captures', [pay('capture', 2000)], [pay('chargeback', 2001)], 'chargeback_exceeds_captured /entries/0/amount'],
  ['a void of an authorisation', [pay('authorise', 2000, 'a')], [pay('void', 2000, 'a')], 'done'],
  [
    'a void of what was captured',
    [pay('authorise', 2000, 'a'), pay('capture', 1500, 'a')],
    [pay('void', 501, 'a')],
    'void_exceeds_authorised /entries/0/amount',
  ],
  ['a void of another authorisation', [pay('authorise', 2000, 'a')], [pay('void', 100, 'b')], 'void_exceeds_authorised /entries/0/amount'],
  ['nothing', [], [pay('capture', 0)], 'payment_amount_invalid /entries/0/amount'],
  ['an adjustment by nothing', [], [pay('adjust', 0)], 'payment_amount_invalid /entries/0/amount'],
]
for (const [name, before, added, expected] of ledgers)
  test(`a ledger with ${JSON.stringify(before.map((one) => Object.values(one)[0]))} answers ${name} with ${expected}`, () => {
    const trade = shop()
    const order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: before }))
    const outcome = trade.ask(order, { action: 'payments', entries: added as never })
    assert.equal(outcome.status === 'done' ? 'done' : `${outcome.code} ${outcome.pointer}`, expected)
  })

test('a caller cannot claim refunds of money that never came', () => {
  const trade = shop()
  const outcome = trade.decide(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('capture', 100), pay('refund', 101)] }))
  assert.deepEqual(outcome.status === 'refused' && [outcome.code, outcome.pointer], ['refund_exceeds_captured', '/payments/1/amount'])
})

/** Payments of an order over 2000, and how its stock is held. */
const coverages: readonly [readonly object[], string][] = [
  [[], 'soft:2'],
  [[pay('authorise', 1999)], 'soft:2'],
  [[pay('authorise', 2000)], 'committed:2'],
  [[pay('authorise', 2000, 'a'), pay('capture', 700, 'a'), pay('capture', 800, 'a')], 'committed:2'],
  [[pay('authorise', 1500, 'a'), pay('capture', 700, 'a'), pay('capture', 800, 'a')], 'soft:2'],
  [[pay('authorise', 1000, 'a'), pay('capture', 1000, 'b')], 'committed:2'],
  [[pay('capture', 2000), pay('refund', 1)], 'soft:2'],
  [[pay('capture', 1900), pay('adjust', 100)], 'committed:2'],
]
for (const [payments, expected] of coverages)
  test(`${JSON.stringify(payments.map((one) => Object.values(one).join(' ')))} of 2000 holds stock as ${expected}`, () => {
    const trade = shop()
    assert.equal(heldAs(trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments }))), expected)
  })

test('work on an order of a channel that captures at order waits until the money is captured', () => {
  const trade = shop({ captureAt: 'order' })
  const order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('authorise', 2000, 'a')] }))
  assert.deepEqual([heldAs(order), viewPayments(order).captureDue], ['soft:2', 2000])
  const paid = trade.act(order, { action: 'payments', entries: [pay('capture', 2000, 'a')] })
  assert.deepEqual([heldAs(paid), viewPayments(paid).captureDue], ['committed:2', 0])
})

test('where money is captured at hand-over, what left is due for capture, delivery with the first of it', () => {
  const trade = shop()
  const payments = [pay('authorise', 3500, 'a')]
  const order = trade.place(trade.order([{ sku: 'tea', quantity: 3 }], { payments, shipping: { amount: 500 } }))
  const gone = (shipped: number): Order => ({
    ...order,
    state: { ...order.state, lines: order.state.lines.map((line) => ({ ...line, shipped })) },
  })
  assert.deepEqual(
    [0, 1, 2, 3].map((units) => viewPayments(gone(units)).captureDue),
    [0, 1500, 2500, 3500],
  )
})

/** What a platform reports after it took 2000 by card, and whether the order says that it does not add up. */
const reports: readonly [string, readonly object[], boolean][] = [
  ['a refund of all of it', [pay('refund', 2000)], false],
  ['a refund beyond it', [pay('refund', 2001)], true],
  ['a void of nothing', [pay('void', 1)], true],
  ['a chargeback after a refund', [pay('refund', 2000), pay('chargeback', 2000)], false],
  ['two refunds beyond it', [pay('refund', 1500), pay('refund', 501)], true],
]
for (const [name, entries, isOdd] of reports)
  test(`a platform that reports ${name} is believed${isOdd ? ', and the order is flagged' : ''}`, () => {
    const trade = shop()
    const order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('capture', 2000)] }))
    const after = trade.act(order, { action: 'amend', changed: ['payments'], reasons: [], entries: entries as never })
    assert.equal(after.state.payments.length, 1 + entries.length)
    assert.deepEqual(after.state.flags, isOdd ? ['payments_contradictory'] : [])
  })

test('once an order is at work a refund is not owed again; before that it has to come again', () => {
  const trade = shop()
  const paid = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('capture', 2000)] }))
  const refunded = trade.act(paid, { action: 'refund', entries: [pay('refund', 500) as never] })
  assert.deepEqual([viewPayments(refunded).due, viewPayments(refunded).state], [0, 'partRefunded'])
  const part = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('capture', 1500)] }))
  const back = trade.act(part, { action: 'refund', entries: [pay('refund', 1500) as never] })
  assert.deepEqual([viewPayments(part).due, viewPayments(back).due], [500, 2000])
})

test('a cancelled order owes nothing: what was captured is due back, and can be given back', () => {
  const trade = shop()
  let order = trade.place(
    trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('capture', 1500), { ...pay('capture', 500), method: 'wallet' }] }),
  )
  order = trade.act(order, { action: 'cancel', reason: 'buyer' })
  assert.deepEqual([viewPayments(order).due, viewPayments(order).refundable, viewPayments(order).state], [-2000, 2000, 'overpaid'])
  order = trade.act(order, {
    action: 'refund',
    entries: [pay('refund', 1500) as never, { ...pay('refund', 500), method: 'wallet' } as never],
  })
  assert.deepEqual([viewPayments(order).due, viewPayments(order).state], [0, 'refunded'])
})

test('a goodwill refund or a chargeback does not stop work that was paid for; a void does', () => {
  const trade = shop()
  const paid = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('capture', 2000)] }))
  for (const entry of [pay('refund', 200), pay('chargeback', 2000)]) {
    const after = trade.act(paid, { action: 'payments', entries: [entry] })
    assert.deepEqual([heldAs(after), phaseOf(after.intake, after.state), running(after)], ['committed:2', 'inFulfillment', ['fulfil']])
  }
  const authorised = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('authorise', 2000)] }))
  const voided = trade.act(authorised, { action: 'payments', entries: [pay('void', 2000)] })
  assert.deepEqual(running(voided), ['payment'])
})

test('an unpaid order ends when its time is over and gives its stock back', () => {
  const trade = shop({ unpaid: { holdMinutes: 10 } })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  trade.pass(10 * MINUTE - 1)
  assert.equal(trade.act(order, { action: 'tick' }).state, order.state)
  trade.pass(1)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.state, heldAs(order), trade.rowOf('tea', 'n1').soft], ['cancelled', 'released:2', 0])
})

test('an order that is checked again gives its stock up first and takes what is there at the next tick', () => {
  const trade = shop({ unpaid: { holdMinutes: 10, onExpiry: 'recheck' } })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 10 }]))
  trade.pass(10 * MINUTE)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.state, heldAs(order), trade.rowOf('tea', 'n1').soft], ['accepted', 'expired:10', 0])
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([heldAs(order), order.state.reservedUntil], ['soft:10', trade.now + 10 * MINUTE])
  trade.pass(10 * MINUTE)
  order = trade.act(order, { action: 'tick' })
  trade.place(trade.order([{ sku: 'tea', quantity: 1 }], { payments: [pay('capture', 1000)] }))
  order = trade.act(order, { action: 'tick' })
  assert.equal(order.state.state, 'cancelled')
})

test('a reservation past its expiry is never allocated: money that comes late takes what is there then', () => {
  const trade = shop({ unpaid: { holdMinutes: 10 } })
  const late = trade.place(trade.order([{ sku: 'tea', quantity: 10 }]))
  trade.pass(10 * MINUTE)
  const paid = trade.act(late, { action: 'payments', entries: [pay('capture', 10_000)] })
  assert.deepEqual([heldAs(paid), trade.rowOf('tea', 'n1').soft, paid.state.lines[0]?.allocated], ['expired:10', 0, 0])
  assert.deepEqual(running(paid), ['stock'])
  const served = trade.act(paid, { action: 'tick' })
  assert.deepEqual([heldAs(served), served.state.lines[0]?.allocated], ['committed:10', 10])
})

test('an order in review is held for no longer than its channel holds stock for the unpaid, and waits on without it', () => {
  const trade = shop({ unpaid: { holdMinutes: 10 } })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]), { reviewReasons: ['looked_at'] })
  assert.deepEqual(running(order), ['review', 'payment'])
  trade.pass(10 * MINUTE)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.state, heldAs(order), running(order)], ['review', 'expired:2', ['review']])
  order = trade.act(order, { action: 'approve' })
  assert.deepEqual([order.state.state, heldAs(order), running(order)], ['accepted', 'soft:2', ['payment']])
})

test('an order paid while it is in review holds its stock until a person decides', () => {
  const trade = shop()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]), { reviewReasons: ['looked_at'] })
  order = trade.act(order, { action: 'payments', entries: [pay('capture', 2000)] })
  assert.deepEqual([heldAs(order), running(order), order.state.reservedUntil], ['firm:2', ['review'], undefined])
  assert.deepEqual([trade.rowOf('tea', 'n1').soft, trade.rowOf('tea', 'n1').firm], [0, 2])
  order = trade.act(order, { action: 'approve' })
  assert.deepEqual([heldAs(order), order.state.lines[0]?.allocated], ['committed:2', 2])
})

test('credit follows what the order owes, and nothing is owed once it ended', () => {
  const trade = shop()
  trade.put('account', 'acme', { accountId: 'acme', name: 'ACME', currency: 'CNY', creditLimit: 5000 })
  const exposure = () => trade.memory.accounts.get('acme')?.exposure
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 3 }], { accountId: 'acme', payments: [pay('capture', 500)] }))
  assert.deepEqual([order.state.exposure, exposure()], [2500, 2500])
  order = trade.act(order, { action: 'payments', entries: [pay('capture', 2000)] })
  assert.deepEqual([order.state.exposure, exposure()], [500, 500])
  order = trade.act(order, { action: 'payments', entries: [pay('authorise', 500), pay('adjust', 200)] })
  assert.equal(order.state.exposure, 300)
  order = trade.act(order, { action: 'payments', entries: [pay('refund', 1000)] })
  assert.equal(order.state.exposure, 1300)
  order = trade.act(order, { action: 'cancel', reason: 'buyer' })
  assert.deepEqual([order.state.exposure, exposure()], [0, 0])
  order = trade.act(order, { action: 'payments', entries: [pay('refund', 1500)] })
  assert.deepEqual([order.state.exposure, exposure()], [0, 0])
})

test('an order of an account that was unknown takes credit when it is approved and the account is there', () => {
  const trade = shop({ checks: { credit: 'review' } })
  const order = trade.place(trade.order([{ sku: 'tea', quantity: 1 }], { accountId: 'acme' }))
  assert.deepEqual([order.state.state, order.state.exposure], ['review', 0])
  trade.put('account', 'acme', { accountId: 'acme', name: 'ACME', currency: 'CNY', creditLimit: 5000 })
  assert.equal(trade.act(order, { action: 'approve' }).state.exposure, 1000)
})
