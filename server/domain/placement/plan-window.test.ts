import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Trade } from '../../../test/support/trade.ts'
import { availableOf } from '../availability/availability.ts'
import type { Order } from '../order/state.ts'
import { openPlanOf } from './open-plan.ts'
import { GAIN_MIN, improvePlans } from './plan-window.ts'

const NEAR = { place: { countryCode: 'CN', city: '湖州', lat: 30.87, lng: 120.09 } }
const FAR = { place: { countryCode: 'CN', city: '南京', lat: 32.06, lng: 118.8 } }
const BESIDE = { place: { countryCode: 'CN', city: '杭州', lat: 30.2, lng: 120.2 } }

/** `near` is cheaper for every buyer than `far` and as fast, unless it is said to be elsewhere. */
function openTrade(near: object = {}): Trade {
  const trade = new Trade()
  for (const sku of ['tea', 'cup']) trade.item(sku)
  trade.node('near', 'CN', { ...NEAR, ...near })
  trade.node('far', 'CN', FAR)
  trade.channel('shop', { requiresPayment: false, replanMinutes: 30 })
  return trade
}
const of = (...skus: string[]) => skus.map((sku) => ({ sku, quantity: 1 }))
const nodesOf = ({ state }: Order): string[] =>
  state.fulfillmentOrders
    .filter((work) => work.work !== 'cancelled')
    .map((work) => work.nodeId)
    .toSorted()
const improve = (trade: Trade, orders: readonly Order[]) => improvePlans(orders, trade.facts, trade.now)

/** Carries out what a window found, as the hub does: order by order, each decided again; the orders as they are then. */
function carryOut(trade: Trade, orders: readonly Order[]): Order[] {
  const latest = new Map(orders.map((order) => [order.intake.orderId, order]))
  for (const { steps } of improve(trade, orders))
    for (const { orderId, after, makesRoom } of steps) {
      const order = latest.get(orderId)
      assert.ok(order)
      const wanted = { toNodes: after.nodeIds, costMax: after.cost, makesRoom, together: orders.length }
      latest.set(orderId, trade.act(order, { action: 'replan', ...wanted }))
    }
  return [...latest.values()]
}

test('an order that was split is brought together once one node has all of it', () => {
  const trade = openTrade()
  trade.stock('tea', 'near', 1)
  trade.stock('cup', 'far', 1)
  const split = trade.place(trade.order(of('tea', 'cup')))
  assert.deepEqual(nodesOf(split), ['far', 'near'])
  assert.deepEqual(improve(trade, [split]), [])
  trade.stock('cup', 'near', 1)
  const [order] = carryOut(trade, [split])
  assert.ok(order)
  assert.deepEqual(nodesOf(order), ['near'])
  assert.deepEqual([trade.rowOf('cup', 'far').committed, trade.rowOf('cup', 'near').committed], [0, 1])
  assert.deepEqual(
    order.state.lines.map((line) => [line.allocated, line.backordered]),
    [
      [1, 0],
      [1, 0],
    ],
  )
  assert.ok((order.state.promise.deliverBy ?? 0) <= (split.state.promise.deliverBy ?? 0))
})

test('an order makes room for another where both together cost less, and the one in the way goes first', () => {
  const trade = openTrade()
  trade.stock('tea', 'near', 1)
  trade.stock('cup', 'near', 1)
  const first = trade.place(trade.order(of('tea')))
  trade.stock('tea', 'far', 2)
  const second = trade.place(trade.order(of('tea', 'cup')))
  assert.deepEqual([nodesOf(first), nodesOf(second)], [['near'], ['far', 'near']])
  const [improvement] = improve(trade, [first, second])
  assert.deepEqual(
    improvement?.steps.map((step) => [step.orderId, step.after.nodeIds, step.makesRoom]),
    [
      [first.intake.orderId, ['far'], true],
      [second.intake.orderId, ['near'], false],
    ],
  )
  const [moved, gathered] = carryOut(trade, [first, second])
  assert.ok(moved && gathered)
  assert.deepEqual([nodesOf(moved), nodesOf(gathered)], [['far'], ['near']])
})

test('an order that would arrive later than planned does not make room, whatever it would save', () => {
  const trade = openTrade(BESIDE)
  trade.stock('tea', 'near', 1)
  trade.stock('cup', 'near', 1)
  const first = trade.place(trade.order(of('tea')))
  trade.stock('tea', 'far', 1)
  const second = trade.place(trade.order(of('tea', 'cup')))
  assert.deepEqual([nodesOf(first), nodesOf(second)], [['near'], ['far', 'near']])
  assert.deepEqual(improve(trade, [first, second]), [])
})

test('what a node has begun, what is held and what a person moved stays where it is', () => {
  const trade = openTrade()
  for (const sku of ['tea', 'cup']) for (const nodeId of ['near', 'far']) trade.stock(sku, nodeId, 9)
  const place = () => trade.place(trade.order(of('tea')))
  const verb = (order: Order, name: 'start' | 'hold' | 'move') => {
    const { fulfillmentOrderId } = order.state.fulfillmentOrders[0] ?? assert.fail()
    return trade.act(order, { action: 'work', fulfillmentOrderId, verb: name, reason: 'staff' })
  }
  assert.ok(openPlanOf(place(), trade.facts, trade.now))
  for (const name of ['start', 'hold', 'move'] as const)
    assert.equal(openPlanOf(verb(place(), name), trade.facts, trade.now), undefined, name)
  assert.equal(
    openPlanOf(trade.act(place(), { action: 'hold', holdId: 'h1', reason: 'fraud', scope: 'order' }), trade.facts, trade.now),
    undefined,
  )
})

