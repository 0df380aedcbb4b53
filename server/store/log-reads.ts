import type { Scope } from '../domain/access/principal.ts'
import type { LoggedEvent } from '../domain/event/logged-event.ts'
import type { Instant } from '../kernel/time.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { OrderKey } from './order-reads.ts'
import { scopeValues } from './scope-params.ts'

type EventRow = Omit<LoggedEvent, 'position' | 'actor' | 'data'> & {
  readonly position: string
  readonly actor: string
  readonly data: string
}
const eventOf = (row: EventRow): LoggedEvent => ({
  ...row,
  position: Number(row.position),
  actor: JSON.parse(row.actor) as LoggedEvent['actor'],
  data: JSON.parse(row.data) as LoggedEvent['data'],
})

const columns = [
  'position',
  'type',
  'version',
  'subject_kind',
  'subject_id',
  'subject_version',
  'order_id',
  'channel_id',
  'node_ids',
  'carrier_ids',
  'customer_ref',
  'account_id',
  'occurred_at',
  'recorded_at',
  'actor',
  'cause',
  'trace_id',
  'data',
]
const camel = (column: string): string => column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const selected = columns.map((column) => `e.${column} as "${camel(column)}"`).join(', ')

export type LogHead = { readonly logShard: number; readonly position: number; readonly archivedPosition: number }
const readHeads = statement<{ log_shard: number; position: string; archived_position: string }>(
  'readLogHeads',
  `select log_shard, position, archived_position
   from log_heads
   order by log_shard`,
)

/** Where each log shard stands: the last position written, and the last that was archived. */
export async function readLogHeads(db: Queryable): Promise<LogHead[]> {
  const rows = await run(db, readHeads)
  return rows.map((row) => ({
    logShard: row.log_shard,
    position: Number(row.position),
    archivedPosition: Number(row.archived_position),
  }))
}

/** What a reader of the log asks for; a scope narrows it further. */
export type LogFilters = {
  readonly types?: readonly string[] | undefined
  /** int8 text. */
  readonly orderId?: string | undefined
  readonly channelId?: string | undefined
  readonly nodeId?: string | undefined
}

/** Positions looked at in one call at most, so that a filter which finds nothing costs a bounded scan. */
export const LOG_WINDOW = 20_000

/**
 * What the scope certainly excludes: an event of an order, body or audit by its envelope, stock by its node. Facts pass, because what they
 * hang on stands in their data: canSeeEvent judges every row that is read.
 */
const mayBeInScope = `case e.subject_kind
         when 'stock' then $8::text[] is null and $9::text is null and $11::text is null and ($7::text[] is null or e.node_ids && $7::text[])
         when 'fact' then true
         else ($6::text[] is null or e.channel_id = any ($6::text[]))
           and ($7::text[] is null or e.node_ids && $7::text[])
           and ($8::text[] is null or e.carrier_ids && $8::text[])
           and ($9::text is null or (e.channel_id = $9::text and e.customer_ref = $10::text))
           and ($11::text is null or e.account_id = $11::text)
       end`
const matching = `($4::text[] is null or e.type = any ($4::text[]))
       and ($5::text is null or e.channel_id = $5::text)
       and ($12::text is null or e.node_ids @> array[$12::text])
       and ${mayBeInScope}`

const scanLog = statement<EventRow & { readonly head: string }>(
  'scanLog',
  `select h.position as head, ${selected}
   from log_heads as h
     left join lateral (
       select ${columns.join(', ')}
       from events as e
       where e.log_shard = $1::smallint
         and e.position > $2::bigint
         and e.position <= $2::bigint + ${LOG_WINDOW}
         and ${matching}
       order by e.position
       limit $3::integer
     ) as e on true
   where h.log_shard = $1::smallint
   order by e.position`,
)

const scanLogOfOrder = statement<EventRow & { readonly head: string }>(
  'scanLogOfOrder',
  `select h.position as head, ${selected}
   from log_heads as h
     left join lateral (
       select ${columns.join(', ')}
       from events as e
       where e.log_shard = $1::smallint
         and e.order_id = $13::bigint
         and e.position > $2::bigint
         and ${matching}
       order by e.position
       limit $3::integer
     ) as e on true
   where h.log_shard = $1::smallint
   order by e.position`,
)

