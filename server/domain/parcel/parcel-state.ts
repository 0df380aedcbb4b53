import type { ParcelStateName, ScanMeaning } from '../../../contract/entities/scan.ts'
import type { Instant } from '../../kernel/time.ts'
import type { ParcelState } from '../order/state.ts'
import { parcelAfter, returnMachine } from './parcel-machine.ts'
import { inOrder, type PlacedScan } from './scan-order.ts'
import type { ScanMark } from './scan-mark.ts'

export type ParcelStanding = {
  readonly state: ParcelStateName
  /** When the state was reached; none for `created`. */
  readonly since?: Instant
  /** First scan that says that the carrier has it. */
  readonly collectedAt?: Instant
  readonly outForDeliveryAt?: Instant
  readonly deliveredAt?: Instant
  readonly lastScanAt?: Instant
  readonly isReturning: boolean
  readonly attemptsFailed: number
  /** Scans that cannot be true beside the others, by key. */
  readonly contradictory: readonly string[]
}

const NOTHING: ParcelStanding = { state: 'created', isReturning: false, attemptsFailed: 0, contradictory: [] }

/**
 * Where a parcel stands, from its scans alone. Total: any scans, in any order, any number of times. Invariant: the answer depends on the set of
 * scans, not on how they came.
 */
export const standingOf = (scans: readonly ScanMark[]): ParcelStanding => inOrder(scans).reduce(afterScan, NOTHING)

/** The same for a parcel as it is kept: one that was opened again stands nowhere, whatever is scanned. */
export function parcelStanding({ scans = [], voidedAt }: Pick<ParcelState, 'scans' | 'voidedAt'>): ParcelStanding {
  return voidedAt === undefined ? standingOf(scans) : { ...NOTHING, state: 'voided', since: voidedAt }
}

/** True while a node may open it again. */
export const isOpenable = ({ state = 'created' }: Pick<ParcelState, 'state'>): boolean => parcelAfter(state, 'unpack') !== undefined

function afterScan(before: ParcelStanding, { scan, at }: PlacedScan): ParcelStanding {
  const { meaning } = scan
  const seen = { ...before, lastScanAt: at }
  if (meaning === undefined || meaning === 'noted') return seen
  const state = before.isReturning ? returnMachine[meaning] : parcelAfter(before.state, meaning)
  if (state === undefined) return isContradiction(before, meaning) ? { ...seen, contradictory: [...before.contradictory, scan.key] } : seen
  return {
    ...seen,
    state,
    ...(state === before.state ? {} : { since: at }),
    ...milestones(before, state, at),
    isReturning: before.isReturning || meaning === 'returning',
    attemptsFailed: before.attemptsFailed + (meaning === 'attemptFailed' ? 1 : 0),
  }
}

function milestones(before: ParcelStanding, state: ParcelStateName, at: Instant): Partial<ParcelStanding> {
  const isCarried = state !== 'created' && state !== 'labelled'
  return {
    ...(isCarried && before.collectedAt === undefined ? { collectedAt: at } : {}),
    ...(state === 'outForDelivery' ? { outForDeliveryAt: at } : {}),
    ...(state === 'delivered' && before.deliveredAt === undefined ? { deliveredAt: at } : {}),
  }
}

/** A parcel that has arrived cannot be moved, loaded, missed or lost; that an office books something after it is no contradiction. */
function isContradiction({ state }: ParcelStanding, meaning: ScanMeaning): boolean {
  return (state === 'delivered' || state === 'returned') && meaning !== 'announced' && meaning !== 'delivered' && meaning !== 'returned'
}
