import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY, HOUR, type Instant, MINUTE, toIso, instant } from '../../kernel/time.ts'
import { nextDueAt } from '../order/clock.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order, TaskState } from '../order/state.ts'
import { Trade } from '../../../test/support/trade.ts'

const nodesOf = (order: Order): string[] => order.state.reservations.filter((one) => one.kind !== 'expired').map((one) => one.nodeId)
const dueAt = (order: Order, clock: string): Instant | undefined =>
  order.state.clocks.find((one) => one.clock === clock && one.state === 'running')?.dueAt

/** A home node and one abroad; goods called `lamp` obey the rule. */
function bordered(action: 'refuse' | 'review', demand: object, channel: object = {}): Trade {
  const trade = new Trade()
  trade.item('lamp', { attributes: { battery: true } })
  trade.item('tea')
  trade.node('home', 'CN', { capabilities: ['battery'] })
  trade.node('abroad', 'DE', { capabilities: [] })
  trade.channel('shop', { requiresPayment: false, ...channel })
  trade.put('complianceRule', 'r1', { ruleId: 'r1', name: 'r1', action, match: { attributes: { battery: true } }, demand })
  return trade
}
const battery = { nodeCapability: 'battery' }
const minors = { minimumAge: 18 }

test('a plan that only rules for a person keep from being made is made without them and waits for that person', () => {
  const trade = bordered('review', battery)
  trade.stock('lamp', 'abroad', 5)
  const order = trade.place(trade.order([{ sku: 'lamp', quantity: 2 }]))
  assert.deepEqual([order.state.state, order.state.reviewReasons, nodesOf(order)], ['review', ['rules_set_aside'], ['abroad']])
  assert.deepEqual(order.state.checks?.compliance.detail, { rules: ['r1'] })
  const approved = trade.act(order, { action: 'approve' })
  assert.deepEqual([approved.state.state, approved.state.lines[0]?.allocated], ['accepted', 2])
})

test('a plan within the rules is preferred to one that waits for a person', () => {
  const trade = bordered('review', battery)
  trade.stock('lamp', 'abroad', 5)
  trade.stock('lamp', 'home', 5)
  const order = trade.place(trade.order([{ sku: 'lamp', quantity: 2 }]))
  assert.deepEqual([order.state.state, nodesOf(order)], ['accepted', ['home']])
})

test('what rules make impossible is refused as unroutable and names them', () => {
  const trade = bordered('refuse', battery)
  trade.stock('lamp', 'abroad', 5)
  const outcome = trade.decide(trade.order([{ sku: 'lamp', quantity: 2 }]))
  assert.ok(outcome.status === 'refused')
  assert.deepEqual([outcome.code, outcome.got], ['unroutable', { missing: [{ sku: 'lamp', short: 2 }], rules: ['r1'] }])
})

test('an attribute of the line binds like one of the item, at placement and when it is sourced again', () => {
  const trade = bordered('refuse', battery, { shortage: 'partial' })
  trade.stock('tea', 'abroad', 5)
  const lines = [{ sku: 'tea', quantity: 2, more: { attributes: { battery: true } } }]
  let order = trade.place(trade.order(lines))
  assert.deepEqual([order.state.lines[0]?.backordered, nodesOf(order)], [2, []])
  trade.pass(30 * MINUTE)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.lines[0]?.backordered, nodesOf(order)], [2, []], 'still only abroad')
  trade.stock('tea', 'home', 5)
  trade.pass(DAY)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.lines[0]?.allocated, nodesOf(order)], [2, ['home']])
})

test('approving keeps to the rules that nobody was asked about, and to those that refuse always', () => {
  for (const action of ['refuse', 'review'] as const) {
    const trade = bordered(action, battery, { shortage: 'review' })
    const order = trade.place(trade.order([{ sku: 'lamp', quantity: 2 }]))
    trade.stock('lamp', 'abroad', 5)
    assert.deepEqual(nodesOf(trade.act(order, { action: 'approve' })), [], action)
  }
})

test('a rule that refuses since the order came in keeps the rest of it from being sourced', () => {
  const trade = bordered('refuse', battery, { shortage: 'partial' })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  trade.put('complianceRule', 'r2', { ruleId: 'r2', name: 'r2', action: 'refuse', match: { skus: ['tea'] }, demand: { forbid: true } })
  trade.stock('tea', 'home', 5)
  trade.pass(30 * MINUTE)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual(nodesOf(order), [])
})

test('an age that the birthday proved is proved for the rest of the order, and no birthday is kept', () => {
  const trade = bordered('refuse', minors, { shortage: 'partial' })
  trade.stock('lamp', 'home', 1)
  const lines = [{ sku: 'lamp', quantity: 2 }]
  let order = trade.place(trade.order(lines, { customer: { bornOn: '1990-05-01' } }))
  assert.deepEqual([order.intake.provenAge, JSON.stringify(order).includes('1990')], [18, false])
  trade.stock('lamp', 'home', 5)
  trade.pass(30 * MINUTE)
  order = trade.act(order, { action: 'tick' })
  assert.equal(order.state.lines[0]?.allocated, 2)
})

