import type { EventData, NewEvent } from '../../../contract/events.ts'
import { workEvents } from '../../../contract/work-events.ts'
import type { FulfillmentOrderId, ParcelId } from '../../kernel/ids.ts'
import { type Instant, parseInstant } from '../../kernel/time.ts'
import { isHeld } from '../order/reservation.ts'
import type { OrderIntake, OrderState, ParcelState, PlannedOrder, WorkLine } from '../order/state.ts'
import { countLines } from './line-progress.ts'

type WorkEventType = keyof typeof workEvents
export type WorkEvent = NewEvent<WorkEventType>
export const isWorkEvent = (event: NewEvent): event is WorkEvent => event.type in workEvents

/** The state after something happened at a node; the ledgers of the lines are counted anew from the work. */
export function evolveWork(intake: OrderIntake, state: OrderState, event: WorkEvent, at: Instant): OrderState {
  const lineNos = new Map(intake.lines.map((line, i) => [line.lineRef, i]))
  const moved = { ...state, fulfillmentOrders: state.fulfillmentOrders.map((one) => workAfterEvent(one, event, lineNos, at)) }
  return countLines(intake, withStock(moved, event, lineNos))
}

const placeOf = (lineNos: ReadonlyMap<string, number>, lineRef: string): number => lineNos.get(lineRef) ?? -1

function workAfterEvent(one: PlannedOrder, event: WorkEvent, lineNos: ReadonlyMap<string, number>, at: Instant): PlannedOrder {
  const isSubject = one.fulfillmentOrderId === event.data.fulfillmentOrderId
  // A part of a bundle that another node holds leaves with it.
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
    case 'fulfillment.handedOver': {
      const handedOverAt = parseInstant(event.data.occurredAt) ?? at
      return { ...one, version, work: 'handedOver', parcels: (one.parcels ?? []).map((parcel) => ({ ...parcel, handedOverAt })) }
    }
    case 'fulfillment.delivered': {
      const deliveredAt = parseInstant(event.data.occurredAt) ?? at
      return { ...one, version, work: 'done', parcels: (one.parcels ?? []).map((parcel) => ({ ...parcel, deliveredAt })) }
    }
    case 'fulfillment.cancelRequested':
      return { ...one, version, request: 'cancelRequested', reason: event.data.reason }
    case 'fulfillment.cancelRefused':
      return { ...one, version, request: 'cancelRefused', reason: event.data.reason }
    case 'fulfillment.rejected':
      return { ...one, version, work: 'cancelled', request: 'rejected', reason: event.data.reason }
    case 'fulfillment.cancelled':
      return { ...one, version, work: 'cancelled', reason: event.data.reason }
  }
}

function picked(lines: readonly WorkLine[], now: EventData<'fulfillment.picked'>['lines'], lineNos: ReadonlyMap<string, number>) {
  return lines.map((line) => {
    const units = now.find((one) => placeOf(lineNos, one.lineRef) === line.lineNo && one.sku === line.sku)?.quantity ?? 0
    return units === 0 ? line : { ...line, picked: (line.picked ?? 0) + units }
  })
}

type Taken = EventData<'fulfillment.rejected'>['taken']

/** Less to do; `asShort`: 1 where the node itself came up short. */
function withoutTaken(one: PlannedOrder, taken: Taken, lineNos: ReadonlyMap<string, number>, asShort: 0 | 1): PlannedOrder {
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

function packed(
  parcel: EventData<'fulfillment.packed'>['parcels'][number],
  lineNos: ReadonlyMap<string, number>,
  at: Instant,
): ParcelState {
  const { parcelId, lines, ...rest } = parcel
  return {
    ...rest,
    parcelId: parcelId as ParcelId,
    packedAt: at,
    lines: lines.map(({ lineRef, sku, quantity }) => ({ lineNo: placeOf(lineNos, lineRef), sku, quantity })),
  }
}

/** Reservations follow the work: what leaves the node is consumed, what is taken off is free again and open on its line. */
function withStock(state: OrderState, event: WorkEvent, lineNos: ReadonlyMap<string, number>): OrderState {
  if (event.type === 'fulfillment.handedOver') {
    const work = state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === event.data.fulfillmentOrderId)
    if (work === undefined) return state
    const units = work.lines.map(({ lineNo, sku, quantity }) => ({ lineNo, sku, nodeId: work.nodeId, quantity }))
    return { ...state, reservations: lessen(state.reservations, units, 'consumed') }
  }
  if (!('taken' in event.data)) return state
  const { taken, open } = event.data
  const nodeIds = new Map(state.fulfillmentOrders.map((one) => [one.fulfillmentOrderId, one.nodeId]))
  const units = taken.map(({ fulfillmentOrderId, lineRef, sku, quantity }) => ({
    lineNo: placeOf(lineNos, lineRef),
    sku,
    nodeId: nodeIds.get(fulfillmentOrderId as FulfillmentOrderId) ?? '',
    quantity,
  }))
  return { ...reopened(state, open, lineNos), reservations: lessen(state.reservations, units, 'released') }
}

function reopened(state: OrderState, open: EventData<'fulfillment.rejected'>['open'], lineNos: ReadonlyMap<string, number>): OrderState {
  const units = new Map(open.map((one) => [placeOf(lineNos, one.lineRef), one.quantity]))
  return {
    ...state,
    lines: state.lines.map((line, i) => {
      const now = units.get(i) ?? 0
      if (now === 0) return line
      return { ...line, reserved: line.reserved - now, allocated: Math.max(0, line.allocated - now), backordered: line.backordered + now }
    }),
  }
}

type Units = { readonly lineNo: number; readonly sku: string; readonly nodeId: string; readonly quantity: number }

/** A reservation holds less; one of which nothing is left ends as `end` and keeps its last quantity. */
function lessen(held: OrderState['reservations'], units: readonly Units[], end: 'consumed' | 'released'): OrderState['reservations'] {
  return held.map((one) => {
    if (!isHeld(one.kind)) return one
    const less = units
      .filter((taken) => taken.lineNo === one.lineNo && taken.sku === one.sku && taken.nodeId === one.nodeId)
      .reduce((sum, taken) => sum + taken.quantity, 0)
    if (less === 0) return one
    return less >= one.quantity ? { ...one, kind: end } : { ...one, quantity: one.quantity - less }
  })
}
