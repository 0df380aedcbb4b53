import type { NewEvent } from '../../contract/events.ts'
import { evolve, initialState } from '../domain/order/evolve.ts'
import type { OrderIntake, OrderState } from '../domain/order/state.ts'
import { assert, present } from '../kernel/assert.ts'
import type { Instant } from '../kernel/time.ts'
import { keepArchivedOrders, readArchivedOrders } from './archived-orders.ts'
import { plainArray } from './columns.ts'
import { type Pool, type Queryable, run, runOne, statement, transaction } from './database.ts'
import { orderKeyOf, readOrders, type OrderKey } from './order-reads.ts'
import { detachPartition, isStillOldest, type Partition, readPartitions } from './partitions.ts'

const lastEvents = statement<{ heads: number; reached: number; recorded_at: Instant | null }>(
  'readPartitionEnds',
  `select count(*)::integer as heads, (count(*) filter (where h.position >= $1::bigint))::integer as reached, max(e.recorded_at) as recorded_at
   from log_heads as h
     left join events as e on e.log_shard = h.log_shard and e.position = $1::bigint`,
)
const youngestEvent = statement<{ recorded_at: Instant }>(
  'readPartitionYoungest',
  `select coalesce(max(recorded_at), '-infinity') as recorded_at
   from events
   where position between $1::bigint and $2::bigint`,
)

/** The oldest part of the log, once all its positions are written and none of its events was recorded at `cutoff` or later. */
export async function partPastRetention(db: Queryable, cutoff: Instant): Promise<Partition | undefined> {
  const [part] = await readPartitions(db, 'events')
  if (part === undefined) return undefined
  const ends = await runOne(db, lastEvents, [part.last])
  if (ends.reached < ends.heads || (ends.recorded_at ?? Infinity) >= cutoff) return undefined
  const youngest = await runOne(db, youngestEvent, [part.first, part.last])
  return youngest.recorded_at < cutoff ? part : undefined
}

export type OpenOrders = { readonly open: number; readonly first: string | null }
const openOrders = statement<OpenOrders>(
  'readPartitionOpenOrders',
  `select count(*)::integer as open, min(s.order_id)::text as first
   from (
       select distinct shard, order_id
       from events
       where position between $1::bigint and $2::bigint
         and subject_kind = 'order'
     ) as told
     join order_states as s on s.shard = told.shard and s.order_id = told.order_id
   where s.state not in ('closed', 'cancelled', 'rejected')`,
)

/** Orders with events in this part that are not over yet: they keep it. */
export const openOrdersOf = (db: Queryable, part: Partition): Promise<OpenOrders> => runOne(db, openOrders, [part.first, part.last])

const orderPage = statement<{ order_id: string; shard: number }>(
  'readPartitionOrders',
  `select order_id, min(shard)::smallint as shard
   from events
   where position between $1::bigint and $2::bigint
     and order_id > $3::bigint
     and subject_kind = 'order'
   group by order_id
   order by order_id
   limit $4::integer`,
)
type Told = {
  readonly order_id: string
  readonly type: NewEvent['type']
  readonly subject_version: number
  readonly occurred_at: Instant
  readonly recorded_at: Instant
  readonly data: NewEvent['data']
}
const eventsOfOrders = statement<Omit<Told, 'data'> & { readonly data: string }>(
  'readPartitionEvents',
  `select order_id, type, subject_version, occurred_at, recorded_at, data
   from events
   where position between $1::bigint and $2::bigint
     and order_id = any ($3::bigint[])
     and subject_kind = 'order'
   order by order_id, position`,
)

/**
 * Keeps how the next orders stood at the end of a part: their former snapshot, or their intake, and the part's events. The number of the
 * last order; undefined when there are no more. A part whose events have gaps is damaged and throws: it must not be archived.
 */
