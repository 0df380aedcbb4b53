import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WorkAction } from '../../../contract/entities/fulfillment-order.ts'
import { DAY, instant, MINUTE } from '../../kernel/time.ts'
import { Trade } from '../../../test/support/trade.ts'
import { workActionsOf } from '../fulfillment/allowed-work.ts'
import type { WorkCommand } from '../fulfillment/work-command.ts'
import { nextDueAt } from '../order/clock.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order, PlannedOrder } from '../order/state.ts'

/** Two nodes near the buyer: `here` is nearer and gets the order. */
function openTrade(here: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.item('cup')
  trade.node('here', 'CN', here)
  trade.node('there', 'DE')
  trade.channel('shop', { requiresPayment: false })
  for (const sku of ['tea', 'cup']) trade.stock(sku, 'here', 10)
  return trade
}
const workOf = (order: Order, no = 0): PlannedOrder => order.state.fulfillmentOrders[no] as PlannedOrder
const ask = (trade: Trade, order: Order, verb: WorkAction, more: Partial<WorkCommand> = {}, no = 0) =>
  trade.ask(order, { action: 'work', fulfillmentOrderId: workOf(order, no).fulfillmentOrderId, verb, ...more })
function act(trade: Trade, order: Order, verb: WorkAction, more: Partial<WorkCommand> = {}, no = 0): Order {
  const outcome = ask(trade, order, verb, more, no)
  if (outcome.status === 'refused') throw new Error(`${verb}: ${outcome.code} ${outcome.detail.en}`)
  return trade.take(outcome.value.change)
}
const codeOf = (outcome: ReturnType<typeof ask>) => (outcome.status === 'refused' ? outcome.code : outcome.status)
const openTasks = (order: Order) => (order.state.tasks ?? []).filter((task) => task.doneAt === undefined)

test('work moves whole: the other node holds the stock, the lines stay allocated, the promise follows', () => {
  const trade = openTrade()
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 3 }]))
  trade.stock('tea', 'there', 5)
  const order = act(trade, placed, 'move', { reason: 'staff', toNodeId: 'there' })
  assert.deepEqual([workOf(order).work, workOf(order, 1).nodeId, workOf(order, 1).work], ['cancelled', 'there', 'planned'])
  assert.deepEqual([trade.rowOf('tea', 'here').committed, trade.rowOf('tea', 'there').committed], [0, 3])
  const [line] = order.state.lines
  assert.deepEqual([line?.allocated, line?.backordered, order.state.decisionNo], [3, 0, 2])
  assert.ok((order.state.promise.deliverBy ?? 0) > (placed.state.promise.deliverBy ?? 0))
})

test('work that another node has only part of stays where it is', () => {
  const trade = openTrade()
  const order = trade.place(trade.order([{ sku: 'tea', quantity: 3 }]))
  trade.stock('tea', 'there', 2)
  assert.equal(codeOf(ask(trade, order, 'move', { reason: 'staff' })), 'no_node_fits')
  assert.equal(codeOf(ask(trade, order, 'move', { reason: 'staff', toNodeId: 'here' })), 'no_node_fits')
  trade.channel('shop', { requiresPayment: false, nodes: ['here'] })
  trade.stock('tea', 'there', 5)
  assert.equal(codeOf(ask(trade, order, 'move', { reason: 'staff', toNodeId: 'there' })), 'no_node_fits')
})

