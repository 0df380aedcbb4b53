import { idFromInt8, idToInt8, type OrderId } from '../kernel/ids.ts'
import { type Queryable, run, statement } from './database.ts'

/** An order that waits for stock and since when; epoch microseconds as text, so that the next page starts exactly behind it. */
export type WaitingOrder = { readonly orderId: OrderId; readonly since: string }
export const FIRST_WAITING: WaitingOrder = { orderId: idFromInt8('ord', '0'), since: '0' }

const waitingOrders = statement<{ order_id: string; since: string }>(
  'readWaitingOrders',
  `select c.order_id, (extract(epoch from c.started_at) * 1000000)::bigint::text as since
   from clocks as c
     join orders as o using (shard, order_id)
     join order_states as s using (shard, order_id)
   where c.clock = 'stock'
     and c.state = 'running'
     and (c.started_at, c.order_id) > ('epoch'::timestamptz + $1::bigint * interval '1 microsecond', $2::bigint)
     and ($3::text[] is null or exists (
       select 1
       from json_array_elements(coalesce(s.doc::json -> 'sale' -> 'lines', o.intake::json -> 'lines')) as line
       where line ->> 'sku' = any($3::text[])
     ))
   order by c.started_at, c.order_id
   limit $4::integer`,
)

/** Orders that wait for stock and have a line of one of these skus (of any, where none are given), the one that has waited longest first, behind `after`. */
export async function readWaitingOrders(
  db: Queryable,
  skus: readonly string[] | undefined,
  after: WaitingOrder,
  limit: number,
): Promise<WaitingOrder[]> {
  const rows = await run(db, waitingOrders, [after.since, idToInt8(after.orderId), skus === undefined ? null : [...skus], limit])
  return rows.map((row) => ({ orderId: idFromInt8('ord', row.order_id), since: row.since }))
}
