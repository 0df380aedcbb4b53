import type { Phase } from '../../../contract/entities/order.ts'
import type { Track } from '../../../contract/entities/track.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { phaseOf } from '../order/derive.ts'
import type { Order } from '../order/state.ts'

type State = Track['state']
export type TrackNames = {
  readonly shop?: string | undefined
  readonly item: (sku: string) => string | undefined
  readonly carrier: (carrierId: string) => string | undefined
}

/** What a shopper is told of a phase: a hold or a review is the hub's own business. */
const stateOfPhase: Readonly<Record<Phase, State>> = {
  awaitingReview: 'waiting',
  awaitingPayment: 'waiting',
  onHold: 'waiting',
  unroutable: 'waiting',
  sourcing: 'waiting',
  inviting: 'waiting',
  awaitingAccept: 'waiting',
  inProduction: 'preparing',
  inFulfillment: 'preparing',
  partShipped: 'partShipped',
  inTransit: 'onTheWay',
  delivered: 'delivered',
  inAfterSales: 'delivered',
  complete: 'delivered',
  cancelled: 'cancelled',
}

/**
 * The order as who holds its link may see it. Made of what it says and nothing taken away from more: what is added to an order later
 * does not get here by itself.
 */
export function presentTrack({ intake, state }: Order, names: TrackNames, now: Instant): Track {
  const current = stateOfPhase[phaseOf(intake, state)]
  const isOver = current === 'delivered' || current === 'cancelled'
  const { deliverBy } = state.promise
  return {
    ...optional('shop', names.shop),
    externalRef: intake.externalRef,
    state: current,
    asOf: toIso(now),
    ...(deliverBy === undefined || isOver ? {} : { deliverBy: toIso(deliverBy) }),
    steps: stepsOf({ intake, state }, current),
    items: intake.lines.map((line, i) => ({
      name: line.name ?? names.item(line.sku) ?? line.sku,
      quantity: line.quantity,
      shipped: state.lines[i]?.shipped ?? 0,
      delivered: state.lines[i]?.delivered ?? 0,
      cancelled: state.lines[i]?.cancelled ?? 0,
    })),
    parcels: parcelsOf(state).flatMap(({ carrierId, trackingNo, handedOverAt, deliveredAt }) =>
      handedOverAt === undefined
        ? []
        : {
            ...optional('carrier', carrierId === undefined ? undefined : names.carrier(carrierId)),
            ...optional('trackingNo', trackingNo),
            shippedAt: toIso(handedOverAt),
            ...optional('deliveredAt', deliveredAt === undefined ? undefined : toIso(deliveredAt)),
          },
    ),
  }
}

const parcelsOf = (state: Order['state']) => state.fulfillmentOrders.flatMap((one) => one.parcels ?? [])

function stepsOf({ intake, state }: Order, current: State): Track['steps'] {
  const parcels = parcelsOf(state)
  const deliveries = parcels.flatMap((one) => one.deliveredAt ?? [])
  const reached = [
    ['placed', intake.placedAt],
    ['packed', leastOf(parcels.map((one) => one.packedAt))],
    ['shipped', leastOf(parcels.flatMap((one) => one.handedOverAt ?? []))],
    ['delivered', current === 'delivered' ? (deliveries.toSorted((a, b) => a - b).at(-1) ?? settledFrom(state)) : undefined],
  ] as const
  return reached.flatMap(([step, at]) => (at === undefined ? [] : { step, at: toIso(at) }))
}

/** Where nothing came in a parcel: from the delivery on an order waits to be closed. */
const settledFrom = ({ clocks }: Order['state']): Instant | undefined => clocks.find((one) => one.clock === 'close')?.startedAt
const leastOf = (all: readonly Instant[]): Instant | undefined => all.toSorted((a, b) => a - b)[0]
const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V }
