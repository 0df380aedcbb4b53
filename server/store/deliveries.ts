import { type DeliveryId, idFromInt8, idToInt8, type OrderId } from '../kernel/ids.ts'
import { DAY, instant, type Instant } from '../kernel/time.ts'
import { instantArray, plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'

/** What became of one event on its way to one subscriber. delivered and dead are final; waiting is tried again at `nextAt`. */
export const deliveryStates = ['delivered', 'waiting', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export type Delivery = {
  readonly deliveryId: DeliveryId
  readonly subscription: string
  readonly logShard: number
  readonly position: number
  readonly type: string
  readonly orderId: OrderId | undefined
  readonly state: DeliveryState
  readonly attempts: number
  /** Status of the last answer, where there was one. */
  readonly answer: number | undefined
  readonly problem: string | undefined
  readonly tookMs: number
  readonly triedAt: Instant
  readonly nextAt: Instant | undefined
}

type Row = {
  delivery_id: string
  subscription: string
  log_shard: number
  position: string
  type: string
  order_id: string | null
  state: DeliveryState
  attempts: number
  answer: number | null
  problem: string | null
  took_ms: number
  tried_at: number
  next_at: number | null
}
const columns =
  'delivery_id, subscription, log_shard, position, type, order_id, state, attempts, answer, problem, took_ms, tried_at, next_at'

const fromRow = (row: Row): Delivery => ({
  deliveryId: idFromInt8('dlv', row.delivery_id),
  subscription: row.subscription,
  logShard: row.log_shard,
  position: Number(row.position),
  type: row.type,
  orderId: row.order_id === null ? undefined : idFromInt8('ord', row.order_id),
  state: row.state,
  attempts: row.attempts,
  answer: row.answer ?? undefined,
  problem: row.problem ?? undefined,
  tookMs: row.took_ms,
  triedAt: instant(row.tried_at),
  nextAt: row.next_at === null ? undefined : instant(row.next_at),
})

const record = statement(
  'recordDeliveries',
  `insert into deliveries (${columns})
   select ${columns}
   from unnest($1::bigint[], $2::text[], $3::smallint[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::smallint[],
     $9::smallint[], $10::text[], $11::integer[], $12::timestamptz[], $13::timestamptz[]) as row (${columns})
   on conflict on constraint deliveries_pkey
   do update set state = excluded.state, attempts = excluded.attempts, answer = excluded.answer, problem = excluded.problem,
     took_ms = excluded.took_ms, tried_at = excluded.tried_at, next_at = excluded.next_at`,
)

/** Notes what came of attempts; a delivery noted before is brought up to date. Each delivery at most once in one call. */
export async function recordDeliveries(db: Queryable, rows: readonly Delivery[]): Promise<void> {
  await run(db, record, [
    plainArray(rows.map((row) => idToInt8(row.deliveryId))),
    textArray(rows.map((row) => row.subscription)),
    plainArray(rows.map((row) => row.logShard)),
    plainArray(rows.map((row) => row.position)),
    textArray(rows.map((row) => row.type)),
    plainArray(rows.map((row) => (row.orderId === undefined ? null : idToInt8(row.orderId)))),
    textArray(rows.map((row) => row.state)),
    plainArray(rows.map((row) => row.attempts)),
    plainArray(rows.map((row) => row.answer ?? null)),
    textArray(rows.map((row) => row.problem ?? null)),
    plainArray(rows.map((row) => row.tookMs)),
    instantArray(rows.map((row) => row.triedAt)),
    instantArray(rows.map((row) => row.nextAt)),
  ])
}

const due = statement<Row>(
  'readDueDeliveries',
  `select ${columns}
   from unnest($1::text[]) as asked (name)
     cross join lateral (
       select ${columns}
       from deliveries as d
       where d.subscription = asked.name
         and d.state = 'waiting'
         and d.next_at <= $2::timestamptz
       order by d.next_at
       limit $3::integer
     ) as d`,
)

/** Deliveries whose next attempt is due, at most `each` of every subscription. */
export async function readDueDeliveries(
  db: Queryable,
  subscriptions: readonly string[],
  now: Instant,
  each: number,
): Promise<readonly Delivery[]> {
  return (await run(db, due, [textArray(subscriptions), new Date(now).toISOString(), each])).map(fromRow)
}

const page = statement<Row>(
  'listDeliveries',
  `select ${columns}
   from deliveries
   where subscription = $1::text
     and delivery_id < $2::bigint
     and ($3::text is null or state = $3::text)
   order by delivery_id desc
   limit $4::integer`,
)
const INT8_MAX = '9223372036854775807'

/** The log of a subscription's deliveries, newest first, behind `before`. */
export async function listDeliveries(
  db: Queryable,
  subscription: string,
  before: DeliveryId | undefined,
  state: DeliveryState | undefined,
  limit: number,
): Promise<readonly Delivery[]> {
  const key = before === undefined ? INT8_MAX : idToInt8(before)
  return (await run(db, page, [subscription, key, state ?? null, limit])).map(fromRow)
}

const again = statement<Row>(
  'replayDelivery',
  `update deliveries
   set state = 'waiting', attempts = 0, next_at = $3::timestamptz
   where delivery_id = $1::bigint
     and subscription = $2::text
   returning ${columns}`,
)

/** Makes a delivery due now with all its attempts before it; undefined when the subscription has none of that id. */
export async function replayDelivery(
  db: Queryable,
  deliveryId: DeliveryId,
  subscription: string,
  now: Instant,
): Promise<Delivery | undefined> {
  const [row] = await run(db, again, [idToInt8(deliveryId), subscription, new Date(now).toISOString()])
  return row === undefined ? undefined : fromRow(row)
}

const partitions = statement<{ name: string }>(
  'readDeliveryPartitions',
  `select c.relname as name
   from pg_inherits as i
     join pg_class as c on c.oid = i.inhrelid
   where i.inhparent = 'deliveries'::regclass
   order by c.relname`,
)

const nameOf = (dayMs: number): string => `deliveries_p${new Date(dayMs).toISOString().slice(0, 10).replaceAll('-', '')}`
/** The lowest id of a day: ids begin with the wall-clock ms and have 21 bits behind it (kernel/ids.ts). */
const firstIdOf = (dayMs: number): bigint => BigInt(dayMs) << 21n

/** Makes the partitions of today and tomorrow (UTC) and drops those of days past retention, with whatever still waited in them. */
export async function keepDeliveryPartitions(db: Queryable, wallNow: number, keptDays: number): Promise<void> {
  const today = Math.floor(wallNow / DAY) * DAY
  const names = new Set((await run(db, partitions)).map((row) => row.name))
  // Names and bounds are numbers of our own; DDL takes no parameters.
  for (const day of [today, today + DAY])
    if (!names.has(nameOf(day)))
      await db.query(
        `create table if not exists ${nameOf(day)} partition of deliveries for values from (${firstIdOf(day)}) to (${firstIdOf(day + DAY)})`,
      )
  for (const name of names) if (name < nameOf(today - keptDays * DAY)) await db.query(`drop table if exists ${name}`)
}
