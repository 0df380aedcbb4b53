import type { Static } from 'typebox'
import type { SourcingDecision } from '../../../contract/capabilities/order.ts'
import { sourcingReasonTexts, type SourcingReason } from '../../../contract/sourcing-reasons.ts'
import { assert } from '../../kernel/assert.ts'
import { instant, toIso } from '../../kernel/time.ts'
import type { Order } from '../order/state.ts'
import { expandExplanation, type Explanation } from './expand-explanation.ts'

export type DecisionView = Static<typeof SourcingDecision>

/** A decision as it is kept. `items` and `lines` say which item and order line each planned line stands for. */
export type StoredDecision = {
  readonly decisionNo: number
  readonly state: string
  readonly decidedAt: number
  readonly doc: unknown
}
/** Why an order was planned again: what it cost before and after, and how many orders were looked at together. */
export type Replanned = {
  readonly fromNodes: readonly string[]
  readonly costBefore: number
  readonly costAfter: number
  readonly together: number
  /** It moved so that another order could be served better. */
  readonly makesRoom: boolean
}
type Doc = { readonly items: readonly number[]; readonly lines: readonly number[]; readonly e: string; readonly replanned?: Replanned }

/** Numbers to what people know things by; undefined for what is not there any more. */
export type DecisionNames = {
  skuOf(itemNo: number): string | undefined
  nodeOf(nodeNo: number): { readonly nodeId: string; readonly name: string } | undefined
}

/** A stored decision made readable: the plan, the best candidates of each line with the parts of their score, and why each other node was left out. */
export function viewDecision(order: Order, stored: StoredDecision, names: DecisionNames): DecisionView {
  const doc = parseDoc(stored.doc)
  const explanation = expandExplanation(Buffer.from(doc.e, 'base64'))
  const states = ['computed', 'shadow', 'applied', 'superseded', 'failed'] as const
  const state = states.find((one) => one === stored.state)
  assert(state !== undefined, `a decision is in state ${stored.state}`)
  const co2eGrams = stored.decisionNo === order.state.decisionNo ? order.state.promise.co2eGrams : undefined
  const rejected = rejectedOf(explanation, names)
  return {
    decisionId: `${order.intake.orderId}.${stored.decisionNo}`,
    state,
    decidedAt: toIso(instant(stored.decidedAt)),
    policyVersion: `${explanation.weights.version}`,
    pricesVersion: `${explanation.pricesVersion}`,
    exact: explanation.isExact,
    cost: { ...explanation.parts, total: explanation.cost },
    ...(co2eGrams === undefined ? {} : { co2eGrams }),
    ...(doc.replanned === undefined ? {} : { replanned: { ...doc.replanned, fromNodes: [...doc.replanned.fromNodes] } }),
    weights: { ...explanation.weights },
    plan: planOf(order, doc, explanation, names),
    candidates: candidatesOf(order, doc, explanation, names),
    rejected,
    reasonTexts: textsOf(['chosen', ...Object.values(rejected)]),
  }
}

function parseDoc(doc: unknown): Doc {
  const { items, lines, e, replanned } = Object(doc) as Partial<Doc>
  assert(Array.isArray(items) && Array.isArray(lines) && typeof e === 'string', 'a stored decision has items, lines and an explanation')
  return { items, lines, e, ...(replanned === undefined ? {} : { replanned }) }
}

/** The order line and sku behind a planned line. */
function lineNamesOf(order: Order, doc: Doc, index: number, names: DecisionNames) {
  const itemNo = doc.items[index] ?? -1
  return { lineRef: order.intake.lines[doc.lines[index] ?? -1]?.lineRef ?? '', sku: names.skuOf(itemNo) ?? `#${itemNo}` }
}

function nodeNamesOf(nodeNo: number, names: DecisionNames) {
  const node = names.nodeOf(nodeNo)
  return { nodeId: node?.nodeId ?? `#${nodeNo}`, nodeName: node?.name ?? `#${nodeNo}` }
}

function planOf(order: Order, doc: Doc, explanation: Explanation, names: DecisionNames): DecisionView['plan'] {
  const work = new Map(order.state.fulfillmentOrders.map((one) => [one.nodeId, one]))
  const dates = new Map(explanation.nodes.map((node) => [node.nodeNo, node]))
  const planned = explanation.assignments.map(({ lineNo, nodeNo, quantity }) => {
    const node = nodeNamesOf(nodeNo, names)
    const { carrierId, serviceId } = work.get(node.nodeId) ?? {}
    const at = dates.get(nodeNo)
    return {
      ...lineNamesOf(order, doc, lineNo, names),
      quantity,
      ...node,
      ...(carrierId === undefined ? {} : { carrierId }),
      ...(serviceId === undefined ? {} : { serviceId }),
      ...(at === undefined ? {} : { shipBy: toIso(instant(at.shipBy)), deliverBy: toIso(instant(at.deliverBy)) }),
    }
  })
  const short = explanation.shortfall.map(({ lineNo, quantity }) => ({
    ...lineNamesOf(order, doc, lineNo, names),
    quantity,
    unserved: true,
  }))
  return [...planned, ...short]
}

function candidatesOf(order: Order, doc: Doc, explanation: Explanation, names: DecisionNames): DecisionView['candidates'] {
  const chosen = new Set(explanation.nodes.map((node) => node.nodeNo))
  const reasons = new Map(explanation.reasons.map(({ nodeNo, reason }) => [nodeNo, reason]))
  return explanation.lines.flatMap((line) => {
    const lineRefs = line.lineNos.map((index) => lineNamesOf(order, doc, index, names).lineRef)
    const { sku } = lineNamesOf(order, doc, line.lineNos[0] ?? -1, names)
    return line.candidates.map(({ nodeNo, units, parts, total }, i) => {
      const reason: SourcingReason = chosen.has(nodeNo) ? 'chosen' : (reasons.get(nodeNo) ?? 'dearer')
      return { lineRefs, sku, rank: i + 1, ...nodeNamesOf(nodeNo, names), units, score: { ...parts, total }, reason }
    })
  })
}

function rejectedOf(explanation: Explanation, names: DecisionNames): Record<string, SourcingReason> {
  const rejected: Record<string, SourcingReason> = {}
  for (const { nodeNo, reason } of explanation.reasons) if (reason !== 'chosen') rejected[nodeNamesOf(nodeNo, names).nodeId] = reason
  return rejected
}

function textsOf(reasons: readonly string[]): NonNullable<DecisionView['reasonTexts']> {
  const texts: NonNullable<DecisionView['reasonTexts']> = {}
  for (const [reason, text] of Object.entries(sourcingReasonTexts))
    if (reasons.includes(reason)) texts[reason] = { en: text.en, zh: text['zh-CN'] }
  return texts
}
