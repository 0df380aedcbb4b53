import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import { DEFAULT_UNIT_GRAMS, type Load } from '../freight/load.ts'
import { type LegTable, type ReadyLegs, readyLegs, tryLegs } from '../promise/best-legs.ts'
import { destinationOf } from '../promise/destination.ts'
import { legFloors } from '../promise/leg-floors.ts'
import { createLoadPrices, freightOf, type LoadPrices, priceLoad } from '../promise/load-prices.ts'
import type { Network } from '../promise/network.ts'
import { ONLY_QUOTE_TELLS, type NodeQuote, type QuoteFloors } from '../sourcing/problem.ts'
import type { Demand } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { isFullOf } from './full-days.ts'
import { type NodeTerms, nodeTermsOf } from './node-terms.ts'
import { timePickup } from './pickup.ts'
import { serviceLimits } from './service-limits.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

/**
 * Quotes of the nodes that are asked, each with its best service to the place: the leg of the whole load, and where it may be split the
 * freight of a single unit, from which the price per kg follows. Of all others only floors are worked out.
 */
export class NodeQuotes {
  private readonly question: SourcingQuestion
  private readonly facts: PlacementFacts
  private readonly network: Network
  private readonly legs: LegTable
  private readonly terms: NodeTerms
  private readonly channelNodes: ReadonlySet<string> | undefined
  /** Undefined where the buyer collects the order. */
  private readonly ready: ReadyLegs | undefined
  /** Of the lightest unit, where the load is more than that. */
  private readonly part: LoadPrices
  /** 1000 over the grams of the whole. */
  private readonly perGram: number
  private readonly scratch: Scratch
  private count = 0

  constructor(question: SourcingQuestion, facts: PlacementFacts, load: Load) {
    const { network } = facts
    this.question = question
    this.facts = facts
    this.network = network
    this.legs = facts.legs
    this.terms = nodeTermsOf(network)
    this.channelNodes = question.channel.nodes === undefined ? undefined : new Set(question.channel.nodes)
    this.perGram = 1000 / Math.max(1, load.grams)
    this.scratch = scratchOf(network)
    this.scratch.at.fill(0)
    this.part = this.scratch.part
    if (question.pickup !== undefined) return
    this.ready = readyLegs(network, {
      destination: destinationOf(network, question.shipTo),
      load,
      releaseAt: question.now,
      neededBy: question.promisedBy ?? Infinity,
      carbonPrice: facts.weights.carbonPerKg,
      isFull: isFullOf(facts),
      ...serviceLimits(question, facts),
    })
    const lightest = lightestOf(question.demands)
    if (load.grams > lightest) priceLoad(network, { grams: lightest, volumeCm3: 0, heaviestGrams: lightest }, this.part)
    else this.part = this.ready.prices
  }

  /** Where the leg of a node that was quoted stands. */
  indexOf(nodeNo: number): number {
    return (this.scratch.at[nodeNo] ?? 0) - 1
  }

  quote(nodeNo: number, out: NodeQuote): number {
    const n = this.network.indexOf[nodeNo] ?? -1
    const reason = this.reasonAgainst(nodeNo, n)
    if (reason !== 0) return reason
    const { terms, legs, ready } = this
    const at = this.scratch.at[nodeNo]! > 0 ? this.scratch.at[nodeNo]! - 1 : this.askLeg(nodeNo)
    out.handling = terms.handling[n]!
    out.handlingPerUnit = terms.handlingPerUnit[n]!
    out.shipBy = legs.shipBy[at]!
    out.deliverBy = legs.deliverBy[at]!
    if (ready === undefined) return legs.shipBy[at] === 0 ? reasonCode.calendarClosed : 0
    const service = legs.service[at]!
    if (service < 0) return reasonCode.noService
    const freight = legs.freight[at]!
    // A part of the order costs what its lightest unit would at least, and its share of what the weight of the whole adds to that.
    const ofPart = freightOf(this.network, ready.query.destination, this.part, n * this.network.services.length + service, n, service)
    const least = Math.min(freight, ofPart)
    out.freight = least
    out.freightPerKg = (freight - least) * this.perGram
    out.carbonGramsPerKg = legs.co2eGrams[at]! * this.perGram
    out.service = service
    return 0
  }

