import { ruleAgainstService } from '../compliance/constraint.ts'
import type { PlacementFacts } from './facts.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

/** Which services may carry the order: the one it asks for, and those that its rules let through as far as its own country decides. */
export function serviceLimits(question: SourcingQuestion, facts: PlacementFacts): { service?: number; allowed?: Uint8Array } {
  const { requestedService: wanted, shipTo } = question
  const { services } = facts.network
  const service =
    wanted === undefined
      ? -1
      : services.findIndex((one) => one.carrierId === wanted.carrierId && one.service.serviceId === wanted.serviceId)
  const constraints = question.constraints.flatMap((one) => one ?? [])
  const hasRules = constraints.some((one) => one.serviceCapability !== undefined)
  const may = (entry: (typeof services)[number]) =>
    ruleAgainstService(constraints, entry.service, shipTo.countryCode, shipTo.countryCode) === undefined ? 1 : 0
  return { ...(service < 0 ? {} : { service }), ...(hasRules ? { allowed: Uint8Array.from(services, may) } : {}) }
}
