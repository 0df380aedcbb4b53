import type { NewEvent } from '../../../contract/events.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Order, ParcelState, PlannedOrder } from '../order/state.ts'
import { isOpenable } from '../parcel/parcel-state.ts'
import type { DecidedWork } from './work-command.ts'

/**
 * Parcels are opened again: those that are named, or all that can be. Refusals: parcel_unknown (none of the work's, or opened already),
 * parcel_collected.
 */
export function unpack(order: Order, work: PlannedOrder, parcelIds: readonly string[] | undefined, now: Instant): Outcome<DecidedWork> {
  const { fulfillmentOrderId, nodeId, parcels = [] } = work
  const opened: ParcelState[] = []
  for (const [i, parcelId] of (parcelIds ?? parcels.filter(isOpenable).map((one) => one.parcelId)).entries()) {
    const pointer = `/parcelIds/${i}`
    const parcel = parcels.find((one) => one.parcelId === parcelId)
    if (parcel === undefined)
      return refuse(
        'parcel_unknown',
        { en: `"${parcelId}" is no parcel that stands packed in this work`, zh: `“${parcelId}”不是该履约单中已打包的包裹` },
        { pointer, expected: parcels.map((one) => one.parcelId), got: parcelId },
      )
    if (!isOpenable(parcel))
      return refuse(
        'parcel_collected',
        { en: `the carrier has "${parcelId}": it cannot be opened any more`, zh: `“${parcelId}”已由承运商揽收：不可再拆开` },
        { pointer, got: parcel.state },
      )
    opened.push(parcel)
  }
  const event: NewEvent = {
    type: 'fulfillment.unpacked',
    occurredAt: now,
    data: { fulfillmentOrderId, nodeId, parcels: opened.map((parcel) => told(order, parcel)) },
  }
  return done({ events: [event], isOpenAgain: false })
}

const told = ({ intake }: Order, { parcelId, lines }: ParcelState) => ({
  parcelId,
  lines: lines.map(({ lineNo, sku, quantity }) => ({ lineRef: intake.lines[lineNo]?.lineRef ?? '', sku, quantity })),
})
