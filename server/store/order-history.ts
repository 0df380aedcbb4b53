import type { NewEvent } from '../../contract/events.ts'
import type { LoggedEvent } from '../domain/event/logged-event.ts'
import { replay } from '../domain/order/evolve.ts'
import { currentOrder } from '../domain/order/current-intake.ts'
import type { Order, OrderIntake, OrderState } from '../domain/order/state.ts'
import { assert } from '../kernel/assert.ts'
import { instant, type Instant } from '../kernel/time.ts'
import type { Queryable } from './database.ts'
import { type ArchivedOrder, readArchivedOrders } from './archived-orders.ts'
import { readOrderEventsUpTo, type UpTo } from './log-reads.ts'
import { orderKeyOf } from './order-reads.ts'

/** An order as it was: undefined where nothing of it had been recorded, or had happened; `archived` where the events that would tell are. */
export type OrderThen = Order | 'archived' | undefined

/** The order as the hub knew it at an instant (`recorded`), or as it was by then as far as is known today (`occurred`): its log replayed. */
export function readOrderAt(
  db: Queryable,
  intake: OrderIntake,
  logShards: number,
  at: Instant,
  by: 'recorded' | 'occurred',
): Promise<OrderThen> {
  return replayed(db, intake, logShards, by === 'recorded' ? { recordedAt: at } : { occurredAt: at })
}

/** The order at a version, as an answer that is replayed shows it. */
export function readOrderAtVersion(db: Queryable, intake: OrderIntake, logShards: number, version: number): Promise<OrderThen> {
  return replayed(db, intake, logShards, { version })
}

/** What is kept of all that happened to an order, oldest first, and the state that it goes on `from` where its first events are archived. */
export async function readOrderLog(
  db: Queryable,
  intake: OrderIntake,
  logShards: number,
): Promise<{ readonly from: OrderState | undefined; readonly events: readonly LoggedEvent[] }> {
  const key = orderKeyOf(intake.orderId)
  const rows = await readOrderEventsUpTo(db, key, logShards, { version: INT4_MAX })
  const base = (await readArchivedOrders(db, [key])).get(key.orderId)
  return { from: base?.state, events: rows.filter((row) => row.subjectVersion > (base?.version ?? 0)) }
}
const INT4_MAX = 2_147_483_647

async function replayed(db: Queryable, intake: OrderIntake, logShards: number, upTo: UpTo): Promise<OrderThen> {
  const key = orderKeyOf(intake.orderId)
  const rows = await readOrderEventsUpTo(db, key, logShards, upTo)
  const base = (await readArchivedOrders(db, [key])).get(key.orderId)
  if (base !== undefined && !reaches(base, upTo)) return intakeIsLater(intake, upTo) ? undefined : 'archived'
  if (base === undefined && rows.length === 0) return undefined
  const first = (base?.version ?? 0) + 1
  const kept = rows.filter((row) => row.subjectVersion >= first)
  const isWhole = 'occurredAt' in upTo || kept.every((row, i) => row.subjectVersion === first + i)
  assert(isWhole, `the log of ${intake.orderId} has gaps: versions ${rows.map((row) => row.subjectVersion).join(', ')}`)
  return currentOrder({ intake, state: replay(intake, kept.map(happened), base?.state) })
}

/** Whether what is asked for lies at or behind what is archived, so that the snapshot is where it starts. */
function reaches(base: ArchivedOrder, upTo: UpTo): boolean {
  if ('version' in upTo) return upTo.version >= base.version
  return 'recordedAt' in upTo ? upTo.recordedAt >= base.recordedAt : upTo.occurredAt >= base.occurredAt
}

/** Before its intake nothing was known of an order, whatever of its log is kept. */
const intakeIsLater = (intake: OrderIntake, upTo: UpTo): boolean => 'recordedAt' in upTo && upTo.recordedAt < intake.receivedAt

/** A logged event as the event that rules know. */
const happened = (event: LoggedEvent): { readonly event: NewEvent; readonly recordedAt: Instant } => ({
  event: { type: event.type, data: event.data, occurredAt: event.occurredAt } as unknown as NewEvent,
  recordedAt: instant(event.recordedAt),
})
