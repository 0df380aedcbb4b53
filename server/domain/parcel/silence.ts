import { HOUR, instant, type Instant } from '../../kernel/time.ts'
import type { OrderState, ParcelState, PlannedOrder, TaskState } from '../order/state.ts'

/** Less is no silence: carriers send their scans in batches. */
const QUIET_MIN = 2 * HOUR
/** Where the plan does not say how long the way takes. */
const QUIET_DEFAULT = 24 * HOUR

/** A parcel that is with its carrier, under a number that the carrier's scans can name, and not at the end of its way. */
const isUnderWay = (parcel: ParcelState): boolean =>
  parcel.trackingNo !== undefined && parcel.handedOverAt !== undefined && parcel.deliveredAt === undefined && !isGone(parcel)

/** True for a parcel that will not arrive by itself: the carrier lost it, or brought it back undelivered. */
export const isGone = ({ state, deliveredAt }: ParcelState): boolean =>
  deliveredAt === undefined && (state === 'lost' || state === 'returned')

/** How long a parcel may be quiet: as long as its lane takes by the plan. */
function quietMs({ shipBy, deliverBy }: PlannedOrder): number {
  if (shipBy === undefined || deliverBy === undefined) return QUIET_DEFAULT
  return Math.max(QUIET_MIN, deliverBy - shipBy)
}

/** When a parcel was heard of last: handed over, or scanned. A scan's time lies in the future where a carrier's clock is wrong: it counts as of now at the latest. */
function heardAt({ handedOverAt, scans }: ParcelState, recordedAt: Instant): number {
  let last: number = handedOverAt ?? 0
  if (scans === undefined) return last
  for (const { occurredAt } of scans) if (occurredAt > last) last = Math.min(occurredAt, recordedAt)
  return last
}

/** When the work's parcels under way should have been heard of again, the first of them; a person's word that it was seen to counts as hearing of them. */
function silenceOf(state: OrderState, work: PlannedOrder, tasks: readonly TaskState[]): number {
  let first = Infinity
  if (work.parcels === undefined) return first
  const seenTo = tasks.length === 0 ? 0 : Math.max(0, ...tasks.map((task) => task.doneAt ?? 0))
  for (const parcel of work.parcels)
    if (isUnderWay(parcel)) first = Math.min(first, Math.max(heardAt(parcel, state.recordedAt), seenTo) + quietMs(work))
  return first
}

/** Until when carriers should tell of the work's parcels; never where none is under way, or a person looks into it already. */
function listensUntil(state: OrderState, work: PlannedOrder): number {
  if (work.work !== 'handedOver') return Infinity
  const tasks = silenceTasksOf(state, work)
  return tasks.every((task) => task.doneAt !== undefined) ? silenceOf(state, work, tasks) : Infinity
}

const NO_TASKS: readonly TaskState[] = []
const silenceTasksOf = ({ tasks }: OrderState, work: PlannedOrder): readonly TaskState[] =>
  tasks?.filter((task) => task.kind === 'parcelSilent' && task.fulfillmentOrderId === work.fulfillmentOrderId) ?? NO_TASKS

/** When the first parcel will have been quiet for too long; undefined where none is under way. */
export function firstSilence(state: OrderState): Instant | undefined {
  let first = Infinity
  for (const work of state.fulfillmentOrders) first = Math.min(first, listensUntil(state, work))
  return first === Infinity ? undefined : instant(first)
}

/** Work of which some parcel has been quiet for too long. */
export const silentWork = (state: OrderState, now: Instant): readonly PlannedOrder[] =>
  state.fulfillmentOrders.filter((work) => listensUntil(state, work) <= now)

/** True when all parcels of the work were heard of again since the task was opened, or their way has ended. */
export const isHeardAgain = (state: OrderState, work: PlannedOrder, task: TaskState): boolean => silenceOf(state, work, []) > task.openedAt
