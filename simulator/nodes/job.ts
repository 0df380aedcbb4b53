import type { FulfillmentOrderDetail, WorkRow } from '../../contract/entities/fulfillment-order.ts'
import type { NodeInput } from '../../contract/entities/node.ts'
import { randomOf, type Random } from '../random.ts'
import { nextHour, nextOpen } from '../world/hours.ts'
import { traffic, weather } from '../world/weather.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** One thing that is done to a fulfillment order at its time. */
export type Step = { readonly at: number; readonly row: WorkRow }
/** A node's work for one order, with what is still to be done, in order, and the units that were not on the shelf. */
export type Job = { readonly work: FulfillmentOrderDetail; readonly steps: Step[]; missing?: number }

/** How often nodes refuse work and find less than the books say. */
const REFUSES = 0.01
const FINDS_LESS = 0.012
/** How often a buyer comes only after the time for which it was kept. */
const COMES_LATE = 0.06
const TRUCKS = [12, 19]

type Shop = { readonly seed: number; readonly node: NodeInput | undefined; readonly now: number; readonly freeAt: number }

/**
 * What the people of a node do with work that stands where it stands: the rest of the way from there to hand-over, in the hours of the
 * node and behind what is being worked on (`freeAt`). The same for the same fulfillment order.
 */
export function stepsOf(work: FulfillmentOrderDetail, { seed, node, now, freeAt }: Shop): Step[] {
  const random = randomOf(seed, 'work', work.fulfillmentOrderId)
  const id = { fulfillmentOrderId: work.fulfillmentOrderId }
  const isFront = node?.kind === 'frontWarehouse'
  const steps: Step[] = []
  let at = now
  if (work.work === 'planned') {
    if (random.is(REFUSES)) return [{ at, row: { ...id, action: 'reject', reason: random.pick(['noCapacity', 'damaged', 'notFound']) } }]
    // A front warehouse's system accepts at once; in a centre somebody looks at what has come in.
    if (!isFront) at += random.between(10, 50) * MINUTE
    steps.push({ at, row: { ...id, action: 'accept' } })
  }
  at = nextOpen(node?.calendarId, Math.max(at + random.between(1, isFront ? 4 : 40) * MINUTE, freeAt))
  if (work.work === 'planned' || work.work === 'ready') steps.push({ at, row: { ...id, action: 'start' } })
  if (work.work === 'readyForPickup') return [{ at: comesAt(work, now, seed), row: { ...id, action: 'collect' } }]
  if (work.work !== 'handedOver') {
    at += pickMinutes(work, isFront, random) * MINUTE
    const units = work.lines.reduce((sum, line) => sum + line.quantity - line.picked - line.short, 0)
    if (units > 0) steps.push({ at, row: pickRow(work, random) })
    at += random.between(2, isFront ? 4 : 20) * MINUTE
    if (work.pickup !== undefined) {
      steps.push({ at, row: { ...id, action: 'setReady' } }, { at: comesAt(work, at, seed), row: { ...id, action: 'collect' } })
      return steps
    }
    steps.push({ at, row: { ...id, action: 'pack', parcels: [parcelOf(work, random)] } })
    at = leavesAt(node, at, random)
    steps.push({ at, row: { ...id, action: 'handOver', occurredAt: iso(at) } })
  }
  return steps
}

/** When the buyer comes for it, while the counter is open: most within a day, a few only after it was kept for them. */
function comesAt(work: FulfillmentOrderDetail, readyAt: number, seed: number): number {
  const random = randomOf(seed, 'comes', work.fulfillmentOrderId)
  return nextOpen('long-days', readyAt + (random.is(COMES_LATE) ? random.between(49, 70) * HOUR : random.between(20, 20 * 60) * MINUTE))
}

function pickMinutes(work: FulfillmentOrderDetail, isFront: boolean, random: Random): number {
  return random.between(2, isFront ? 5 : 25) + work.lines.length * (isFront ? 1 : 3)
}

function pickRow(work: FulfillmentOrderDetail, random: Random): WorkRow {
  const row = { fulfillmentOrderId: work.fulfillmentOrderId, action: 'pick' } as const
  const line = work.lines[0]
  if (line === undefined || !random.is(FINDS_LESS)) return row
  return shortPick(work)
}

/** Everything but one unit of the first line is there. */
export function shortPick(work: FulfillmentOrderDetail): WorkRow {
  const lines = work.lines
    .map(({ lineRef, sku, quantity }, i) => ({ lineRef, sku, quantity: i === 0 ? quantity - 1 : quantity }))
    .filter(({ quantity }) => quantity > 0)
  return { fulfillmentOrderId: work.fulfillmentOrderId, action: 'pick', lines, short: true }
}

/** Riders leave when the parcel is ready, trucks when they come. */
function leavesAt(node: NodeInput | undefined, at: number, random: Random): number {
  if (node?.kind === 'frontWarehouse') return at + random.between(2, 9) * MINUTE
  return Math.min(...TRUCKS.map((hour) => nextHour(nextOpen(node?.calendarId, at), hour))) + random.between(0, 25) * MINUTE
}

function parcelOf(work: FulfillmentOrderDetail, random: Random) {
  return {
    trackingNo: `${(work.carrierId ?? 'x').slice(0, 2).toUpperCase()}${random.between(1e11, 9e11)}`,
    weightGrams: random.between(200, 9000),
  }
}

/** When the receiver has it, if nothing goes wrong: within what was promised, or later where weather and traffic slow the lane. */
export function arrivesAt(work: FulfillmentOrderDetail, leftAt: number, seed: number): number {
  const random = randomOf(seed, 'way', work.fulfillmentOrderId)
  const region = work.shipTo?.region ?? ''
  if (work.carrierId === 'qishou') return leftAt + random.between(18, 55) * MINUTE * weather(seed, region, leftAt) * traffic(leftAt)
  const promised = work.deliverBy === undefined ? 48 * HOUR : Math.max(8 * HOUR, Date.parse(work.deliverBy) - leftAt)
  const arrival = leftAt + promised * (0.55 + random.next() * 0.4) * weather(seed, region, leftAt)
  // Couriers ring at doors by day.
  return nextOpen('every-day', arrival) + random.between(0, 90) * MINUTE
}

const iso = (at: number): string => new Date(at).toISOString()
