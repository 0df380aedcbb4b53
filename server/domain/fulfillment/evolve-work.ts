import type { EventData, NewEvent } from '../../../contract/events.ts'
import { workEvents } from '../../../contract/work-events.ts'
import type { FulfillmentOrderId, ParcelId } from '../../kernel/ids.ts'
import { instant, type Instant, parseInstant } from '../../kernel/time.ts'
import { dated, plannedOf, promiseAfter, putOff } from '../order/planned.ts'
import { type LineNos, lineNosOf } from '../order/line-nos.ts'
import { addReservations, isHeld, kindHeldFor } from '../order/reservation.ts'
import type { Moved, OrderIntake, OrderState, ParcelState, PlannedOrder, WorkLine } from '../order/state.ts'
import { countedLines } from './line-progress.ts'
import { voidedWithWork, withoutParcels } from './void-parcels.ts'

type WorkEventType = keyof typeof workEvents
export type WorkEvent = NewEvent<WorkEventType>
export const isWorkEvent = (event: NewEvent): event is WorkEvent => event.type in workEvents

/** The state after something happened at a node; the ledgers of the lines are counted anew from the work. */
export function evolveWork(intake: OrderIntake, state: OrderState, event: WorkEvent, at: Instant): OrderState {
  const lineNos = lineNosOf(intake.lines)
  const moved: Moved = { ...state, fulfillmentOrders: state.fulfillmentOrders.map((one) => workAfterEvent(one, event, lineNos, at)) }
  reshape(moved, event, lineNos)
  moveStock(moved, event, lineNos)
  moved.fulfillmentOrders = voidedWithWork(moved.fulfillmentOrders, at)
  moved.lines = countedLines(intake, moved)
  return moved
}

const placeOf = (lineNos: LineNos, lineRef: string): number => lineNos.get(lineRef) ?? -1

function workAfterEvent(one: PlannedOrder, event: WorkEvent, lineNos: LineNos, at: Instant): PlannedOrder {
  const isSubject = one.fulfillmentOrderId === event.data.fulfillmentOrderId
  // A part of a bundle that another node holds leaves with it.
  if (!isSubject && event.type === 'fulfillment.merged' && event.data.from.includes(one.fulfillmentOrderId)) {
    const mergedInto = event.data.fulfillmentOrderId as FulfillmentOrderId
    return { ...one, version: one.version + 1, work: 'cancelled', mergedInto }
  }
  if (!isSubject) return 'taken' in event.data ? withoutTaken(one, event.data.taken, lineNos, 0) : one
  const version = one.version + 1
  switch (event.type) {
    case 'fulfillment.accepted':
      return { ...one, version, work: 'ready', request: 'accepted' }
    case 'fulfillment.started':
      return { ...one, version, work: 'inProgress', request: 'accepted' }
    case 'fulfillment.picked':
      return { ...one, version, lines: picked(one.lines, event.data.lines, lineNos) }
    case 'fulfillment.shortPicked': {
      const left = withoutTaken(one, event.data.taken, lineNos, 1)
      return { ...left, version, work: left.lines.some((line) => line.quantity > 0) ? 'short' : 'cancelled', reason: 'short' }
    }
    case 'fulfillment.packed':
      return { ...one, version, parcels: [...(one.parcels ?? []), ...event.data.parcels.map((parcel) => packed(parcel, lineNos, at))] }
    case 'fulfillment.unpacked':
      return { ...withoutParcels(one, isAmong(event.data.parcels), at), version }
    case 'fulfillment.handedOver': {
      const handedOverAt = parseInstant(event.data.occurredAt) ?? at
      return { ...one, version, work: 'handedOver', parcels: (one.parcels ?? []).map((parcel) => ({ ...parcel, handedOverAt })) }
    }
    case 'fulfillment.delivered': {
      const deliveredAt = parseInstant(event.data.occurredAt) ?? at
      return { ...one, version, work: 'done', parcels: (one.parcels ?? []).map((parcel) => ({ deliveredAt, ...parcel })) }
    }
    case 'fulfillment.readyForPickup': {
      const { code } = event.data
      return {
        ...one,
        version,
        work: 'readyForPickup',
        readyAt: at,
        ...dated('collectBy', event.data.collectBy),
        ...(code === undefined ? {} : { code }),
      }
    }
    case 'fulfillment.collected': {
      // The code has served.
      const { code: _, ...rest } = one
      return { ...rest, version, work: 'done', collectedAt: parseInstant(event.data.occurredAt) ?? at }
    }
    case 'fulfillment.cancelRequested':
      return { ...one, version, request: 'cancelRequested', reason: event.data.reason }
    case 'fulfillment.cancelRefused':
      return { ...one, version, request: 'cancelRefused', reason: event.data.reason }
    case 'fulfillment.rejected':
      return { ...one, version, work: 'cancelled', request: 'rejected', reason: event.data.reason }
    case 'fulfillment.cancelled':
    case 'fulfillment.moved':
      return { ...one, version, work: 'cancelled', reason: event.data.reason }
    case 'fulfillment.acceptExpired':
      return { ...one, version, work: 'cancelled', request: 'rejected', reason: 'not_accepted' }
    case 'fulfillment.held':
      return { ...one, version, held: { reason: event.data.reason, at } }
    case 'fulfillment.released': {
      const { held, ...rest } = one
      const [freed] = putOff([rest], at - (held?.at ?? at))
      return { ...(freed ?? rest), version }
    }
    case 'fulfillment.split':
      return { ...one, version, lines: withoutUnits(one.lines, event.data.lines, lineNos) }
    case 'fulfillment.merged':
      return { ...one, version }
  }
}

