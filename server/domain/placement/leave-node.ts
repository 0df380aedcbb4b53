import { decideWork, giveUp } from '../fulfillment/decide-work.ts'
import type { WorkFacts } from '../fulfillment/work-command.ts'
import { isMovable, isReady, isUnbegun } from '../fulfillment/work-machine.ts'
import type { PlannedOrder } from '../order/state.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Acting } from './acting.ts'
import { NODE_CLOSED, STOCK_MISSING } from './move-work.ts'

export type Evacuation = { readonly fulfillmentOrderId: string; readonly begun: 'finish' | 'move' }
export type Relief = { readonly nodeId: string; readonly sku: string }

/**
 * The node closes: what it has not begun goes elsewhere whole, or else as far as others have it. What it has begun it finishes, or, when it
 * cannot (`begun: 'move'`), all that is not packed goes as well; packed parcels are for a person to see to.
 */
export function evacuate(acting: Acting, { fulfillmentOrderId, begun }: Evacuation, now: Instant): void {
  const { intake, state } = acting.standing
  const work = state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
  if (work === undefined || !isMovable(work.work) || intake.history === true) return
  const isMine = isUnbegun(work.work) || (begun === 'move' && work.parcels === undefined && !isReady(work.work))
  if (isMine) leave(acting, work, NODE_CLOSED, now)
  else if (begun === 'move') acting.openTask('nodeClosed', 'agent', work)
}

/** It could not leave by itself: a person sees to it. The task ends by itself when the work has left after all. */
export function strand(acting: Acting, fulfillmentOrderId: string): void {
  const work = acting.standing.state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
  if (work !== undefined && isMovable(work.work)) acting.openTask('nodeClosed', 'agent', work)
}

/**
 * The node holds less of an item than it promised: what it has not begun of it goes elsewhere whole, or else as far as others have it, and what
 * nobody has is a task. The other items of the work stay. Begun work is left to who picks it: there it is found short.
 */
export function relieve(acting: Acting, { nodeId, sku }: Relief, facts: WorkFacts, now: Instant): void {
  const { intake, state } = acting.standing
  if (intake.history === true || intake.pickup !== undefined) return
  for (const { fulfillmentOrderId } of state.fulfillmentOrders) {
    // What left before may have taken units with it, where a set was broken.
    const work = acting.standing.state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
    const isMine = work?.nodeId === nodeId && isUnbegun(work.work) && work.lines.some((line) => line.sku === sku && line.quantity > 0)
    if (work !== undefined && isMine) leave(acting, partOf(acting, work, sku, facts, now), STOCK_MISSING, now)
  }
}

/** The units of one item as work of their own; all of the work where it has nothing else. */
function partOf(acting: Acting, work: PlannedOrder, sku: string, facts: WorkFacts, now: Instant): PlannedOrder {
  if (work.lines.every((line) => line.sku === sku || line.quantity === 0)) return work
  const { lines } = acting.standing.intake
  const named = work.lines.flatMap((line) =>
    line.sku === sku && line.quantity > 0 ? [{ lineRef: lines[line.lineNo]?.lineRef ?? '', sku, quantity: line.quantity }] : [],
  )
  const parted = decideWork(acting.standing, work, { fulfillmentOrderId: work.fulfillmentOrderId, verb: 'split', lines: named }, facts, now)
  if (parted.status === 'refused') return work
  acting.work(parted.value)
  return acting.standing.state.fulfillmentOrders.at(-1) ?? work
}

function leave(acting: Acting, work: PlannedOrder, reason: string, now: Instant): void {
  if (acting.move(work, { reason }) === undefined) return
  acting.work(giveUp(acting.standing, work, 'fulfillment.cancelled', reason, now))
}
