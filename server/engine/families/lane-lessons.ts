import { lessonsOf, timingsOf } from '../../domain/eta/parcel-timing.ts'
import type { OrderChange } from '../../domain/order/change.ts'
import type { OrderState, ParcelState } from '../../domain/order/state.ts'
import { standingOf } from '../../domain/parcel/parcel-state.ts'
import { addLaneHistory, type LaneObservation } from '../../store/lane-history.ts'
import type { Write } from '../../store/write.ts'
import type { Memory } from '../memory.ts'
import type { DecidedOrder } from './order-command.ts'

/** What the deliveries of a batch teach the lanes they went, whether scans told of them or a person did; nothing where nothing arrived. */
export function laneLessons(changed: readonly DecidedOrder[], memory: Pick<Memory, 'nodes'>): Write[] {
  const lessons: LaneObservation[] = []
  for (const { change } of changed) if (change !== undefined && hasArrival(change)) lessons.push(...lessonsIn(change, memory))
  return lessons.length === 0 ? [] : [addLaneHistory(lessons)]
}

const hasArrival = ({ events }: OrderChange): boolean =>
  events.some(({ event }) => event.type === 'fulfillment.delivered' || (event.type === 'parcel.moved' && event.data.to === 'delivered'))

function lessonsIn({ before, after }: OrderChange, memory: Pick<Memory, 'nodes'>): LaneObservation[] {
  const known = new Set(deliveredIn(before).map(({ parcel }) => parcel.parcelId))
  return deliveredIn(after.state).flatMap(({ parcel, nodeId, deliveredAt }) => {
    if (known.has(parcel.parcelId)) return []
    const ends = { from: memory.nodes.get(nodeId)?.doc.place, to: after.intake.shipTo }
    return lessonsOf(timingsOf(parcel, standingOf(parcel.scans ?? []), ends), deliveredAt)
  })
}

type Delivered = { readonly parcel: ParcelState; readonly nodeId: string; readonly deliveredAt: NonNullable<ParcelState['deliveredAt']> }

const deliveredIn = (state: OrderState | undefined): Delivered[] =>
  (state?.fulfillmentOrders ?? []).flatMap(({ nodeId, parcels = [] }) =>
    parcels.flatMap((parcel) => (parcel.deliveredAt === undefined ? [] : [{ parcel, nodeId, deliveredAt: parcel.deliveredAt }])),
  )