test('a split leaves units on both sides, each is worked for itself, and a merge brings together what nobody has begun', () => {
  const trade = openTrade({ capacityPerDay: 1 })
  const placed = trade.place(
    trade.order([
      { sku: 'tea', quantity: 3 },
      { sku: 'cup', quantity: 1 },
    ]),
  )
  assert.equal(
    codeOf(
      ask(trade, placed, 'split', {
        lines: [
          { lineRef: '1', quantity: 3 },
          { lineRef: '2', quantity: 1 },
        ],
      }),
    ),
    'work_left_empty',
  )
  assert.equal(codeOf(ask(trade, placed, 'split', { lines: [{ lineRef: '1', quantity: 4 }] })), 'work_units_exceeded')
  assert.ok(!workActionsOf(placed, workOf(placed)).includes('merge'))
  const split = act(trade, placed, 'split', { lines: [{ lineRef: '1', quantity: 2 }] })
  assert.deepEqual(
    split.state.fulfillmentOrders.map((work) => work.lines.map((line) => line.quantity)),
    [[1, 1], [2]],
  )
  const merged = act(trade, split, 'merge', {}, 1)
  assert.deepEqual([workOf(merged).work, workOf(merged).mergedInto], ['cancelled', workOf(merged, 1).fulfillmentOrderId])
  assert.deepEqual(
    workOf(merged, 1).lines.map((line) => [line.sku, line.quantity]),
    [
      ['tea', 3],
      ['cup', 1],
    ],
  )
  const begun = act(trade, split, 'start')
  assert.equal(codeOf(ask(trade, begun, 'merge', {}, 1)), 'action_not_allowed')
  let order = begun
  for (const verb of ['pick', 'pack', 'handOver'] as const) order = act(trade, order, verb)
  assert.deepEqual(
    order.state.lines.map((line) => line.shipped),
    [1, 1],
  )
  for (const verb of ['start', 'pick', 'pack', 'handOver'] as const) order = act(trade, order, verb, {}, 1)
  assert.deepEqual(
    order.state.lines.map((line) => line.shipped),
    [3, 1],
  )
  assert.deepEqual([trade.rowOf('tea', 'here').onHand, trade.rowOf('tea', 'here').committed], [7, 0])
})

test('held work is not done, but can be taken away or moved; released it goes on', () => {
  const trade = openTrade()
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]))
  const held = act(trade, placed, 'hold', { reason: 'damage_check' })
  assert.deepEqual(workActionsOf(held, workOf(held)), ['reject', 'cancel', 'release', 'move'])
  const released = act(trade, held, 'release')
  assert.deepEqual(workActionsOf(released, workOf(released)), workActionsOf(placed, workOf(placed)))
})

test('an offer that nobody answers in time is done elsewhere, and never offered there again', () => {
  const trade = openTrade({ acceptMinutes: 30 })
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]))
  assert.deepEqual([workOf(placed).request, workOf(placed).acceptBy], ['offered', trade.now + 30 * MINUTE])
  assert.equal(nextDueAt(placed.state), workOf(placed).acceptBy)
  assert.equal(phaseOf(placed.intake, placed.state), 'awaitingAccept')
  trade.stock('tea', 'there', 5)
  trade.pass(30 * MINUTE)
  const order = trade.act(placed, { action: 'tick' })
  assert.deepEqual([workOf(order).work, workOf(order).request, workOf(order, 1).nodeId], ['cancelled', 'rejected', 'there'])
  assert.deepEqual([workOf(order, 1).request, openTasks(order)], ['none', []])
})

test('time in which a node could not answer does not count', () => {
  const trade = openTrade({ acceptMinutes: 30 })
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]))
  const held = trade.act(placed, { action: 'hold', reason: 'asked', scope: 'order', holdId: 'h' })
  trade.pass(DAY)
  const released = trade.act(held, { action: 'release' })
  assert.equal(workOf(released).acceptBy, trade.now + 30 * MINUTE)
  const stopped = act(trade, released, 'hold', { reason: 'asked' })
  trade.pass(DAY)
  assert.equal(workOf(act(trade, stopped, 'release')).acceptBy, trade.now + 30 * MINUTE)
})

test('an accepted offer has no time limit any more', () => {
  const trade = openTrade({ acceptMinutes: 30 })
  const order = act(trade, trade.place(trade.order([{ sku: 'tea', quantity: 1 }])), 'accept')
  assert.ok(!order.state.clocks.some((clock) => clock.clock === 'accept' && clock.state === 'running'))
})

