import type { NewEvent } from '../../contract/events.ts'
import type { LoggedEvent } from '../domain/event/logged-event.ts'
import { replay } from '../domain/order/evolve.ts'
import type { Order, OrderIntake } from '../domain/order/state.ts'
import { assert } from '../kernel/assert.ts'
import { instant, type Instant } from '../kernel/time.ts'
import type { Queryable } from './database.ts'
import { readOrderEventsUpTo, type UpTo } from './log-reads.ts'
import { orderKeyOf } from './order-reads.ts'

/**
 * The order as the hub knew it at an instant (`recorded`), or as it was by then as far as is known today (`occurred`): its log replayed.
 * Undefined where nothing of it had been recorded, or had happened.
 */
export function readOrderAt(
  db: Queryable,
  intake: OrderIntake,
  logShards: number,
  at: Instant,
  by: 'recorded' | 'occurred',
): Promise<Order | undefined> {
  return replayed(db, intake, logShards, by === 'recorded' ? { recordedAt: at } : { occurredAt: at })
}

/** The order at a version, as an answer that is replayed shows it. */
export function readOrderAtVersion(db: Queryable, intake: OrderIntake, logShards: number, version: number): Promise<Order | undefined> {
  return replayed(db, intake, logShards, { version })
}

/** Everything that happened to an order, oldest first. */
export const readOrderLog = (db: Queryable, intake: OrderIntake, logShards: number): Promise<LoggedEvent[]> =>
  readOrderEventsUpTo(db, orderKeyOf(intake.orderId), logShards, { version: INT4_MAX })
const INT4_MAX = 2_147_483_647

async function replayed(db: Queryable, intake: OrderIntake, logShards: number, upTo: UpTo): Promise<Order | undefined> {
  const rows = await readOrderEventsUpTo(db, orderKeyOf(intake.orderId), logShards, upTo)
  if (rows.length === 0) return undefined
  const isWhole = 'occurredAt' in upTo || rows.every((row, i) => row.subjectVersion === i + 1)
  assert(isWhole, `the log of ${intake.orderId} has gaps: versions ${rows.map((row) => row.subjectVersion).join(', ')}`)
  return { intake, state: replay(intake, rows.map(happened)) }
}

/** A logged event as the event that rules know. */
const happened = (event: LoggedEvent): { readonly event: NewEvent; readonly recordedAt: Instant } => ({
  event: { type: event.type, data: event.data, occurredAt: event.occurredAt } as unknown as NewEvent,
  recordedAt: instant(event.recordedAt),
})
