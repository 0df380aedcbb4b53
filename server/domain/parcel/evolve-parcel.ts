import type { NewEvent } from '../../../contract/events.ts'
import { parcelEvents } from '../../../contract/parcel-events.ts'
import { countLines } from '../fulfillment/line-progress.ts'
import type { OrderIntake, OrderState, ParcelState } from '../order/state.ts'
import { instant, parseInstant } from '../../kernel/time.ts'
import type { CanonicalScan } from './canonical-scan.ts'
import { standingOf } from './parcel-state.ts'
import type { ScanMark } from './scan-mark.ts'

type ParcelEvent = NewEvent<keyof typeof parcelEvents>
export const isParcelEvent = (event: NewEvent): event is ParcelEvent => event.type in parcelEvents

/** The state after carriers told of a parcel. `parcel.moved` says what the scans before it have done: it changes nothing by itself. */
export function evolveParcel(intake: OrderIntake, state: OrderState, event: ParcelEvent): OrderState {
  if (event.type === 'parcel.moved') return state
  const { parcelId, fulfillmentOrderId, scans } = event.data
  const marks = scans.map((scan): ScanMark => ({
    key: scan.key,
    ...(scan.meaning === undefined ? {} : { meaning: scan.meaning }),
    occurredAt: parseInstant(scan.occurredAt) ?? instant(0),
    precision: scan.precision,
  }))
  const told = (parcel: ParcelState): ParcelState => (parcel.parcelId === parcelId ? scanned(parcel, marks) : parcel)
  const fulfillmentOrders = state.fulfillmentOrders.map((work) => {
    if (work.fulfillmentOrderId !== fulfillmentOrderId) return work
    const { parcels, voided } = work
    if (voided?.some((parcel) => parcel.parcelId === parcelId)) return { ...work, voided: voided.map(told) }
    return { ...work, parcels: (parcels ?? []).map(told) }
  })
  return countLines(intake, { ...state, fulfillmentOrders })
}

/** What was delivered once was delivered, also when it goes back later; what was opened again is not. */
function scanned(parcel: ParcelState, marks: readonly ScanMark[]): ParcelState {
  const keys = new Set(marks.map((mark) => mark.key))
  const scans = [...(parcel.scans ?? []).filter((mark) => !keys.has(mark.key)), ...marks]
  if (parcel.voidedAt !== undefined) return { ...parcel, scans }
  const standing = standingOf(scans)
  const deliveredAt = parcel.deliveredAt ?? standing.deliveredAt
  return { ...parcel, scans, state: standing.state, ...(deliveredAt === undefined ? {} : { deliveredAt }) }
}

export const markOf = ({ key, meaning, occurredAt, precision }: CanonicalScan): ScanMark => ({
  key,
  ...(meaning === undefined ? {} : { meaning }),
  occurredAt,
  precision,
})
