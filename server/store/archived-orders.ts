import type { OrderState } from '../domain/order/state.ts'
import type { Instant } from '../kernel/time.ts'
import { instantArray, plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { OrderKey } from './order-reads.ts'

/** An order after its last archived event: what its kept events go on from. */
export type ArchivedOrder = {
  readonly orderId: string
  readonly version: number
  /** Of the archived events, the last that happened. */
  readonly occurredAt: Instant
  readonly recordedAt: Instant
  readonly state: OrderState
}

type Row = { order_id: string; version: number; occurred_at: Instant; recorded_at: Instant; doc: OrderState }

const readArchived = statement<Row>(
  'readArchivedOrders',
  `select distinct on (a.shard, a.order_id) a.order_id, a.version, a.occurred_at, a.recorded_at, a.doc
   from unnest($1::smallint[], $2::bigint[]) as key (shard, order_id)
     join archived_orders as a on a.shard = key.shard and a.order_id = key.order_id
   where a.position <= (select min(archived_position) from log_heads)
   order by a.shard, a.order_id, a.position desc`,
)

/** Those of these orders of which events are archived, as they stood after the last of those; by order number. */
export async function readArchivedOrders(db: Queryable, keys: readonly OrderKey[]): Promise<ReadonlyMap<string, ArchivedOrder>> {
  const rows = await run(db, readArchived, [plainArray(keys.map((key) => key.shard)), plainArray(keys.map((key) => key.orderId))])
  return new Map(
    rows.map((row) => [
      row.order_id,
      { orderId: row.order_id, version: row.version, occurredAt: row.occurred_at, recordedAt: row.recorded_at, state: row.doc },
    ]),
  )
}

const keep = statement(
  'keepArchivedOrders',
  `insert into archived_orders (shard, order_id, position, version, recorded_at, occurred_at, doc)
   select shard, order_id, $1::bigint, version, recorded_at, occurred_at, doc
   from unnest($2::smallint[], $3::bigint[], $4::integer[], $5::timestamptz[], $6::timestamptz[], $7::text[]::json[])
     as row (shard, order_id, version, recorded_at, occurred_at, doc)
   on conflict on constraint archived_orders_pkey do nothing`,
)

/** Keeps how orders stood at a position of the log; a second time changes nothing. */
export async function keepArchivedOrders(
  db: Queryable,
  position: number,
  rows: readonly (OrderKey & { readonly occurredAt: Instant; readonly state: OrderState })[],
): Promise<void> {
  await run(db, keep, [
    position,
    plainArray(rows.map((row) => row.shard)),
    plainArray(rows.map((row) => row.orderId)),
    plainArray(rows.map((row) => row.state.version)),
    instantArray(rows.map((row) => row.state.recordedAt)),
    instantArray(rows.map((row) => row.occurredAt)),
    textArray(rows.map((row) => JSON.stringify(row.state))),
  ])
}
