import type { ExceptionKind } from '../../../contract/entities/report.ts'
import type { LoggedEvent } from '../event/logged-event.ts'

/** Milestones of an order, as columns keep them: when it, or the first piece of its work, came so far. */
export const milestones = ['acceptedAt', 'takenAt', 'startedAt', 'pickedAt', 'packedAt', 'handedOverAt', 'deliveredAt'] as const
export type Milestone = (typeof milestones)[number]

/** What an order's events tell of it that a report counts. Times in epoch ms of business time, cost in minor units of the base currency. */
export type Measure = { readonly [M in Milestone]?: number } & {
  readonly version: number
  readonly nodeIds: readonly string[]
  readonly carrierIds: readonly string[]
  /** The first dated promise: a later, slower one breaks it. */
  readonly promisedAt?: number
  readonly lastDeliveredAt?: number
  readonly cost?: number
  readonly co2eGrams?: number
  readonly changedAt: number
}

type Measured = Pick<LoggedEvent, 'type' | 'subjectVersion' | 'nodeIds' | 'carrierIds' | 'occurredAt' | 'recordedAt' | 'data'>

/** Planned freight and handling of one decision of the order; undefined where there is none. */
export type CostOf = (decisionNo: number) => number | undefined

/** Events of which the data are needed; of all others the envelope says enough. */
export const measuredTypes = [
  'order.sourced',
  'order.historyRecorded',
  'fulfillment.moved',
  'fulfillment.rejected',
  'fulfillment.acceptExpired',
  'fulfillment.shortPicked',
  'fulfillment.cancelled',
  'parcel.moved',
] as const

const MILESTONE_OF: Readonly<Record<string, Milestone>> = {
  'order.accepted': 'acceptedAt',
  'fulfillment.accepted': 'takenAt',
  'fulfillment.started': 'startedAt',
  'fulfillment.picked': 'pickedAt',
  'fulfillment.packed': 'packedAt',
  'fulfillment.handedOver': 'handedOverAt',
  'fulfillment.delivered': 'deliveredAt',
  'order.digitalDelivered': 'deliveredAt',
  'fulfillment.readyForPickup': 'packedAt',
  'fulfillment.collected': 'deliveredAt',
}

/** Past facts of an import that are milestones; one whose time is unknown is none. */
const MILESTONE_OF_FACT: Readonly<Record<string, Milestone>> = {
  approved: 'acceptedAt',
  invoiced: 'acceptedAt',
  processing: 'startedAt',
  handedOver: 'handedOverAt',
  delivered: 'deliveredAt',
}

/**
 * The measure after one more event of the order. Events come in the order of the log; one that is known already changes nothing, so a
 * page that is read twice counts once.
 */
export function measureAfter(before: Measure | undefined, event: Measured, costOf: CostOf, promisedBy?: number): Measure {
  if (before !== undefined && event.subjectVersion <= before.version) return before
  const milestone = milestoneOf(event)
  return {
    ...before,
    ...(milestone === undefined ? {} : reached(before, milestone, event.occurredAt)),
    ...promiseOf(before, event, promisedBy),
    ...planOf(before, event, costOf),
    version: event.subjectVersion,
    nodeIds: event.nodeIds ?? before?.nodeIds ?? [],
    carrierIds: event.carrierIds ?? before?.carrierIds ?? [],
    changedAt: event.recordedAt,
  }
}

function milestoneOf({ type, data }: Measured): Milestone | undefined {
  if (type !== 'order.historyRecorded') return MILESTONE_OF[type]
  const { fact, detail } = data as { readonly fact?: string; readonly detail?: { readonly time?: string } }
  return detail?.time === 'unknown' || fact === undefined ? undefined : MILESTONE_OF_FACT[fact]
}

function reached(before: Measure | undefined, milestone: Milestone, at: number): Partial<Measure> {
  const first = Math.min(before?.[milestone] ?? Infinity, at)
  return milestone === 'deliveredAt'
    ? { deliveredAt: first, lastDeliveredAt: Math.max(before?.lastDeliveredAt ?? -Infinity, at) }
    : { [milestone]: first }
}

/** What a channel told the buyer goes before the hub's own promise, and the first stands. */
function promiseOf(before: Measure | undefined, { data }: Measured, promisedBy: number | undefined): Partial<Measure> {
  if (before?.promisedAt !== undefined) return {}
  if (promisedBy !== undefined) return { promisedAt: promisedBy }
  const { deliverBy } = (data['promise'] ?? {}) as { readonly deliverBy?: string }
  return deliverBy === undefined ? {} : { promisedAt: Date.parse(deliverBy) }
}

/** Each decision costs what it planned; those whose stock was given up again cost nothing. */
function planOf(before: Measure | undefined, { type, data }: Measured, costOf: CostOf): Partial<Measure> {
  if (type === 'order.stockReleased') return { cost: 0 }
  if (type !== 'order.sourced' && type !== 'fulfillment.moved') return {}
  const { decisionNo, promise } = data as { readonly decisionNo: number; readonly promise?: { readonly co2eGrams?: number } }
  const own = costOf(decisionNo)
  return {
    ...(own === undefined ? {} : { cost: (before?.cost ?? 0) + own }),
    ...(promise?.co2eGrams === undefined ? {} : { co2eGrams: promise.co2eGrams }),
  }
}

const EXCEPTION_OF: Readonly<Record<string, ExceptionKind>> = {
  'order.reviewRequired': 'review',
  'order.held': 'hold',
  'order.clockBreached': 'clockBreached',
  'fulfillment.rejected': 'rejected',
  'fulfillment.acceptExpired': 'acceptExpired',
  'fulfillment.shortPicked': 'short',
  'fulfillment.cancelled': 'workCancelled',
}
const PARCEL_TROUBLES: readonly unknown[] = ['failed', 'returned', 'lost']

/** Something that went wrong, and at which node where one is to be named. */
export type Exception = { readonly kind: ExceptionKind; readonly nodeId: string | undefined }

/** The exception that an event is, if it is one. */
export function exceptionOf({ type, data, nodeIds }: Pick<Measured, 'type' | 'data' | 'nodeIds'>): Exception | undefined {
  const kind = EXCEPTION_OF[type] ?? troubleOf(type, data)
  if (kind === undefined) return undefined
  const { nodeId } = data
  // Of an order that one node alone works on, what concerns all of the order concerns that node.
  const only = nodeIds?.length === 1 ? nodeIds[0] : undefined
  return { kind, nodeId: typeof nodeId === 'string' ? nodeId : only }
}

function troubleOf(type: string, data: Measured['data']): ExceptionKind | undefined {
  if (type === 'parcel.moved') return PARCEL_TROUBLES.includes(data['to']) ? 'parcelTrouble' : undefined
  if (type !== 'order.sourced') return undefined
  const lines = (data['lines'] ?? []) as readonly { readonly backordered: number }[]
  return lines.some((line) => line.backordered > 0) ? 'noStock' : undefined
}
