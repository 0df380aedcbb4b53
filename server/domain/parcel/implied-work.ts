import type { Instant } from '../../kernel/time.ts'
import { workActionsOf } from '../fulfillment/allowed-work.ts'
import type { WorkCommand } from '../fulfillment/work-command.ts'
import type { Order } from '../order/state.ts'
import { parcelOf } from './decide-scans.ts'
import { standingOf } from './parcel-state.ts'

/**
 * What the scans of a parcel say about the node's work as a whole: that it has left, once the carrier has all its parcels and nobody
 * has said so yet; that it is done, once all were delivered. Undefined where they say nothing new.
 */
export function impliedWork(order: Order, parcelId: string): WorkCommand | undefined {
  const found = parcelOf(order, parcelId)
  if (found === undefined) return undefined
  const { work } = found
  const { fulfillmentOrderId } = work
  const allowed = workActionsOf(order, work)
  const standings = (work.parcels ?? []).map((parcel) => ({ parcel, standing: standingOf(parcel.scans ?? []) }))
  const collected = standings.map(({ standing }) => standing.collectedAt)
  if (allowed.includes('handOver') && hasAll(collected))
    return { fulfillmentOrderId, verb: 'handOver', occurredAt: extreme(collected, Math.min) }
  const delivered = standings.map(({ parcel }) => parcel.deliveredAt)
  if (allowed.includes('deliver') && hasAll(delivered))
    return { fulfillmentOrderId, verb: 'deliver', occurredAt: extreme(delivered, Math.max) }
  return undefined
}

const hasAll = (times: readonly (Instant | undefined)[]): times is readonly Instant[] =>
  times.length > 0 && times.every((time) => time !== undefined)
const extreme = (times: readonly Instant[], pick: (...values: number[]) => number): Instant => pick(...times) as Instant
