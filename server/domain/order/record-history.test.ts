import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FulfillmentOrderId, OrderId } from '../../kernel/ids.ts'
import { instant, type Instant } from '../../kernel/time.ts'
import { computeTotals } from '../money/totals.ts'
import { phaseOf } from './derive.ts'
import { initialState, replay } from './evolve.ts'
import { type HistoryFact, historyFacts } from './history.ts'
import { ledgerViolations } from './line-ledger.ts'
import { contradictionsOf, type PastFact, type PastLine, type PastOrder, recordHistory } from './record-history.ts'

const NOW = instant(Date.UTC(2026, 10, 22))
const at = (day: number): Instant => instant(Date.UTC(2017, 2, day))
const ORDER = 'ord_0000000000001' as OrderId
const LINES: readonly PastLine[] = [
  { lineRef: '1', sku: 'hammock', quantity: 2, unitPrice: 9990, nodeId: 'seller-a', shipBy: at(9) },
  { lineRef: '3', sku: 'rope', quantity: 1, unitPrice: 500, nodeId: 'seller-b', shipBy: at(7) },
]

function past(facts: readonly PastFact[], change: Partial<PastOrder> = {}): PastOrder {
  const lines = change.lines ?? LINES
  const money = computeTotals({ lines, shipping: { amount: 1200 } }, { lines: [] })
  assert.equal(money.status, 'done')
  return {
    shard: 3,
    channelId: 'bazaar',
    externalRef: 'b-1',
    placedAt: at(1),
    currency: 'BRL',
    shipTo: { countryCode: 'BR', region: 'SP', city: 'santos' },
    lines,
    money: money.status === 'done' ? money.value : assert.fail(),
    payments: [{ method: 'boleto', amount: 21_680 }],
    promisedBy: at(20),
    facts,
    flags: [],
    ...change,
  }
}

function record(order: PastOrder) {
  let no = 0
  return recordHistory(order, ORDER, () => `ful_${String(++no).padStart(13, '0')}` as FulfillmentOrderId, NOW)
}
const phase = (order: PastOrder): string => {
  const { intake, state } = record(order).after
  return phaseOf(intake, state)
}

test('every last fact leads to the phase that a person would name', () => {
  const cases: readonly (readonly [readonly PastFact[], string])[] = [
    [[], 'awaitingPayment'],
    [[{ fact: 'approved', at: at(2) }], 'inFulfillment'],
    [[{ fact: 'invoiced' }], 'inFulfillment'],
    [[{ fact: 'approved', at: at(2) }, { fact: 'processing' }], 'inFulfillment'],
    [[{ fact: 'handedOver', at: at(3) }], 'inTransit'],
    [[{ fact: 'delivered', at: at(4) }], 'delivered'],
    [[{ fact: 'cancelled' }], 'cancelled'],
    [[{ fact: 'approved', at: at(2) }, { fact: 'unavailable' }], 'cancelled'],
    [[{ fact: 'delivered', at: at(4) }, { fact: 'cancelled' }], 'delivered'],
    [[{ fact: 'delivered', at: at(4) }, { fact: 'closed' }], 'complete'],
  ]
  for (const [facts, expected] of cases) {
    assert.equal(phase(past(facts)), expected, JSON.stringify(facts))
    assert.equal(phase(past(facts, { lines: [] })), expected, `without lines: ${JSON.stringify(facts)}`)
  }
})

test('each fact is an event at the time it happened, and the order of the past can be read back at any moment', () => {
  const change = record(
    past([
      { fact: 'delivered', at: at(8) },
      { fact: 'approved', at: at(2) },
      { fact: 'handedOver', at: at(5) },
    ]),
  )
  const known = (day: number) => change.events.filter(({ event }) => event.occurredAt <= at(day))
  const phases = [1, 2, 5, 8].map((day) => phaseOf(change.after.intake, replay(change.after.intake, known(day))))
  assert.deepEqual(phases, ['awaitingPayment', 'inFulfillment', 'inTransit', 'delivered'])
  assert.equal(known(0).length, 0)
  assert.ok(change.events.every((event) => event.recordedAt === NOW))
})

