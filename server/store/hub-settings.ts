import { type Client, type Queryable, run, runOne, statement } from './database.ts'

export type HubSettings = { readonly baseCurrency: string; readonly logShards: number }
export type ClockRow = { readonly anchor_business: number; readonly anchor_wall: number; readonly rate: number; readonly version: string }

const makeSettings = statement(
  'makeSettings',
  `insert into hub_settings (base_currency, log_shards, created_at)
   values ($1::text, $2::smallint, $3::timestamptz)
   on conflict on constraint hub_settings_pkey do nothing`,
)
const readSettings = statement<{ base_currency: string; log_shards: number }>(
  'readSettings',
  `select base_currency, log_shards from hub_settings`,
)
const makeHeads = statement(
  'makeLogHeads',
  `insert into log_heads (log_shard, position, archived_position)
   select log_shard, 0, 0
   from generate_series(0, $1::integer - 1) as log_shard
   on conflict on constraint log_heads_pkey do nothing`,
)
const makeClock = statement(
  'makeClock',
  `insert into business_clock (anchor_business, anchor_wall, rate, version)
   values ($1::timestamptz, $1::timestamptz, 1, 1)
   on conflict on constraint business_clock_pkey do nothing`,
)
const readClockRow = statement<ClockRow>('readClock', `select anchor_business, anchor_wall, rate, version from business_clock`)

/** Settings that are fixed when a database is first used; later starts read what the first one wrote. */
export async function ensureSettings(db: Client, wanted: HubSettings, wallNow: Date): Promise<HubSettings> {
  await run(db, makeSettings, [wanted.baseCurrency, wanted.logShards, wallNow.toISOString()])
  const row = await runOne(db, readSettings)
  await run(db, makeHeads, [row.log_shards])
  await run(db, makeClock, [wallNow.toISOString()])
  return { baseCurrency: row.base_currency, logShards: row.log_shards }
}

export const readClock = (db: Queryable): Promise<ClockRow> => runOne(db, readClockRow)

const heads = statement<{ log_shard: number; position: string; archived_position: string }>(
  'readHeads',
  `select log_shard, position, archived_position from log_heads order by log_shard`,
)
export const readHeads = (db: Queryable) => run(db, heads)

const capacity = statement<{ node_no: number; day: string; used: number }>(
  'readCapacity',
  `select node_no, to_char(day, 'YYYY-MM-DD') as day, used
   from node_capacity
   where day >= $1::date`,
)
const capacityAt = statement<{ node_no: number; day: string; used: number }>(
  'readCapacityOfNodes',
  `select node_no, to_char(day, 'YYYY-MM-DD') as day, used
   from node_capacity
   where node_no = any ($1::integer[])
     and day >= $2::date`,
)
/** Capacity taken at some nodes from a day on. */
export const readCapacityOf = (db: Queryable, nodeNos: readonly number[], day: string) => run(db, capacityAt, [[...nodeNos], day])

/** Capacity taken from a day on. */
export const readCapacityFrom = (db: Queryable, day: string) => run(db, capacity, [day])

const dueOrders = statement<{ order_id: string }>(
  'readDueOrders',
  `select order_id
   from order_states
   where next_due_at <= $1::timestamptz
   order by next_due_at
   limit $2::integer`,
)
/** Orders whose clocks are due, the longest overdue first. */
export const readDueOrders = (db: Queryable, now: Date, limit: number) => run(db, dueOrders, [now.toISOString(), limit])

const oldTransactions = statement<{ pid: number; seconds: number; query: string }>(
  'readOldTransactions',
  `select pid, extract(epoch from clock_timestamp() - xact_start)::integer as seconds, left(query, 80) as query
   from pg_stat_activity
   where datname = current_database()
     and xact_start < clock_timestamp() - make_interval(secs => $1::integer)
     and pid <> pg_backend_pid()
   order by xact_start
   limit 5`,
)
/** Transactions of this database that have been open longer than `seconds`. */
export const readOldTransactions = (db: Queryable, seconds: number) => run(db, oldTransactions, [seconds])

const insertParked = statement(
  'parkCommand',
  `insert into parked_commands (kind, order_id, command, error, trace_id, parked_at)
   values ($1::text, $2::bigint, $3::json, $4::text, $5::text, $6::timestamptz)`,
)
/** Keeps the trace of a command that a rule threw on; its input is not kept, because it may hold personal data. */
export async function parkCommand(
  db: Queryable,
  row: {
    readonly kind: string
    readonly orderId: string | null
    readonly actor: unknown
    readonly error: string
    readonly traceId: string | null
  },
  wallNow: Date,
): Promise<void> {
  await run(db, insertParked, [row.kind, row.orderId, JSON.stringify({ actor: row.actor }), row.error, row.traceId, wallNow.toISOString()])
}

const parkedCount = statement<{ open: number }>(
  'countParked',
  `select count(*)::integer as open from parked_commands where resolved_at is null`,
)
export const countParked = async (db: Queryable): Promise<number> => (await runOne(db, parkedCount)).open

const subscriptionLags = statement<{ subscription: string; state: string; behind: string; stands: boolean; moved_at: number }>(
  'readSubscriptionLags',
  `select s.subscription, s.state, lag.behind::text as behind, s.moved_at, lag.behind > 0 and s.moved_at < $1::timestamptz as stands
   from subscriptions as s
     cross join lateral (
       select coalesce(sum(greatest(0, h.position - (s.cursor ->> h.log_shard::integer)::bigint)), 0) as behind
       from log_heads as h
     ) as lag
   order by lag.behind desc
   limit 1000`,
)
/** How far each subscription is behind the log, and whether it `stands`: behind, and not moved since `before`. */
export const readSubscriptionLags = (db: Queryable, before: Date) => run(db, subscriptionLags, [before.toISOString()])
