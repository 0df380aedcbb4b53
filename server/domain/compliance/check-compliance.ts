import { DAY, instant, toIso, type Instant } from '../../kernel/time.ts'
import type { FailurePolicy, Finding } from '../check/finding.ts'
import { comparableName } from '../place/comparable-name.ts'
import { comparableRegion } from '../place/region.ts'
import { dayAt, type Whereabouts } from '../place/zone.ts'
import { ageOn } from './age.ts'
import type { Constraint, When } from './constraint.ts'
import { eachMatch, type CheckedItem, type CompiledRule, type ComplianceTable, type Destination } from './table.ts'

/** A line with everything it contains: its item, and for a bundle the components with their units. */
export type CheckedLine = { readonly lineRef: string; readonly items: readonly (CheckedItem & { readonly units: number })[] }

export type CheckedOrder = {
  readonly channelId: string
  readonly shipTo: Whereabouts & { readonly countryCode: string }
  readonly lines: readonly CheckedLine[]
  readonly documents?: readonly string[] | undefined
  /** The buyer's birthday, YYYY-MM-DD. Used for the check, and in nothing that the check gives back. */
  readonly bornOn?: string | undefined
  /** Without a birthday: an age that the buyer was found to have reached before. */
  readonly provenAge?: number | undefined
}

export type ViolationReason =
  | 'restricted_destination'
  | 'restricted_item'
  | 'hazardous_forbidden'
  | 'minimum_age'
  | 'age_unknown'
  | 'document_missing'
  | 'quantity_limit_exceeded'
export type Violation = {
  readonly ruleId: string
  readonly reason: ViolationReason
  readonly action: 'refuse' | 'review'
  readonly lineRefs: readonly string[]
  /** What the rule wants: an age, the missing documents, a quantity. Nothing about the buyer. */
  readonly expected?: unknown
}

/**
 * `constraints`: by line position, what sourcing must respect; undefined where nothing was demanded. `provenAge`: the highest
 * minimum age that a rule asked for and the birthday met, so that a later check needs no birthday.
 */
export type ComplianceFinding = Finding & {
  readonly violations: readonly Violation[]
  readonly constraints: readonly (readonly Constraint[] | undefined)[]
  readonly provenAge?: number
}

type Hit = { readonly compiled: CompiledRule; readonly lineNos: number[]; units: number }

/**
 * Everything the rules say about an order on the day of `now` where it goes. Without any rule the verdict is `default`. An order is refused
 * where a rule of action refuse is broken and the channel refuses, else it is for review; the first broken rule in the order of ruleIds gives the reason,
 * those that refuse first. Rules about crossing a border cannot be judged before a node is chosen: where their demand is not met they
 * become constraints that keep the line on its side of the border.
 */
export function checkCompliance(order: CheckedOrder, table: ComplianceTable, now: Instant, onFailure: FailurePolicy): ComplianceFinding {
  if (table.isEmpty) return { verdict: 'default', reason: 'default', violations: [], constraints: [] }
  const hits = collect(order, table, table.isDated ? dayAt(order.shipTo, now) : 0)
  if (hits.length === 0) return { verdict: 'pass', reason: 'compliance_passed', violations: [], constraints: [] }
  hits.sort((a, b) => a.compiled.no - b.compiled.no)
  const violations: Violation[] = []
  const constraints: (Constraint[] | undefined)[] = order.lines.map(() => undefined)
  for (const hit of hits) judge(hit, order, now, violations, constraints)
  const found = { violations, constraints, ...provenAgeOf(hits, order, now) }
  const worst = violations.find((one) => one.action === 'refuse') ?? violations[0]
  if (worst === undefined) {
    return {
      verdict: 'pass',
      reason: 'compliance_passed',
      detail: { rules: hits.slice(0, 20).map((hit) => hit.compiled.rule.ruleId) },
      ...found,
    }
  }
  const verdict = worst.action === 'refuse' && onFailure === 'refuse' ? 'refuse' : 'review'
  return { verdict, reason: worst.reason, detail: { violations: violations.slice(0, 20) }, ...found }
}

