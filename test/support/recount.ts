import type { Static } from 'typebox'
import { exceptionKinds, type ExceptionKind, type ReportFigures, stages } from '../../contract/entities/report.ts'
import type { Scope } from '../../server/domain/access/principal.ts'
import type { LoggedEvent } from '../../server/domain/event/logged-event.ts'
import { phaseOf } from '../../server/domain/order/derive.ts'
import type { Order } from '../../server/domain/order/state.ts'
import { isOrderInScope } from '../../server/http/handlers/show-order.ts'
import { type Instant, toIso } from '../../server/kernel/time.ts'

/** An order with everything that was written about it. */
export type Told = {
  readonly order: Order
  readonly events: readonly LoggedEvent[]
  readonly decisions: readonly { readonly decisionNo: number; readonly doc: unknown }[]
}
type Figures = Static<typeof ReportFigures>
type Range = { readonly from: Instant; readonly to: Instant; readonly zone: string }

const FULFILLED = ['inTransit', 'delivered', 'inAfterSales', 'complete']
const DELIVERED = FULFILLED.slice(1)
const STEPS = [
  'order.accepted',
  'fulfillment.accepted',
  'fulfillment.started',
  'fulfillment.picked',
  'fulfillment.packed',
  'fulfillment.handedOver',
  'fulfillment.delivered',
]

/** The figures of a range by the shortest way from what was written, with none of the code that keeps them. */
export function recount(told: readonly Told[], scope: Scope, { from, to, zone }: Range, now: Instant): Figures {
  const seen = told.filter(({ order }) => isOrderInScope(scope, order))
  const cohort = seen.filter(({ order }) => order.intake.placedAt >= from && order.intake.placedAt < to)
  const facts = cohort.map((one) => factsOf(one, zone, now))
  const exceptions = seen
    .flatMap(exceptionsOf)
    .filter(({ at, nodeId }) => at >= from && at < to && (nodeId === undefined || (scope.nodes?.includes(nodeId) ?? true)))
  const decided = facts.filter((one) => one.outcome !== 'open')
  const costs = facts.flatMap((one) => one.cost ?? [])
  const emitted = facts.flatMap((one) => one.co2e ?? [])
  const totalGrams = tenths(sum(emitted))
  return {
    from: toIso(from),
    to: toIso(to),
    ...outcomes(facts),
    ...(decided.length === 0 ? {} : { fulfilmentRate: decided.filter((one) => one.outcome === 'fulfilled').length / decided.length }),
    stages: stages.map((stage, i) => {
      const took = facts.flatMap((one) => {
        const [begun, ended] = [one.steps[i], one.steps[i + 1]]
        return begun === undefined || ended === undefined || ended < begun ? [] : [ended - begun]
      })
      return { stage, orders: took.length, ...(took.length === 0 ? {} : { meanMs: Math.round(sum(took) / took.length) }) }
    }),
    channels: by(facts, (one) => one.channelId)
      .map(([channelId, rows]) => ({ channelId, channelName: CHANNEL_NAMES[channelId] ?? '', ...outcomes(rows) }))
      .toSorted((a, b) => b.placed - a.placed || (a.channelId < b.channelId ? -1 : 1)),
    cost: { orders: costs.length, total: sum(costs), ...(costs.length === 0 ? {} : { mean: Math.round(sum(costs) / costs.length) }) },
    co2e: { orders: emitted.length, totalGrams, ...(emitted.length === 0 ? {} : { meanGrams: tenths(totalGrams / emitted.length) }) },
    days: by(facts, (one) => one.day)
      .map(([day, rows]) => ({ day, ...outcomes(rows) }))
      .toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    exceptions: exceptions.length,
    kinds: exceptionKinds
      .map((kind) => ({ kind, exceptions: exceptions.filter((one) => one.kind === kind).length }))
      .filter((one) => one.exceptions > 0)
      .toSorted((a, b) => b.exceptions - a.exceptions),
    heat: by(exceptions, (one) => one.nodeId)
      .map(([nodeId, rows]) => ({
        ...(nodeId === undefined ? {} : { nodeId, nodeName: `Node ${nodeId}` }),
        hours: Array.from({ length: 24 }, (_, hour) => rows.filter((one) => hourOf(one.at, zone) === hour).length),
      }))
      .toSorted((a, b) => sum(b.hours) - sum(a.hours) || ((a.nodeId ?? '') < (b.nodeId ?? '') ? -1 : 1)),
  }
}

