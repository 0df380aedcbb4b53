import type { SourcingDecision } from '../../../contract/capabilities/order.ts'
import type { Static } from 'typebox'
import { canSeeCarrier, canSeeNode } from './scope.ts'
import { sightOfRole, type Viewer } from './sight.ts'

type Decision = Static<typeof SourcingDecision>
type Row = Decision['plan'][number]

/**
 * A sourcing decision as the viewer may see it, or undefined for those outside the firm. Without sight of the hub's reasons only
 * the plan remains; outside the viewer's nodes and carriers there is nothing.
 */
export function presentSourcing(viewer: Viewer, decision: Decision): Decision | undefined {
  const sight = sightOfRole[viewer.role]
  if (viewer.role === 'customer' || viewer.role === 'carrier') return undefined
  const plan = decision.plan.filter((row) => isInScope(viewer, row))
  if (sight.reasons === 'none') {
    const { cost, replanned, ...rest } = decision
    return { ...rest, plan: plan.map(withoutScores), weights: {}, candidates: [], rejected: {} }
  }
  const { replanned, ...rest } = decision
  const fromNodes = replanned?.fromNodes.filter((nodeId) => canSeeNode(viewer.scope, nodeId)) ?? []
  return {
    ...rest,
    ...(replanned === undefined ? {} : { replanned: { ...replanned, fromNodes } }),
    plan,
    candidates: decision.candidates.filter((row) => isInScope(viewer, row)),
    rejected: Object.fromEntries(Object.entries(decision.rejected).filter(([nodeId]) => canSeeNode(viewer.scope, nodeId))),
  }
}

function isInScope(viewer: Viewer, row: Row): boolean {
  const { nodeId, carrierId } = row
  if (typeof nodeId === 'string' && !canSeeNode(viewer.scope, nodeId)) return false
  return typeof carrierId !== 'string' || canSeeCarrier(viewer.scope, carrierId)
}

/** What is to be done, without what it costs or how it scored. */
const PLAN_FIELDS = ['lineRef', 'sku', 'quantity', 'nodeId', 'carrierId', 'serviceId', 'shipBy', 'deliverBy', 'lines']
const withoutScores = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([name]) => PLAN_FIELDS.includes(name)))
