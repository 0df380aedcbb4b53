import type { Begun, ClosurePreview } from '../../contract/entities/closure.ts'
import { isUnbegun } from '../domain/fulfillment/work-machine.ts'
import { changeOf } from '../domain/order/change.ts'
import type { Order, PlannedOrder } from '../domain/order/state.ts'
import { NODE_CLOSED, planMove, planStay } from '../domain/placement/move-work.ts'
import type { OrderId } from '../kernel/ids.ts'
import { type Instant, MINUTE, parseInstant } from '../kernel/time.ts'
import type { Queryable } from '../store/database.ts'
import { openWorkAt, workToSweep } from '../store/node-closures.ts'
import { orderKeyOf, readOrders } from '../store/order-reads.ts'
import { holdTouched, type Touched, touchedBy } from './families/touched.ts'
import type { FactsView } from './facts-view.ts'
import type { Memory } from './memory.ts'

type Deps = { readonly pool: Queryable; readonly memory: Memory; readonly facts: FactsView; readonly now: () => Instant }
type Found = { -readonly [K in keyof Omit<ClosurePreview, 'nodeId' | 'open' | 'currency' | 'toNodes'>]: number }

/** So much work is planned in one go: about 50 ms in which the process decides nothing else. */
const PLANNED_MAX = 100

/** What closing a node would lead to, planned over its most urgent work; nothing is changed. */
export async function previewClosure(deps: Deps, nodeNo: number, begun: Begun): Promise<ClosurePreview> {
  const { pool, facts, memory } = deps
  const { unbegun, atWork } = await openWorkAt(pool, nodeNo)
  const works = await workToSweep(pool, { nodeNo, begun }, PLANNED_MAX)
  const orders = await readOrders(pool, [...new Set(works.map((work) => work.orderId))].map(orderKeyOf))
  const found: Found = { planned: 0, moved: 0, torn: 0, splits: 0, costBefore: 0, costAfter: 0, later: 0, laterMinutesMax: 0 }
  const toNodes = new Map<string, number>()
  const nodeId = memory.nodeIdOf(nodeNo)
  planAll(deps, orders, nodeId, begun, found, toNodes)
  return {
    nodeId,
    open: begun === 'move' ? unbegun + atWork : unbegun,
    ...found,
    toNodes: [...toNodes]
      .map(([id, count]) => ({ nodeId: id, count }))
      .toSorted((a, b) => b.count - a.count || (a.nodeId < b.nodeId ? -1 : 1)),
    currency: facts.baseCurrency,
  }
}

/** Each move takes its units from what the next one sees; NOTE: no await in here, so that nobody else sees them taken. */
function planAll(deps: Deps, orders: readonly Order[], nodeId: string, begun: Begun, found: Found, toNodes: Map<string, number>): void {
  const held: Touched[] = []
  const latest = new Map<OrderId, Order>()
  try {
    for (const order of orders)
      for (const work of order.state.fulfillmentOrders) {
        const isMine = isUnbegun(work.work) || (begun === 'move' && (work.work === 'inProgress' || work.work === 'short'))
        if (work.nodeId !== nodeId || !isMine || work.parcels !== undefined || found.planned >= PLANNED_MAX) continue
        const now = latest.get(order.intake.orderId) ?? order
        latest.set(order.intake.orderId, planOne(deps, now, work, found, toNodes, held))
      }
  } finally {
    for (const touched of held) holdTouched(touched, deps.memory, -1)
  }
}

function planOne(deps: Deps, order: Order, work: PlannedOrder, found: Found, toNodes: Map<string, number>, held: Touched[]): Order {
  const { memory, facts } = deps
  const now = deps.now()
  found.planned += 1
  const stay = planWithOwnUnits(deps, order, work, now)
  const move = planMove(order, work, { reason: NODE_CLOSED }, facts, now)
  if (move === undefined) {
    found.torn += 1
    return order
  }
  const { fulfillmentOrders } = move.event.data
  found.moved += 1
  found.splits += fulfillmentOrders.length - 1
  found.costBefore += stay?.cost ?? move.sourced.plan.cost
  found.costAfter += move.sourced.plan.cost
  for (const one of fulfillmentOrders) toNodes.set(one.nodeId, (toNodes.get(one.nodeId) ?? 0) + 1)
  const arrival = Math.max(...fulfillmentOrders.map((one) => parseInstant(one.deliverBy ?? '') ?? 0))
  const lateness = arrival - Math.max(order.state.promise.deliverBy ?? 0, stay?.deliverBy ?? 0)
  if (lateness > 0) {
    found.later += 1
    found.laterMinutesMax = Math.max(found.laterMinutesMax, Math.ceil(lateness / MINUTE))
  }
  const change = changeOf(order.intake, order.state, order.state, [move.event], now)
  const touched = touchedBy(change, memory)
  holdTouched(touched, memory, 1)
  held.push(touched)
  return change.after
}

/** The price of leaving it where it is: its own units count as free for the moment of planning. */
function planWithOwnUnits(
  { memory, facts }: Deps,
  order: Order,
  work: PlannedOrder,
  now: Instant,
): { readonly cost: number; readonly deliverBy: number } | undefined {
  const nodeNo = memory.nodeNo(work.nodeId)
  const units = work.lines.map((line) => ({ itemNo: memory.itemNo(line.sku), quantity: line.quantity }))
  for (const { itemNo, quantity } of units) memory.availability.lend(itemNo, nodeNo, quantity)
  try {
    const stay = planStay(order, work, facts, now)
    return stay === undefined ? undefined : { cost: stay.plan.cost, deliverBy: Math.max(...stay.plan.nodes.map((one) => one.deliverBy)) }
  } finally {
    for (const { itemNo, quantity } of units) memory.availability.hold(itemNo, nodeNo, quantity)
  }
}
