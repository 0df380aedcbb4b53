import type { Instant } from '../../kernel/time.ts'
import type { ParcelState, PlannedOrder } from '../order/state.ts'
import { isOpenable } from '../parcel/parcel-state.ts'

/** Parcels that hold nothing any more stand beside the others; the rest is as if they had never been packed. */
export function withoutParcels(one: PlannedOrder, isGone: (parcel: ParcelState) => boolean, at: Instant): PlannedOrder {
  const { parcels = [], voided = [], ...rest } = one
  const kept = parcels.filter((parcel) => !isGone(parcel))
  if (kept.length === parcels.length) return one
  const gone = parcels.filter(isGone).map((parcel) => ({ ...parcel, voidedAt: at, state: 'voided' as const }))
  return { ...rest, ...(kept.length === 0 ? {} : { parcels: kept }), voided: [...voided, ...gone] }
}

/** With work that ends before its hand-over its parcels are void, but for those that a carrier has: the same list where none is. */
export function voidedWithWork(works: readonly PlannedOrder[], at: Instant): readonly PlannedOrder[] {
  if (!works.some(isLeftPacked)) return works
  return works.map((one) => (isLeftPacked(one) ? withoutParcels(one, isOpenable, at) : one))
}

const isLeftPacked = ({ work, parcels }: PlannedOrder): boolean => work === 'cancelled' && parcels !== undefined && parcels.some(isOpenable)
