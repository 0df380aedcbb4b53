import { ByteWriter } from './bytes.ts'
import type { Plan, SourcingRequest } from './problem.ts'
import { CANDIDATES_MAX, rankCandidates } from './rank-candidates.ts'
import { scoreParts, type SourcingWeights } from './weights.ts'
import { FIXED, UNIT, type Workspace } from './workspace.ts'

/**
 * The stored explanation, format 1: varints in the order of {@link encodeExplanation}, then one reason code a node number, two to a
 * byte, or as runs where those are shorter. expand-explanation.ts reads it. A 5-line order over 559 nodes takes about 1.3 KB.
 */
export const FORMAT = 1
/** Factors keep three decimals. */
export const FACTOR = 1000
export const weightFields = [
  'freight',
  'handling',
  'split',
  'latePerDay',
  'carbonPerKg',
  'stockHealth',
  'bidPrice',
  'shortfallPerUnit',
  'shortfall',
] as const satisfies readonly (keyof SourcingWeights)[]
export const statuses = ['complete', 'partial', 'short'] as const

const writer = new ByteWriter()
const top = new Int32Array(CANDIDATES_MAX)
const topScore = new Float64Array(CANDIDATES_MAX)
let packed = new Uint8Array(512)

/** Writes a plan and what it was chosen from; called right after planning, while the workspace still holds the order. */
export function encodeExplanation(plan: Plan, w: Workspace, request: SourcingRequest): Uint8Array {
  writer.clear()
  writer.uint(FORMAT)
  writer.uint(statuses.indexOf(plan.status) * 2 + (plan.isExact ? 1 : 0))
  writer.uint(request.weights.version)
  writer.uint(request.prices?.version ?? 0)
  for (const field of weightFields) writer.uint(Math.round(request.weights[field] * FACTOR))
  for (const part of scoreParts) writer.int(plan.parts[part])
  writePlan(plan)
  writer.uint(w.lines)
  for (let l = 0; l < w.lines; l++) writeDemand(w, l, request.weights)
  writeCodes(w.codes)
  return writer.take()
}

function writePlan(plan: Plan): void {
  writer.uint(plan.assignments.length)
  for (const { lineNo, itemNo, nodeNo, quantity } of plan.assignments) {
    writer.uint(lineNo)
    writer.uint(itemNo)
    writer.uint(nodeNo)
    writer.uint(quantity)
  }
  writer.uint(plan.nodes.length)
  for (const { nodeNo, service, shipBy, deliverBy } of plan.nodes) {
    writer.uint(nodeNo)
    writer.uint(service)
    writer.uint(shipBy)
    writer.int(deliverBy - shipBy)
  }
  writer.uint(plan.shortfall.length)
  for (const { lineNo, itemNo, quantity } of plan.shortfall) {
    writer.uint(lineNo)
    writer.uint(itemNo)
    writer.uint(quantity)
  }
}

function writeDemand(w: Workspace, l: number, weights: SourcingWeights): void {
  const { itemNo, quantity, lines } = w.demands[l]!
  writer.uint(itemNo)
  writer.uint(quantity)
  writer.uint(lines.length)
  for (const line of lines) writer.uint(line.lineNo)
  const count = rankCandidates(w, l, quantity, weights.shortfallPerUnit, top, topScore)
  writer.uint(count)
  for (let k = 0; k < count; k++) {
    const c = top[k]!
    const units = w.cap[c * w.lines + l]!
    writer.uint(w.rank[c]!)
    writer.uint(units)
    writer.uint(Math.round(w.fixedPart(c, FIXED.freight) + units * w.unitPart(c, l, UNIT.freight)))
    writer.uint(Math.round(w.fixedPart(c, FIXED.handling) + units * w.unitPart(c, l, UNIT.handling)))
    writer.uint(Math.round(w.fixedPart(c, FIXED.lateness)))
    writer.uint(Math.round(w.fixedPart(c, FIXED.carbon) + units * w.unitPart(c, l, UNIT.carbon)))
    writer.uint(Math.round(units * w.unitPart(c, l, UNIT.stockHealth)))
    writer.uint(Math.round(units * w.unitPart(c, l, UNIT.bidPrice)))
  }
}

/** Node numbers 0 … n − 1: 0 and two codes a byte, or 1 and runs of (code + 16 × (length − 1)) as varints. */
function writeCodes(codes: Uint8Array): void {
  writer.uint(codes.length)
  const half = (codes.length + 1) >> 1
  if (packed.length < half) packed = new Uint8Array(half * 2)
  let runs = 0
  let last = -1
  for (let i = 0; i < codes.length; i += 2) {
    const low = codes[i]!
    const high = codes[i + 1] ?? 0
    packed[i >> 1] = low | (high << 4)
    runs += (low === last ? 0 : 1) + (high === low ? 0 : 1)
    last = high
  }
  if (2 * runs >= half) {
    writer.uint(0)
    writer.raw(packed, half)
    return
  }
  writer.uint(1)
  for (let i = 0; i < codes.length;) {
    let end = i + 1
    while (end < codes.length && codes[end] === codes[i]) end++
    writer.uint(codes[i]! + 16 * (end - i - 1))
    i = end
  }
}
