import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { orderActions } from '../../../contract/entities/order.ts'
import { DAY, HOUR, instant, toIso } from '../../kernel/time.ts'
import { type OrderChange, stockDeltasOf } from '../order/change.ts'
import { nextDueAt, stagesOf } from '../order/clock.ts'
import { allowedActionsOf } from '../order/derive.ts'
import { evolve, initialState, isHeld, replay } from '../order/evolve.ts'
import { ledgerViolations } from '../order/line-ledger.ts'
import { isSettled, owedOf } from '../order/payment-need.ts'
import type { Order, OrderState } from '../order/state.ts'
import { Trade } from '../../../test/support/trade.ts'
import type { OrderAction } from './act-on-order.ts'

const kinds = ['authorise', 'capture', 'void', 'refund', 'chargeback', 'adjust'] as const
const entry = fc.record({
  kind: fc.constantFrom(...kinds),
  method: fc.constantFrom('card', 'wallet'),
  amount: fc.oneof(fc.constantFrom(1000, 3000, 9000), fc.integer({ min: 0, max: 12_000 })),
})
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'tick' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pay' as const), entries: fc.array(entry, { minLength: 1, maxLength: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('do' as const), action: fc.constantFrom('approve', 'decline', 'cancel', 'hold', 'release') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('amend' as const),
      isCancelled: fc.boolean(),
      reasons: fc.constantFrom<string[]>([], ['changed']),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1000, HOUR, DAY) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stock' as const), onHand: fc.integer({ min: 0, max: 12 }) }) },
)
const world = fc.record({
  shortage: fc.constantFrom('refuse', 'review', 'backorder', 'partial'),
  onExpiry: fc.constantFrom('cancel', 'recheck'),
  requiresPayment: fc.boolean(),
  onAccount: fc.boolean(),
  origin: fc.constantFrom('api' as const, 'channel' as const),
  isReviewed: fc.boolean(),
  onHand: fc.integer({ min: 0, max: 9 }),
  hasSupply: fc.boolean(),
  lines: fc.array(fc.record({ sku: fc.constantFrom('tea', 'cup', 'set'), quantity: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  payments: fc.array(
    fc.record({ kind: fc.constantFrom('authorise', 'capture'), method: fc.constant('card'), amount: fc.integer({ min: 1, max: 9000 }) }),
    { maxLength: 2 },
  ),
})
type World = typeof world extends fc.Arbitrary<infer W> ? W : never

function openTrade(given: World): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.item('cup')
  trade.item('set', {
    components: [
      { sku: 'tea', quantity: 1 },
      { sku: 'cup', quantity: 2 },
    ],
  })
  trade.node('n1', 'CN', { capacityPerDay: 3 })
  trade.node('n2', 'DE')
  const { shortage, onExpiry, requiresPayment } = given
  trade.channel('shop', { shortage, requiresPayment, unpaid: { holdMinutes: 10, onExpiry }, checks: { credit: 'review' } })
  trade.put('account', 'acme', { accountId: 'acme', name: 'ACME', currency: 'CNY', creditLimit: 4000 })
  for (const sku of ['tea', 'cup']) for (const nodeId of ['n1', 'n2']) trade.stock(sku, nodeId, given.onHand)
  if (given.hasSupply)
    trade.put('supply', 'po', {
      supplyId: 'po',
      sku: 'tea',
      nodeId: 'n1',
      kind: 'purchaseOrder',
      quantity: 9,
      availableAt: toIso(instant(trade.now + DAY)),
    })
  return trade
}

function actionOf(given: typeof step extends fc.Arbitrary<infer S> ? S : never, no: number): OrderAction | undefined {
  switch (given.kind) {
    case 'pay':
      return { action: 'payments', entries: given.entries }
    case 'amend':
      return { action: 'amend', changed: ['payments'], reasons: given.reasons, entries: [], isCancelled: given.isCancelled }
    case 'do':
      if (given.action === 'approve') return { action: 'approve' }
      if (given.action === 'release') return { action: 'release' }
      if (given.action === 'hold') return { action: 'hold', reason: 'asked', scope: 'order', holdId: `h${no}` }
      return { action: given.action as 'cancel', reason: 'asked' }
    default:
      return undefined
  }
}

const isOver = (state: OrderState): boolean => state.state === 'cancelled' || state.state === 'rejected' || state.state === 'closed'
const committedUnits = (state: OrderState): number =>
  state.reservations.reduce((sum, one) => sum + (one.kind === 'committed' ? one.quantity : 0), 0)

/** What must hold after every event of an order, whoever caused it. */
function holdsAfterEach(change: OrderChange): void {
  const { intake } = change.after
  let state = change.before ?? initialState(intake)
  for (const { event, recordedAt } of change.events) {
    const before = state
    state = evolve(intake, state, event, recordedAt)
    assert.deepEqual(ledgerViolations({ intake, state }), [])
    for (const [i, line] of state.lines.entries()) {
      const ordered = intake.lines[i]?.quantity ?? 0
      if (state.decisionNo > 0) assert.equal(line.cancelled + line.reserved + line.backordered, ordered, `${event.type} breaks line ${i}`)
      assert.ok(line.allocated <= line.reserved, `${event.type}: more allocated than reserved`)
    }
    const grew = committedUnits(state) > committedUnits(before)
    if (grew) assert.ok(isSettled(intake, before), `${event.type} commits stock of an order that is not paid`)
    if (grew) assert.ok((before.reservedUntil ?? Infinity) > recordedAt, `${event.type} commits stock whose time had passed`)
    const soft = state.reservations.some((one) => one.kind === 'soft')
    if (soft) assert.notEqual(state.reservedUntil, undefined, 'soft stock without an end')
    if (state.state !== 'received') runsClocks({ intake, state })
    assert.equal(state.version, before.version + 1)
    assert.ok(state.recordedAt >= before.recordedAt)
  }
  assert.deepEqual(state, change.after.state)
}

function runsClocks({ intake, state }: Order): void {
  const running = state.clocks.filter((clock) => clock.state === 'running').map((clock) => clock.clock)
  assert.deepEqual(running.toSorted(), [...stagesOf(intake, state)].toSorted())
  assert.equal(running.length > 0, !isOver(state), `${state.state} with ${running.length} clocks`)
  assert.equal(nextDueAt(state) !== undefined, !isOver(state))
  assert.equal(new Set(state.clocks.map((clock) => clock.clock)).size, state.clocks.length)
}

/** What the order holds is what the trade says is held, and what it owes is its account's exposure. */
function agreesWithTrade(trade: Trade, { intake, state }: Order): void {
  for (const sku of ['tea', 'cup'])
    for (const nodeId of ['n1', 'n2']) {
      const row = trade.rowOf(sku, nodeId)
      const own = state.reservations.filter((one) => one.sku === sku && one.nodeId === nodeId && isHeld(one.kind))
      assert.equal(
        row.soft + row.firm + row.committed,
        own.reduce((sum, one) => sum + one.quantity, 0),
      )
    }
  const owed = isOver(state) || intake.accountId === undefined ? 0 : owedOf(intake, state.payments)
  assert.equal(state.exposure, owed)
  assert.equal(trade.memory.accounts.get('acme')?.exposure, owed)
}

/** The actions that reads offer are those that are not refused as not allowed. */
function offersWhatItTakes(trade: Trade, order: Order): void {
  const allowed = allowedActionsOf(order.intake, order.state)
  const tries: Record<(typeof orderActions)[number], OrderAction> = {
    approve: { action: 'approve' },
    decline: { action: 'decline', reason: 'asked' },
    cancel: { action: 'cancel', reason: 'asked' },
    hold: { action: 'hold', reason: 'asked', scope: 'order', holdId: 'h' },
    release: { action: 'release' },
    payments: { action: 'payments', entries: [{ kind: 'authorise', method: 'card', amount: 1 }] },
  }
  for (const name of orderActions) {
    const outcome = trade.ask(order, tries[name])
    assert.equal(outcome.status, allowed.includes(name) ? 'done' : 'refused', `${name} of ${order.state.state}`)
    if (outcome.status === 'refused') assert.equal(outcome.code, 'action_not_allowed')
  }
  if (isOver(order.state)) assert.deepEqual(allowed, order.state.state === 'closed' ? [] : ['payments'])
}

test('an order keeps every promise of the model, whatever happens to it in whatever order', () => {
  const seen = { placed: 0, cancelled: 0, committed: 0, breached: 0, released: 0, awaited: 0 }
  const run = fc.property(world, fc.array(step, { maxLength: 14 }), (given, steps) => {
    const trade = openTrade(given)
    const input = trade.order(given.lines, { payments: given.payments, ...(given.onAccount ? { accountId: 'acme' } : {}) })
    const placed = trade.decide(input, { origin: given.origin, ...(given.isReviewed ? { reviewReasons: ['looked_at'] } : {}) })
    if (placed.status === 'refused') return
    seen.placed += 1
    const history = [...placed.value.change.events]
    holdsAfterEach(placed.value.change)
    let order = trade.take(placed.value.change)
    agreesWithTrade(trade, order)
    for (const [no, one] of steps.entries()) {
      if (one.kind === 'wait') trade.pass(one.ms)
      if (one.kind === 'stock') for (const sku of ['tea', 'cup']) trade.stock(sku, 'n1', one.onHand)
      if (one.kind === 'tick') trade.now = instant(Math.max(trade.now, nextDueAt(order.state) ?? 0))
      const action = one.kind === 'tick' ? ({ action: 'tick' } as const) : actionOf(one, no)
      if (action === undefined) continue
      const wasOver = isOver(order.state)
      const outcome = trade.ask(order, action)
      if (outcome.status === 'refused') continue
      const { change } = outcome.value
      holdsAfterEach(change)
      if (wasOver && action.action !== 'amend') assert.ok(change.events.every(({ event }) => event.type === 'order.paymentRecorded'))
      if (wasOver) assert.deepEqual(stockDeltasOf(change), [])
      history.push(...change.events)
      order = trade.take(change)
      agreesWithTrade(trade, order)
      offersWhatItTakes(trade, order)
      if (one.kind === 'tick' && !isOver(order.state)) assert.ok(change.events.length > 0, 'a clock that is due does something')
      if (isOver(order.state)) assert.equal(order.state.exposure, 0)
    }
    for (const { event } of history) {
      if (event.type === 'order.cancelled') seen.cancelled += 1
      if (event.type === 'order.committed') seen.committed += 1
      if (event.type === 'order.clockBreached') seen.breached += 1
      if (event.type === 'order.stockReleased') seen.released += 1
      if (event.type === 'order.sourced' && event.data.sourceAgainAt !== undefined) seen.awaited += 1
    }
    assert.deepEqual(replay(order.intake, history), order.state)
    const kept = JSON.parse(JSON.stringify(order.state))
    assert.deepEqual(JSON.parse(JSON.stringify(replay(order.intake, history))), kept)
  })
  fc.assert(run, { numRuns: 700 })
  for (const [what, times] of Object.entries(seen)) assert.ok(times > 5, `${what} was seen ${times} times`)
})

test('an order that nobody touches is never stuck: each tick at its due time ends it or puts the next one off', () => {
  fc.assert(
    fc.property(world, (given) => {
      const trade = openTrade(given)
      const placed = trade.decide(trade.order(given.lines, { payments: given.payments }), { origin: given.origin })
      if (placed.status === 'refused') return
      let order = trade.take(placed.value.change)
      for (let i = 0; i < 40 && !isOver(order.state); i++) {
        const due = nextDueAt(order.state)
        assert.ok(due !== undefined)
        trade.now = instant(Math.max(trade.now, due))
        order = trade.act(order, { action: 'tick' })
      }
      const next = nextDueAt(order.state)
      assert.ok(isOver(order.state) || (next ?? 0) > trade.now, `due at ${next}, now ${trade.now}`)
      if (!isSettled(order.intake, order.state) && order.state.state === 'accepted') assert.fail('an unpaid order held on for ever')
    }),
    { numRuns: 200 },
  )
})