function supplied(trade: Trade, more: object): void {
  trade.put('supply', 'po', { supplyId: 'po', sku: 'tea', nodeId: 'n1', kind: 'purchaseOrder', quantity: 10, ...more })
}
function waiting(channel: object = { shortage: 'backorder' }): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false, ...channel })
  return trade
}

test('what dated supply covers is promised from it, and looked for again on its day', () => {
  const trade = waiting()
  const availableAt = instant(trade.now + 5 * DAY)
  supplied(trade, { availableAt: toIso(availableAt) })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
  assert.equal(order.state.lines[0]?.backordered, 4)
  assert.ok((order.state.promise.deliverBy ?? 0) > availableAt && (order.state.promise.deliverBy ?? 0) < availableAt + 10 * DAY)
  assert.equal(dueAt(order, 'stock'), availableAt)
  trade.pass(5 * DAY)
  trade.stock('tea', 'n1', 10)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.lines[0]?.allocated, order.state.sourceAgainAt], [4, undefined])
})

/** Supply, what it says about 4 units of tea. */
const supplies: readonly [string, object, boolean, number | undefined][] = [
  ['covers part only', { quantity: 3, availableAt: 5 * DAY }, false, 5 * DAY],
  ['has come in for the most part', { received: 7, availableAt: 5 * DAY }, false, 5 * DAY],
  ['is overdue', { availableAt: -HOUR }, false, undefined],
  ['is there in time', { availableAt: 2 * DAY }, true, 2 * DAY],
]
for (const [name, more, isPromised, due] of supplies)
  test(`supply that ${name} ${isPromised ? 'gives' : 'gives no'} promise`, () => {
    const trade = waiting()
    const { availableAt } = more as { availableAt: number }
    supplied(trade, { ...more, availableAt: toIso(instant(trade.now + availableAt)) })
    const order = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
    assert.equal(order.state.promise.deliverBy !== undefined, isPromised)
    assert.equal(dueAt(order, 'stock'), trade.now + (due ?? 30 * MINUTE))
  })

const promised = (order: Order): boolean => order.state.promise.deliverBy !== undefined

test('two orders are not promised the same units: what one counts on is the next one’s only when it is given back', () => {
  const trade = waiting()
  supplied(trade, { quantity: 5, availableAt: toIso(instant(trade.now + DAY)) })
  const lines = [{ sku: 'tea', quantity: 3 }]
  const first = trade.place(trade.order(lines))
  assert.deepEqual(first.state.awaiting, [{ supplyId: 'po', quantity: 3 }])
  assert.deepEqual([promised(first), promised(trade.place(trade.order(lines)))], [true, false])
  const cancelled = trade.act(first, { action: 'cancel', reason: 'asked' })
  assert.equal(cancelled.state.awaiting, undefined)
  assert.equal(promised(trade.place(trade.order(lines))), true)
})

test('an order keeps the units that it counts on at a new look, and gives them back once it has stock', () => {
  const trade = waiting()
  const availableAt = instant(trade.now + DAY)
  supplied(trade, { quantity: 4, availableAt: toIso(availableAt) })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
  supplied(trade, { quantity: 4, availableAt: toIso(instant(availableAt + DAY)) })
  trade.pass(DAY)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.awaiting, promised(order)], [[{ supplyId: 'po', quantity: 4 }], true])
  trade.stock('tea', 'n1', 4)
  trade.pass(DAY)
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual([order.state.awaiting, order.state.lines[0]?.allocated], [undefined, 4])
  assert.equal(trade.memory.supply.get('po')?.reserved, 0)
})

test('two lines of an item are not promised from the same units', () => {
  const trade = waiting()
  supplied(trade, { quantity: 5, availableAt: toIso(instant(trade.now + DAY)) })
  const line = { sku: 'tea', quantity: 3 }
  assert.equal(trade.place(trade.order([line, line])).state.promise.deliverBy, undefined)
})

test('a node that does not serve the channel, and the units a channel must leave, promise nothing', () => {
  const trade = waiting({ shortage: 'backorder', buffer: 8 })
  supplied(trade, { availableAt: toIso(instant(trade.now + DAY)) })
  assert.equal(trade.place(trade.order([{ sku: 'tea', quantity: 3 }])).state.promise.deliverBy, undefined)
  assert.notEqual(trade.place(trade.order([{ sku: 'tea', quantity: 2 }])).state.promise.deliverBy, undefined)
  trade.node('n1', 'CN', { channels: ['other'] })
  assert.equal(trade.place(trade.order([{ sku: 'tea', quantity: 2 }])).state.promise.deliverBy, undefined)
})

