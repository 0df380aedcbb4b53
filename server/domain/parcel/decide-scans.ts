import type { EventData, NewEvent } from '../../../contract/events.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { toIso, type Instant } from '../../kernel/time.ts'
import type { Order, ParcelState, PlannedOrder } from '../order/state.ts'
import type { CanonicalScan } from './canonical-scan.ts'
import { markOf } from './evolve-parcel.ts'
import { parcelStanding } from './parcel-state.ts'

/** Scans of one parcel, in any order; those that are known already change nothing. */
export type ScanCommand = { readonly parcelId: string; readonly carrierId: string; readonly scans: readonly CanonicalScan[] }

/** Scans that one parcel keeps: what comes beyond is a carrier that repeats itself with ever new times. */
const SCANS_MAX = 500

/** The parcel, also one that was opened again, and the work that it belongs to. */
export function parcelOf({ state }: Order, parcelId: string): { readonly work: PlannedOrder; readonly parcel: ParcelState } | undefined {
  for (const work of state.fulfillmentOrders) {
    const isIt = (one: ParcelState): boolean => one.parcelId === parcelId
    const parcel = work.parcels?.find(isIt) ?? work.voided?.find(isIt)
    if (parcel !== undefined) return { work, parcel }
  }
  return undefined
}

/**
 * What scans change; those of a parcel that was opened again are kept and flagged, and move nothing. None of them new: no events. A code that was unknown and is known now counts as new. Refusal `parcel_unknown`.
 */
export function decideScans(order: Order, command: ScanCommand, now: Instant): Outcome<readonly NewEvent[]> {
  const found = parcelOf(order, command.parcelId)
  if (found === undefined)
    return refuse('parcel_unknown', { en: 'the order has no such parcel', zh: '订单没有该包裹' }, { got: command.parcelId })
  const { work, parcel } = found
  const fresh = freshOf(parcel, command.scans)
  if (fresh.length === 0) return done([])
  const before = parcelStanding(parcel)
  const after = parcelStanding({ ...parcel, scans: [...(parcel.scans ?? []), ...fresh.map(markOf)] })
  const { fulfillmentOrderId, nodeId } = work
  const at = { fulfillmentOrderId, nodeId, parcelId: parcel.parcelId, carrierId: command.carrierId }
  const scanned: NewEvent = {
    type: 'parcel.scanned',
    occurredAt: now,
    data: { ...at, scans: fresh.map((scan) => loggedScan(parcel, scan, now)), state: after.state },
  }
  if (after.state === before.state) return done([scanned])
  const since = after.since ?? now
  const moved: NewEvent = {
    type: 'parcel.moved',
    occurredAt: since,
    data: { ...at, from: before.state, to: after.state, occurredAt: toIso(since) },
  }
  return done([scanned, moved])
}

function freshOf(parcel: ParcelState, scans: readonly CanonicalScan[]): readonly CanonicalScan[] {
  const known = new Map((parcel.scans ?? []).map((mark) => [mark.key, mark]))
  const fresh = new Map<string, CanonicalScan>()
  for (const scan of scans) {
    const mark = known.get(scan.key)
    const isNews = mark === undefined || (mark.meaning === undefined && scan.meaning !== undefined)
    if (isNews && (mark !== undefined || known.size + fresh.size < SCANS_MAX)) fresh.set(scan.key, scan)
  }
  return [...fresh.values()]
}

function loggedScan(parcel: ParcelState, scan: CanonicalScan, now: Instant): EventData<'parcel.scanned'>['scans'][number] {
  const { key, code, meaning, occurredAt, precision, timeBasis, place } = scan
  const flags = [...scan.flags]
  if (occurredAt > now && !flags.includes('inFuture')) flags.push('inFuture')
  if (parcel.voidedAt !== undefined) flags.push('parcelVoided')
  return {
    key,
    ...(code === undefined ? {} : { code }),
    ...(meaning === undefined ? {} : { meaning }),
    occurredAt: toIso(occurredAt),
    precision,
    timeBasis,
    ...(place === undefined ? {} : { place }),
    flags,
  }
}
