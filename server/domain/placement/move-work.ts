import type { NewEvent } from '../../../contract/events.ts'
import { type Refusal, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import { REPLANNED } from '../fulfillment/evolve-replanned.ts'
import { effectsOf } from '../fulfillment/stock-effects.ts'
import { type HeldKind, isHeld, kindHeldFor } from '../order/reservation.ts'
import type { Order, PlannedOrder } from '../order/state.ts'
import { rulesFor } from './compliance-of.ts'
import type { Demand } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { decisionDoc, sourcedData } from './plan-event.ts'
import { type Sourced, sourceDemands } from './source.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

export type Move = {
  readonly event: NewEvent<'fulfillment.moved'>
  readonly decision: { readonly decisionNo: number; readonly doc: string }
  readonly sourced: Sourced
}

/**
 * Plans a node's whole part of an order over other nodes, or over the one that is named; undefined when they do not have all of it or may not
 * serve the order. The lines of the order stay as they are: what one node held is held by others.
 */
export function planMove(
  order: Order,
  work: PlannedOrder,
  wanted: { readonly reason: string; readonly toNodeId?: string | undefined },
  facts: PlacementFacts,
  now: Instant,
): Move | undefined {
  const question = questionOf(order, work, wanted.toNodeId, facts, now)
  if (question === undefined) return undefined
  const sourced = sourceDemands(question, facts)
  if (sourced.plan.assignments.length === 0 || sourced.plan.shortfall.length > 0) return undefined
  const { intake, state } = order
  const kind = kindHeldFor(state, work)
  const { decisionNo, reserved, fulfillmentOrders, promise } = sourcedData({ intake, state }, question.demands, sourced, kind, facts, {
    now,
  })
  const { fulfillmentOrderId, nodeId } = work
  const stock = effectsOf(work.lines, nodeId, false, kind)
  const data = { fulfillmentOrderId, nodeId, reason: wanted.reason, decisionNo, kind, reserved, fulfillmentOrders, promise, stock }
  const decision = { decisionNo, doc: decisionDoc(sourced, question.demands, facts, now) }
  return { event: { type: 'fulfillment.moved', occurredAt: now, data }, decision, sourced }
}

/** Of work that {@link planMove} finds no place for; `nodeId` is the one that was named, or where it is. */
export const noNodeFits = (nodeId: string): Refusal =>
  refuse(
    'no_node_fits',
    { en: 'no other node has all of it and may serve the order', zh: '没有其他节点备齐全部商品且可服务该订单' },
    { got: nodeId },
  )

/** What the work would cost where it is, as if it were planned now; its own units must count as free there. */
export function planStay(order: Order, work: PlannedOrder, facts: PlacementFacts, now: Instant): Sourced | undefined {
  const question = questionOf(order, work, work.nodeId, facts, now)
  const sourced = question === undefined ? undefined : sourceDemands({ ...question, excluded: new Set() }, facts)
  return sourced?.plan.status === 'complete' ? sourced : undefined
}

function questionOf(
  order: Order,
  work: PlannedOrder,
  toNodeId: string | undefined,
  facts: PlacementFacts,
  now: Instant,
): SourcingQuestion | undefined {
  const { intake, state } = order
  // What the buyer collects lies where it is collected.
  if (intake.pickup !== undefined) return undefined
  const channel = facts.channel(intake.channelId)
  const demands = demandsAt(work, facts)
  const serves = toNodeId === undefined || channel?.nodes === undefined || channel.nodes.includes(toNodeId)
  if (channel === undefined || demands === undefined || !serves) return undefined
  const { constraints, refused } = rulesFor(order, facts, now)
  if (demands.some((demand) => refused.has(intake.lines[demand.lineNo]?.lineRef ?? ''))) return undefined
  const { shipTo, lines, promisedBy, requestedService } = intake
  return {
    demands,
    shipTo,
    channel: toNodeId === undefined ? channel : { ...channel, nodes: [toNodeId] },
    constraints,
    excluded: new Set([
      work.nodeId,
      ...nodesHeldOtherwise(state, kindHeldFor(state, work)),
      ...(toNodeId === undefined ? unfitNodes(state) : []),
    ]),
    lines,
    promisedBy,
    requestedService,
    partial: false,
    now,
  }
}

/** The items as the node holds them: parts of a bundle move without the rest of their set. */
function demandsAt(work: PlannedOrder, facts: PlacementFacts): Demand[] | undefined {
  const demands: Demand[] = []
  for (const { lineNo, sku, quantity } of work.lines) {
    const item = facts.item(sku)
    if (item === undefined) return undefined
    if (quantity > 0) demands.push({ lineNo, item, perUnit: 1, units: quantity })
  }
  return demands.length === 0 ? undefined : demands
}

/** Nodes that hold stock of the order as another kind: what they hold of an item is one reservation, and of one kind. */
export function nodesHeldOtherwise({ reservations }: Order['state'], kind: HeldKind): readonly string[] {
  return reservations.filter((one) => isHeld(one.kind) && one.kind !== kind).map((one) => one.nodeId)
}

/** Why work left a node that closed: once it is open again it may be asked again. */
export const NODE_CLOSED = 'node_closed'
/** Why work left a node that has less than it promised: it may be asked again for what it has, now or later. */
export const STOCK_MISSING = 'stock_missing'
const BLAMELESS: ReadonlySet<string> = new Set([NODE_CLOSED, STOCK_MISSING, REPLANNED])

/** Nodes that refused the order, were relieved of it or did not find its goods: they are not asked again. */
export function unfitNodes({ fulfillmentOrders }: Order['state']): ReadonlySet<string> {
  const unfit = fulfillmentOrders.filter(
    (work) =>
      (work.work === 'cancelled' && work.reason !== undefined && !BLAMELESS.has(work.reason)) ||
      work.lines.some((line) => (line.short ?? 0) > 0),
  )
  return new Set(unfit.map((work) => work.nodeId))
}
