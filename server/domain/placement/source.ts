import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import type { AvailabilityView } from '../availability/availability.ts'
import { ruleAgainstNode } from '../compliance/constraint.ts'
import { addLoads, DEFAULT_UNIT_GRAMS, type Load, loadOf, NO_LOAD } from '../freight/load.ts'
import type { LegTable } from '../promise/best-legs.ts'
import type { Plan, SourcingLine } from '../sourcing/problem.ts'
import type { Demand } from './demand.ts'
import { foldHeld, heldShort, holdApart } from './held-demands.ts'
import type { PlacementFacts } from './facts.ts'
import type { SourcingQuestion } from './sourcing-question.ts'
import { NodeQuotes } from './node-quotes.ts'
import { nodeTermsOf } from './node-terms.ts'

/** A planned order with what the legs say about it. */
export type Sourced = {
  readonly plan: Plan
  readonly legOf: (nodeNo: number) => number
  readonly legs: LegTable
  readonly load: Load
  /** Where reservations were taken over: the demands as they were planned, which the explanation speaks of, and held units that their node cannot ship. */
  readonly held?: { readonly planned: readonly Demand[]; readonly short: number }
}

/** Plans the demands over all nodes that can promise them, each quoted with its best service to the place; what is held is placed where it is held. */
export function sourceDemands(question: SourcingQuestion, facts: PlacementFacts): Sourced {
  const { demands, held } = question
  if (held === undefined) return sourceOver(question, facts, facts.availability)
  const apart = holdApart(demands, held, facts.availability)
  const sourced = sourceOver({ ...question, demands: apart.demands }, facts, apart.availability)
  const planned = apart.origin.flatMap((i) => demands[i] ?? [])
  return { ...sourced, plan: foldHeld(sourced.plan, apart, demands), held: { planned, short: heldShort(sourced.plan, apart) } }
}

function sourceOver(question: SourcingQuestion, facts: PlacementFacts, availability: AvailabilityView): Sourced {
  const { demands, channel } = question
  const load = demands.reduce((sum, demand) => addLoads(sum, loadOf(demand.item.doc, demand.units)), NO_LOAD)
  const quotes = new NodeQuotes(question, facts, load)
  const buffers = channel.buffers === undefined ? undefined : new Map(channel.buffers.map((one) => [one.sku, one.units]))
  const lines = demands.map((demand, i): SourcingLine => ({
    lineNo: i,
    itemNo: demand.item.itemNo,
    quantity: demand.units,
    weightGrams: demand.item.doc.weightGrams ?? DEFAULT_UNIT_GRAMS,
    buffer: demand.isHeld === true ? 0 : (buffers?.get(demand.item.doc.sku) ?? channel.buffer ?? 0),
  }))
  const { hasPicky } = nodeTermsOf(facts.network)
  const hasLineRules = demands.some(
    (demand) => (hasPicky && needsOf(demand, question).length > 0) || (question.constraints[demand.lineNo]?.length ?? 0) > 0,
  )
  const plan = facts.planner.plan({
    lines,
    availability,
    universe: facts.universe,
    weights: facts.weights,
    prices: facts.prices,
    quote: (nodeNo, out) => quotes.quote(nodeNo, out),
    floors: (nodeNos, from, to, out) => quotes.floors(nodeNos, from, to, out),
    ...(hasLineRules
      ? { allows: (line: SourcingLine, nodeNo: number) => reasonAgainst(question, facts, demands[line.lineNo], nodeNo) }
      : {}),
    promisedBy: question.promisedBy,
    partial: question.partial,
  })
  return { plan, legOf: (nodeNo) => quotes.indexOf(nodeNo), legs: facts.legs, load }
}

/** Item attributes that a node must be able to handle. */
const handled = ['coldChain', 'hazardous', 'bulky', 'fresh', 'fragile'] as const
const needsCache = new WeakMap<object, readonly string[]>()
function needsOf(demand: Demand, question: Pick<SourcingQuestion, 'lines'>): readonly string[] {
  const { doc } = demand.item
  const own = question.lines?.[demand.lineNo]?.attributes
  if (own !== undefined) return handled.filter((name) => (own[name] ?? doc.attributes?.[name]) === true)
  let needs = needsCache.get(doc)
  if (needs === undefined) needsCache.set(doc, (needs = handled.filter((name) => doc.attributes?.[name] === true)))
  return needs
}

/** Why a node may not ship a demand whatever it costs: a capability that the item needs, or a compliance rule; 0 where it may. */
export function reasonAgainst(question: SourcingQuestion, facts: PlacementFacts, demand: Demand | undefined, nodeNo: number): number {
  const node = facts.node(nodeNo)?.doc
  if (demand === undefined || node === undefined) return reasonCode.excluded
  if (node.capabilities !== undefined && !needsOf(demand, question).every((need) => node.capabilities?.includes(need)))
    return reasonCode.capabilityMissing
  return ruleAgainst(question, facts, demand, nodeNo) === undefined ? 0 : reasonCode.complianceExcluded
}

/** The compliance rule that keeps a node from shipping a demand, or undefined. */
export function ruleAgainst(question: SourcingQuestion, facts: PlacementFacts, demand: Demand, nodeNo: number): string | undefined {
  const constraints = question.constraints[demand.lineNo]
  const node = facts.node(nodeNo)?.doc
  if (constraints === undefined || node === undefined) return undefined
  const { countryCode } = node.place
  return ruleAgainstNode(constraints, { countryCode, capabilities: node.capabilities }, question.shipTo.countryCode)
}