function withoutUnits(lines: readonly WorkLine[], units: EventData<'fulfillment.split'>['lines'], lineNos: LineNos) {
  return lines
    .map((line) => {
      const own = units.find((one) => placeOf(lineNos, one.lineRef) === line.lineNo && one.sku === line.sku)
      return own === undefined ? line : { ...line, quantity: line.quantity - own.quantity }
    })
    .filter((line) => line.quantity > 0 || (line.short ?? 0) > 0)
}

/** What one event does to several fulfillment orders at once: those that a move or split makes, and the units that a merge brings together. */
function reshape(moved: Moved, event: WorkEvent, lineNos: LineNos): void {
  const { fulfillmentOrders } = moved
  switch (event.type) {
    case 'fulfillment.moved':
      moved.decisionNo = event.data.decisionNo
      moved.promise = promiseAfter(event.data.promise)
      moved.fulfillmentOrders = [...fulfillmentOrders, ...event.data.fulfillmentOrders.map((planned) => plannedOf(planned, lineNos))]
      return
    case 'fulfillment.split': {
      const from = fulfillmentOrders.find((one) => one.fulfillmentOrderId === event.data.fulfillmentOrderId)
      if (from === undefined) return
      // The day's capacity was taken once for these units and stays with the first.
      const { capacityDay: _, ...rest } = from
      const lines = event.data.lines.map(({ lineRef, sku, quantity }) => ({ lineNo: placeOf(lineNos, lineRef), sku, quantity }))
      const part = { ...rest, fulfillmentOrderId: event.data.into as FulfillmentOrderId, version: 1, lines }
      moved.fulfillmentOrders = [...fulfillmentOrders, part]
      return
    }
    case 'fulfillment.merged': {
      const taken = fulfillmentOrders.filter((one) => event.data.from.includes(one.fulfillmentOrderId))
      const into = event.data.fulfillmentOrderId
      moved.fulfillmentOrders = fulfillmentOrders.map((one) => (one.fulfillmentOrderId === into ? mergedWith(one, taken) : one))
      return
    }
    default:
      return
  }
}

/** The units of all; what is due first decides when it must leave, what is due last when it is there. */
function mergedWith(one: PlannedOrder, taken: readonly PlannedOrder[]): PlannedOrder {
  const lines = [...one.lines]
  for (const line of taken.flatMap((other) => other.lines)) {
    const i = lines.findIndex((known) => known.lineNo === line.lineNo && known.sku === line.sku)
    const known = lines[i]
    if (known === undefined) lines.push(line)
    else lines[i] = { ...known, quantity: known.quantity + line.quantity }
  }
  const shipBys = [one, ...taken].flatMap((other) => other.shipBy ?? [])
  const deliverBys = [one, ...taken].flatMap((other) => other.deliverBy ?? [])
  return {
    ...one,
    lines,
    ...(shipBys.length === 0 ? {} : { shipBy: instant(Math.min(...shipBys)) }),
    ...(deliverBys.length === 0 ? {} : { deliverBy: instant(Math.max(...deliverBys)) }),
  }
}

function picked(lines: readonly WorkLine[], now: EventData<'fulfillment.picked'>['lines'], lineNos: LineNos) {
  return lines.map((line) => {
    const units = now.find((one) => placeOf(lineNos, one.lineRef) === line.lineNo && one.sku === line.sku)?.quantity ?? 0
    return units === 0 ? line : { ...line, picked: (line.picked ?? 0) + units }
  })
}

type Taken = EventData<'fulfillment.rejected'>['taken']

