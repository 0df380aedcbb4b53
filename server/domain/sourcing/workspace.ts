import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import { present } from '../../kernel/assert.ts'
import { DAY } from '../../kernel/time.ts'
import type { CoverProblem } from './cover.ts'
import type { NodeQuote, SourcingLine, SourcingRequest } from './problem.ts'
import type { SourcingWeights } from './weights.ts'

/** One item's demand: lines of the same item draw on the same stock, so they are placed together and told apart afterwards. */
export type Demand = {
  readonly itemNo: number
  readonly quantity: number
  readonly weightGrams: number
  readonly lines: readonly SourcingLine[]
}

/** Numbers kept for each candidate: what its scores are made of. */
export const FIXED = { freight: 0, handling: 1, lateness: 2, carbon: 3, shipBy: 4, deliverBy: 5, service: 6 } as const
export const UNIT = { freight: 0, handling: 1, carbon: 2, stockHealth: 3, bidPrice: 4 } as const
const FIXED_WIDTH = 7
const UNIT_WIDTH = 5
/** What is kept of a candidate until it is priced: freight per gram, handling per unit, carbon per gram. */
const RATES_WIDTH = 3

/**
 * Scratch memory of the planner: filled by {@link gather} for one order, read by plan and explanation, used again for the next.
 * Candidate 0 is "unserved"; the others are nodes in the order in which the lines' posting lists show them.
 */
export class Workspace implements CoverProblem {
  lines = 0
  candidates = 0
  offset = 0
  need = new Float64Array(8)
  fixed = new Float64Array(64)
  unit = new Float64Array(64 * 8)
  cap = new Float64Array(64 * 8)
  rank = new Int32Array(64)
  /** Units of a line that a candidate could give beyond what the line needs; candidate c, line l → c × lines + l. */
  private free = new Int32Array(64 * 8)
  private rates = new Float64Array(64 * RATES_WIDTH)
  /** The parts of the candidate, and of the candidate and line, that were asked for last: few of hundreds are, so they are worked out again, not kept. */
  private readonly fixedParts = new Float64Array(FIXED_WIDTH)
  private fixedOf = -1
  private readonly unitParts = new Float64Array(UNIT_WIDTH)
  private unitOf = -1
  private request: SourcingRequest | undefined
  /** Reason code by node number. */
  codes = new Uint8Array(0)
  readonly demands: Demand[] = []
  private indexOf = new Int32Array(0)
  // NOTE: a fraction makes the fields doubles from the start; 0 would start them as small integers, and each change costs a deoptimisation.
  private readonly quote: NodeQuote = {
    freight: 0.5,
    freightPerKg: 0.5,
    handling: 0.5,
    handlingPerUnit: 0.5,
    carbonGrams: 0.5,
    carbonGramsPerKg: 0.5,
    shipBy: 0.5,
    deliverBy: 0.5,
    service: 0,
  }

  /** What `part` of a candidate's own cost is. */
  fixedPart(candidate: number, part: number): number {
    if (this.fixedOf !== candidate) this.spellFixed(candidate)
    return this.fixedParts[part]!
  }

  unitPart(candidate: number, line: number, part: number): number {
    const at = candidate * this.lines + line
    if (this.unitOf !== at) this.spellUnit(candidate, line)
    return this.unitParts[part]!
  }

  private spellFixed(candidate: number): void {
    const request = present(this.request, 'an order')
    const { weights } = request
    const { quote, fixedParts: parts } = this
    clearQuote(quote)
    request.quote(this.rank[candidate]!, quote)
    parts[FIXED.freight] = quote.freight * weights.freight
    parts[FIXED.handling] = quote.handling * weights.handling
    parts[FIXED.lateness] = latenessOf(quote, request)
    parts[FIXED.carbon] = (quote.carbonGrams * weights.carbonPerKg) / 1000
    parts[FIXED.shipBy] = quote.shipBy
    parts[FIXED.deliverBy] = quote.deliverBy
    parts[FIXED.service] = quote.service
    this.fixedOf = candidate
  }

