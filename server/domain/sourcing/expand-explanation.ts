import { sourcingReasons, type SourcingReason } from '../../../contract/sourcing-reasons.ts'
import { assert } from '../../kernel/assert.ts'
import { ByteReader } from './bytes.ts'
import { FACTOR, FORMAT, statuses, weightFields } from './explain.ts'
import type { Assignment, Plan, PlannedNode, Shortfall } from './problem.ts'
import { scoreParts, type Score, type SourcingWeights } from './weights.ts'

/** One node that a line could have come from: what serving `units` of that line alone from there would have scored, part by part. */
export type CandidateScore = { readonly nodeNo: number; readonly units: number; readonly parts: Score; readonly total: number }
export type LineCandidates = {
  readonly itemNo: number
  readonly quantity: number
  /** The lines of this item. */
  readonly lineNos: readonly number[]
  /** The best eight at most, best first. */
  readonly candidates: readonly CandidateScore[]
}
/** A stored explanation, readable: node and item numbers are resolved to names by whoever presents it. */
export type Explanation = {
  readonly status: Plan['status']
  readonly isExact: boolean
  readonly pricesVersion: number
  readonly weights: SourcingWeights
  readonly parts: Score
  readonly cost: number
  readonly assignments: readonly Assignment[]
  readonly nodes: readonly PlannedNode[]
  readonly shortfall: readonly Shortfall[]
  readonly lines: readonly LineCandidates[]
  /** Every node known at the time, ascending, with its reason. */
  readonly reasons: readonly { readonly nodeNo: number; readonly reason: SourcingReason }[]
}

/** Reads what encodeExplanation wrote. A damaged explanation is a defect. */
export function expandExplanation(bytes: Uint8Array): Explanation {
  const r = new ByteReader(bytes)
  const format = r.uint()
  assert(format === FORMAT, `explanation format ${FORMAT} expected, got ${format}`)
  const flags = r.uint()
  const status = statuses[flags >> 1]
  assert(status !== undefined, `explanation has status ${flags >> 1}`)
  const version = r.uint()
  const pricesVersion = r.uint()
  const weights = readWeights(r, version)
  const parts = readScore(() => r.int())
  const assignments = times(r, () => ({ lineNo: r.uint(), itemNo: r.uint(), nodeNo: r.uint(), quantity: r.uint() }))
  const nodes = times(r, () => readNode(r))
  const shortfall = times(r, () => ({ lineNo: r.uint(), itemNo: r.uint(), quantity: r.uint() }))
  const lines = times(r, () => readLine(r))
  const reasons = readReasons(r)
  return {
    status,
    isExact: flags % 2 === 1,
    pricesVersion,
    weights,
    parts,
    cost: sum(parts),
    assignments,
    nodes,
    shortfall,
    lines,
    reasons,
  }
}

function times<T>(r: ByteReader, read: () => T): T[] {
  const count = r.uint()
  assert(count <= 100_000, `explanation is damaged: a list of ${count}`)
  return Array.from({ length: count }, read)
}

function readWeights(r: ByteReader, version: number): SourcingWeights {
  const values = new Map(weightFields.map((field) => [field, r.uint() / FACTOR]))
  const get = (field: (typeof weightFields)[number]): number => values.get(field) ?? 0
  return {
    version,
    freight: get('freight'),
    handling: get('handling'),
    split: get('split'),
    latePerDay: get('latePerDay'),
    carbonPerKg: get('carbonPerKg'),
    stockHealth: get('stockHealth'),
    bidPrice: get('bidPrice'),
    shortfallPerUnit: get('shortfallPerUnit'),
    shortfall: get('shortfall'),
  }
}

function readScore(next: () => number): Score {
  const [freight = 0, handling = 0, split = 0, lateness = 0, carbon = 0, stockHealth = 0, bidPrice = 0] = scoreParts.map(next)
  return { freight, handling, split, lateness, carbon, stockHealth, bidPrice }
}

const sum = (score: Score): number => scoreParts.reduce((total, part) => total + score[part], 0)

function readNode(r: ByteReader): PlannedNode {
  const nodeNo = r.uint()
  const service = r.uint()
  const shipBy = r.uint()
  return { nodeNo, service, shipBy, deliverBy: shipBy + r.int() }
}

function readLine(r: ByteReader): LineCandidates {
  const itemNo = r.uint()
  const quantity = r.uint()
  const lineNos = times(r, () => r.uint())
  const candidates = times(r, () => {
    const nodeNo = r.uint()
    const units = r.uint()
    const parts = {
      freight: r.uint(),
      handling: r.uint(),
      split: 0,
      lateness: r.uint(),
      carbon: r.uint(),
      stockHealth: r.uint(),
      bidPrice: r.uint(),
    }
    return { nodeNo, units, parts, total: sum(parts) }
  })
  return { itemNo, quantity, lineNos, candidates }
}

function readReasons(r: ByteReader): { nodeNo: number; reason: SourcingReason }[] {
  const length = r.uint()
  const isRuns = r.uint() === 1
  const reasons: { nodeNo: number; reason: SourcingReason }[] = []
  const add = (nodeNo: number, code: number): void => {
    const reason = sourcingReasons[code]
    assert(reason !== undefined, `explanation is damaged: reason ${code}`)
    if (reason !== 'notANode') reasons.push({ nodeNo, reason })
  }
  let nodeNo = 0
  while (nodeNo < length) {
    const value = isRuns ? r.uint() : r.byte()
    assert(!Number.isNaN(value), 'explanation is damaged: it ends early')
    const count = isRuns ? Math.floor(value / 16) + 1 : 1
    for (let k = 0; k < count; k++) add(nodeNo++, value % 16)
    if (!isRuns && nodeNo < length) add(nodeNo++, value >> 4)
  }
  return reasons
}