function provenAgeOf(hits: readonly Hit[], order: CheckedOrder, now: Instant): { provenAge?: number } {
  let provenAge = 0
  for (const { compiled } of hits) {
    const { minimumAge } = compiled.rule.demand
    if (minimumAge !== undefined && minimumAge > provenAge && hasAge(order, minimumAge, now)) provenAge = minimumAge
  }
  return provenAge === 0 ? {} : { provenAge }
}

function hasAge({ bornOn, provenAge, shipTo }: CheckedOrder, age: number, now: Instant): boolean {
  if (bornOn === undefined) return (provenAge ?? 0) >= age
  return ageOn(bornOn, toIso(instant(dayAt(shipTo, now) * DAY)).slice(0, 10)) >= age
}

function collect(order: CheckedOrder, table: ComplianceTable, day: number): Hit[] {
  const { countryCode, region } = order.shipTo
  const to: Destination = {
    countryCode,
    region: comparableRegion(countryCode, region),
    regionName: comparableName(region),
    channelId: order.channelId,
    day,
  }
  const hits = new Map<CompiledRule, Hit>()
  let lineNo = 0
  let units = 0
  const found = (compiled: CompiledRule): void => {
    let hit = hits.get(compiled)
    if (hit === undefined) hits.set(compiled, (hit = { compiled, lineNos: [], units: 0 }))
    if (hit.lineNos.at(-1) !== lineNo) hit.lineNos.push(lineNo)
    hit.units += units
  }
  for (; lineNo < order.lines.length; lineNo++) {
    for (const item of order.lines[lineNo]?.items ?? []) {
      units = item.units
      eachMatch(table, item, to, found)
    }
  }
  return [...hits.values()]
}

function judge(hit: Hit, order: CheckedOrder, now: Instant, violations: Violation[], constraints: (Constraint[] | undefined)[]): void {
  const { rule } = hit.compiled
  const { crossBorder } = rule.match
  const when: When = crossBorder === undefined ? 'always' : crossBorder ? 'crossBorder' : 'domestic'
  const broken = brokenDemand(hit, order, now)
  const head = { ruleId: rule.ruleId, action: rule.action }
  if (broken !== undefined && when === 'always') {
    const lineRefs = hit.lineNos.map((lineNo) => order.lines[lineNo]?.lineRef ?? '')
    violations.push({ ...head, ...broken, lineRefs })
  }
  const { nodeCapability, serviceCapability, originCountries } = rule.demand
  const never = broken !== undefined && when !== 'always'
  if (!never && nodeCapability === undefined && serviceCapability === undefined && originCountries === undefined) return
  const constraint: Constraint = {
    ...head,
    when,
    ...(never ? { never: true as const } : {}),
    ...(nodeCapability === undefined ? {} : { nodeCapability }),
    ...(serviceCapability === undefined ? {} : { serviceCapability }),
    ...(originCountries === undefined ? {} : { originCountries }),
  }
  for (const lineNo of hit.lineNos) (constraints[lineNo] ??= []).push(constraint)
}

/** The first demand that the order itself does not meet: forbidden, age, documents, quantity. */
function brokenDemand(hit: Hit, order: CheckedOrder, now: Instant): { reason: ViolationReason; expected?: unknown } | undefined {
  const { match, demand } = hit.compiled.rule
  if (demand.forbid) {
    if (match.attributes?.['hazardous'] === true) return { reason: 'hazardous_forbidden' }
    const isAnywhere = match.countryCode === undefined && match.region === undefined && match.crossBorder === undefined
    return { reason: isAnywhere ? 'restricted_item' : 'restricted_destination' }
  }
  if (demand.minimumAge !== undefined) {
    const reason = order.bornOn === undefined ? 'age_unknown' : 'minimum_age'
    if (!hasAge(order, demand.minimumAge, now)) return { reason, expected: { minimumAge: demand.minimumAge } }
  }
  const missing = demand.documents?.filter((name) => !order.documents?.includes(name)) ?? []
  if (missing.length > 0) return { reason: 'document_missing', expected: { documents: missing } }
  if (demand.maxQuantity !== undefined && hit.units > demand.maxQuantity) {
    return { reason: 'quantity_limit_exceeded', expected: { max: demand.maxQuantity } }
  }
  return undefined
}
