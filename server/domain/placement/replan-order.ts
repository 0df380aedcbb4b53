import type { NewEvent } from '../../../contract/events.ts'
import type { Instant } from '../../kernel/time.ts'
import { effectsOf } from '../fulfillment/stock-effects.ts'
import type { Order } from '../order/state.ts'
import type { Replanned } from '../sourcing/view-decision.ts'
import type { PlacementFacts } from './facts.ts'
import { latestOf, openPlanOf, priceStanding, pricePlan } from './open-plan.ts'
import { PlanBoard } from './plan-board.ts'
import { decisionDoc, sourcedData } from './plan-event.ts'
import { sourceDemands } from './source.ts'

/** What a window found for one order: the nodes to plan it over, and what that may cost at most. */
export type Replan = {
  readonly toNodes: readonly string[]
  readonly costMax: number
  readonly makesRoom: boolean
  /** Orders that were looked at together. */
  readonly together: number
}
export type ReplannedOrder = {
  readonly event: NewEvent<'order.replanned'>
  readonly decision: { readonly decisionNo: number; readonly doc: string }
}

/** Costs are sums of rounded parts: two ways to add them up may differ by this much. */
const ROUNDING = 1

/**
 * Plans a whole order anew over the nodes that a window found, on stock and capacity as they are now; undefined when it may not be moved
 * any more, arrives later than planned, or costs more than was found. Nothing of what the window believed is taken on trust.
 */
export function replanOrder(order: Order, wanted: Replan, facts: PlacementFacts, now: Instant): ReplannedOrder | undefined {
  const open = openPlanOf(order, facts, now)
  if (open === undefined) return undefined
  const { channel, demands } = open.question
  if (channel.nodes !== undefined && !wanted.toNodes.every((nodeId) => channel.nodes?.includes(nodeId))) return undefined
  const board = new PlanBoard(
    facts,
    demands.map((demand) => demand.item.itemNo),
  )
  board.take(open, -1)
  const before = priceStanding(open, board.facts)
  const question = { ...open.question, channel: { ...channel, nodes: [...wanted.toNodes] } }
  const after = before && pricePlan(order, question, sourceDemands(question, board.facts), board.facts)
  if (before === undefined || after === undefined || after.cost > wanted.costMax + ROUNDING || isSame(open, after)) return undefined
  // NOTE: legs are scratch of the last planning, so the plan is made once more where it counts, with its explanation this time.
  const explained = Object.create(board.facts, { planner: { value: facts.planner } }) as PlacementFacts
  const sourced = sourceDemands(question, explained)
  if (latestOf(sourced) > open.latest) return undefined
  const { intake, state } = order
  const seen = { ...state, promise: { ...state.promise, co2eGrams: 0 } }
  const data = sourcedData({ intake, state: seen }, demands, sourced, 'committed', facts, { now })
  const { decisionNo, reserved, fulfillmentOrders, promise } = data
  const replanned: Replanned = {
    fromNodes: before.nodeIds,
    costBefore: before.cost,
    costAfter: after.cost,
    together: wanted.together,
    makesRoom: wanted.makesRoom,
  }
  return {
    event: {
      type: 'order.replanned',
      occurredAt: now,
      data: {
        reason: wanted.makesRoom ? 'made_room' : 'cheaper_together',
        works: open.works.map(({ fulfillmentOrderId, nodeId }) => ({ fulfillmentOrderId, nodeId })),
        decisionNo,
        reserved,
        fulfillmentOrders,
        promise,
        costBefore: Math.round(before.cost),
        costAfter: Math.round(after.cost),
        stock: [
          ...open.works.flatMap((work) => effectsOf(work.lines, work.nodeId, false, 'committed')),
          ...reserved.map(({ sku, nodeId, quantity }) => ({ sku, nodeId, committed: quantity })),
        ],
      },
    },
    decision: { decisionNo, doc: decisionDoc(sourced, demands, facts, now, replanned) },
  }
}

const isSame = (one: { readonly cells: readonly object[] }, other: { readonly cells: readonly object[] }): boolean => {
  const text = (cells: readonly object[]) =>
    cells
      .map((cell) => JSON.stringify(cell))
      .toSorted()
      .join()
  return text(one.cells) === text(other.cells)
}
