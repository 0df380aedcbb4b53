import { DAY, type Instant } from '../../kernel/time.ts'
import { REPLANNED } from '../fulfillment/evolve-replanned.ts'
import { isHeldUp } from '../order/clock.ts'
import type { Order, PlannedOrder } from '../order/state.ts'
import { rulesFor } from './compliance-of.ts'
import type { Demand } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { unfitNodes } from './move-work.ts'
import { type Cell, dayNo, type Share, type Slot } from './plan-board.ts'
import { sourceDemands, type Sourced } from './source.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

/** An order whose whole plan may still be made anew: all of it is with nodes, and none of them has taken it up. */
export type OpenPlan = Share & {
  readonly order: Order
  readonly works: readonly PlannedOrder[]
  readonly question: SourcingQuestion
  /** When the last of it is there by the plan that stands: no later one is considered. */
  readonly latest: number
}

/** A plan with what it costs, minor units of the base currency; what it does to the health of stock is left out, as it depends on who comes first. */
export type PricedPlan = Share & {
  readonly nodeIds: readonly string[]
  readonly cost: number
  readonly deliverBy: number
}

/**
 * The plan of an order as a question that may be asked again, or undefined where it may not: something is held, open, offered, begun, or
 * somebody has reshaped it already.
 */
export function openPlanOf(order: Order, facts: PlacementFacts, now: Instant): OpenPlan | undefined {
  const { intake, state } = order
  const channel = facts.channel(intake.channelId)
  const works = standingWork(order)
  if (channel === undefined || works === undefined || state.state !== 'accepted' || isHeldUp(state)) return undefined
  const demands = demandsOf(works, facts)
  const { constraints, refused } = rulesFor(order, facts, now)
  if (demands === undefined || demands.some((one) => refused.has(intake.lines[one.lineNo]?.lineRef ?? ''))) return undefined
  const { shipTo, lines, promisedBy, requestedService } = intake
  const latest = Math.max(...works.map((work) => work.deliverBy ?? 0))
  const neededBy = promisedBy === undefined || latest < promisedBy ? (latest as Instant) : promisedBy
  const question: SourcingQuestion = {
    demands,
    shipTo,
    channel,
    constraints,
    excluded: unfitNodes(state),
    lines,
    promisedBy: neededBy,
    requestedService,
    partial: false,
    now,
  }
  return { order, works, question, latest, cells: cellsOf(works, facts), slots: slotsOf(works, facts) }
}

/** All that nodes have of the order, one part each; undefined where any of it is not as it was planned. */
function standingWork({ intake, state }: Order): readonly PlannedOrder[] | undefined {
  const works = state.fulfillmentOrders.filter((work) => work.work !== 'cancelled')
  const isUntouched =
    intake.history !== true &&
    intake.pickup === undefined &&
    works.length > 0 &&
    works.every((work) => work.work === 'planned' && work.request === 'none' && work.held === undefined && work.deliverBy !== undefined) &&
    new Set(works.map((work) => work.nodeId)).size === works.length &&
    state.fulfillmentOrders.every((work) => work.work !== 'cancelled' || work.reason === REPLANNED) &&
    state.reservations.every((one) => one.kind !== 'soft' && one.kind !== 'firm') &&
    state.lines.every((line) => line.backordered === 0) &&
    !(state.changes ?? []).some((change) => change.state === 'proposed')
  return isUntouched ? works : undefined
}

/** The items as nodes hold them, a line's units of all nodes together. */
function demandsOf(works: readonly PlannedOrder[], facts: PlacementFacts): Demand[] | undefined {
  const demands: Demand[] = []
  for (const { lineNo, sku, quantity } of works.flatMap((work) => work.lines)) {
    const item = facts.item(sku)
    if (item === undefined) return undefined
    const at = demands.findIndex((one) => one.lineNo === lineNo && one.item.itemNo === item.itemNo)
    const known = demands[at]
    if (known === undefined) demands.push({ lineNo, item, perUnit: 1, units: quantity })
    else demands[at] = { ...known, units: known.units + quantity }
  }
  return demands.length === 0 ? undefined : demands.toSorted((a, b) => a.lineNo - b.lineNo || a.item.itemNo - b.item.itemNo)
}

function cellsOf(works: readonly PlannedOrder[], facts: PlacementFacts): Cell[] {
  const cells: Cell[] = []
  for (const { nodeId, lines } of works) {
    const nodeNo = facts.nodeCalled(nodeId)?.nodeNo ?? -1
    for (const { sku, quantity } of lines) addCell(cells, facts.item(sku)?.itemNo ?? -1, nodeNo, quantity)
  }
  return cells
}