test('what nobody has becomes a task with an owner and a due time, and ends when stock is found', () => {
  const trade = openTrade()
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  const rejected = act(trade, placed, 'reject', { reason: 'no_staff' })
  const [task] = openTasks(rejected)
  assert.deepEqual([task?.kind, task?.owner, (task?.dueAt ?? 0) > trade.now], ['stockMissing', 'agent', true])
  const taskId = task?.taskId ?? ''
  const assigned = trade.act(rejected, { action: 'task', taskId, verb: 'assign', assignee: 'usr_1' })
  assert.equal(openTasks(assigned)[0]?.assignee, 'usr_1')
  trade.stock('tea', 'there', 2)
  trade.now = instant(nextDueAt(assigned.state) ?? 0)
  const found = trade.act(assigned, { action: 'tick' })
  assert.deepEqual([openTasks(found), found.state.tasks?.[0]?.reason], [[], 'resolved'])
  const late = trade.ask(found, { action: 'task', taskId, verb: 'done', reason: 'seen' })
  assert.equal(late.status === 'refused' ? late.code : '', 'action_not_allowed')
})

test('work past its time is a task of the floor until it has left', () => {
  const trade = openTrade()
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]))
  trade.now = instant(nextDueAt(placed.state) ?? 0)
  let order = trade.act(placed, { action: 'tick' })
  assert.deepEqual(
    openTasks(order).map((task) => [task.kind, task.owner, task.nodeId]),
    [['workLate', 'floor', 'here']],
  )
  for (const verb of ['start', 'pick', 'pack', 'handOver'] as const) order = act(trade, order, verb)
  assert.deepEqual(openTasks(order), [])
})

test('a node that closes is left whole where others have it, and in part with a task where they do not', () => {
  const trade = openTrade()
  const leave = (order: Order, begun: 'finish' | 'move' = 'finish') =>
    trade.act(order, { action: 'evacuate', fulfillmentOrderId: workOf(order).fulfillmentOrderId, begun })
  const first = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  const second = trade.place(trade.order([{ sku: 'tea', quantity: 3 }]))
  const third = act(trade, trade.place(trade.order([{ sku: 'tea', quantity: 1 }])), 'start')
  trade.node('here', 'CN', { closed: true })
  trade.stock('tea', 'there', 4)
  const moved = leave(first)
  assert.deepEqual([workOf(moved).reason, workOf(moved, 1).nodeId, openTasks(moved)], ['node_closed', 'there', []])
  const torn = leave(second)
  assert.deepEqual([workOf(torn, 1).lines[0]?.quantity, torn.state.lines[0]?.backordered], [2, 1])
  assert.deepEqual(
    openTasks(torn).map((task) => task.kind),
    ['stockMissing'],
  )
  assert.deepEqual(leave(third), third)
  trade.stock('tea', 'there', 5)
  assert.equal(workOf(leave(third, 'move'), 1).nodeId, 'there')
})

test('what waits for the rest of its order leaves a closing node too: nothing stays reserved that nobody holds', () => {
  const trade = openTrade()
  trade.channel('shop', { requiresPayment: false, shortage: 'backorder' })
  trade.stock('tea', 'here', 2)
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 3 }]))
  assert.equal(trade.rowOf('tea', 'here').firm, 2)
  trade.node('here', 'CN', { closed: true })
  const order = trade.act(placed, { action: 'evacuate', fulfillmentOrderId: workOf(placed).fulfillmentOrderId, begun: 'finish' })
  const [line] = order.state.lines
  assert.deepEqual([line?.reserved, line?.backordered, trade.rowOf('tea', 'here').firm], [0, 3, 0])
  assert.deepEqual(
    openTasks(order).map((task) => task.kind),
    ['stockMissing'],
  )
})

test('parcels packed at a node that cannot finish are for a person to see to', () => {
  const trade = openTrade()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]))
  for (const verb of ['start', 'pick', 'pack'] as const) order = act(trade, order, verb)
  const command = { action: 'evacuate', fulfillmentOrderId: workOf(order).fulfillmentOrderId, begun: 'move' } as const
  order = trade.act(order, command)
  assert.deepEqual(
    openTasks(order).map((task) => [task.kind, task.nodeId]),
    [['nodeClosed', 'here']],
  )
  const again = trade.ask(order, command)
  assert.equal(again.status === 'done' ? again.value.change.events.length : -1, 0)
})

