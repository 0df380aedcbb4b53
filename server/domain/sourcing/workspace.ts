import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import { present } from '../../kernel/assert.ts'
import { DAY } from '../../kernel/time.ts'
import { bufferOf, type Demand, mergeDemands, reasonOf } from './merge-demands.ts'
import { ONLY_QUOTE_TELLS, type NodeQuote, type QuoteFloors, type SourcingRequest } from './problem.ts'
import { REFUSES, SERVES, Shortlist, SHORTLIST_LINES_MAX, type Shortlisted, UNASKED } from './shortlist.ts'
import type { SourcingWeights } from './weights.ts'

/** What the scores of a candidate are made of, and of a candidate and line. */
export const FIXED = { freight: 0, handling: 1, lateness: 2, carbon: 3, shipBy: 4, deliverBy: 5, service: 6 } as const
export const UNIT = { freight: 0, handling: 1, carbon: 2, stockHealth: 3, bidPrice: 4 } as const
const FIXED_WIDTH = 7
const UNIT_WIDTH = 5
/** What is kept of a candidate: freight per gram, handling per unit, carbon per gram. */
const RATES_WIDTH = 3
const { notANode: NOT_A_NODE, bufferOnly: BUFFER_ONLY, dearer: DEARER, coversPart: COVERS_PART } = reasonCode

/**
 * Scratch memory of the planner: filled by {@link gather} for one order, read by plan and explanation, used again for the next.
 * Candidate 0 is "unserved"; the others are nodes in the order in which the lines' posting lists show them. Modes of gather:
 * collect (who has what) → ask (quotes of all, or of a shortlist by their floors) → keep (those that serve move together, the rest
 * leave their reason).
 */
export class Workspace implements Shortlisted {
  lines = 0
  candidates = 0
  offset = 0
  need = new Float64Array(8)
  fixed = new Float64Array(64)
  unit = new Float64Array(64 * 8)
  cap = new Float64Array(64 * 8)
  rank = new Int32Array(64)
  has = new Int32Array(64)
  full = new Int32Array(64)
  state = new Uint8Array(64)
  /** Reason why a candidate may not serve some line of which it has units, 0 = none. */
  private forbidden = new Uint8Array(64)
  members = new Int32Array(64)
  firstMember = new Int32Array(9)
  private floors = createFloors(64)
  private readonly shortlist = new Shortlist()
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
  /** By node number: its candidate, if `turnOf` says that it is of this order. */
  private indexOf = new Int32Array(0)
  private turnOf = new Int32Array(0)
  private turn = 0
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

  /** Takes the order in: merges lines by item, asks nodes with stock once each, prices them, and leaves those out that no plan can need. */
  gather(request: SourcingRequest): void {
    this.reset(request)
    for (let l = 0; l < this.lines; l++) this.collect(request, l)
    if (request.floors === undefined || request.promiseIsHard === true || this.lines > SHORTLIST_LINES_MAX)
      for (let c = 1; c < this.candidates; c++) this.ask(c)
    else {
      this.takeFloors(request)
      this.shortlist.select(this, request.weights.shortfallPerUnit)
    }
    this.keep()
  }

  private reset(request: SourcingRequest): void {
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
      this.turnOf = new Int32Array(size)
      this.turn = 0
    }
    this.turn += 1
    this.codes.set(request.universe.blank)
    if (this.need.length < this.lines) this.need = new Float64Array(this.lines * 2)
    if (this.firstMember.length <= this.lines) this.firstMember = new Int32Array(this.lines * 2)
    let most = 1
    for (const { itemNo } of this.demands) most += request.availability.count(itemNo)
    if (this.members.length < most) this.members = new Int32Array(most * 2)
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

