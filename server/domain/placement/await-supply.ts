import { bufferOf, servesChannel } from '../availability/promisable.ts'
import { addLoads, type Load, loadOf, NO_LOAD } from '../freight/load.ts'
import { destinationOf } from '../promise/destination.ts'
import type { AwaitedUnits } from '../order/state.ts'
import { type Leg, legFor } from '../promise/leg.ts'
import { pickupTime } from '../promise/pickup-time.ts'
import { instant, type Instant } from '../../kernel/time.ts'
import type { Demand } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { isFullOf } from './full-days.ts'
import { serviceLimits } from './service-limits.ts'
import { reasonAgainst, type Sourced } from './source.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

/** What dated supply says about units that a plan left open. */
export type Awaited = {
  /** Units of each supply that the order counts on from now on. */
  readonly takes: readonly AwaitedUnits[]
  /** When the first of it arrives: then what is open is looked for again. Undefined where all of it is late: nobody knows when. */
  readonly sourceAgainAt: Instant | undefined
  /** The way of the last of it to the buyer; undefined unless supply covers everything that is open. */
  readonly leg: (Pick<Leg, 'shipBy' | 'deliverBy' | 'basis'> & { readonly service: string }) | undefined
}

type Share = { load: Load; readyAt: number }

/**
 * Lays open units over dated supply, earliest first, at nodes that may serve them; a node's channel buffer and units that it owes already
 * come off first. Where it covers everything that is open, its units are the order's from then on; `own` ones are already, and stay the
 * order's when their supply is late: who waits for it has it before anybody else when it comes.
 */
export function awaitSupply(
  question: SourcingQuestion,
  { plan }: Pick<Sourced, 'plan'>,
  facts: PlacementFacts,
  own: readonly AwaitedUnits[] = [],
): Awaited | undefined {
  const shares = new Map<number, Share>()
  const left = new Map<string, number>()
  const takes = new Map<string, number>()
  let first = Infinity
  const late = new Set<string>()
  let isCovered = true
  for (const { lineNo, quantity } of plan.shortfall) {
    const demand = question.demands[lineNo]
    if (demand === undefined) continue
    let open = quantity
    for (const supply of suppliesFor(question, demand, facts, own)) {
      if (open === 0) break
      const units = Math.min(open, left.get(supply.supplyId) ?? supply.units)
      if (units <= 0) continue
      left.set(supply.supplyId, (left.get(supply.supplyId) ?? supply.units) - units)
      takes.set(supply.supplyId, (takes.get(supply.supplyId) ?? 0) + units)
      open -= units
      if (supply.availableAt <= question.now) late.add(supply.supplyId)
      else first = Math.min(first, supply.availableAt)
      const share = shares.get(supply.nodeNo) ?? { load: NO_LOAD, readyAt: 0 }
      shares.set(supply.nodeNo, {
        load: addLoads(share.load, loadOf(demand.item.doc, units)),
        readyAt: Math.max(share.readyAt, supply.availableAt, question.now),
      })
    }
    if (open > 0) isCovered = false
  }
  if (takes.size === 0) return undefined
  const isDated = isCovered && first !== Infinity
  const leg = isDated ? lastLeg(question, shares, facts) : undefined
  // Who gets no date keeps nothing from those who could have one; late supply dates nobody.
  const kept = [...takes].filter(([supplyId]) => leg !== undefined || late.has(supplyId))
  return {
    takes: kept.map(([supplyId, quantity]) => ({ supplyId, quantity })),
    sourceAgainAt: first === Infinity ? undefined : instant(first),
    leg,
  }
}

type Supply = { readonly supplyId: string; readonly nodeNo: number; readonly units: number; readonly availableAt: Instant }

function suppliesFor(question: SourcingQuestion, demand: Demand, facts: PlacementFacts, own: readonly AwaitedUnits[]): Supply[] {
  const { channel, now } = question
  const buffer = bufferOf(channel, demand.item.doc.sku)
  const owed = new Map<number, number>()
  const supplies: Supply[] = []
  for (const one of facts.supplyOf(demand.item.itemNo).toSorted((a, b) => a.availableAt - b.availableAt)) {
    const node = facts.node(one.nodeNo)?.doc
    const ours = own.find(({ supplyId }) => supplyId === one.supplyId)?.quantity ?? 0
    const units = one.availableAt <= now ? Math.min(ours, one.units + ours) : one.units + ours
    if (question.pickup === undefined ? node?.ships === false : node?.nodeId !== question.pickup) continue
    if (units <= 0 || node === undefined || !servesChannel(node, channel)) continue
    if (reasonAgainst(question, facts, demand, one.nodeNo) !== 0) continue
    const before = owed.get(one.nodeNo) ?? Math.max(0, buffer - availableAt(demand.item.itemNo, one.nodeNo, facts))
    owed.set(one.nodeNo, Math.max(0, before - units))
    if (units > before) supplies.push({ supplyId: one.supplyId, nodeNo: one.nodeNo, units: units - before, availableAt: one.availableAt })
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
function lastLeg(question: SourcingQuestion, shares: ReadonlyMap<number, Share>, facts: PlacementFacts): Awaited['leg'] {
  if (question.pickup !== undefined) return lastPickup(shares, facts)
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
  return last === undefined ? undefined : { ...last, service: `${last.carrierId}/${last.serviceId}` }
}

/** When the node where it is collected has it ready. */
function lastPickup(shares: ReadonlyMap<number, Share>, facts: PlacementFacts): Awaited['leg'] {
  for (const [nodeNo, { readyAt }] of shares) {
    const time = pickupTime(facts.network, nodeNo, instant(readyAt), isFullOf(facts))
    return time === undefined ? undefined : { shipBy: time.readyAt, deliverBy: time.readyAt, basis: 'configured', service: 'pickup' }
  }
  return undefined
}
