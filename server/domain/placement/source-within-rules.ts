import { hardConstraints } from '../compliance/constraint.ts'
import type { PlacementFacts } from './facts.ts'
import { serviceLimits } from './service-limits.ts'
import { ruleAgainst, sourceDemands, type Sourced } from './source.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

export type SourcedWithinRules = {
  readonly sourced: Sourced
  /** The question that the plan answers. */
  readonly question: SourcingQuestion
  /** Rules that were set aside because no plan keeps them: a person decides. */
  readonly setAside: readonly string[]
}

/**
 * Plans within all compliance rules. Where something stays open and rules leave it to a person, plans again within those that refuse;
 * that plan counts only when it covers more.
 */
export function sourceWithinRules(question: SourcingQuestion, facts: PlacementFacts): SourcedWithinRules {
  const strict = sourceDemands(question, facts)
  const short = shortOf(strict)
  if (short === 0 || !question.constraints.some((one) => one?.some((rule) => rule.action === 'review')))
    return { sourced: strict, question, setAside: [] }
  const looser = { ...question, constraints: question.constraints.map((one) => (one === undefined ? undefined : hardConstraints(one))) }
  const loose = sourceDemands(looser, facts)
  // NOTE: legs are scratch of the last planning, so the strict plan is made once more where it counts.
  if (shortOf(loose) >= short) return { sourced: sourceDemands(question, facts), question, setAside: [] }
  return { sourced: loose, question: looser, setAside: rulesBroken(question, loose, facts) }
}

const shortOf = ({ plan }: Sourced): number => plan.shortfall.reduce((sum, one) => sum + one.quantity, 0)

function rulesBroken(question: SourcingQuestion, { plan }: Sourced, facts: PlacementFacts): string[] {
  const broken = new Set<string>()
  for (const { lineNo, nodeNo } of plan.assignments) {
    const demand = question.demands[lineNo]
    const rule = demand === undefined ? undefined : ruleAgainst(question, facts, demand, nodeNo)
    if (rule !== undefined) broken.add(rule)
  }
  const { allowed } = serviceLimits(question, facts)
  for (const node of plan.nodes) if (allowed?.[node.service] === 0) for (const rule of serviceRules(question)) broken.add(rule)
  return [...broken].toSorted()
}

const serviceRules = (question: SourcingQuestion): string[] =>
  question.constraints.flatMap((one) => (one ?? []).filter((rule) => rule.serviceCapability !== undefined).map((rule) => rule.ruleId))

/** The rules that keep nodes with stock, or every service, from serving what a plan left open. */
export function rulesInTheWay(question: SourcingQuestion, { plan }: Sourced, facts: PlacementFacts): string[] {
  const found = new Set<string>()
  const { nodes, available } = facts.availability
  for (const { lineNo, itemNo } of plan.shortfall) {
    const demand = question.demands[lineNo]
    const start = facts.availability.start(itemNo)
    for (let slot = start; slot < start + facts.availability.count(itemNo); slot++) {
      const rule = demand === undefined || (available[slot] ?? 0) <= 0 ? undefined : ruleAgainst(question, facts, demand, nodes[slot] ?? 0)
      if (rule !== undefined) found.add(rule)
    }
  }
  const { allowed } = plan.shortfall.length === 0 ? {} : serviceLimits(question, facts)
  if (allowed !== undefined && !allowed.includes(1)) for (const rule of serviceRules(question)) found.add(rule)
  return [...found].toSorted()
}
