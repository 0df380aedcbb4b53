import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../kernel/time.ts'
import { Trade } from '../../../test/support/trade.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order } from '../order/state.ts'
import { ledgerViolations } from '../order/line-ledger.ts'

function shop(channel: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.item('song', { attributes: { digital: true } })
  trade.item('book', { attributes: { digital: true } })
  trade.item('pair', {
    components: [
      { sku: 'song', quantity: 1 },
      { sku: 'book', quantity: 1 },
    ],
  })
  trade.item('box', {
    components: [
      { sku: 'tea', quantity: 2 },
      { sku: 'song', quantity: 1 },
    ],
  })
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false, ...channel })
  trade.stock('tea', 'n1', 5)
  return trade
}
const song = { sku: 'song', quantity: 2 }
const tea = { sku: 'tea', quantity: 1 }
const pay = (amount: number) => ({ action: 'payments' as const, entries: [{ kind: 'capture' as const, method: 'card', amount }] })
const delivered = ({ state }: Order): string => state.lines.map((line) => `${line.delivered}/${line.shipped}`).join(' ')
const stand = (order: Order): string => `${phaseOf(order.intake, order.state)} ${delivered(order)}`

/** What is ordered, how, and where the order stands at once. */
const firm: readonly [string, { sku: string; quantity: number; more?: object }[], string][] = [
  ['a digital line alone', [song], 'delivered 2/2'],
  ['a bundle of digital parts', [{ sku: 'pair', quantity: 3 }], 'delivered 3/3'],
  ['a line that the order calls digital', [{ ...tea, more: { attributes: { digital: true } } }], 'delivered 1/1'],
  ['goods beside it', [tea, song], 'inFulfillment 0/0 2/2'],
  ['a bundle with goods in it', [{ sku: 'box', quantity: 1 }], 'inFulfillment 0/0'],
]
for (const [what, lines, expected] of firm)
  test(`on account, an order of ${what} is ${expected} at once`, () => {
    const order = shop().place(shop().order(lines))
    assert.equal(stand(order), expected)
    assert.deepEqual(ledgerViolations(order), [])
  })

test('digital goods need no stock, no node and no freight, and say so', () => {
  const order = shop().place(shop().order([song]))
  assert.deepEqual([order.state.reservations, order.state.fulfillmentOrders], [[], []])
  assert.equal(order.state.checks?.stock.reason, 'no_stock_needed')
  const box = shop().place(shop().order([{ sku: 'box', quantity: 1 }]))
  assert.deepEqual(
    box.state.reservations.map((one) => `${one.sku}:${one.quantity}`),
    ['tea:2'],
  )
})

test('nothing is delivered before the order is paid, and all of it once it is', () => {
  const trade = shop({ requiresPayment: true })
  const unpaid = trade.place(trade.order([song]))
  assert.equal(stand(unpaid), 'awaitingPayment 0/0')
  assert.equal(stand(trade.act(unpaid, pay(1000))), 'awaitingPayment 0/0')
  assert.equal(stand(trade.act(unpaid, pay(2000))), 'delivered 2/2')
})

test('an unpaid order of digital goods ends when its time to pay is over', () => {
  const trade = shop({ requiresPayment: true })
  const unpaid = trade.place(trade.order([song]))
  trade.pass(31 * MINUTE)
  const { state } = trade.act(unpaid, { action: 'tick' })
  assert.equal(state.state, 'cancelled')
})

test('an order in review is delivered when it is approved, never when it is declined', () => {
  const trade = shop()
  const review = trade.place(trade.order([song]), { origin: 'channel', reviewReasons: ['address_incomplete'] })
  assert.equal(stand(review), 'awaitingReview 0/0')
  assert.equal(stand(trade.act(review, { action: 'approve' })), 'delivered 2/2')
  assert.equal(stand(trade.act(review, { action: 'decline', reason: 'fraud' })), 'cancelled 0/0')
})

test('a hold keeps it back, on the order or on the line alone, until it is released', () => {
  for (const scope of ['order', 'line'] as const) {
    const trade = shop({ requiresPayment: true })
    const on = scope === 'line' ? { lineRef: '1' } : {}
    const held = trade.act(trade.place(trade.order([song, tea])), { action: 'hold', holdId: 'h1', reason: 'fraud', scope, ...on })
    const paid = trade.act(held, pay(3000))
    assert.equal(delivered(paid), '0/0 0/0', scope)
    assert.equal(delivered(trade.act(paid, { action: 'release', holdId: 'h1' })), '2/2 0/0', scope)
  }
})

test('what was delivered cannot be cancelled, the goods beside it can, and then the order is delivered', () => {
  const trade = shop()
  const order = trade.place(trade.order([song, tea]))
  assert.equal(trade.ask(order, { action: 'cancel', reason: 'requested' }).status, 'refused')
  const late = trade.ask(order, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 1 }], reason: 'requested' })
  assert.equal(late.status === 'refused' && late.code, 'change_too_late')
  const less = trade.act(order, { action: 'cancelLines', lines: [{ lineRef: '2', quantity: 1 }], reason: 'requested' })
  assert.equal(stand(less), 'delivered 2/2 0/0')
})

test('before it is delivered, units of a digital line are cancelled like others', () => {
  const trade = shop({ requiresPayment: true })
  const unpaid = trade.place(trade.order([song, tea]))
  const less = trade.act(unpaid, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 1 }], reason: 'requested' })
  assert.equal(less.state.lines[0]?.cancelled, 1)
  assert.equal(delivered(trade.act(less, pay(2000))), '1/1 0/0')
})

test('a digital line that a change adds is delivered with its confirmation', () => {
  const trade = shop()
  const order = trade.place(trade.order([tea]))
  const edits = { add: [{ lineRef: '9', sku: 'book', quantity: 1, unitPrice: 500 }] }
  const proposed = trade.act(order, { action: 'proposeChange', changeId: 'c1', edits })
  assert.equal(delivered(proposed), '0/0')
  assert.equal(delivered(trade.act(proposed, { action: 'confirmChange', changeId: 'c1' })), '0/0 1/1')
})

test('money that goes back after the delivery leaves the order delivered and asks for nothing', () => {
  const trade = shop({ requiresPayment: true })
  const paid = trade.act(trade.place(trade.order([song])), pay(2000))
  const back = trade.act(paid, { action: 'refund', entries: [{ kind: 'refund', method: 'card', amount: 2000 }] })
  assert.equal(stand(back), 'delivered 2/2')
  assert.deepEqual(
    back.state.clocks.filter((one) => one.state === 'running').map((one) => one.clock),
    ['close'],
  )
})

test('an order with a digital line and a shortage waits for the goods alone', () => {
  const trade = shop({ shortage: 'backorder' })
  const order = trade.place(trade.order([song, { sku: 'tea', quantity: 9 }]))
  assert.equal(delivered(order), '2/2 0/0')
  assert.deepEqual(
    order.state.lines.map((line) => line.backordered),
    [0, 4],
  )
})
