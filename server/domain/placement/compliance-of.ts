import type { OrderInput } from '../../../contract/entities/order.ts'
import type { Instant } from '../../kernel/time.ts'
import type { FailurePolicy } from '../check/finding.ts'
import { checkCompliance, type CheckedOrder, type ComplianceFinding } from '../compliance/check-compliance.ts'
import { type Constraint, hardConstraints } from '../compliance/constraint.ts'
import type { Order } from '../order/state.ts'
import type { PlacementFacts } from './facts.ts'

/** What the compliance check needs of an order: as it comes in, or as the intake keeps it. */
export type Complying = {
  readonly channelId: string
  readonly shipTo: CheckedOrder['shipTo']
  readonly lines: readonly Pick<OrderInput['lines'][number], 'lineRef' | 'sku' | 'quantity' | 'taxClass' | 'attributes'>[]
  readonly documents?: readonly string[] | undefined
  readonly bornOn?: string | undefined
  readonly provenAge?: number | undefined
}

export function complianceOf(order: Complying, facts: PlacementFacts, now: Instant, onFailure: FailurePolicy): ComplianceFinding {
  const lines = facts.compliance.isEmpty
    ? []
    : order.lines.map((line) => ({ lineRef: line.lineRef, items: containedItems(line, order.channelId, facts) }))
  return checkCompliance({ ...order, lines }, facts.compliance, now, onFailure)
}

function containedItems(line: Complying['lines'][number], channelId: string, facts: PlacementFacts) {
  const item = facts.item(line.sku, channelId)?.doc
  const attributes = line.attributes === undefined ? item?.attributes : { ...item?.attributes, ...line.attributes }
  const own = { sku: item?.sku ?? line.sku, taxClass: line.taxClass ?? item?.taxClass, attributes, units: line.quantity }
  const parts = (item?.components ?? []).map((part) => {
    const doc = facts.item(part.sku)?.doc
    return { sku: part.sku, taxClass: doc?.taxClass, attributes: doc?.attributes, units: part.quantity * line.quantity }
  })
  return [own, ...parts]
}

export type LineRules = {
  readonly constraints: readonly (readonly Constraint[] | undefined)[]
  /** Lines that a rule refuses by now: nothing more is sourced for them. */
  readonly refused: ReadonlySet<string>
}

const NO_RULES: LineRules = { constraints: [], refused: new Set() }

/**
 * What the rules of today demand of an order that is there. Where compliance was put to a person, rules that leave it to a person
 * and what the order itself does not meet are that person's to decide: only rules about nodes and services that refuse still count.
 */
export function rulesFor({ intake, state }: Order, facts: PlacementFacts, now: Instant): LineRules {
  if (facts.compliance.isEmpty) return NO_RULES
  const { constraints, violations } = complianceOf(intake, facts, now, 'refuse')
  const verdict = state.checks?.compliance.verdict
  if (verdict === 'review' || verdict === 'refuse')
    return { constraints: constraints.map((one) => (one === undefined ? undefined : hardConstraints(one))), refused: new Set() }
  return { constraints, refused: new Set(violations.flatMap((one) => (one.action === 'refuse' ? one.lineRefs : []))) }
}