function addCell(cells: Cell[], itemNo: number, nodeNo: number, units: number): void {
  const at = cells.findIndex((one) => one.itemNo === itemNo && one.nodeNo === nodeNo)
  const known = cells[at]
  if (known === undefined) cells.push({ itemNo, nodeNo, units })
  else cells[at] = { ...known, units: known.units + units }
}

const slotsOf = (works: readonly PlannedOrder[], facts: PlacementFacts): Slot[] =>
  works.flatMap(({ nodeId, capacityDay }) =>
    capacityDay === undefined ? [] : [{ nodeNo: facts.nodeCalled(nodeId)?.nodeNo ?? -1, day: dayNo(capacityDay) }],
  )

/** What the plan that stands costs, each node's part with the service it has; its own share must be free on the board. */
export function priceStanding({ order, works, question }: OpenPlan, facts: PlacementFacts): PricedPlan | undefined {
  let cost = facts.weights.split * (works.length - 1)
  for (const work of works) {
    const { carrierId, serviceId } = work
    const demands = demandsOf([work], facts)
    const requestedService = carrierId === undefined || serviceId === undefined ? undefined : { carrierId, serviceId }
    const price = demands && priceAt({ ...question, requestedService }, demands, work.nodeId, facts)
    if (price === undefined) return undefined
    cost += price + latenessOf(order, work.deliverBy ?? 0, facts)
  }
  const deliverBy = Math.max(...works.map((work) => work.deliverBy ?? 0))
  return { nodeIds: works.map((work) => work.nodeId), cost, deliverBy, cells: cellsOf(works, facts), slots: slotsOf(works, facts) }
}

/** The cheapest plan there is on the board, or undefined where none is there by `latest`. */
export function bestPlan({ order, question, latest }: OpenPlan, facts: PlacementFacts): PricedPlan | undefined {
  const sourced = sourceDemands(question, facts)
  return latestOf(sourced) > latest ? undefined : pricePlan(order, question, sourced, facts)
}

/** When the last of a plan is there; never, where it is no plan. */
export const latestOf = ({ plan }: Sourced): number =>
  plan.status === 'complete' && plan.nodes.length > 0 ? Math.max(...plan.nodes.map((node) => node.deliverBy)) : Infinity

/** What a plan costs, measured like the one that stands: each node's part priced for itself. */
export function pricePlan(order: Order, question: SourcingQuestion, sourced: Sourced, facts: PlacementFacts): PricedPlan | undefined {
  const { nodes, assignments } = sourced.plan
  const cells: Cell[] = []
  for (const { itemNo, nodeNo, quantity } of assignments) addCell(cells, itemNo, nodeNo, quantity)
  const slots = nodes.flatMap(({ nodeNo }) =>
    facts.node(nodeNo)?.doc.capacityPerDay === undefined ? [] : [{ nodeNo, day: sourced.legs.shipDay[sourced.legOf(nodeNo)] ?? 0 }],
  )
  const services = nodes.map((node) => facts.network.services[node.service])
  let cost = facts.weights.split * (nodes.length - 1)
  for (const [i, { nodeNo, deliverBy }] of nodes.entries()) {
    const demands = assignments.flatMap((one) => {
      const demand = question.demands[one.lineNo]
      return one.nodeNo === nodeNo && demand !== undefined ? [{ ...demand, units: one.quantity }] : []
    })
    const service = services[i]
    const requestedService = service && { carrierId: service.carrierId, serviceId: service.service.serviceId }
    const price = priceAt({ ...question, requestedService }, demands, facts.node(nodeNo)?.doc.nodeId ?? '', facts)
    if (price === undefined) return undefined
    cost += price + latenessOf(order, deliverBy, facts)
  }
  return { nodeIds: nodes.map(({ nodeNo }) => facts.node(nodeNo)?.doc.nodeId ?? ''), cost, deliverBy: latestOf(sourced), cells, slots }
}

/** Freight, handling, carbon and bid price of units at one node; undefined where it may not ship them now. */
function priceAt(question: SourcingQuestion, units: readonly Demand[], nodeId: string, facts: PlacementFacts): number | undefined {
  const demands = units.map((one) => ({ ...one, isHeld: true as const }))
  const { promisedBy: _, ...rest } = question
  const only = { ...question.channel, nodes: [nodeId] }
  const { plan } = sourceDemands({ ...rest, demands, channel: only, excluded: NOBODY }, facts)
  return plan.status === 'complete' ? plan.cost - plan.parts.stockHealth : undefined
}
const NOBODY: ReadonlySet<string> = new Set()

/** As sourcing weighs it: each day begun after what the buyer was told. */
function latenessOf({ intake: { promisedBy } }: Order, deliverBy: number, facts: PlacementFacts): number {
  if (promisedBy === undefined || deliverBy <= promisedBy) return 0
  return Math.ceil((deliverBy - promisedBy) / DAY) * facts.weights.latePerDay
}
