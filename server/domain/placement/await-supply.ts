import { bufferOf, servesChannel } from '../availability/promisable.ts'
import { addLoads, type Load, loadOf, NO_LOAD } from '../freight/load.ts'
import { destinationOf } from '../promise/destination.ts'
import { type Leg, legFor } from '../promise/leg.ts'
import { instant, type Instant } from '../../kernel/time.ts'
import type { Demand } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { isFullOf, reasonAgainst, serviceLimits, type Sourced, type SourcingQuestion } from './source.ts'

/** What dated supply says about units that a plan left open. */
export type Awaited = {
  /** When the first of it arrives: then what is open is looked for again. */
  readonly sourceAgainAt: Instant
  /** The way of the last of it to the buyer; undefined unless supply covers everything that is open. */
  readonly leg: Pick<Leg, 'shipBy' | 'deliverBy' | 'carrierId' | 'serviceId' | 'basis'> | undefined
}

type Share = { load: Load; readyAt: number }

/**
 * Lays open units over dated supply, earliest first, at nodes that may serve them; a node's channel buffer and units that it owes already
 * come off first. Supply is looked at, not taken: two orders may be promised from the same units, and the later one is then told anew.
 */
export function awaitSupply(question: SourcingQuestion, { plan }: Pick<Sourced, 'plan'>, facts: PlacementFacts): Awaited | undefined {
  const shares = new Map<number, Share>()
  const left = new Map<object, number>()
  let first = Infinity
  let isCovered = true
  for (const { lineNo, quantity } of plan.shortfall) {
    const demand = question.demands[lineNo]
    if (demand === undefined) continue
    let open = quantity
    for (const supply of suppliesFor(question, demand, facts)) {
      if (open === 0) break
      const units = Math.min(open, left.get(supply.key) ?? supply.units)
      if (units <= 0) continue
      left.set(supply.key, (left.get(supply.key) ?? supply.units) - units)
      open -= units
      first = Math.min(first, supply.availableAt)
      const share = shares.get(supply.nodeNo) ?? { load: NO_LOAD, readyAt: 0 }
      shares.set(supply.nodeNo, {
        load: addLoads(share.load, loadOf(demand.item.doc, units)),
        readyAt: Math.max(share.readyAt, supply.availableAt),
      })
    }
    if (open > 0) isCovered = false
  }
  if (first === Infinity) return undefined
  return { sourceAgainAt: instant(first), leg: isCovered ? lastLeg(question, shares, facts) : undefined }
}

type Supply = { readonly key: object; readonly nodeNo: number; readonly units: number; readonly availableAt: Instant }

function suppliesFor(question: SourcingQuestion, demand: Demand, facts: PlacementFacts): Supply[] {
  const { channel, now } = question
  const buffer = bufferOf(channel, demand.item.doc.sku)
  const owed = new Map<number, number>()
  const supplies: Supply[] = []
  for (const one of facts.supplyOf(demand.item.itemNo).toSorted((a, b) => a.availableAt - b.availableAt)) {
    const node = facts.node(one.nodeNo)?.doc
    if (one.availableAt <= now || one.units <= 0 || node === undefined || !servesChannel(node, channel)) continue
    if (reasonAgainst(question, facts, demand, one.nodeNo) !== 0) continue
    const before = owed.get(one.nodeNo) ?? Math.max(0, buffer - availableAt(demand.item.itemNo, one.nodeNo, facts))
    owed.set(one.nodeNo, Math.max(0, before - one.units))
    if (one.units > before) supplies.push({ key: one.key, nodeNo: one.nodeNo, units: one.units - before, availableAt: one.availableAt })
  }
  return supplies
}

function availableAt(itemNo: number, nodeNo: number, facts: PlacementFacts): number {
  const { nodes, available } = facts.availability
  const start = facts.availability.start(itemNo)
  for (let slot = start; slot < start + facts.availability.count(itemNo); slot++) if (nodes[slot] === nodeNo) return available[slot] ?? 0
  return 0
}

/** The leg that arrives last; undefined when a node has no way to the place. */
function lastLeg(question: SourcingQuestion, shares: ReadonlyMap<number, Share>, facts: PlacementFacts): Leg | undefined {
  const destination = destinationOf(facts.network, question.shipTo)
  let last: Leg | undefined
  for (const [nodeNo, { load, readyAt }] of shares) {
    const leg = legFor(facts.network, nodeNo, {
      destination,
      load,
      releaseAt: instant(readyAt),
      neededBy: question.promisedBy ?? Infinity,
      carbonPrice: facts.weights.carbonPerKg,
      isFull: isFullOf(facts),
      ...serviceLimits(question, facts),
    })
    if ('why' in leg) return undefined
    if (last === undefined || leg.deliverBy > last.deliverBy) last = leg
  }
  return last
}
