import type { Order, ParcelState } from '../order/state.ts'
import type { GivenUnits } from './needs.ts'

/** A parcel as a platform is told of it: whole units of the platform's own lines. */
export type ShippedParcel = {
  readonly parcelId: string
  readonly trackingNo?: string
  readonly carrierId?: string
  readonly lines: readonly { readonly lineRef: string; readonly quantity: number }[]
}
export type Shipment = { readonly parcels: readonly ShippedParcel[]; readonly isWhole: boolean }

type Part = Pick<ParcelState, 'trackingNo' | 'carrierId' | 'lines'> & { readonly parcelId: string }

/**
 * Parcels of one fulfillment order in the words of the channel. The line of a bundle counts as shipped with the first parcel that holds
 * a part of it. What was collected counts as one parcel without a number. `isWhole`: nothing of the order is left to ship.
 */
export function shipmentOf({ intake, state }: Order, fulfillmentOrderId: string, parcelIds: readonly string[]): Shipment {
  const work = state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
  const collected = work?.collectedAt === undefined ? [] : [{ parcelId: fulfillmentOrderId, lines: work.lines } as const]
  const parcels: readonly Part[] = [...(work?.parcels ?? []).filter((parcel) => parcelIds.includes(parcel.parcelId)), ...collected]
  return {
    parcels: parcels.map(({ parcelId, trackingNo, carrierId, lines }) => {
      const units = new Map<string, number>()
      for (const { lineNo, quantity } of lines) {
        const line = intake.lines[lineNo]
        if (line !== undefined) units.set(line.lineRef, Math.min(line.quantity, Math.max(units.get(line.lineRef) ?? 0, quantity)))
      }
      return {
        parcelId,
        ...(trackingNo === undefined ? {} : { trackingNo }),
        ...(carrierId === undefined ? {} : { carrierId }),
        lines: [...units].map(([lineRef, quantity]) => ({ lineRef, quantity })),
      }
    }),
    isWhole: isWhole({ intake, state }),
  }
}

/** What the buyer has without a parcel, told as one without a number; what it is told under keeps it from being told twice. */
export function givenOf(order: Order, subject: string, lines: readonly GivenUnits[]): Shipment {
  return { parcels: [{ parcelId: `${subject}-${lines.map((one) => one.lineRef).join('-')}`, lines }], isWhole: isWhole(order) }
}

const isWhole = ({ intake, state }: Order): boolean =>
  state.lines.every((line, i) => line.shipped + line.cancelled >= (intake.lines[i]?.quantity ?? 0))