const CHANNEL_NAMES: Readonly<Record<string, string>> = { 'shop-cn': '中国店', 'shop-eu': 'EU shop', b2b: 'B2B' }
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const tenths = (value: number): number => Math.round(value * 10) / 10
function by<T, K>(rows: readonly T[], keyOf: (row: T) => K): [K, T[]][] {
  const groups = new Map<K, T[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return [...groups]
}
const partOf = (at: number, zone: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('sv', { timeZone: zone, ...options }).format(at)
const hourOf = (at: number, zone: string): number => Number(partOf(at, zone, { hour: '2-digit', hourCycle: 'h23' }))

function factsOf({ order, events, decisions }: Told, zone: string, now: number) {
  const { intake, state } = order
  const phase = phaseOf(intake, state)
  const times = (type: string) => events.filter((event) => event.type === type).map((event) => event.occurredAt)
  const first = (type: string): number | undefined => times(type).toSorted((a, b) => a - b)[0]
  const dated = events.flatMap((event) => (event.data['promise'] as { deliverBy?: string } | undefined)?.deliverBy ?? [])
  const promisedAt = intake.promisedBy ?? (dated[0] === undefined ? undefined : Date.parse(dated[0]))
  const last = [...times('fulfillment.delivered'), ...times('order.digitalDelivered')].toSorted((a, b) => b - a)[0]
  const outcome = phase === 'cancelled' ? 'cancelled' : FULFILLED.includes(phase) ? 'fulfilled' : 'open'
  const isDelivered = DELIVERED.includes(phase)
  const wasKept = isDelivered && promisedAt !== undefined && last !== undefined && last <= promisedAt
  const wasBroken =
    promisedAt !== undefined && outcome !== 'cancelled' && (isDelivered ? last !== undefined && last > promisedAt : promisedAt < now)
  const given = events.findLastIndex((event) => event.type === 'order.stockReleased')
  const valid = events.slice(given + 1).flatMap((event) => event.data['decisionNo'] ?? [])
  const paid = decisions.flatMap(({ decisionNo, doc }) => {
    const { freight = 0, handling = 0 } = (doc as { cost?: { freight?: number; handling?: number } }).cost ?? {}
    return valid.includes(decisionNo) ? [Math.round(freight + handling)] : []
  })
  return {
    channelId: intake.channelId,
    day: partOf(intake.placedAt, zone, { year: 'numeric', month: '2-digit', day: '2-digit' }),
    outcome,
    wasKept,
    wasBroken,
    steps: [intake.placedAt, ...STEPS.map(first)],
    cost: outcome === 'cancelled' || (paid.length === 0 && given < 0) ? undefined : sum(paid),
    co2e: outcome === 'cancelled' ? undefined : state.promise.co2eGrams,
  }
}

function outcomes(facts: readonly ReturnType<typeof factsOf>[]) {
  const count = (outcome: string) => facts.filter((one) => one.outcome === outcome).length
  const kept = facts.filter((one) => one.wasKept).length
  const broken = facts.filter((one) => one.wasBroken).length
  const rate = kept + broken === 0 ? {} : { keptRate: kept / (kept + broken) }
  return { placed: facts.length, fulfilled: count('fulfilled'), cancelled: count('cancelled'), open: count('open'), kept, broken, ...rate }
}

const KINDS: Readonly<Record<string, ExceptionKind>> = {
  'order.reviewRequired': 'review',
  'order.held': 'hold',
  'order.clockBreached': 'clockBreached',
  'fulfillment.rejected': 'rejected',
  'fulfillment.acceptExpired': 'acceptExpired',
  'fulfillment.shortPicked': 'short',
  'fulfillment.cancelled': 'workCancelled',
}
type Happened = { readonly type: string; readonly data: Readonly<Record<string, unknown>> }
/** What went wrong by an event; undefined where nothing did. */
export function exceptionIn({ type, data }: Happened): ExceptionKind | undefined {
  const lines = type === 'order.sourced' ? (data['lines'] as { backordered: number }[]) : []
  const isLost = type === 'parcel.moved' && ['failed', 'returned', 'lost'].includes(String(data['to']))
  return KINDS[type] ?? (lines.some((line) => line.backordered > 0) ? 'noStock' : isLost ? 'parcelTrouble' : undefined)
}
function exceptionsOf({ events }: Told) {
  return events.flatMap((event) => {
    const { data, occurredAt, nodeIds } = event
    const kind = exceptionIn(event)
    return kind === undefined
      ? []
      : [{ kind, at: occurredAt, nodeId: (data['nodeId'] as string | undefined) ?? (nodeIds?.length === 1 ? nodeIds[0] : undefined) }]
  })
}