test('an order is not planned again on what a window believed: what others took meanwhile leaves it where it is', () => {
  const trade = openTrade()
  trade.stock('tea', 'near', 1)
  trade.stock('cup', 'far', 1)
  const split = trade.place(trade.order(of('tea', 'cup')))
  trade.stock('cup', 'near', 1)
  const [step] = improve(trade, [split])[0]?.steps ?? []
  assert.ok(step)
  trade.place(trade.order(of('cup')))
  const wanted = { toNodes: step.after.nodeIds, costMax: step.after.cost, makesRoom: false, together: 1 }
  const outcome = trade.ask(split, { action: 'replan', ...wanted })
  assert.equal(outcome.status === 'done' && outcome.value.change.events.length, 0)
})

const NODES = ['n0', 'n1', 'n2', 'n3']
const SKUS = ['a', 'b', 'c']
const world = fc.record({
  stock: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 12, maxLength: 12 }),
  later: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 12, maxLength: 12 }),
  capacity: fc.integer({ min: 2, max: 6 }),
  orders: fc.array(
    fc.record({
      units: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }).filter((units) => units.some((one) => one > 0)),
      lat: fc.integer({ min: 24, max: 40 }),
      cold: fc.boolean(),
    }),
    { minLength: 2, maxLength: 8 },
  ),
})

test('whatever the world: no later arrival, no higher total, units conserved, nothing oversold, no day over its capacity, no capability missing', () => {
  let improvements = 0
  fc.assert(
    fc.property(world, ({ stock, later, capacity, orders }) => {
      const trade = new Trade()
      for (const sku of SKUS) trade.item(sku, { weightGrams: 700, ...(sku === 'c' ? { attributes: { coldChain: true } } : {}) })
      for (const [i, nodeId] of NODES.entries()) {
        const place = { countryCode: 'CN', lat: 24 + i * 5, lng: 114 + i }
        trade.node(nodeId, 'CN', { place, capacityPerDay: capacity, capabilities: i % 2 === 0 ? ['coldChain'] : [] })
      }
      trade.channel('shop', { requiresPayment: false, replanMinutes: 30 })
      const fill = (units: readonly number[]) =>
        units.forEach((more, i) => {
          const [sku, nodeId] = [SKUS[i % 3] ?? '', NODES[Math.floor(i / 3)] ?? '']
          trade.stock(sku, nodeId, trade.rowOf(sku, nodeId).onHand + more)
        })
      fill(stock)
      const placed: Order[] = []
      for (const { units, lat } of orders) {
        const lines = SKUS.map((sku, i) => ({ sku, quantity: units[i] ?? 0 })).filter((line) => line.quantity > 0)
        const outcome = trade.decide(trade.order(lines, { shipTo: { countryCode: 'CN', lat, lng: 116 } }))
        if (outcome.status === 'done') placed.push(trade.take(outcome.value.change))
      }
      fill(later)
      const found = improve(trade, placed)
      improvements += found.length
      const saved = found.reduce((sum, one) => sum + one.saved, 0)
      const steps = found.flatMap((one) => one.steps)
      const told = steps.reduce((sum, { before, after }) => sum + before.cost - after.cost, 0)
      assert.ok(Math.abs(saved - told) < 1e-6 && found.every((one) => one.saved >= GAIN_MIN))
      assert.equal(new Set(steps.map((step) => step.orderId)).size, steps.length)
      const before = new Map(placed.map((order) => [order.intake.orderId, order]))
      for (const order of carryOut(trade, placed)) {
        const was = before.get(order.intake.orderId) ?? assert.fail()
        const standing = order.state.fulfillmentOrders.filter((work) => work.work !== 'cancelled')
        const unitsOf = (works: Order['state']['fulfillmentOrders']) =>
          SKUS.map((sku) =>
            works.flatMap((work) => work.lines.filter((line) => line.sku === sku)).reduce((sum, line) => sum + line.quantity, 0),
          )
        assert.deepEqual(unitsOf(standing), unitsOf(was.state.fulfillmentOrders))
        const arrival = (works: Order['state']['fulfillmentOrders']) => Math.max(...works.map((work) => work.deliverBy ?? 0))
        assert.ok(arrival(standing) <= arrival(was.state.fulfillmentOrders))
        assert.deepEqual(order.state.promise.deliverBy, was.state.promise.deliverBy)
        for (const work of standing)
          if (work.lines.some((line) => line.sku === 'c')) assert.ok(work.nodeId === 'n0' || work.nodeId === 'n2', work.nodeId)
      }
      for (const sku of SKUS) for (const nodeId of NODES) assert.ok(availableOf({ ...trade.rowOf(sku, nodeId) }) >= 0)
      for (const [key, used] of trade.memory.capacityUsed) assert.ok(used <= capacity, `${key}: ${used} of ${capacity}`)
    }),
    { numRuns: 300, seed: 7 },
  )
  assert.ok(improvements > 100, `only ${improvements} improvements were looked at`)
})
