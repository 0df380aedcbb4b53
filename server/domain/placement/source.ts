import type { Place } from '../../../contract/entities/basics.ts'
import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import type { Instant } from '../../kernel/time.ts'
import type { AvailabilityView } from '../availability/availability.ts'
import { type Constraint, ruleAgainstNode, ruleAgainstService } from '../compliance/constraint.ts'
import { addLoads, DEFAULT_UNIT_GRAMS, type Load, loadOf, NO_LOAD } from '../freight/load.ts'
import { bestLegs, freightWith, type LegTable } from '../promise/best-legs.ts'
import { destinationOf } from '../promise/destination.ts'
import type { LineIntake } from '../order/state.ts'
import type { NodeQuote, Plan, SourcingLine } from '../sourcing/problem.ts'
import type { Demand } from './demand.ts'
import { foldHeld, heldShort, type HeldUnits, holdApart } from './held-demands.ts'
import type { ChannelPolicy, PlacementFacts } from './facts.ts'
import { isFullOf } from './full-days.ts'
import { type NodeTerms, nodeTermsOf } from './node-terms.ts'
import { timePickup } from './pickup.ts'

export type SourcingQuestion = {
  readonly demands: readonly Demand[]
  /** Units of the demands that are held for the order already. */
  readonly held?: readonly HeldUnits[]
  readonly shipTo: Place
  readonly channel: ChannelPolicy
  /** By line number, from the compliance check. */
  readonly constraints: readonly (readonly Constraint[] | undefined)[]
  /** By line number: what the order says of a line beyond its item. */
  readonly lines?: readonly Pick<LineIntake, 'attributes'>[]
  /** Nodes that this order is kept away from: they refused it, were relieved of it, or did not find the goods. */
  readonly excluded?: ReadonlySet<string>
  readonly promisedBy?: Instant | undefined
  readonly requestedService?: { readonly carrierId: string; readonly serviceId: string } | undefined
  /** The node where the buyer collects it: no other serves, no carrier goes. */
  readonly pickup?: string | undefined
  readonly partial: boolean
  readonly now: Instant
}

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
  const quotes = new Quotes(question, facts, load, availability)
  const buffers = channel.buffers === undefined ? undefined : new Map(channel.buffers.map((one) => [one.sku, one.units]))
  const lines = demands.map((demand, i): SourcingLine => ({
    lineNo: i,
    itemNo: demand.item.itemNo,
    quantity: demand.units,
    weightGrams: demand.item.doc.weightGrams ?? DEFAULT_UNIT_GRAMS,
    buffer: demand.isHeld === true ? 0 : (buffers?.get(demand.item.doc.sku) ?? channel.buffer ?? 0),
  }))
  const hasLineRules = demands.some(
    (demand) => needsOf(demand, question).length > 0 || (question.constraints[demand.lineNo]?.length ?? 0) > 0,
  )
  const plan = facts.planner.plan({
    lines,
    availability,
    universe: facts.universe,
    weights: facts.weights,
    prices: facts.prices,
    quote: (nodeNo, out) => quotes.quote(nodeNo, out),
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

/**
 * Quotes of all nodes that stock anything of the order, worked out in one pass over arrays: once for the whole load, and where
 * it may be split once for a single unit, from which the price per kg follows.
 */
class Quotes {
  private readonly question: SourcingQuestion
  private readonly facts: PlacementFacts
  private readonly load: Load
  private readonly nodeNos: Int32Array
  private readonly count: number
  private readonly at: Int32Array
  private readonly unitGrams: number
  private readonly channelNodes: ReadonlySet<string> | undefined
  private readonly legs: LegTable
  private readonly terms: NodeTerms
  /** By node number: its index in the network. */
  private readonly indexIn: Int32Array
  /** 1000 over the grams of the whole. */
  private readonly perGram: number
  /** Freight of the lightest unit, by position in the question. */
  private readonly unitFreight: Float64Array

  constructor(question: SourcingQuestion, facts: PlacementFacts, load: Load, availability: AvailabilityView) {
    this.question = question
    this.facts = facts
    this.load = load
    this.legs = facts.legs
    this.terms = nodeTermsOf(facts.network)
    this.indexIn = facts.network.indexOf
    this.perGram = 1000 / Math.max(1, load.grams)
    this.unitFreight = facts.unitFreight
    const scratch = scratchFor(facts.universe.blank.length)
    this.nodeNos = scratch.nodeNos
    this.at = scratch.at
    this.count = collectNodes(question.demands, availability, scratch)
    this.channelNodes = question.channel.nodes === undefined ? undefined : new Set(question.channel.nodes)
    this.unitGrams = lightestOf(question.demands)
    if (question.pickup !== undefined) {
      timePickup(question.pickup, question.now, facts, this.nodeNos, this.count)
      return
    }
    const destination = destinationOf(facts.network, question.shipTo)
    const query = {
      destination,
      load,
      releaseAt: question.now,
      neededBy: question.promisedBy ?? Infinity,
      carbonPrice: facts.weights.carbonPerKg,
      isFull: isFullOf(facts),
      ...serviceLimits(question, facts),
    }
    bestLegs(facts.network, query, this.nodeNos, this.count, this.legs)
    if (load.grams > this.unitGrams)
      freightWith(facts.network, { ...query, load: ofOneUnit(this.unitGrams) }, this.nodeNos, this.count, this.legs, this.unitFreight)
  }

  indexOf(nodeNo: number): number {
    return (this.at[nodeNo] ?? 0) - 1
  }

  quote(nodeNo: number, out: NodeQuote): number {
    const { question, terms, legs, load } = this
    const at = this.at[nodeNo]! - 1
    const n = this.indexIn[nodeNo] ?? -1
    if (at < 0 || n < 0 || (question.excluded !== undefined && this.isExcluded(nodeNo))) return reasonCode.excluded
    const shut = terms.shut[n]!
    if (shut !== 0) return shut
    if (terms.onlyGivesOut[n] === 1 && question.pickup === undefined) return reasonCode.doesNotShip
    if ((this.channelNodes !== undefined || terms.isChoosy[n] === 1) && !this.isServed(nodeNo)) return reasonCode.channelNotServed
    out.handling = terms.handling[n]!
    out.handlingPerUnit = terms.handlingPerUnit[n]!
    out.shipBy = legs.shipBy[at]!
    out.deliverBy = legs.deliverBy[at]!
    if (question.pickup !== undefined) return this.reasonAgainstPickup(nodeNo, out)
    const service = legs.service[at]!
    if (service < 0) return reasonCode.noService
    const freight = legs.freight[at]!
    // A part of the order costs what its lightest unit would at least, and its share of what the weight of the whole adds to that.
    const least = load.grams > this.unitGrams ? Math.min(freight, this.unitFreight[at]!) : freight
    out.freight = least
    out.freightPerKg = (freight - least) * this.perGram
    out.carbonGramsPerKg = legs.co2eGrams[at]! * this.perGram
    out.service = service
    return 0
  }

  private isExcluded(nodeNo: number): boolean {
    return this.question.excluded?.has(this.facts.node(nodeNo)?.doc.nodeId ?? '') === true
  }

  private isServed(nodeNo: number): boolean {
    const node = this.facts.node(nodeNo)?.doc
    if (node === undefined || this.channelNodes?.has(node.nodeId) === false) return false
    return node.channels?.includes(this.question.channel.channelId) !== false
  }

  private reasonAgainstPickup(nodeNo: number, { shipBy }: NodeQuote): number {
    if (this.facts.node(nodeNo)?.doc.nodeId !== this.question.pickup) return reasonCode.excluded
    return shipBy === 0 ? reasonCode.calendarClosed : 0
  }
}

/** The lightest single unit, for the part of freight that does not grow with weight: no parcel of the order costs less than one of it. */
const lightestOf = (demands: readonly Demand[]): number =>
  demands.reduce((least, { item }) => Math.min(least, item.doc.weightGrams ?? DEFAULT_UNIT_GRAMS), Infinity)
const ofOneUnit = (grams: number): Load => ({ grams, volumeCm3: 0, heaviestGrams: grams })

type Scratch = { readonly nodeNos: Int32Array; readonly at: Int32Array }
let scratch: Scratch = { nodeNos: new Int32Array(0), at: new Int32Array(0) }
function scratchFor(size: number): Scratch {
  if (scratch.at.length < size) scratch = { nodeNos: new Int32Array(size * 2), at: new Int32Array(size * 2) }
  else scratch.at.fill(0, 0, size)
  return scratch
}

function collectNodes(demands: readonly Demand[], availability: AvailabilityView, into: Scratch): number {
  const { nodes, available } = availability
  let count = 0
  for (const { item } of demands) {
    const start = availability.start(item.itemNo)
    const end = start + availability.count(item.itemNo)
    for (let slot = start; slot < end; slot++) {
      const nodeNo = nodes[slot] ?? 0
      if ((available[slot] ?? 0) <= 0 || nodeNo >= into.at.length || into.at[nodeNo] !== 0) continue
      into.nodeNos[count] = nodeNo
      count += 1
      into.at[nodeNo] = count
    }
  }
  return count
}
