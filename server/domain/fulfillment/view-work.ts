import type { FulfillmentOrderDetail } from '../../../contract/entities/fulfillment-order.ts'
import type { Parcel } from '../../../contract/entities/parcel.ts'
import { toIso } from '../../kernel/time.ts'
import type { OrderNames } from '../order/view.ts'
import { type PersonSeen, viewPlace } from '../order/view-place.ts'
import type { Order, OrderIntake, ParcelState, PlannedOrder } from '../order/state.ts'
import { workActionsOf } from './allowed-work.ts'
import { isWorkStopped } from '../hold/hold-reach.ts'
import { packedUnits } from './line-progress.ts'

/** One node's work with everything that is known of it; who may see what of it is the presenter's business. */
export function viewWork(order: Order, work: PlannedOrder, person: PersonSeen, names: OrderNames): FulfillmentOrderDetail {
  const { intake, state } = order
  const { carrierId, serviceId, shipBy, deliverBy, reason, acceptBy, mergedInto } = work
  const [nodeName, channelName] = [names.nodeName?.(work.nodeId), names.channelName]
  return {
    fulfillmentOrderId: work.fulfillmentOrderId,
    version: work.version,
    orderId: intake.orderId,
    channelId: intake.channelId,
    ...(channelName === undefined ? {} : { channelName }),
    externalRef: intake.externalRef,
    placedAt: toIso(intake.placedAt),
    nodeId: work.nodeId,
    ...(nodeName === undefined ? {} : { nodeName }),
    work: work.work,
    request: work.request,
    ...(reason === undefined ? {} : { reason }),
    ...(acceptBy === undefined || work.request !== 'offered' ? {} : { acceptBy: toIso(acceptBy) }),
    ...(mergedInto === undefined ? {} : { mergedInto }),
    ...(carrierId === undefined ? {} : { carrierId }),
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(shipBy === undefined ? {} : { shipBy: toIso(shipBy) }),
    ...(deliverBy === undefined ? {} : { deliverBy: toIso(deliverBy) }),
    shipTo: viewPlace(intake, person),
    ...(intake.pickup === undefined ? {} : { pickup: viewPickup(work) }),
    lines: work.lines.map((line) => {
      const name = intake.lines[line.lineNo]?.name ?? names.itemName?.(line.sku)
      const barcodes = names.barcodes?.(line.sku)
      return {
        lineRef: lineRefOf(intake, line.lineNo),
        sku: line.sku,
        ...(name === undefined ? {} : { name }),
        ...(barcodes === undefined ? {} : { barcodes: [...barcodes] }),
        quantity: line.quantity,
        picked: line.picked ?? 0,
        packed: packedUnits(work, line),
        short: line.short ?? 0,
      }
    }),
    parcels: (work.parcels ?? []).map((parcel) => viewParcel(intake, parcel)),
    isHeld: isWorkStopped(intake, state, work) || work.held !== undefined,
    ...(work.held === undefined ? {} : { hold: { reason: work.held.reason, placedAt: toIso(work.held.at) } }),
    allowedActions: workActionsOf(order, work),
  }
}

const viewPickup = ({ collectBy, code }: PlannedOrder): NonNullable<FulfillmentOrderDetail['pickup']> => ({
  ...(collectBy === undefined ? {} : { collectBy: toIso(collectBy) }),
  ...(code === undefined ? {} : { asksCode: true }),
})

export function viewParcel(
  intake: OrderIntake,
  { packedAt, handedOverAt, deliveredAt, voidedAt, lines, state: _, scans: __, ...parcel }: ParcelState,
): Parcel {
  return {
    ...parcel,
    packedAt: toIso(packedAt),
    ...(handedOverAt === undefined ? {} : { handedOverAt: toIso(handedOverAt) }),
    ...(deliveredAt === undefined ? {} : { deliveredAt: toIso(deliveredAt) }),
    ...(voidedAt === undefined ? {} : { voidedAt: toIso(voidedAt) }),
    lines: lines.map(({ lineNo, sku, quantity }) => ({ lineRef: lineRefOf(intake, lineNo), sku, quantity })),
  }
}

const lineRefOf = (intake: OrderIntake, lineNo: number): string => intake.lines[lineNo]?.lineRef ?? ''
