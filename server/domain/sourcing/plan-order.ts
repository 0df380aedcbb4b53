import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import { cheapestCover, DEFAULT_BUDGET, type CoverResult } from './cover.ts'
import { encodeExplanation } from './explain.ts'
import type { Demand } from './merge-demands.ts'
import type { Assignment, Plan, PlannedNode, Shortfall, SourcingRequest } from './problem.ts'
import type { Score } from './weights.ts'
import { FIXED, UNIT, Workspace } from './workspace.ts'

/** Units of one demand at one node: candidate, quantity. */
type Take = { readonly demand: number; readonly candidate: number; quantity: number }

/** Plans orders one after the other with the same scratch memory. */
export type Planner = { plan(request: SourcingRequest): Plan }

/** `budget` bounds the search of one order (line evaluations, the default about 1 ms); within it plans are proved cheapest. */
export function createPlanner(budget = DEFAULT_BUDGET): Planner {
  const workspace = new Workspace()
  return { plan: (request) => planOrder(request, workspace, budget) }
}

/**
 * The cheapest plan for one order: hard constraints shut nodes and lines out, then the cheapest set of nodes is found; a line may be
 * split over nodes by quantity. The same request gives the same plan: equal costs go to the lower node number.
 */
export function planOrder(request: SourcingRequest, workspace = new Workspace(), budget = DEFAULT_BUDGET): Plan {
  workspace.gather(request)
  const missing = takeOffMissing(workspace)
  const isShort = missing.some((units) => units > 0)
  const served = isShort && !request.partial ? unserved(workspace) : cheapestCover(workspace, budget)
  const takes = isShort && !request.partial ? [] : fill(workspace, served.set)
  const shortfall = shortfallOf(workspace, missing, takes)
  const isIncomplete = shortfall.length > 0
  const isRefused = isIncomplete && !request.partial
  const kept = isRefused ? [] : takes
  markCodes(workspace, kept)
  const parts = scoreOf(workspace, kept, request)
  const short = missing.reduce((sum, units) => sum + units, 0)
  const plan: Plan = {
    status: isRefused ? 'short' : isIncomplete ? 'partial' : 'complete',
    assignments: assignmentsOf(workspace, kept),
    nodes: nodesOf(workspace, kept),
    shortfall,
    cost: Object.values(parts).reduce((sum, part) => sum + part, 0),
    parts,
    objective: served.cost + (short > 0 ? request.weights.shortfall + short * request.weights.shortfallPerUnit : 0),
    isExact: served.isExact,
    evaluations: served.evaluations,
    explanation: EMPTY,
  }
  return request.explain === false ? plan : { ...plan, explanation: encodeExplanation(plan, workspace, request) }
}

const EMPTY = new Uint8Array(0)

/** Units that no node has: they are short in every plan, so they leave the search. By demand. */
function takeOffMissing(w: Workspace): number[] {
  const missing: number[] = []
  for (let l = 0; l < w.lines; l++) {
    let has = 0
    for (let c = 1; c < w.candidates && has < w.need[l]!; c++) has += w.cap[c * w.lines + l]!
    const units = Math.max(0, w.need[l]! - has)
    missing.push(units)
    w.need[l]! -= units
    // The fixed price of leaving something out is then owed by every plan: it no longer speaks against leaving out more.
    if (units > 0) w.fixed[0] = 0
  }
  return missing
}

function unserved(w: Workspace): CoverResult {
  let cost = w.fixed[0]!
  for (let l = 0; l < w.lines; l++) cost += w.need[l]! * w.unit[l]!
  return { set: [0], cost, isExact: true, evaluations: 0 }
}

/** Each demand takes its units cheapest first from the set; equal prices by node number. */
function fill(w: Workspace, set: readonly number[]): Take[] {
  const takes: Take[] = []
  for (let l = 0; l < w.lines; l++) {
    let left = w.need[l]!
    const sorted = set.toSorted((a, b) => w.unit[a * w.lines + l]! - w.unit[b * w.lines + l]! || w.rank[a]! - w.rank[b]!)
    for (const candidate of sorted) {
      const quantity = Math.min(left, w.cap[candidate * w.lines + l]!)
      if (quantity <= 0) continue
      takes.push({ demand: l, candidate, quantity })
      left -= quantity
    }
  }
  return takes
}