  /** What the quotes of the nodes at `from` up to `to` (excluded) cannot fall below. */
  floors(nodeNos: Int32Array, from: number, to: number, out: QuoteFloors): void {
    const { terms, ready, perGram, question } = this
    const { reason, freight, freightPerKg, carbonGramsPerKg, handling, handlingPerUnit } = out
    if (ready === undefined) return void reason.fill(ONLY_QUOTE_TELLS, from, to)
    legFloors(ready, this.part, nodeNos, from, to, { freight, added: freightPerKg, co2eGrams: carbonGramsPerKg, isUnsure: reason })
    const { indexOf } = this.network
    const isAnyPlain = question.excluded === undefined && this.channelNodes === undefined
    for (let at = from; at < to; at += 1) {
      const n = indexOf[nodeNos[at]!]!
      const against = isAnyPlain && terms.isPlain[n] === 1 ? 0 : this.reasonAgainst(nodeNos[at]!, n)
      if (against !== 0) reason[at] = against
      else if (reason[at] !== 0) reason[at] = ONLY_QUOTE_TELLS
      handling[at] = terms.handling[n]!
      handlingPerUnit[at] = terms.handlingPerUnit[n]!
      freightPerKg[at] = freightPerKg[at]! * perGram
      carbonGramsPerKg[at] = carbonGramsPerKg[at]! * perGram
    }
  }

  /** Why a node may not serve the order whatever it costs, 0 where it may. */
  private reasonAgainst(nodeNo: number, n: number): number {
    const { question, terms } = this
    if (n < 0 || (question.excluded !== undefined && this.isExcluded(nodeNo))) return reasonCode.excluded
    if (terms.shut[n] !== 0) return terms.shut[n]!
    if (terms.onlyGivesOut[n] === 1 && question.pickup === undefined) return reasonCode.doesNotShip
    if ((this.channelNodes !== undefined || terms.isChoosy[n] === 1) && !this.isServed(nodeNo)) return reasonCode.channelNotServed
    return question.pickup === undefined || this.facts.node(nodeNo)?.doc.nodeId === question.pickup ? 0 : reasonCode.excluded
  }

  private isExcluded(nodeNo: number): boolean {
    return this.question.excluded?.has(this.facts.node(nodeNo)?.doc.nodeId ?? '') === true
  }

  private isServed(nodeNo: number): boolean {
    const node = this.facts.node(nodeNo)?.doc
    if (node === undefined || this.channelNodes?.has(node.nodeId) === false) return false
    return node.channels?.includes(this.question.channel.channelId) !== false
  }

  private askLeg(nodeNo: number): number {
    const { nodeNos, at } = this.scratch
    const { question, ready, facts } = this
    const index = this.count++
    nodeNos[index] = nodeNo
    at[nodeNo] = index + 1
    if (ready === undefined) timePickup(question.now, facts, nodeNo, index)
    else tryLegs(ready, nodeNos, index, index + 1, this.legs)
    return index
  }
}

/** The lightest single unit, for the part of freight that does not grow with weight: no parcel of the order costs less than one of it. */
const lightestOf = (demands: readonly Demand[]): number =>
  demands.reduce((least, { item }) => Math.min(least, item.doc.weightGrams ?? DEFAULT_UNIT_GRAMS), Infinity)

/** Scratch of one network: the nodes that were asked, by position of their legs, and by node number that position and 1. */
type Scratch = { readonly nodeNos: Int32Array; readonly at: Int32Array; readonly part: LoadPrices }

const scratches = new WeakMap<Network, Scratch>()
function scratchOf(network: Network): Scratch {
  const known = scratches.get(network)
  if (known !== undefined) return known
  const made = {
    nodeNos: new Int32Array(network.nodes.length),
    at: new Int32Array(network.indexOf.length),
    part: createLoadPrices(network),
  }
  scratches.set(network, made)
  return made
}
