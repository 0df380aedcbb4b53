import type { StockEffect } from '../../../contract/event-definition.ts'
import type { LineNos } from './line-nos.ts'
import type { OrderState, PlannedOrder, Reservation, ReservationKind } from './state.ts'

export type HeldKind = Extract<ReservationKind, 'soft' | 'firm' | 'committed'>

/** True for a reservation that still takes stock. */
export function isHeld(kind: ReservationKind): kind is HeldKind {
  return kind === 'soft' || kind === 'firm' || kind === 'committed'
}

/** What the stock of a fulfillment order is held as; committed where nothing is held any more. */
export function kindHeldFor(state: Pick<OrderState, 'reservations'>, work: Pick<PlannedOrder, 'nodeId' | 'lines'>): HeldKind {
  for (const { kind, nodeId, lineNo, sku } of state.reservations)
    if (nodeId === work.nodeId && isHeld(kind) && work.lines.some((line) => line.lineNo === lineNo && line.sku === sku)) return kind
  return 'committed'
}

export type ReservedUnits = { readonly lineRef: string; readonly sku: string; readonly nodeId: string; readonly quantity: number }

/** A reservation is one by line, item and node: more units of the same add up, ended ones make room. */
export function addReservations(
  held: readonly Reservation[],
  added: readonly ReservedUnits[],
  kind: HeldKind,
  lineNos: LineNos,
): readonly Reservation[] {
  const all = [...held]
  for (const { lineRef, sku, nodeId, quantity } of added) {
    const lineNo = lineNos.get(lineRef) ?? -1
    const i = all.findIndex((one) => one.lineNo === lineNo && one.sku === sku && one.nodeId === nodeId)
    const known = all[i]
    if (known === undefined) all.push({ lineNo, sku, nodeId, quantity, kind })
    else all[i] = { ...known, quantity: quantity + (isHeld(known.kind) ? known.quantity : 0), kind }
  }
  return all
}

type Held = Pick<OrderState, 'reservations'>

/** What giving all of it up takes off the stock that is held. */
export const heldStock = ({ reservations }: Held): StockEffect[] =>
  reservations.filter((one) => isHeld(one.kind)).map((one) => ({ sku: one.sku, nodeId: one.nodeId, [one.kind]: -one.quantity }))

/** What committing it moves. */
export const movedStock = ({ reservations }: Held): StockEffect[] =>
  reservations
    .filter((one) => one.kind === 'soft' || one.kind === 'firm')
    .map((one) => ({ sku: one.sku, nodeId: one.nodeId, [one.kind]: -one.quantity, committed: one.quantity }))