/** Gives a demand's missing units to its last lines, as its stock goes to its first. */
function shortfallOf(w: Workspace, missing: readonly number[], takes: readonly Take[]): Shortfall[] {
  const shortfall: Shortfall[] = []
  for (let l = 0; l < w.lines; l++) {
    let units = missing[l]!
    for (const take of takes) if (take.demand === l && take.candidate === 0) units += take.quantity
    const { lines } = w.demands[l]!
    for (let k = lines.length - 1; k >= 0 && units > 0; k--) {
      const { lineNo, itemNo, quantity } = lines[k]!
      const own = Math.min(units, quantity)
      shortfall.push({ lineNo, itemNo, quantity: own })
      units -= own
    }
  }
  return shortfall
}

function assignmentsOf(w: Workspace, takes: readonly Take[]): Assignment[] {
  const assignments: Assignment[] = []
  for (let l = 0; l < w.lines; l++) {
    const own = takes.filter((take) => take.demand === l && take.candidate !== 0)
    deal(w, w.demands[l]!, own, assignments)
  }
  return assignments
}

/** Deals what nodes give to the lines of one item, lower node numbers first. */
function deal(w: Workspace, demand: Demand, takes: readonly Take[], out: Assignment[]): void {
  const left = takes.map((take) => ({ nodeNo: w.rank[take.candidate]!, quantity: take.quantity })).toSorted((a, b) => a.nodeNo - b.nodeNo)
  for (const line of demand.lines) {
    let open = line.quantity
    for (const take of left) {
      const quantity = Math.min(open, take.quantity)
      if (quantity === 0) continue
      out.push({ lineNo: line.lineNo, itemNo: line.itemNo, nodeNo: take.nodeNo, quantity })
      take.quantity -= quantity
      open -= quantity
    }
  }
}

function usedOf(takes: readonly Take[]): number[] {
  return [...new Set(takes.map((take) => take.candidate))].filter((candidate) => candidate !== 0)
}

function nodesOf(w: Workspace, takes: readonly Take[]): PlannedNode[] {
  return usedOf(takes)
    .map((c) => ({
      nodeNo: w.rank[c]!,
      service: w.fixedPart(c, FIXED.service),
      shipBy: w.fixedPart(c, FIXED.shipBy),
      deliverBy: w.fixedPart(c, FIXED.deliverBy),
    }))
    .toSorted((a, b) => a.nodeNo - b.nodeNo)
}

function scoreOf(w: Workspace, takes: readonly Take[], request: SourcingRequest): Score {
  const used = usedOf(takes)
  const sum = { freight: 0, handling: 0, lateness: 0, carbon: 0, stockHealth: 0, bidPrice: 0 }
  for (const c of used) {
    sum.freight += w.fixedPart(c, FIXED.freight)
    sum.handling += w.fixedPart(c, FIXED.handling)
    sum.lateness += w.fixedPart(c, FIXED.lateness)
    sum.carbon += w.fixedPart(c, FIXED.carbon)
  }
  for (const { candidate: c, demand: l, quantity } of takes) {
    if (c === 0) continue
    sum.freight += quantity * w.unitPart(c, l, UNIT.freight)
    sum.handling += quantity * w.unitPart(c, l, UNIT.handling)
    sum.carbon += quantity * w.unitPart(c, l, UNIT.carbon)
    sum.stockHealth += quantity * w.unitPart(c, l, UNIT.stockHealth)
    sum.bidPrice += quantity * w.unitPart(c, l, UNIT.bidPrice)
  }
  return {
    freight: Math.round(sum.freight),
    handling: Math.round(sum.handling),
    split: Math.max(0, used.length - 1) * request.weights.split,
    lateness: Math.round(sum.lateness),
    carbon: Math.round(sum.carbon),
    stockHealth: Math.round(sum.stockHealth),
    bidPrice: Math.round(sum.bidPrice),
  }
}

/** Turns "has some stock" into why the node was or was not taken. */
function markCodes(w: Workspace, takes: readonly Take[]): void {
  for (let c = 1; c < w.candidates; c++) {
    let coversAll = true
    let at = c * w.lines
    for (let l = 0; l < w.lines; l++, at++) if (w.cap[at]! < w.need[l]!) coversAll = false
    const nodeNo = w.rank[c]!
    if (coversAll && w.codes[nodeNo] === reasonCode.coversPart) w.codes[nodeNo] = reasonCode.dearer
  }
  for (const take of takes) if (take.candidate !== 0) w.codes[w.rank[take.candidate]!] = reasonCode.chosen
}