test('units that are cancelled in part give the supply they counted on back at once', () => {
  const trade = waiting()
  trade.item('cup')
  trade.stock('cup', 'n1', 5)
  supplied(trade, { quantity: 5, availableAt: toIso(instant(trade.now + DAY)) })
  const lines = [
    { sku: 'tea', quantity: 3 },
    { sku: 'cup', quantity: 1 },
  ]
  const reserved = () => trade.memory.supply.get('po')?.reserved
  const cancelled = (order: Order, quantity: number) =>
    trade.act(order, { action: 'cancelLines', reason: 'asked', lines: [{ lineRef: '1', quantity }] })
  const order = trade.place(trade.order(lines))
  assert.equal(reserved(), 3)
  const less = cancelled(order, 2)
  assert.deepEqual([less.state.awaiting, reserved(), less.state.lines[0]?.backordered], [[{ supplyId: 'po', quantity: 1 }], 1, 1])
  const none = cancelled(less, 1)
  assert.deepEqual([none.state.awaiting, reserved(), none.state.lines[1]?.reserved], [undefined, 0, 1])
  assert.equal(promised(trade.place(trade.order([{ sku: 'tea', quantity: 5 }]))), true)
})

test('supply that slips moves the promise at the next look', () => {
  const trade = waiting()
  supplied(trade, { availableAt: toIso(instant(trade.now + DAY)) })
  const first = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
  const slipped = instant(trade.now + 9 * DAY)
  supplied(trade, { availableAt: toIso(slipped) })
  trade.pass(DAY)
  const second = trade.act(first, { action: 'tick' })
  assert.ok((second.state.promise.deliverBy ?? 0) > (first.state.promise.deliverBy ?? 0))
  assert.equal(dueAt(second, 'stock'), slipped)
})

test('supply that is late stays with who waits for it: no later buyer is promised it, and it is theirs when it comes', () => {
  const trade = waiting()
  supplied(trade, { quantity: 4, availableAt: toIso(instant(trade.now + DAY)) })
  let first = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
  trade.put('supply', 'next', {
    supplyId: 'next',
    sku: 'tea',
    nodeId: 'n1',
    kind: 'purchaseOrder',
    quantity: 2,
    availableAt: toIso(instant(trade.now + 9 * DAY)),
  })
  trade.pass(2 * DAY)
  first = trade.act(first, { action: 'tick' })
  assert.deepEqual(first.state.awaiting, [{ supplyId: 'po', quantity: 4 }])
  assert.ok((dueAt(first, 'stock') ?? 0) > trade.now, 'somebody is told again')
  assert.equal(promised(trade.place(trade.order([{ sku: 'tea', quantity: 3 }]))), false)
  trade.stock('tea', 'n1', 4)
  first = trade.act(first, { action: 'restock' })
  assert.deepEqual([first.state.awaiting, first.state.lines[0]?.allocated], [undefined, 4])
})

test('an order that waits for no stock is left as it is when some comes', () => {
  const trade = waiting()
  trade.stock('tea', 'n1', 4)
  const order = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
  assert.equal(trade.act(order, { action: 'restock' }).state.version, order.state.version)
})

const openTasks = ({ state }: { readonly state: { readonly tasks?: readonly TaskState[] } }): string[] =>
  (state.tasks ?? []).flatMap((task) => (task.doneAt === undefined ? [`${task.kind} ${task.owner}`] : []))
/** Looks whenever the order's clocks say so, until half an hour after this long. */
function lookedAt(trade: Trade, order: Order, ms: number): Order {
  const end = instant(trade.now + ms + 30 * MINUTE)
  let now = order
  for (let due = nextDueAt(now.state); due !== undefined && due <= end; due = nextDueAt(now.state)) {
    trade.pass(due - trade.now)
    now = trade.act(now, { action: 'tick' })
  }
  return now
}

test('supply that does not come is a task, with its order where no way leads on, until it comes', () => {
  const trade = waiting()
  supplied(trade, { quantity: 4, availableAt: toIso(instant(trade.now + DAY)) })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
  order = lookedAt(trade, order, DAY - MINUTE)
  assert.deepEqual([openTasks(order), phaseOf(order.intake, order.state)], [[], 'sourcing'], 'goods are booked in a little after they came')
  order = lookedAt(trade, order, MINUTE)
  assert.deepEqual([openTasks(order), phaseOf(order.intake, order.state)], [['supplyLate agent'], 'unroutable'])
  order = lookedAt(trade, order, 9 * DAY)
  assert.equal(order.state.tasks?.length, 1, 'told once')
  trade.stock('tea', 'n1', 4)
  order = trade.act(order, { action: 'restock' })
  assert.deepEqual(
    [openTasks(order), order.state.tasks?.[0]?.reason, phaseOf(order.intake, order.state)],
    [[], 'resolved', 'inFulfillment'],
  )
})

test('late supply that is given a new date is nobody’s task any more, and its order has a new promise', () => {
  const trade = waiting()
  supplied(trade, { quantity: 4, availableAt: toIso(instant(trade.now + DAY)) })
  const first = trade.place(trade.order([{ sku: 'tea', quantity: 4 }]))
  let order = lookedAt(trade, first, DAY)
  assert.deepEqual(openTasks(order), ['supplyLate agent'])
  supplied(trade, { quantity: 4, availableAt: toIso(instant(trade.now + 5 * DAY)) })
  order = trade.act(order, { action: 'restock' })
  assert.deepEqual([openTasks(order), phaseOf(order.intake, order.state)], [[], 'sourcing'])
  assert.ok((order.state.promise.deliverBy ?? 0) > (first.state.promise.deliverBy ?? 0))
})
