import type { OrderParcel } from '../../../contract/entities/parcel.ts'
import type { Scan, ScanFlag } from '../../../contract/entities/scan.ts'
import { toIso, type Instant } from '../../kernel/time.ts'
import type { Footprint } from '../carbon/footprint.ts'
import type { Eta } from '../eta/estimate.ts'
import { viewParcel } from '../fulfillment/view-work.ts'
import type { OrderIntake, ParcelState, PlannedOrder } from '../order/state.ts'
import type { ParcelStanding } from './parcel-state.ts'

/** What a view of a parcel needs beside its order. */
export type ParcelBeside = {
  readonly standing: ParcelStanding
  readonly scans: readonly (Scan & { readonly key: string })[]
  readonly eta: Eta | undefined
  readonly footprint: Footprint | undefined
  readonly nodeName: string | undefined
}

/** A parcel with everything that is known of it; who may see what of it is the presenter's business. */
export function viewOrderParcel(intake: OrderIntake, work: PlannedOrder, parcel: ParcelState, beside: ParcelBeside): OrderParcel {
  const { standing, scans, eta, footprint, nodeName } = beside
  const promised = parcel.voidedAt === undefined ? work.deliverBy : undefined
  return {
    ...viewParcel(intake, parcel),
    fulfillmentOrderId: work.fulfillmentOrderId,
    nodeId: work.nodeId,
    ...(nodeName === undefined ? {} : { nodeName }),
    state: standing.state,
    ...times(standing),
    isReturning: standing.isReturning,
    attemptsFailed: standing.attemptsFailed,
    ...(promised === undefined ? {} : { promisedBy: toIso(promised) }),
    ...(eta === undefined ? {} : { eta: viewEta(eta) }),
    ...(footprint === undefined ? {} : { co2eGrams: footprint.co2eGrams }),
    legs: footprint === undefined ? [] : footprint.legs.map((leg) => ({ ...leg })),
    scans: scans.map(({ key, ...scan }) => ({ ...scan, flags: [...scan.flags, ...oddBeside(standing, parcel, key, scan.receivedAt)] })),
  }
}

/** What is odd about a scan beside the others of its parcel, and beside what became of it. */
function oddBeside(standing: ParcelStanding, { voidedAt }: ParcelState, key: string, receivedAt: string): readonly ScanFlag[] {
  if (standing.contradictory.includes(key)) return ['contradictory']
  return voidedAt !== undefined && receivedAt >= toIso(voidedAt) ? ['parcelVoided'] : []
}

function times({ since, collectedAt, outForDeliveryAt, lastScanAt }: ParcelStanding) {
  const iso = (at: Instant | undefined) => (at === undefined ? undefined : toIso(at))
  const named = { since: iso(since), collectedAt: iso(collectedAt), outForDeliveryAt: iso(outForDeliveryAt), lastScanAt: iso(lastScanAt) }
  return Object.fromEntries(Object.entries(named).filter(([, at]) => at !== undefined)) as { [K in keyof typeof named]?: string }
}

const viewEta = ({ at, from, to, observations }: Eta) => ({ at: toIso(at), from: toIso(from), to: toIso(to), observations })