/** Less to do; `asShort`: 1 where the node itself came up short. */
function withoutTaken(one: PlannedOrder, taken: Taken, lineNos: LineNos, asShort: 0 | 1): PlannedOrder {
  const own = taken.filter((units) => units.fulfillmentOrderId === one.fulfillmentOrderId)
  if (own.length === 0) return one
  const lines = one.lines.map((line) => {
    const units = own.find((taking) => placeOf(lineNos, taking.lineRef) === line.lineNo && taking.sku === line.sku)?.quantity ?? 0
    if (units === 0) return line
    const quantity = line.quantity - units
    // Of a broken bundle, what was picked already goes back to the shelf.
    const left = { ...line, quantity, ...(line.picked === undefined ? {} : { picked: Math.min(line.picked, quantity) }) }
    return asShort === 1 ? { ...left, short: (line.short ?? 0) + units } : left
  })
  const isEmpty = lines.every((line) => line.quantity === 0)
  return { ...one, version: one.version + 1, lines, ...(isEmpty ? { work: 'cancelled' as const, reason: 'bundle_broken' } : {}) }
}

function packed(parcel: EventData<'fulfillment.packed'>['parcels'][number], lineNos: LineNos, at: Instant): ParcelState {
  const { parcelId, lines, ...rest } = parcel
  return {
    ...rest,
    parcelId: parcelId as ParcelId,
    packedAt: at,
    lines: lines.map(({ lineRef, sku, quantity }) => ({ lineNo: placeOf(lineNos, lineRef), sku, quantity })),
  }
}

const isAmong =
  (opened: EventData<'fulfillment.unpacked'>['parcels']) =>
  ({ parcelId }: ParcelState): boolean =>
    opened.some((parcel) => parcel.parcelId === parcelId)

/** Reservations follow the work: what leaves the node is consumed, what is taken off is free again and open on its line. */
function moveStock(moved: Moved, event: WorkEvent, lineNos: LineNos): void {
  if (event.type === 'fulfillment.handedOver' || event.type === 'fulfillment.collected') {
    const work = moved.fulfillmentOrders.find((one) => one.fulfillmentOrderId === event.data.fulfillmentOrderId)
    if (work === undefined) return
    const units = work.lines.map(({ lineNo, sku, quantity }) => ({ lineNo, sku, nodeId: work.nodeId, quantity }))
    moved.reservations = lessen(moved.reservations, units, 'consumed')
    return
  }
  if (event.type === 'fulfillment.moved') {
    moved.reservations = reservationsMoved(moved, event.data, lineNos)
    return
  }
  if (!('taken' in event.data)) return
  const { taken, open } = event.data
  const nodeIds = new Map(moved.fulfillmentOrders.map((one) => [one.fulfillmentOrderId, one.nodeId]))
  const units = taken.map(({ fulfillmentOrderId, lineRef, sku, quantity }) => ({
    lineNo: placeOf(lineNos, lineRef),
    sku,
    nodeId: nodeIds.get(fulfillmentOrderId as FulfillmentOrderId) ?? '',
    quantity,
  }))
  const subject = moved.fulfillmentOrders.find((one) => one.fulfillmentOrderId === event.data.fulfillmentOrderId)
  const wasCommitted = subject === undefined || kindHeldFor(moved, subject) === 'committed'
  moved.lines = reopened(moved.lines, open, lineNos, wasCommitted)
  moved.reservations = lessen(moved.reservations, units, 'released')
}

/** What the node held for its part is held by others now. */
function reservationsMoved(state: Moved, data: EventData<'fulfillment.moved'>, lineNos: LineNos): OrderState['reservations'] {
  const work = state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === data.fulfillmentOrderId)
  const units = (work?.lines ?? []).map(({ lineNo, sku, quantity }) => ({ lineNo, sku, nodeId: data.nodeId, quantity }))
  return addReservations(lessen(state.reservations, units, 'released'), data.reserved, data.kind, lineNos)
}

function reopened(
  lines: OrderState['lines'],
  open: EventData<'fulfillment.rejected'>['open'],
  lineNos: LineNos,
  wasCommitted: boolean,
): OrderState['lines'] {
  const units = new Map(open.map((one) => [placeOf(lineNos, one.lineRef), one.quantity]))
  return lines.map((line, i) => {
    const now = units.get(i) ?? 0
    if (now === 0) return line
    const reserved = line.reserved - now
    const allocated = wasCommitted ? Math.max(0, line.allocated - now) : Math.min(line.allocated, reserved)
    return { ...line, reserved, allocated, backordered: line.backordered + now }
  })
}

type Units = { readonly lineNo: number; readonly sku: string; readonly nodeId: string; readonly quantity: number }

/** A reservation holds less; one of which nothing is left ends as `end` and keeps its last quantity. */
export function lessen(
  held: OrderState['reservations'],
  units: readonly Units[],
  end: 'consumed' | 'released',
): OrderState['reservations'] {
  return held.map((one) => {
    if (!isHeld(one.kind)) return one
    const less = units
      .filter((taken) => taken.lineNo === one.lineNo && taken.sku === one.sku && taken.nodeId === one.nodeId)
      .reduce((sum, taken) => sum + taken.quantity, 0)
    if (less === 0) return one
    return less >= one.quantity ? { ...one, kind: end } : { ...one, quantity: one.quantity - less }
  })
}