test('sellers become fulfillment orders that went all the way, with what the buyer was promised', () => {
  const { state } = record(past([{ fact: 'delivered', at: at(8) }])).after
  assert.deepEqual(
    state.fulfillmentOrders.map((one) => [one.nodeId, one.work, one.shipBy, one.lines]),
    [
      ['seller-a', 'done', at(9), [{ lineNo: 0, sku: 'hammock', quantity: 2 }]],
      ['seller-b', 'done', at(7), [{ lineNo: 1, sku: 'rope', quantity: 1 }]],
    ],
  )
  assert.deepEqual(state.promise, { basis: 'configured', deliverBy: at(20), shipBy: at(7) })
})

test('money moved when the order was approved; without an approval it was only announced', () => {
  const paid = record(past([{ fact: 'approved', at: at(2) }])).after.state
  assert.deepEqual(paid.payments, [{ kind: 'capture', method: 'boleto', amount: 21_680, occurredAt: at(2) }])
  const open = record(past([{ fact: 'cancelled' }]))
  assert.deepEqual(open.after.state.payments, [])
  assert.ok(
    open.events.some(({ event }) => JSON.stringify(event.data).includes('"announcedPayments":[{"method":"boleto","amount":21680}]')),
  )
  const late = record(past([{ fact: 'delivered', at: at(4) }])).after.state
  assert.equal(late.payments[0]?.occurredAt, at(1))
  assert.ok(late.flags.includes('payment_time_missing'))
})

test('contradictory times are kept and flagged', () => {
  const facts: PastFact[] = [
    { fact: 'approved', at: at(6) },
    { fact: 'handedOver', at: at(5) },
    { fact: 'delivered', at: at(4) },
  ]
  const flags = ['handed_over_before_approved', 'delivered_before_approved', 'delivered_before_handed_over']
  assert.deepEqual(contradictionsOf(at(1), facts), flags)
  const change = record(past(facts))
  assert.deepEqual(change.after.state.flags, flags)
  assert.deepEqual(
    change.events.map(({ event }) => event.occurredAt),
    [at(1), at(1), at(6), at(6), at(5), at(4)],
  )
  assert.equal(phaseOf(change.after.intake, change.after.state), 'delivered')
})

test('a cancellation after hand-over takes nothing back and is flagged', () => {
  const { state } = record(past([{ fact: 'handedOver', at: at(5) }, { fact: 'cancelled' }])).after
  assert.equal(state.state, 'accepted')
  assert.deepEqual(state.flags, ['payment_time_missing', 'cancelled_after_hand_over'])
  assert.ok(state.lines.every((line) => line.cancelled === 0))
})

test('any set of past facts at any times gives a ledger without violations, no clock and no stock', () => {
  const fact = fc.record({
    fact: fc.constantFrom(...historyFacts.filter((one): one is HistoryFact => one !== 'placed')),
    at: fc.option(fc.integer({ min: 1, max: 28 }).map(at), { nil: undefined }),
  })
  const facts = fc.uniqueArray(fact, { selector: (one) => one.fact })
  fc.assert(
    fc.property(facts, fc.integer({ min: 0, max: 40 }), (drawn, day) => {
      const change = record(past(drawn.map(({ fact: name, at: when }) => (when === undefined ? { fact: name } : { fact: name, at: when }))))
      const { intake, state } = change.after
      assert.deepEqual(replay(intake, change.events), state)
      assert.deepEqual([state.clocks, state.reservations, state.exposure], [[], [], 0])
      const then = replay(
        intake,
        change.events.filter(({ event }) => event.occurredAt <= at(day)),
      )
      assert.deepEqual(ledgerViolations({ intake, state: then }), [])
    }),
  )
})

test('a ledger that ships more than was picked is seen', () => {
  const { intake } = record(past([])).after
  const state = initialState(intake)
  const wrong = { ...state, lines: state.lines.map((line) => ({ ...line, shipped: 1 })) }
  assert.equal(ledgerViolations({ intake, state: wrong }).length, 2)
  assert.equal(ledgerViolations({ intake, state: { ...state, lines: [] } }).length, 1)
})