  /** Which nodes have units of a line that they may give. */
  private collect(request: SourcingRequest, l: number): void {
    const { availability } = request
    const demand = this.demands[l]!
    const { itemNo, quantity } = demand
    const buffer = bufferOf(demand)
    const hasRules = request.allows !== undefined
    const { lines, cap, free: frees, codes, indexOf, turnOf, turn, has, full, members } = this
    const { nodes, available } = availability
    const bit = 1 << l
    const start = availability.start(itemNo)
    const end = start + availability.count(itemNo)
    let member = this.firstMember[l]!
    for (let slot = start; slot < end; slot++) {
      const nodeNo = nodes[slot]!
      if (nodeNo >= codes.length || codes[nodeNo] === NOT_A_NODE) continue
      const there = available[slot]!
      const free = there - buffer
      if (free <= 0) {
        if (there > 0) codes[nodeNo] = BUFFER_ONLY
        continue
      }
      const c = turnOf[nodeNo] === turn ? indexOf[nodeNo]! : this.newCandidate(nodeNo)
      if (hasRules && this.isForbidden(request, demand, c)) continue
      const at = c * lines + l
      const isFull = free >= quantity
      frees[at] = free
      cap[at] = isFull ? quantity : free
      has[c] = has[c]! | bit
      if (isFull) full[c] = full[c]! | bit
      members[member++] = c
    }
    this.firstMember[l + 1] = member
  }

  private isForbidden(request: SourcingRequest, demand: Demand, c: number): boolean {
    const reason = reasonOf(request, demand, this.rank[c]!)
    if (reason > 0) this.forbidden[c] = reason
    return reason > 0
  }

  private newCandidate(nodeNo: number): number {
    const c = this.candidates++
    this.turnOf[nodeNo] = this.turn
    this.indexOf[nodeNo] = c
    this.rank[c] = nodeNo
    this.has[c] = 0
    this.full[c] = 0
    this.state[c] = UNASKED
    this.forbidden[c] = 0
    for (let at = c * this.lines, end = at + this.lines; at < end; at++) this.cap[at] = 0
    return c
  }

  /** Prices all candidates by floors, but for those of which only the quote tells: these are asked. */
  private takeFloors(request: SourcingRequest): void {
    const { candidates, fixed, rates, rank, floors } = this
    request.floors?.(rank, 1, candidates, floors)
    const { reason, freight, freightPerKg, handling, handlingPerUnit, carbonGramsPerKg } = floors
    const { freight: ofFreight, handling: ofHandling, carbonPerKg, split } = request.weights
    let isAsked = false
    for (let c = 1, at = RATES_WIDTH; c < candidates; c++, at += RATES_WIDTH) {
      if (reason[c] !== 0) {
        isAsked = true
        continue
      }
      fixed[c] = freight[c]! * ofFreight + handling[c]! * ofHandling + split
      rates[at] = (freightPerKg[c]! * ofFreight) / 1000
      rates[at + 1] = handlingPerUnit[c]! * ofHandling
      rates[at + 2] = (carbonGramsPerKg[c]! * carbonPerKg) / 1_000_000
    }
    for (let l = 0; l < this.lines; l++) this.priceMembers(request, l)
    for (let c = 1; isAsked && c < candidates; c++) {
      if (reason[c] === ONLY_QUOTE_TELLS) this.ask(c)
      else if (reason[c] !== 0) this.refuse(c, reason[c]!)
    }
  }

  /** What a unit of a line costs from each candidate that has any. */
  private priceMembers({ weights, prices }: SourcingRequest, l: number): void {
    const { lines, members, rates, rank, unit, free } = this
    const { itemNo, weightGrams: grams } = this.demands[l]!
    const row = weights.bidPrice === 0 ? undefined : prices?.row(itemNo)
    const { stockHealth } = weights
    for (let k = this.firstMember[l]!, end = this.firstMember[l + 1]!; k < end; k++) {
      const c = members[k]!
      const at = c * lines + l
      const of = c * RATES_WIDTH
      const bid = row === undefined ? 0 : bidOf(weights, row, rank[c]!)
      unit[at] = rates[of]! * grams + rates[of + 1]! + rates[of + 2]! * grams + stockHealth / free[at]! + bid
    }
  }

