import type { Phase } from '../../../contract/entities/order.ts'
import type { Support } from '../../../contract/entities/channel.ts'
import type { OrderParcel } from '../../../contract/entities/parcel.ts'
import type { Track } from '../../../contract/entities/track.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { isMovable, isReady } from '../fulfillment/work-machine.ts'
import { phaseOf } from '../order/derive.ts'
import { codeOf } from '../order/pickup.ts'
import type { Order } from '../order/state.ts'

type State = Track['state']
export type TrackNames = {
  readonly shop?: string | undefined
  readonly support?: Support | undefined
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
export function presentTrack({ intake, state }: Order, onTheWay: readonly OrderParcel[], names: TrackNames, now: Instant): Track {
  const phase = stateOfPhase[phaseOf(intake, state)]
  const current = phase === 'preparing' && isReadyToCollect(state) ? 'readyForPickup' : phase
  const isOver = current === 'delivered' || current === 'cancelled'
  const { deliverBy } = state.promise
  return {
    ...optional('shop', names.shop),
    ...optional('support', names.support === undefined ? undefined : supportOf(names.support)),
    externalRef: intake.externalRef,
    state: current,
    asOf: toIso(now),
    ...(deliverBy === undefined || isOver ? {} : { deliverBy: toIso(deliverBy) }),
    steps: stepsOf({ intake, state }, current),
    ...(intake.lines.every((line) => line.isDigital) ? { isDigital: true as const } : {}),
    ...optional('pickup', pickupOf({ intake, state }, names)),
    items: intake.lines.map((line, i) => ({
      name: line.name ?? names.item(line.sku) ?? line.sku,
      quantity: line.quantity,
      shipped: state.lines[i]?.shipped ?? 0,
      delivered: state.lines[i]?.delivered ?? 0,
      cancelled: state.lines[i]?.cancelled ?? 0,
    })),
    parcels: onTheWay.flatMap((parcel) => parcelOf(parcel, names)),
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

/** One that has left; what is still in the house is the house's business. */
function parcelOf(parcel: OrderParcel, names: TrackNames): Track['parcels'] {
  const { carrierId, trackingNo, handedOverAt, deliveredAt, state, isReturning, eta, co2eGrams } = parcel
  if (handedOverAt === undefined) return []
  return [
    {
      ...optional('carrier', carrierId === undefined ? undefined : names.carrier(carrierId)),
      ...optional('trackingNo', trackingNo),
      shippedAt: handedOverAt,
      ...optional('deliveredAt', deliveredAt),
      // Without a scan of its own, a parcel that was handed over is on its way.
      state: deliveredAt !== undefined ? 'delivered' : state === 'created' || state === 'labelled' ? 'collected' : state,
      ...(isReturning ? { isReturning: true as const } : {}),
      ...optional('place', deliveredAt === undefined ? placeOf(parcel) : undefined),
      ...optional('eta', eta === undefined ? undefined : { at: eta.at, from: eta.from, to: eta.to }),
      ...optional('co2eGrams', co2eGrams),
    },
  ]
}

/** Scans at a carrier's own places; those where it was collected or is delivered would name the node or the buyer's door. */
const HUBS: ReadonlySet<string | undefined> = new Set([
  'departed',
  'moving',
  'arrived',
  'customsEntered',
  'customsHeld',
  'customsCleared',
  'delayed',
])

/** The latest scan that says where: to the city, and by name where that is a carrier's own place. */
function placeOf({ scans }: OrderParcel): Track['parcels'][number]['place'] {
  for (const { place, meaning, occurredAt } of scans) {
    const name = HUBS.has(meaning) ? place?.name : undefined
    const { city, region, countryCode } = place ?? {}
    if (name === undefined && city === undefined && countryCode === undefined) continue
    return {
      ...optional('name', name),
      ...optional('city', city),
      ...optional('region', region),
      ...optional('countryCode', countryCode),
      at: occurredAt,
    }
  }
  return undefined
}

const supportOf = ({ email, phone, url }: Support): Support => ({
  ...optional('email', email),
  ...optional('phone', phone),
  ...optional('url', url),
})

const parcelsOf = (state: Order['state']) => state.fulfillmentOrders.flatMap((one) => one.parcels ?? [])

function stepsOf({ intake, state }: Order, current: State): Track['steps'] {
  if (intake.pickup !== undefined) return pickupSteps({ intake, state })
  const parcels = parcelsOf(state)
  const left = parcels.flatMap((one) => one.handedOverAt ?? [])
  const deliveries = parcels.flatMap((one) => one.deliveredAt ?? [])
  const reached = [
    ['placed', intake.placedAt],
    // A node may tell of its packing later than of the hand-over: what has left was packed by then.
    ['packed', leastOf([...parcels.map((one) => one.packedAt), ...left])],
    ['shipped', leastOf(left)],
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
