import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { workActions } from '../../../contract/entities/fulfillment-order.ts'
import { orderActions } from '../../../contract/entities/order.ts'
import { MINUTE, DAY, HOUR, instant, toIso } from '../../kernel/time.ts'
import { type OrderChange, stockDeltasOf } from '../order/change.ts'
import { nextDueAt, stagesOf } from '../order/clock.ts'
import { workActionsOf } from '../fulfillment/allowed-work.ts'
import { allowedActionsOf } from '../order/derive.ts'
import { evolve, initialState, replay } from '../order/evolve.ts'
import { isHeld } from '../order/reservation.ts'
import { currentIntake } from '../order/current-intake.ts'
import { ledgerViolations } from '../order/line-ledger.ts'
import { isSettled, owedOf } from '../order/payment-need.ts'
import type { Order, OrderState } from '../order/state.ts'
import { addsUp, edit, type EditStep, editStep } from '../../../test/support/order-edits.ts'
import { Trade } from '../../../test/support/trade.ts'
import type { OrderAction } from './act-on-order.ts'

const kinds = ['authorise', 'capture', 'void', 'refund', 'chargeback', 'adjust'] as const
const entry = fc.record({
  kind: fc.constantFrom(...kinds),
  method: fc.constantFrom('card', 'wallet'),
  amount: fc.oneof(fc.constantFrom(1000, 3000, 9000), fc.integer({ min: 0, max: 12_000 })),
})
const workStep = fc.record({
  kind: fc.constant('work' as const),
  which: fc.nat(3),
  verb: fc.option(fc.constantFrom(...workActions, 'split', 'move'), { nil: undefined, freq: 2 }),
  units: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  short: fc.boolean(),
  isLeft: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
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
      said: fc.record({ isCancelled: fc.boolean(), reasons: fc.constantFrom<string[]>([], ['changed']) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1000, HOUR, DAY) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stock' as const), onHand: fc.integer({ min: 0, max: 12 }) }) },
)
const worldFields = {
  shortage: fc.constantFrom('refuse', 'review', 'backorder', 'partial'),
  onExpiry: fc.constantFrom('cancel', 'recheck'),
  requiresPayment: fc.boolean(),
  onAccount: fc.boolean(),
  origin: fc.constantFrom('api' as const, 'channel' as const),
  isReviewed: fc.boolean(),
  mustAccept: fc.boolean(),
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
}
const world = fc.record(worldFields)
type Of<A> = A extends fc.Arbitrary<infer S> ? S : never
type Step = Of<typeof step> | Of<typeof workStep> | EditStep
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
  trade.node('n1', 'CN', { capacityPerDay: 3, ...(given.mustAccept ? { acceptMinutes: 45 } : {}) })
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

function actionOf(given: Step, no: number): OrderAction | undefined {
  switch (given.kind) {
    case 'pay':
      return { action: 'payments', entries: given.entries }
    case 'amend':
      return { action: 'amend', changed: ['payments'], entries: [], told: { attributes: { no } }, ...given.said }
    case 'do':
      if (given.action === 'approve' || given.action === 'release') return { action: given.action }
      if (given.action === 'hold') return { action: 'hold', reason: 'asked', scope: 'order', holdId: `h${no}` }
      return { action: given.action as 'cancel', reason: 'asked' }
    default:
      return undefined
  }
}

/** What somebody at a node does: any action, or the one that leads on; picks take all, or so many units of the first line. */
function workOf(order: Order, given: Extract<Step, { kind: 'work' }>): OrderAction | undefined {
  const { fulfillmentOrders } = order.state
  const work = fulfillmentOrders[given.which % Math.max(1, fulfillmentOrders.length)]
  if (work === undefined) return undefined
  const allowed = workActionsOf(order, work)
  const forward = allowed.find((action) => ['start', 'pick', 'pack', 'handOver', 'deliver'].includes(action))
  const aside = given.short ? allowed.find((action) => action === 'merge' || (action === 'unpack' && (given.units ?? 0) > 1)) : undefined
  const verb = aside ?? given.verb ?? forward ?? 'accept'
  const [line] = work.lines
  if (given.isLeft && given.units === undefined && line !== undefined) return { action: 'relieve', nodeId: work.nodeId, sku: line.sku }
  if (given.isLeft) return { action: 'evacuate', fulfillmentOrderId: work.fulfillmentOrderId, begun: given.short ? 'move' : 'finish' }
  const { fulfillmentOrderId } = work
  const lineRef = order.intake.lines[line?.lineNo ?? 0]?.lineRef ?? ''
  const some =
    given.units === undefined || line === undefined
      ? {}
      : { lines: given.units === 0 ? [] : [{ lineRef, sku: line.sku, quantity: given.units }] }
  const more = verb === 'pick' ? { ...some, short: given.short } : verb === 'split' ? some : {}
  return { action: 'work', fulfillmentOrderId, verb, reason: 'asked', ...more }
}

/** Every fulfillment order offers exactly what it takes. */
function worksAsItOffers(trade: Trade, order: Order): void {
  for (const work of order.state.fulfillmentOrders) {
    const allowed = workActionsOf(order, work)
    for (const verb of workActions) {
      const outcome = trade.ask(order, { action: 'work', fulfillmentOrderId: work.fulfillmentOrderId, verb })
      const isAllowed = outcome.status === 'done' || outcome.code !== 'action_not_allowed'
      assert.equal(isAllowed, allowed.includes(verb), `${verb} of ${work.work}`)
      // What to split off must be said, and whether another node fits is not for the work itself to know.
      if (verb !== 'split' && verb !== 'move') assert.equal(outcome.status === 'done', isAllowed, `${verb} of ${work.work}`)
    }
  }
}

const isOver = (state: OrderState): boolean => state.state === 'cancelled' || state.state === 'rejected' || state.state === 'closed'
const committedUnits = (state: OrderState): number =>
  state.reservations.reduce((sum, one) => sum + (one.kind === 'committed' ? one.quantity : 0), 0)

/** What must hold after every event of an order, whoever caused it. */
function holdsAfterEach(change: OrderChange): void {
  const received = change.after.intake
  let state = change.before ?? initialState(received)
  for (const { event, recordedAt } of change.events) {
    const before = state
    const was = currentIntake(received, before)
    state = evolve(received, state, event, recordedAt)
    const intake = currentIntake(received, state)
    if (!isOver(state)) addsUp({ intake, state })
    assert.deepEqual(ledgerViolations({ intake, state }), [])
    for (const [i, line] of state.lines.entries()) {
      const ordered = intake.lines[i]?.quantity ?? 0
      if (state.decisionNo > 0) assert.equal(line.cancelled + line.reserved + line.backordered, ordered, `${event.type} breaks line ${i}`)
      assert.ok(line.allocated <= line.reserved, `${event.type}: more allocated than reserved`)
    }
    for (const [i, line] of state.lines.entries()) {
      const own = state.reservations.filter((one) => one.lineNo === i && one.sku === intake.lines[i]?.sku && isHeld(one.kind))
      const units = own.reduce((sum, one) => sum + one.quantity, 0)
      if (intake.lines[i]?.sku !== 'set') assert.equal(units, line.reserved - line.shipped, `${event.type}: line ${i} holds ${units}`)
    }
    const grew = committedUnits(state) > committedUnits(before)
    if (grew) assert.ok(isSettled(was, before), `${event.type} commits stock of an order that is not paid`)
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

/** Units that a node gave up are planned anew or somebody's task, and a task ends with its reason. */
function ownsItsTroubles({ state }: Order): void {
  const open = (state.tasks ?? []).filter((task) => task.doneAt === undefined)
  if (isOver(state)) assert.deepEqual(open, [])
  assert.equal(new Set(open.map((task) => `${task.kind} ${task.fulfillmentOrderId}`)).size, open.length)
  const missing = open.some((task) => task.kind === 'stockMissing')
  if (missing) assert.ok(state.lines.some((line) => line.backordered > 0))
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
    refund: { action: 'refund', entries: [{ kind: 'refund', method: 'elsewhere', amount: 1, crossMethod: true }] },
    cancelLines: { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 1 }], reason: 'asked' },
    change: { action: 'proposeChange', changeId: 'c', edits: { lines: [{ lineRef: '1', quantity: 9 }] } },
  }
  for (const name of orderActions) {
    const outcome = trade.ask(order, tries[name])
    const isOffered = outcome.status === 'done' || outcome.code !== 'action_not_allowed'
    assert.equal(isOffered, allowed.includes(name), `${name} of ${order.state.state}`)
    // What an edit asks for may be impossible where editing as such is not.
    if (outcome.status === 'refused' && name !== 'change' && name !== 'cancelLines') assert.equal(outcome.code, 'action_not_allowed')
  }
  if (isOver(order.state))
    assert.deepEqual(
      allowed.filter((action) => action !== 'refund'),
      ['payments'],
    )
}

/** Lives through the steps with every promise looked at after each; counts what it saw. */
function live(given: World, steps: readonly Step[], seen: Record<string, number>): void {
  const trade = openTrade(given)
  const input = trade.order(given.lines, { payments: given.payments, ...(given.onAccount ? { accountId: 'acme' } : {}) })
  const placed = trade.decide(input, { origin: given.origin, ...(given.isReviewed ? { reviewReasons: ['looked_at'] } : {}) })
  if (placed.status === 'refused') return
  const history = [...placed.value.change.events]
  holdsAfterEach(placed.value.change)
  let order = trade.take(placed.value.change)
  agreesWithTrade(trade, order)
  for (const [no, one] of steps.entries()) {
    if (one.kind === 'wait') trade.pass(one.ms)
    if (one.kind === 'stock') for (const sku of ['tea', 'cup']) trade.stock(sku, 'n1', one.onHand)
    if (one.kind === 'tick') trade.now = instant(Math.max(trade.now, nextDueAt(order.state) ?? 0))
    if (one.kind === 'edit') {
      edit(trade, order, one, no, (change) => {
        holdsAfterEach(change)
        history.push(...change.events)
        order = trade.take(change)
        agreesWithTrade(trade, order)
        offersWhatItTakes(trade, order)
        worksAsItOffers(trade, order)
        return order
      })
      continue
    }
    const action = one.kind === 'tick' ? ({ action: 'tick' } as const) : one.kind === 'work' ? workOf(order, one) : actionOf(one, no)
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
    worksAsItOffers(trade, order)
    if (one.kind === 'tick' && !isOver(order.state)) assert.ok(change.events.length > 0, 'a clock that is due does something')
    if (isOver(order.state)) assert.equal(order.state.exposure, 0)
    ownsItsTroubles(order)
  }
  for (const { event } of history) seen[event.type] = (seen[event.type] ?? 0) + 1
  assert.deepEqual(replay(order.intake, history), order.state)
  const kept = JSON.parse(JSON.stringify(order.state))
  assert.deepEqual(JSON.parse(JSON.stringify(replay(order.intake, history))), kept)
}

const wasSeen = (seen: Record<string, number>, types: readonly string[], atLeast = 6) => {
  for (const type of types) assert.ok((seen[type] ?? 0) >= atLeast, `${type} was seen ${seen[type] ?? 0} times`)
}

test('an order keeps every promise of the model, whatever happens to it in whatever order', () => {
  const seen: Record<string, number> = {}
  const steps = fc.array(fc.oneof(step, workStep), { maxLength: 14 })
  fc.assert(
    fc.property(world, steps, (given, all) => live(given, all, seen)),
    { numRuns: 700 },
  )
  wasSeen(seen, ['order.received', 'order.cancelled', 'order.committed', 'order.clockBreached', 'order.stockReleased'])
})

test('edits, payments, refunds, cancellations and work in any order keep every promise of the model, and totals equal a recomputation', () => {
  const seen: Record<string, number> = {}
  const choices = [
    { weight: 4, arbitrary: editStep },
    { weight: 2, arbitrary: step },
    { weight: 9, arbitrary: workStep },
  ]
  const steps = fc.array(fc.oneof(...choices), { minLength: 6, maxLength: 24 })
  const busy = fc.record({ ...worldFields, requiresPayment: fc.constant(false), isReviewed: fc.constant(false) })
  fc.assert(
    fc.property(fc.oneof(world, busy), steps, (given, all) => live(given, all, seen)),
    { numRuns: 300 },
  )
  seen['ended'] = (seen['order.changeDeclined'] ?? 0) + (seen['order.changeExpired'] ?? 0)
  wasSeen(seen, ['order.changeProposed', 'order.changed', 'ended', 'order.paymentRecorded', 'fulfillment.started'])
})

test('the work of nodes keeps every promise of the model: what is short, refused or taken away is open again, what leaves is consumed', () => {
  const seen: Record<string, number> = {}
  const busy = fc.record({
    ...worldFields,
    requiresPayment: fc.constant(false),
    isReviewed: fc.constant(false),
    onHand: fc.integer({ min: 1, max: 9 }),
  })
  const steps = fc.array(fc.oneof({ weight: 12, arbitrary: workStep }, { weight: 1, arbitrary: step }), { minLength: 6, maxLength: 24 })
  fc.assert(
    fc.property(busy, steps, (given, all) => live(given, all, seen)),
    { numRuns: 500 },
  )
  wasSeen(seen, [
    'fulfillment.rejected',
    'fulfillment.shortPicked',
    'fulfillment.handedOver',
    'fulfillment.delivered',
    'fulfillment.cancelled',
    'fulfillment.moved',
    'task.opened',
  ])
  wasSeen(seen, ['fulfillment.held', 'fulfillment.split', 'fulfillment.merged', 'fulfillment.unpacked', 'task.done'], 1)
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

test('two plans made at one tick are two decisions: stock that came, and an offer that ran out at the same moment', () => {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1', 'CN', { acceptMinutes: 30 })
  trade.node('n2')
  trade.channel('shop', { requiresPayment: false, shortage: 'partial' })
  trade.stock('tea', 'n1', 3)
  const order = trade.place(trade.order([{ sku: 'tea', quantity: 5 }]))
  trade.stock('tea', 'n2', 9)
  trade.pass(30 * MINUTE)
  const outcome = trade.ask(order, { action: 'tick' })
  assert.ok(outcome.status === 'done')
  const { change, decisions } = outcome.value
  const sourced = change.events.filter(({ event }) => event.type === 'order.sourced')
  assert.deepEqual(
    decisions.map((one) => one.decisionNo),
    sourced.map(({ event }) => event.type === 'order.sourced' && event.data.decisionNo),
  )
  assert.equal(sourced.length, 2)
})
