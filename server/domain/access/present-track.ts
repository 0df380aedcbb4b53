import type { Phase } from '../../../contract/entities/order.ts'
import type { Track } from '../../../contract/entities/track.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { isMovable, isReady } from '../fulfillment/work-machine.ts'
import { phaseOf } from '../order/derive.ts'
import { codeOf } from '../order/pickup.ts'
import type { Order } from '../order/state.ts'

type State = Track['state']
export type TrackNames = {
  readonly shop?: string | undefined
  readonly item: (sku: string) => string | undefined
  readonly carrier: (carrierId: string) => string | undefined
  readonly node: (nodeId: string) => string | undefined
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
  const phase = stateOfPhase[phaseOf(intake, state)]
  const current = phase === 'preparing' && isReadyToCollect(state) ? 'readyForPickup' : phase
  const isOver = current === 'delivered' || current === 'cancelled'
  const { deliverBy } = state.promise
  return {
    ...optional('shop', names.shop),
    externalRef: intake.externalRef,
    state: current,
    asOf: toIso(now),
    ...(deliverBy === undefined || isOver ? {} : { deliverBy: toIso(deliverBy) }),
    steps: stepsOf({ intake, state }, current),
    ...optional('pickup', pickupOf({ intake, state }, names)),
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

/** All that is left to collect is there. */
function isReadyToCollect({ fulfillmentOrders }: Order['state']): boolean {
  const open = fulfillmentOrders.filter((one) => isMovable(one.work))
  return open.length > 0 && open.every((one) => isReady(one.work))
}

function pickupOf({ intake, state }: Order, names: TrackNames): Track['pickup'] {
  if (intake.pickup === undefined) return undefined
  const ready = state.fulfillmentOrders.find((one) => isReady(one.work))
  return {
    name: names.node(intake.pickup.nodeId) ?? intake.pickup.nodeId,
    ...optional('collectBy', ready?.collectBy === undefined ? undefined : toIso(ready.collectBy)),
    ...optional('code', codeOf(state)),
  }
}

const parcelsOf = (state: Order['state']) => state.fulfillmentOrders.flatMap((one) => one.parcels ?? [])

function stepsOf({ intake, state }: Order, current: State): Track['steps'] {
  if (intake.pickup !== undefined) return pickupSteps({ intake, state })
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
function pickupSteps({ intake, state }: Order): Track['steps'] {
  const works = state.fulfillmentOrders.filter((one) => one.work !== 'cancelled')
  const isOver = works.length > 0 && works.every((one) => one.work === 'done')
  const reached = [
    ['placed', intake.placedAt],
    ['readyForPickup', leastOf(works.flatMap((one) => one.readyAt ?? []))],
    ['collected', isOver ? leastOf(works.flatMap((one) => one.collectedAt ?? [])) : undefined],
  ] as const
  return reached.flatMap(([step, at]) => (at === undefined ? [] : { step, at: toIso(at) }))
}

const leastOf = (all: readonly Instant[]): Instant | undefined => all.toSorted((a, b) => a - b)[0]
const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { readonly [k in K]?: V }