test('what a count left uncovered goes elsewhere, the other items of the work stay, and the node may be asked again', () => {
  const trade = openTrade()
  const both = [
    { sku: 'tea', quantity: 6 },
    { sku: 'cup', quantity: 2 },
  ]
  const placed = trade.place(trade.order(both))
  const relief = { action: 'relieve', nodeId: 'here', sku: 'tea' } as const
  trade.stock('tea', 'here', 4)
  trade.stock('tea', 'there', 6)
  const moved = trade.act(placed, relief)
  const standing = moved.state.fulfillmentOrders.flatMap(({ work, nodeId, lines }) =>
    work === 'planned' ? lines.filter((line) => line.quantity > 0).map((line) => `${line.quantity} ${line.sku} ${nodeId}`) : [],
  )
  assert.deepEqual(standing, ['2 cup here', '6 tea there'])
  assert.deepEqual([trade.rowOf('tea', 'here').committed, trade.rowOf('cup', 'here').committed], [0, 2])
  assert.deepEqual([moved.state.lines[0]?.allocated, openTasks(moved)], [6, []])
  trade.stock('tea', 'there', 0)
  trade.stock('tea', 'here', 6)
  const back = trade.act(moved, { action: 'relieve', nodeId: 'there', sku: 'tea' })
  assert.ok(
    back.state.fulfillmentOrders.some(({ work, nodeId, lines }) => work === 'planned' && nodeId === 'here' && lines[0]?.sku === 'tea'),
  )
})

test('what nobody else has is a task; begun work is left to who picks it', () => {
  const trade = openTrade()
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 6 }]))
  const begun = act(trade, trade.place(trade.order([{ sku: 'tea', quantity: 2 }])), 'start')
  const relief = { action: 'relieve', nodeId: 'here', sku: 'tea' } as const
  trade.stock('tea', 'here', 2)
  const short = trade.act(placed, relief)
  assert.deepEqual([short.state.lines[0]?.backordered, trade.rowOf('tea', 'here').committed], [6, 2])
  assert.deepEqual(
    openTasks(short).map((task) => [task.kind, task.owner]),
    [['stockMissing', 'agent']],
  )
  assert.deepEqual(trade.act(begun, relief), begun)
})

test('two works that leave a node in one go never count on the same unit elsewhere: what the first took is gone for the second', () => {
  const trade = openTrade()
  const placed = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  const parted = act(trade, placed, 'split', { lines: [{ lineRef: '1', sku: 'tea', quantity: 1 }] })
  trade.stock('tea', 'here', 0)
  trade.stock('tea', 'there', 1)
  const left = trade.act(parted, { action: 'relieve', nodeId: 'here', sku: 'tea' })
  assert.deepEqual([trade.rowOf('tea', 'here').committed, trade.rowOf('tea', 'there').committed], [0, 1])
  assert.deepEqual([left.state.lines[0]?.backordered, openTasks(left).map((task) => task.kind)], [1, ['stockMissing']])
})

test('an order of which one part of a set has left cannot be cancelled whole, neither by a person nor by its channel', () => {
  const trade = openTrade()
  trade.item('set', {
    components: [
      { sku: 'tea', quantity: 1 },
      { sku: 'cup', quantity: 1 },
    ],
  })
  trade.stock('cup', 'here', 0)
  trade.stock('cup', 'there', 5)
  let order = trade.place(trade.order([{ sku: 'set', quantity: 1 }]))
  assert.equal(order.state.fulfillmentOrders.length, 2)
  for (const verb of ['start', 'pick', 'pack', 'handOver'] as const) order = act(trade, order, verb)
  assert.equal(order.state.lines[0]?.shipped, 0)
  const asked = trade.ask(order, { action: 'cancel', reason: 'asked' })
  assert.equal(asked.status === 'refused' && asked.code, 'action_not_allowed')
  const told = trade.act(order, { action: 'amend', changed: [], reasons: [], entries: [], isCancelled: true })
  assert.deepEqual([told.state.state, told.state.reviewReasons], ['review', ['cancelled_by_channel']])
})
