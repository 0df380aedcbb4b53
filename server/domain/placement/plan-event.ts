import type { NodeInput } from '../../../contract/entities/node.ts'
import type { EventData } from '../../../contract/events.ts'
import { type Instant, instant, MINUTE, toIso } from '../../kernel/time.ts'
import { addLoads, loadOf, NO_LOAD } from '../freight/load.ts'
import { awaitedMoves } from '../order/change.ts'
import type { LineIntake, OrderIntake, OrderState, ReservationKind } from '../order/state.ts'
import type { Replanned } from '../sourcing/view-decision.ts'
import type { Awaited } from './await-supply.ts'
import { coveredUnits, type Demand } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import type { Sourced } from './source.ts'

type SourcedData = EventData<'order.sourced'>

/** The first local day after which none is waited for, as text. */
export function dayText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** Units of each demand that the plan leaves open, by position. */
export function shortUnits(sourced: Sourced): (index: number) => number {
  const { shortfall } = sourced.plan
  return (index) => shortfall.find((one) => one.lineNo === index)?.quantity ?? 0
}

/** When it was planned, until when stock is held for it, and the supply it waits for. */
export type SourcedAt = {
  readonly now: Instant
  readonly expiresAt?: Instant | undefined
  readonly awaited?: Awaited | undefined
}

/** Until when a node may answer for work that is committed to it now; undefined where it need not. */
export function acceptByOf(node: NodeInput | undefined, now: Instant): string | undefined {
  return node?.acceptMinutes === undefined ? undefined : toIso(instant(now + node.acceptMinutes * MINUTE))
}

/** The event that records a plan: what is reserved where, the fulfillment orders it leads to, and the promise. */
export function sourcedData(
  order: {
    readonly intake: Pick<OrderIntake, 'lines' | 'shard'>
    readonly state: Pick<OrderState, 'lines' | 'decisionNo' | 'promise' | 'awaiting'>
  },
  demands: readonly Demand[],
  sourced: Sourced,
  kind: Extract<ReservationKind, 'soft' | 'firm' | 'committed'>,
  facts: PlacementFacts,
  { now, expiresAt, awaited }: SourcedAt,
): SourcedData {
  const { intake, state } = order
  const reserved: SourcedData['reserved'] = []
  const byNode = new Map<number, { demand: Demand; quantity: number }[]>()
  for (const { lineNo, nodeNo, quantity } of sourced.plan.assignments) {
    const demand = demands[lineNo]
    const nodeId = facts.node(nodeNo)?.doc.nodeId
    if (demand === undefined || nodeId === undefined) continue
    reserved.push({ lineRef: intake.lines[demand.lineNo]?.lineRef ?? '', sku: demand.item.doc.sku, nodeId, quantity })
    const own = byNode.get(nodeNo)
    if (own === undefined) byNode.set(nodeNo, [{ demand, quantity }])
    else own.push({ demand, quantity })
  }
  const shortOf = shortUnits(sourced)
  const supply = awaitedMoves(state.awaiting, awaited?.takes)
  const fulfillmentOrders = sourced.plan.nodes.map((node) =>
    plannedOrder(
      node.nodeNo,
      byNode.get(node.nodeNo) ?? [],
      intake.lines,
      sourced,
      facts,
      intake.shard,
      kind === 'committed' ? now : undefined,
    ),
  )
  return {
    decisionNo: state.decisionNo + 1,
    kind,
    reserved,
    lines: lineStandings(intake.lines, state.lines, demands, shortOf),
    fulfillmentOrders,
    promise: promiseOf(state.promise, sourced, byNode, facts, awaited?.leg),
    ...(expiresAt === undefined ? {} : { expiresAt: toIso(expiresAt) }),
    ...(awaited?.sourceAgainAt === undefined ? {} : { sourceAgainAt: toIso(awaited.sourceAgainAt) }),
    ...(supply.length === 0 ? {} : { supply }),
  }
}

function lineStandings(
  lines: readonly LineIntake[],
  quantities: OrderState['lines'],
  demands: readonly Demand[],
  shortOf: (index: number) => number,
): SourcedData['lines'] {
  const standings: SourcedData['lines'] = []
  for (const [lineNo, line] of lines.entries()) {
    if (line.isDigital) continue
    const before = quantities[lineNo]
    const open = line.quantity - (before?.cancelled ?? 0) - (before?.reserved ?? 0)
    if (open <= 0) continue
    const isKnown = demands.some((demand) => demand.lineNo === lineNo)
    const covered = isKnown ? coveredUnits(lineNo, open, demands, shortOf) : 0
    standings.push({ lineRef: line.lineRef, reserved: (before?.reserved ?? 0) + covered, backordered: open - covered })
  }
  return standings
}