  ask(c: number): void {
    const request = present(this.request, 'an order')
    const { promisedBy, weights } = request
    const { quote } = this
    clearQuote(quote)
    let reason = request.quote(this.rank[c]!, quote)
    if (reason === 0 && request.promiseIsHard === true && promisedBy !== undefined && quote.deliverBy > promisedBy)
      reason = reasonCode.promiseMissed
    if (reason > 0) return this.refuse(c, reason)
    this.state[c] = SERVES
    this.fixed[c] =
      quote.freight * weights.freight +
      quote.handling * weights.handling +
      latenessOf(quote, request) +
      (quote.carbonGrams * weights.carbonPerKg) / 1000 +
      weights.split
    this.price(c, quote.freightPerKg, quote.handlingPerUnit, quote.carbonGramsPerKg)
  }

  private refuse(c: number, reason: number): void {
    this.state[c] = REFUSES
    this.codes[this.rank[c]!] = reason
    this.has[c] = 0
    this.full[c] = 0
    for (let at = c * this.lines, end = at + this.lines; at < end; at++) this.cap[at] = 0
  }

  /** What a unit of each line costs from a candidate. */
  private price(c: number, freightPerKg: number, handlingPerUnit: number, carbonGramsPerKg: number): void {
    const { weights, prices } = present(this.request, 'an order')
    const { lines, rates, unit, cap, free, demands } = this
    const of = c * RATES_WIDTH
    const freight = (freightPerKg * weights.freight) / 1000
    const handling = handlingPerUnit * weights.handling
    const carbon = (carbonGramsPerKg * weights.carbonPerKg) / 1_000_000
    rates[of] = freight
    rates[of + 1] = handling
    rates[of + 2] = carbon
    for (let l = 0, at = c * lines; l < lines; l++, at++) {
      if (cap[at] === 0) continue
      const { itemNo, weightGrams: grams } = demands[l]!
      const bid = prices === undefined ? 0 : bidOf(weights, prices.row(itemNo), this.rank[c]!)
      unit[at] = freight * grams + handling + carbon * grams + weights.stockHealth / free[at]! + bid
    }
  }

  /** Moves those that serve together, in their order; all others leave the reason why they were not taken. */
  private keep(): void {
    const { candidates, codes, rank, state, has, full, forbidden } = this
    let served = 0
    for (let c = 1; c < candidates; c++) if (state[c] === SERVES) served |= has[c]!
    let kept = 1
    for (let c = 1; c < candidates; c++) {
      if (state[c] === REFUSES) continue
      if (state[c] === UNASKED) {
        const reason = (full[c]! & served) === served ? DEARER : COVERS_PART
        codes[rank[c]!] = forbidden[c]! > 0 ? forbidden[c]! : reason
        continue
      }
      codes[rank[c]!] = forbidden[c]! > 0 ? forbidden[c]! : COVERS_PART
      if (kept < c) this.move(c, kept)
      kept += 1
    }
    this.candidates = kept
  }

  private move(from: number, to: number): void {
    const { lines, rank, fixed, rates, unit, cap, free } = this
    rank[to] = rank[from]!
    fixed[to] = fixed[from]!
    for (let k = 0; k < RATES_WIDTH; k++) rates[to * RATES_WIDTH + k] = rates[from * RATES_WIDTH + k]!
    for (let l = 0, at = from * lines, into = to * lines; l < lines; l++, at++, into++) {
      unit[into] = unit[at]!
      cap[into] = cap[at]!
      free[into] = free[at]!
    }
  }

  private reserve(candidates: number): void {
    if (this.fixed.length < candidates) {
      const size = candidates * 2
      this.fixed = grown(this.fixed, size)
      this.rates = new Float64Array(size * RATES_WIDTH)
      this.rank = new Int32Array(size)
      this.has = new Int32Array(size)
      this.full = new Int32Array(size)
      this.state = new Uint8Array(size)
      this.forbidden = new Uint8Array(size)
      this.floors = createFloors(size)
    }
    const cells = candidates * this.lines
    if (this.unit.length < cells) {
      this.unit = grown(this.unit, cells * 2)
      this.cap = grown(this.cap, cells * 2)
      this.free = new Int32Array(cells * 2)
    }
  }
}

const createFloors = (size: number): QuoteFloors => ({
  freight: new Float64Array(size),
  freightPerKg: new Float64Array(size),
  handling: new Float64Array(size),
  handlingPerUnit: new Float64Array(size),
  carbonGramsPerKg: new Float64Array(size),
  reason: new Uint8Array(size),
})

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