export type LogPage = {
  readonly events: readonly LoggedEvent[]
  /** Everything up to here was looked at. */
  readonly upTo: number
  /** The last position written when it was read. */
  readonly head: number
}

/**
 * Events of one log shard behind a position, in log order. The head comes from the same snapshot as the events: because a transaction
 * holds the head until it commits, no event at or below it can still appear.
 */
export async function readLog(
  db: Queryable,
  logShard: number,
  after: number,
  limit: number,
  filters: LogFilters = {},
  scope: Scope = {},
): Promise<LogPage> {
  const ofOrder = filters.orderId !== undefined
  const values = [
    logShard,
    after,
    limit,
    filters.types === undefined ? null : textArray(filters.types),
    filters.channelId ?? null,
    ...scopeValues(scope),
    filters.nodeId ?? null,
  ]
  const found = await (ofOrder ? run(db, scanLogOfOrder, [...values, filters.orderId]) : run(db, scanLog, values))
  const head = Number(found[0]?.head ?? 0)
  const events = found.flatMap(({ head: _, ...row }) => (row.position === null ? [] : [eventOf(row)]))
  const last = events.at(-1)
  const end = ofOrder ? head : Math.min(head, after + LOG_WINDOW)
  return { events, upTo: events.length === limit && last !== undefined ? last.position : Math.max(after, end), head }
}

const readEventsAt = statement<EventRow & { readonly log_shard: number }>(
  'readEventsAt',
  `select e.log_shard, ${selected}
   from unnest($1::smallint[], $2::bigint[]) as asked (log_shard, position)
     join events as e on e.log_shard = asked.log_shard and e.position = asked.position`,
)

/** Single events by their place; those whose partition is gone are not there. */
export async function readLogAt(
  db: Queryable,
  places: readonly { readonly logShard: number; readonly position: number }[],
): Promise<(LoggedEvent & { readonly logShard: number })[]> {
  const rows = await run(db, readEventsAt, [
    plainArray(places.map((place) => place.logShard)),
    plainArray(places.map((place) => place.position)),
  ])
  return rows.map(({ log_shard: logShard, ...row }) => ({ ...eventOf(row), logShard }))
}

const readEventsOfOrder = statement<EventRow>(
  'readOrderEvents',
  `select ${selected}
   from events as e
   where e.order_id = $1::bigint
     and e.log_shard = $2::smallint
     and e.position > $3::bigint
     and e.subject_kind = 'order'
   order by e.position
   limit $4::integer`,
)

/** The events of one order behind a position, oldest first. Whether the order may be seen was asked before. */
export async function readOrderEvents(
  db: Queryable,
  key: OrderKey,
  logShards: number,
  after: number,
  limit: number,
): Promise<LoggedEvent[]> {
  return (await run(db, readEventsOfOrder, [key.orderId, key.shard % logShards, after, limit])).map(eventOf)
}

const readEventsUpTo = statement<EventRow>(
  'readOrderEventsUpTo',
  `select ${selected}
   from events as e
   where e.order_id = $1::bigint
     and e.log_shard = $2::smallint
     and e.subject_kind = 'order'
     and ($3::integer is null or e.subject_version <= $3::integer)
     and ($4::timestamptz is null or e.recorded_at <= $4::timestamptz)
     and ($5::timestamptz is null or e.occurred_at <= $5::timestamptz)
   order by e.position`,
)

/** How far back a reading of an order goes: to a version, to what the hub knew then, or to what had happened by then. */
export type UpTo = { readonly version: number } | { readonly recordedAt: Instant } | { readonly occurredAt: Instant }

/** An order's events from its first, in the order in which they were recorded. */
export async function readOrderEventsUpTo(db: Queryable, key: OrderKey, logShards: number, upTo: UpTo): Promise<LoggedEvent[]> {
  const rows = await run(db, readEventsUpTo, [
    key.orderId,
    key.shard % logShards,
    'version' in upTo ? upTo.version : null,
    'recordedAt' in upTo ? new Date(upTo.recordedAt).toISOString() : null,
    'occurredAt' in upTo ? new Date(upTo.occurredAt).toISOString() : null,
  ])
  return rows.map(eventOf)
}