  private spellUnit(candidate: number, line: number): void {
    const { weights, prices } = present(this.request, 'an order')
    const { itemNo, weightGrams } = this.demands[line]!
    const { rates, unitParts: parts } = this
    const at = candidate * RATES_WIDTH
    parts[UNIT.freight] = rates[at]! * weightGrams
    parts[UNIT.handling] = rates[at + 1]!
    parts[UNIT.carbon] = rates[at + 2]! * weightGrams
    parts[UNIT.stockHealth] = weights.stockHealth / this.free[candidate * this.lines + line]!
    parts[UNIT.bidPrice] = bidOf(weights, prices?.row(itemNo), this.rank[candidate]!)
    this.unitOf = candidate * this.lines + line
  }

  /** Takes the order in: merges lines by item, asks each node with stock once, and prices it. */
  gather(request: SourcingRequest): void {
    this.reset(request)
    for (let l = 0; l < this.lines; l++) this.takePostings(request, l)
  }

  private reset(request: SourcingRequest): void {
    // Cleared here, not after the last order: a quote that threw must not leave its candidates behind.
    for (let c = 1; c < this.candidates; c++) this.indexOf[this.rank[c]!] = 0
    this.request = request
    this.fixedOf = -1
    this.unitOf = -1
    mergeDemands(request.lines, this.demands)
    this.lines = this.demands.length
    this.candidates = 1
    this.offset = -request.weights.split
    const size = request.universe.blank.length
    if (this.codes.length !== size) {
      this.codes = new Uint8Array(size)
      this.indexOf = new Int32Array(size)
    }
    this.codes.set(request.universe.blank)
    if (this.need.length < this.lines) this.need = new Float64Array(this.lines * 2)
    let most = 1
    for (const { itemNo } of this.demands) most += request.availability.count(itemNo)
    this.reserve(Math.min(most, size + 1))
    this.fixed[0] = request.weights.shortfall
    this.rank[0] = -1
    for (let l = 0; l < this.lines; l++) {
      const { quantity } = this.demands[l]!
      this.need[l] = quantity
      this.cap[l] = quantity
      this.unit[l] = request.weights.shortfallPerUnit
    }
  }

  private takePostings(request: SourcingRequest, l: number): void {
    const { availability, weights } = request
    const demand = this.demands[l]!
    const { itemNo, quantity } = demand
    const buffer = bufferOf(demand)
    const row = request.prices?.row(itemNo)
    const { lines, rates, unit, cap, free: frees } = this
    const { weightGrams: grams } = demand
    const health = weights.stockHealth
    const { nodes, available } = availability
    const start = availability.start(itemNo)
    const end = start + availability.count(itemNo)
    const { codes, indexOf } = this
    for (let slot = start; slot < end; slot++) {
      const nodeNo = nodes[slot]!
      const free = available[slot]! - buffer
      if (nodeNo >= codes.length) continue
      if (free <= 0) {
        if (codes[nodeNo] === reasonCode.noStock && available[slot]! > 0) codes[nodeNo] = reasonCode.bufferOnly
        continue
      }
      const c = indexOf[nodeNo]! > 0 ? indexOf[nodeNo]! : this.takeNode(request, nodeNo)
      if (c < 0) continue
      const forbidden = request.allows === undefined ? 0 : reasonOf(request, demand, nodeNo)
      if (forbidden > 0) {
        if (codes[nodeNo] === reasonCode.coversPart) codes[nodeNo] = forbidden
        continue
      }
      const at = c * lines + l
      const of = c * RATES_WIDTH
      const bid = row === undefined ? 0 : bidOf(weights, row, nodeNo)
      unit[at] = rates[of]! * grams + rates[of + 1]! + rates[of + 2]! * grams + health / free + bid
      frees[at] = free
      cap[at] = free < quantity ? free : quantity
      codes[nodeNo] = reasonCode.coversPart
    }
  }