export async function snapshotOrders(pool: Pool, part: Partition, after: string, limit: number): Promise<string | undefined> {
  const page = await run(pool, orderPage, [part.first, part.last, after, limit])
  const last = page.at(-1)
  if (last === undefined) return undefined
  const keys = page.map(({ shard, order_id }): OrderKey => ({ shard, orderId: order_id }))
  const before = await readArchivedOrders(pool, keys)
  const intakes = new Map((await readOrders(pool, keys)).map(({ intake }) => [orderKeyOf(intake.orderId).orderId, intake]))
  const events = await run(pool, eventsOfOrders, [part.first, part.last, plainArray(keys.map((key) => key.orderId))])
  const told = Map.groupBy(
    events.map((event): Told => ({ ...event, data: JSON.parse(event.data) as Told['data'] })),
    (event) => event.order_id,
  )
  const rows = keys.map((key) => {
    const intake = present(intakes.get(key.orderId), `order ${key.orderId}, of which the log tells`)
    const base = before.get(key.orderId)
    const events = told.get(key.orderId) ?? []
    const occurredAt = Math.max(base?.occurredAt ?? -Infinity, ...events.map((event) => event.occurred_at)) as Instant
    return { ...key, occurredAt, state: stateAfter(intake, base?.state ?? initialState(intake), events) }
  })
  await keepArchivedOrders(pool, part.last, rows)
  return last.order_id
}

function stateAfter(intake: OrderIntake, base: OrderState, events: readonly Told[]): OrderState {
  return events.reduce((state, { type, data, subject_version, occurred_at, recorded_at }) => {
    assert(subject_version === state.version + 1, `version ${subject_version} of ${intake.orderId} follows ${state.version} in the log`)
    return evolve(intake, state, { type, data, occurredAt: occurred_at } as NewEvent, recorded_at)
  }, base)
}

const keepSubjects = statement(
  'keepArchivedSubjects',
  `insert into archived_subjects (log_shard, subject_kind, subject_id, version, recorded_at, short_by)
   select distinct on (log_shard, subject_kind, subject_id) log_shard, subject_kind, subject_id, subject_version, recorded_at,
     case when subject_kind = 'stock' then (data::json ->> 'shortBy')::integer end
   from events
   where position between $1::bigint and $2::bigint
     and subject_kind <> 'order'
   order by log_shard, subject_kind, subject_id, position desc
   on conflict on constraint archived_subjects_pkey
   do update set version = excluded.version, recorded_at = excluded.recorded_at, short_by = excluded.short_by`,
)
const keepArchive = statement<{ expected: string; events: string }>(
  'keepLogArchive',
  `with told as (
     select log_shard, count(*) as events, min(position) as first_position, max(position) as last_position, max(recorded_at) as recorded_at
     from events
     where position between $1::bigint and $2::bigint
     group by log_shard
   ), kept as (
     insert into log_archives (log_shard, partition, first_position, last_position, events, recorded_at, archived_at)
     select log_shard, $3::text, first_position, last_position, events, recorded_at, $4::timestamptz
     from told
   )
   select sum($2::bigint - h.archived_position) as expected, sum(coalesce(told.events, 0)) as events
   from log_heads as h
     left join told using (log_shard)`,
)
const raiseArchived = statement('raiseArchivedPosition', `update log_heads set archived_position = $1::bigint`)
const expireSubscriptions = statement<{ subscription: string }>(
  'expireSubscriptions',
  `update subscriptions
   set state = 'expired'
   where state = 'live'
     and exists (select from json_array_elements_text(cursor) as position where position::bigint < $1::bigint)
   returning subscription`,
)

/**
 * Detaches a part of the log whose orders all have their snapshot: what else it told of is kept, the lowest kept position rises, and
 * subscriptions below it are expired, in one transaction. Which ones those are; none where another process was first.
 * Throws where the part lacks events: it is damaged.
 */
export function archiveEvents(pool: Pool, part: Partition, wallNow: Instant): Promise<string[]> {
  return transaction(pool, async (client) => {
    if (!(await isStillOldest(client, 'events', part))) return []
    await run(client, keepSubjects, [part.first, part.last])
    const { expected, events } = await runOne(client, keepArchive, [part.first, part.last, part.name, new Date(wallNow).toISOString()])
    assert(expected === events, `${part.name} holds ${events} events, expected ${expected}: a damaged log is not archived`)
    await detachPartition(client, 'events', part)
    await run(client, raiseArchived, [part.last])
    return (await run(client, expireSubscriptions, [part.last])).map((row) => row.subscription)
  })
}
