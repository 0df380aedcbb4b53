import type { Place } from '../../../contract/entities/basics.ts'
import type { Instant } from '../../kernel/time.ts'
import type { ParcelState } from '../order/state.ts'
import type { ParcelStanding } from '../parcel/parcel-state.ts'
import { estimateArrival, type Eta } from './estimate.ts'
import { laneKeysOf, type EtaStage } from './lane-keys.ts'
import { binOf, weightAt, type Sketch } from './sketch.ts'

/** From where to where; a node that is not known tells nothing. */
export type Ends = { readonly from?: Place | undefined; readonly to: Place }
type Timed = Pick<ParcelState, 'carrierId' | 'serviceId' | 'handedOverAt'>

/** A stage of a parcel that began, and the histories that tell how long it takes. */
export type Timing = { readonly stage: EtaStage; readonly startedAt: Instant; readonly lanes: readonly string[] }

/** The stages that a parcel has begun, the latest first: the shorter the rest, the better it is known. */
export function timingsOf(parcel: Timed, standing: ParcelStanding, { from, to }: Ends): readonly Timing[] {
  const { carrierId, serviceId } = parcel
  const lane = {
    to,
    ...(carrierId === undefined ? {} : { carrierId }),
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(from === undefined ? {} : { from }),
  }
  const begun: readonly (readonly [EtaStage, Instant | undefined])[] = [
    ['outForDelivery', standing.outForDeliveryAt],
    ['carried', standing.collectedAt ?? parcel.handedOverAt],
  ]
  return begun.flatMap(([stage, startedAt]) =>
    startedAt === undefined ? [] : [{ stage, startedAt, lanes: laneKeysOf({ stage, ...lane }) }],
  )
}

/** When a parcel is expected; undefined where it goes to nobody any more, and where nothing is known of its lane. */
export function arrivalOf(
  standing: ParcelStanding,
  timings: readonly Timing[],
  history: ReadonlyMap<string, Sketch>,
  now: Instant,
): Eta | undefined {
  const { state, isReturning } = standing
  if (isReturning || state === 'voided' || state === 'delivered' || state === 'returned' || state === 'lost') return undefined
  for (const { stage, startedAt, lanes } of timings) {
    if (stage === 'outForDelivery' && state !== 'outForDelivery') continue
    const eta = estimateArrival(
      startedAt,
      now,
      lanes.map((lane) => history.get(lane)),
    )
    if (eta) return eta
  }
  return undefined
}

/** What a delivery teaches: how long each stage took, for each history of its lane. */
export function lessonsOf(
  timings: readonly Timing[],
  deliveredAt: Instant,
): readonly { readonly lane: string; readonly bin: number; readonly weight: number }[] {
  return timings.flatMap(({ startedAt, lanes }) =>
    deliveredAt > startedAt ? lanes.map((lane) => ({ lane, bin: binOf(deliveredAt - startedAt), weight: weightAt(deliveredAt) })) : [],
  )
}