  /** The candidate of a node, or −1 (and its reason noted) when a hard constraint shuts it out. */
  private takeNode(request: SourcingRequest, nodeNo: number): number {
    const known = this.codes[nodeNo]!
    if (known !== reasonCode.noStock && known !== reasonCode.bufferOnly && known !== reasonCode.coversPart) return -1
    const quote = this.quote
    clearQuote(quote)
    let reason = request.quote(nodeNo, quote)
    const { promisedBy, weights } = request
    if (reason === 0 && request.promiseIsHard === true && promisedBy !== undefined && quote.deliverBy > promisedBy)
      reason = reasonCode.promiseMissed
    if (reason > 0) {
      this.codes[nodeNo] = reason
      return -1
    }
    const c = this.candidates++
    this.indexOf[nodeNo] = c
    this.rank[c] = nodeNo
    for (let at = c * this.lines, end = at + this.lines; at < end; at++) this.cap[at] = 0
    const lateness = promisedBy === undefined ? 0 : latenessOf(quote, request)
    this.fixed[c] =
      quote.freight * weights.freight +
      quote.handling * weights.handling +
      lateness +
      (quote.carbonGrams * weights.carbonPerKg) / 1000 +
      weights.split
    const at = c * RATES_WIDTH
    this.rates[at] = (quote.freightPerKg * weights.freight) / 1000
    this.rates[at + 1] = quote.handlingPerUnit * weights.handling
    this.rates[at + 2] = (quote.carbonGramsPerKg * weights.carbonPerKg) / 1_000_000
    return c
  }

  private reserve(candidates: number): void {
    if (this.fixed.length < candidates) {
      const size = candidates * 2
      this.fixed = grown(this.fixed, size)
      this.rates = grown(this.rates, size * RATES_WIDTH)
      const rank = new Int32Array(size)
      rank.set(this.rank)
      this.rank = rank
    }
    const cells = candidates * this.lines
    if (this.unit.length < cells) {
      this.unit = grown(this.unit, cells * 2)
      this.cap = grown(this.cap, cells * 2)
      this.free = new Int32Array(cells * 2)
    }
  }
}

/** What arriving after the promise costs. */
const latenessOf = ({ deliverBy }: NodeQuote, { promisedBy, weights }: SourcingRequest): number =>
  promisedBy === undefined || deliverBy <= promisedBy ? 0 : Math.ceil((deliverBy - promisedBy) / DAY) * weights.latePerDay

const bidOf = ({ bidPrice }: SourcingWeights, row: Float64Array | undefined, nodeNo: number): number =>
  bidPrice === 0 || row === undefined ? 0 : (row[nodeNo] ?? 0) * bidPrice

/** Each quote starts from nothing, so that what a caller leaves out is 0 and never the last node's. */
function clearQuote(quote: NodeQuote): void {
  quote.freight = 0
  quote.freightPerKg = 0
  quote.handling = 0
  quote.handlingPerUnit = 0
  quote.carbonGrams = 0
  quote.carbonGramsPerKg = 0
  quote.shipBy = 0
  quote.deliverBy = 0
  quote.service = 0
}

function grown(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length)
  larger.set(column)
  return larger
}

function mergeDemands(lines: readonly SourcingLine[], out: Demand[]): void {
  out.length = 0
  for (const line of lines) {
    const at = out.findIndex((demand) => demand.itemNo === line.itemNo)
    const known = out[at]
    if (!known) out.push({ itemNo: line.itemNo, quantity: line.quantity, weightGrams: line.weightGrams, lines: [line] })
    else out[at] = { ...known, quantity: known.quantity + line.quantity, lines: [...known.lines, line] }
  }
}

function bufferOf(demand: Demand): number {
  let buffer = 0
  for (const line of demand.lines) buffer = Math.max(buffer, line.buffer ?? 0)
  return buffer
}

/** A node serves an item only when every line of it may be served there. */
function reasonOf(request: SourcingRequest, demand: Demand, nodeNo: number): number {
  for (const line of demand.lines) {
    const reason = request.allows?.(line, nodeNo) ?? 0
    if (reason > 0) return reason
  }
  return 0
}
