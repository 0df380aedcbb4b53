import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ChangeEdits } from '../../../contract/entities/change-set.ts'
import { Trade } from '../../../test/support/trade.ts'
import { balanceOf } from '../payment/ledger.ts'
import { viewPayments } from '../payment/view-payments.ts'
import type { Order } from '../order/state.ts'
import { isSettled } from '../order/payment-need.ts'

const pay = (kind: string, amount: number) => ({ kind: kind as 'capture', method: 'card', amount })

function shop(more: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { shortage: 'backorder', ...more })
  trade.stock('tea', 'n1', 40)
  return trade
}
const bought = (trade: Trade, units: number, payments: readonly object[]): Order =>
  trade.place(trade.order([{ sku: 'tea', quantity: units, more: { unitPrice: 100 } }], { payments }))
const entry = (trade: Trade, order: Order, kind: string, amount: number): Order =>
  trade.act(order, { action: kind === 'refund' ? 'refund' : 'payments', entries: [pay(kind, amount)] })
/** Money that uses up nothing that is authorised already. */
const more = (trade: Trade, order: Order, amount: number): Order =>
  trade.act(order, { action: 'payments', entries: [{ ...pay('capture', amount), method: 'wallet' }] })
const to = (quantity: number): ChangeEdits => ({ lines: [{ lineRef: '1', quantity }] })
const dueOf = (order: Order): number => viewPayments(order).due
let changes = 0
function propose(trade: Trade, order: Order, edits: ChangeEdits) {
  const changeId = `c${++changes}`
  const outcome = trade.ask(order, { action: 'proposeChange', changeId, edits })
  if (outcome.status === 'refused') return undefined
  const proposed = trade.take(outcome.value.change)
  const preview = proposed.state.changes?.at(-1)?.preview
  assert.ok(preview)
  return { changeId, proposed, preview }
}
const codeOf = (outcome: ReturnType<Trade['ask']>): string => (outcome.status === 'refused' ? outcome.code : 'done')

test('of 300 paid 100 were given back as goodwill: a change that adds 100 costs 100', () => {
  const trade = shop()
  const order = entry(trade, bought(trade, 3, [pay('capture', 300)]), 'refund', 100)
  assert.equal(dueOf(order), 0)
  const change = propose(trade, order, to(4))
  assert.ok(change)
  assert.deepEqual([change.preview.payFirst, change.preview.due], [100, { before: 0, after: 100 }])
  const { changeId } = change
  assert.equal(codeOf(trade.ask(entry(trade, change.proposed, 'capture', 99), { action: 'confirmChange', changeId })), 'change_unpaid')
  const done = trade.act(entry(trade, change.proposed, 'capture', 100), { action: 'confirmChange', changeId })
  assert.equal(dueOf(done), 0)
})

test('a change that takes the order from its node costs no more: goodwill is not asked for again while it is looked for anew', () => {
  const trade = shop()
  const order = entry(trade, bought(trade, 3, [pay('capture', 300)]), 'refund', 100)
  const elsewhere = { shipTo: { countryCode: 'CN', city: '上海', lat: 31.23, lng: 121.47 } }
  assert.equal(propose(trade, order, elsewhere)?.preview.payFirst, 0)
  const change = propose(trade, order, { ...to(4), ...elsewhere })
  assert.deepEqual([change?.preview.payFirst, change?.preview.due], [100, { before: 0, after: 100 }])
})

for (const isRefundFirst of [true, false])
  test(`a refund of cancelled units is no goodwill${isRefundFirst ? ', also where the money went back first' : ''}: units that are added again are paid again`, () => {
    const trade = shop()
    let order = bought(trade, 3, [pay('capture', 300)])
    const cancel = () => (order = trade.act(order, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 1 }], reason: 'asked' }))
    const refund = () => (order = entry(trade, order, 'refund', 100))
    for (const step of isRefundFirst ? [refund, cancel] : [cancel, refund]) step()
    assert.equal(dueOf(order), 0)
    const change = propose(trade, order, to(3))
    assert.deepEqual([change?.preview.payFirst, change?.preview.due], [100, { before: 0, after: 100 }])
  })

test('a price that is lowered after a refund takes up the goodwill; the rest stays with the buyer', () => {
  const trade = shop()
  const order = entry(trade, bought(trade, 3, [pay('capture', 300)]), 'refund', 100)
  const change = propose(trade, order, { lines: [{ lineRef: '1', unitPrice: 80 }] })
  assert.deepEqual([change?.preview.payFirst, change?.preview.due], [0, { before: 0, after: 0 }])
})

type Step = { readonly kind: 'capture' | 'refund' | 'chargeback' | 'adjust' | 'authorise' | 'change'; readonly share: number }
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('capture', 'refund', 'refund', 'chargeback', 'adjust', 'authorise', 'change', 'change', 'change'),
  share: fc.integer({ min: 1, max: 10 }),
})

test('whatever was paid, given back and changed before: a change costs what its preview says, no less is enough, and that is due after it', () => {
  const seen = { confirmed: 0, paidFirst: 0, waived: 0 }
  fc.assert(
    fc.property(
      fc.constantFrom('order', 'handOver'),
      fc.integer({ min: 1, max: 5 }),
      fc.array(step, { minLength: 2, maxLength: 10 }),
      (captureAt, units, steps) => {
        const trade = shop({ captureAt })
        let order = bought(trade, units, [pay('capture', units * 100)])
        for (const { kind, share } of steps) {
          if (kind !== 'change') {
            const net = viewPayments(order).refundable
            const amount = kind === 'capture' || kind === 'authorise' || kind === 'adjust' ? share * 20 : Math.floor((net * share) / 10)
            if (
              amount > 0 &&
              codeOf(trade.ask(order, { action: kind === 'refund' ? 'refund' : 'payments', entries: [pay(kind, amount)] })) === 'done'
            )
              order = entry(trade, order, kind, amount)
            continue
          }
          const change = propose(trade, order, to(share))
          if (change === undefined) continue
          const { changeId, proposed, preview } = change
          assert.equal(preview.due.before, dueOf(order))
          // What is added is asked for, whatever was given back before.
          const added = preview.total.after - preview.total.before
          if (added > 0) assert.equal(preview.due.after - preview.due.before, added)
          else assert.ok(preview.due.after <= preview.due.before && preview.due.after >= preview.due.before + added)
          assert.ok(preview.dueBack <= viewPayments(order).refundable + balanceOf(order.state.payments).adjusted)
          if (preview.payFirst > 1) {
            const short = more(trade, proposed, preview.payFirst - 1)
            assert.equal(codeOf(trade.ask(short, { action: 'confirmChange', changeId })), 'change_unpaid')
          }
          const paid = preview.payFirst > 0 ? more(trade, proposed, preview.payFirst) : proposed
          order = trade.act(paid, { action: 'confirmChange', changeId })
          assert.equal(dueOf(order), preview.due.after - preview.payFirst)
          if (preview.payFirst > 0) assert.ok(isSettled(order.intake, order.state))
          seen.confirmed++
          if (preview.payFirst > 0) seen.paidFirst++
          if ((order.state.waived ?? 0) > 0) seen.waived++
        }
      },
    ),
    { numRuns: 150 },
  )
  assert.ok(seen.confirmed > 100 && seen.paidFirst > 30 && seen.waived > 30, JSON.stringify(seen))
})