function plannedOrder(
  nodeNo: number,
  units: readonly { readonly demand: Demand; readonly quantity: number }[],
  lines: readonly LineIntake[],
  sourced: Sourced,
  facts: PlacementFacts,
  shard: number,
  offeredAt: Instant | undefined,
): SourcedData['fulfillmentOrders'][number] {
  const at = sourced.legOf(nodeNo)
  const service = facts.network.services[sourced.legs.service[at] ?? -1]
  const node = facts.node(nodeNo)?.doc
  const acceptBy = offeredAt === undefined ? undefined : acceptByOf(node, offeredAt)
  return {
    fulfillmentOrderId: facts.nextId('ful', shard),
    nodeId: node?.nodeId ?? '',
    ...(service === undefined ? {} : { carrierId: service.carrierId, serviceId: service.service.serviceId }),
    shipBy: toIso(instant(sourced.legs.shipBy[at] ?? 0)),
    deliverBy: toIso(instant(sourced.legs.deliverBy[at] ?? 0)),
    ...(acceptBy === undefined ? {} : { acceptBy }),
    ...(node?.capacityPerDay === undefined ? {} : { capacityDay: dayText(sourced.legs.shipDay[at] ?? 0) }),
    lines: units.map(({ demand, quantity }) => ({ lineRef: lines[demand.lineNo]?.lineRef ?? '', sku: demand.item.doc.sku, quantity })),
  }
}

/** The order is promised when its last parcel is, also one that waits for supply; emissions are what each node's part of the load causes. */
function promiseOf(
  before: OrderState['promise'],
  sourced: Sourced,
  byNode: ReadonlyMap<number, readonly { readonly demand: Demand; readonly quantity: number }[]>,
  facts: PlacementFacts,
  awaited: Awaited['leg'],
): SourcedData['promise'] {
  let deliverBy: number = before.deliverBy ?? 0
  let shipBy: number = before.shipBy ?? 0
  let co2eGrams = before.co2eGrams ?? 0
  let isDefault = before.basis !== 'configured'
  let name = before.service
  for (const [nodeNo, units] of byNode) {
    const at = sourced.legOf(nodeNo)
    const load = units.reduce((sum, { demand, quantity }) => addLoads(sum, loadOf(demand.item.doc, quantity)), NO_LOAD)
    const service = facts.network.services[sourced.legs.service[at] ?? -1]
    deliverBy = Math.max(deliverBy, sourced.legs.deliverBy[at] ?? 0)
    shipBy = Math.max(shipBy, sourced.legs.shipBy[at] ?? 0)
    co2eGrams += ((sourced.legs.co2eGrams[at] ?? 0) / Math.max(1, sourced.load.grams)) * load.grams
    // No service: the buyer collects it.
    if (service === undefined || !service.isDefault) isDefault = false
    name = service === undefined ? 'pickup' : `${service.carrierId}/${service.service.serviceId}`
  }
  if (awaited !== undefined) {
    deliverBy = Math.max(deliverBy, awaited.deliverBy)
    shipBy = Math.max(shipBy, awaited.shipBy)
    if (awaited.basis === 'configured') isDefault = false
    name ??= awaited.service
  }
  if (deliverBy === 0) return { basis: 'none' }
  return {
    deliverBy: toIso(instant(deliverBy)),
    shipBy: toIso(instant(shipBy)),
    ...(name === undefined ? {} : { service: name }),
    co2eGrams: Math.round(co2eGrams * 10) / 10,
    basis: isDefault ? 'default' : 'configured',
  }
}

/** What is kept of a decision: enough to read why, compact (`e` is the planner's own encoding, base64). */
export function decisionDoc(
  sourced: Sourced,
  asked: readonly Demand[],
  facts: PlacementFacts,
  now: Instant,
  replanned?: Replanned,
): string {
  const demands = sourced.held?.planned ?? asked
  return JSON.stringify({
    at: now,
    policy: facts.weights.version,
    prices: facts.prices.version,
    exact: sourced.plan.isExact,
    status: sourced.plan.status,
    cost: sourced.plan.parts,
    items: demands.map((demand) => demand.item.itemNo),
    lines: demands.map((demand) => demand.lineNo),
    ...(replanned === undefined ? {} : { replanned }),
    e: Buffer.from(sourced.plan.explanation).toString('base64'),
  })
}
