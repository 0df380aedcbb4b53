import type { OrderParcel } from '../../../contract/entities/parcel.ts'
import { footprintOf } from '../../domain/carbon/footprint.ts'
import { arrivalOf, timingsOf, type Timing } from '../../domain/eta/parcel-timing.ts'
import { addLoads, loadOf, NO_LOAD } from '../../domain/freight/load.ts'
import type { Order, ParcelState, PlannedOrder } from '../../domain/order/state.ts'
import { type ParcelStanding, parcelStanding } from '../../domain/parcel/parcel-state.ts'
import { viewOrderParcel } from '../../domain/parcel/view-parcel.ts'
import { wayOf } from '../../domain/promise/parcel-way.ts'
import { readLaneHistory } from '../../store/lane-history.ts'
import { type KnownScan, readScans } from '../../store/scans.ts'
import type { ReadDeps } from './read-deps.ts'

export type ParcelDeps = Pick<ReadDeps, 'pool' | 'memory' | 'facts' | 'now'>

/** A parcel in its order. */
export type PlacedParcel = { readonly order: Order; readonly work: PlannedOrder; readonly parcel: ParcelState }
type Asked = PlacedParcel & { readonly standing: ParcelStanding; readonly timings: readonly Timing[] }

/** Scans shown of one parcel, the latest. */
const SCANS_SHOWN = 100

/** Those that stand packed, then those that were opened again, work by work. */
export const parcelsOf = (order: Order): PlacedParcel[] =>
  order.state.fulfillmentOrders.flatMap((work) =>
    [...(work.parcels ?? []), ...(work.voided ?? [])].map((parcel) => ({ order, work, parcel })),
  )

/** Parcels with their scans, arrival and emissions, in the order given; two statements for all of them, none where there are no parcels. */
export async function viewParcels(deps: ParcelDeps, placed: readonly PlacedParcel[]): Promise<OrderParcel[]> {
  if (placed.length === 0) return []
  const asked = placed.map((one) => ask(deps, one))
  const isOpen = ({ standing, parcel }: Asked) =>
    parcel.deliveredAt === undefined && standing.state !== 'returned' && standing.state !== 'lost' && standing.state !== 'voided'
  const lanes = asked.filter(isOpen).flatMap(({ timings }) => timings.flatMap((timing) => timing.lanes))
  const scanned = asked.filter(({ parcel }) => parcel.scans !== undefined).map(({ parcel }) => parcel.parcelId)
  const [history, scans] = await Promise.all([readLaneHistory(deps.pool, lanes), readScans(deps.pool, scanned, SCANS_SHOWN)])
  const now = deps.now()
  return asked.map(({ order, work, parcel, standing, timings }) =>
    viewOrderParcel(order.intake, work, parcel, {
      standing,
      scans: knownTo(parcel, scans.get(parcel.parcelId) ?? []),
      eta: parcel.deliveredAt === undefined ? arrivalOf(standing, timings, history, now) : undefined,
      footprint: parcel.voidedAt === undefined ? footprint(deps, { order, work, parcel }) : undefined,
      nodeName: deps.memory.nodes.get(work.nodeId)?.doc.name,
    }),
  )
}

/** Of an order as it was, the scans that were known then. */
function knownTo(parcel: ParcelState, scans: readonly KnownScan[]): readonly KnownScan[] {
  const keys = new Set(parcel.scans?.map((mark) => mark.key))
  return scans.filter((scan) => keys.has(scan.key))
}

function ask(deps: ParcelDeps, placed: PlacedParcel): Asked {
  const standing = parcelStanding(placed.parcel)
  const from = deps.memory.nodes.get(placed.work.nodeId)?.doc.place
  return { ...placed, standing, timings: timingsOf(placed.parcel, standing, { from, to: placed.order.intake.shipTo }) }
}

/** Weighed where it was weighed, else as heavy as what is in it. */
function footprint(deps: ParcelDeps, { order, work, parcel }: PlacedParcel) {
  const way = wayOf(deps.facts.network, work.nodeId, parcel, order.intake.shipTo)
  const load = parcel.lines.reduce(
    (sum, { sku, quantity }) => addLoads(sum, loadOf(deps.memory.items.get(sku)?.doc ?? {}, quantity)),
    NO_LOAD,
  )
  return way && footprintOf(parcel.weightGrams ?? load.grams, way.legs, way.hubs)
}
