import { textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'

/** A channel whose orders may be planned again, and since when they must have been received. */
export type ReplannedChannel = { readonly channelId: string; readonly receivedSince: Date }
/** An order with whether it is in its window and open: nodes have all of it and none has taken it up. */
export type WindowRow = { readonly order_id: string; readonly is_open: boolean }

const readWindow = statement<WindowRow>(
  'readPlanWindow',
  `select o.order_id,
     s.state = 'accepted' and o.received_at >= wanted.received_since and exists (
       select from fulfillment_orders as f
       where f.shard = o.shard
         and f.order_id = o.order_id
         and f.work = 'planned'
     ) and not exists (
       select from fulfillment_orders as f
       where f.shard = o.shard
         and f.order_id = o.order_id
         and f.work not in ('planned', 'cancelled')
     ) as is_open
   from (
     select o.shard, o.order_id, o.channel_id, o.received_at
     from orders as o
     where o.order_id > $3::bigint
       and o.channel_id = any ($1::text[])
     order by o.order_id
     limit $4::integer
   ) as o
     join order_states as s on s.shard = o.shard and s.order_id = o.order_id
     join unnest($1::text[], $2::timestamptz[]) as wanted (channel_id, received_since) on wanted.channel_id = o.channel_id
   order by o.order_id`,
)
/** Orders of these channels after `afterId`, the oldest first, at most `limit`. */
export function ordersInWindow(db: Queryable, channels: readonly ReplannedChannel[], afterId: string, limit: number): Promise<WindowRow[]> {
  const since = channels.map((one) => one.receivedSince.toISOString())
  return run(db, readWindow, [textArray(channels.map((one) => one.channelId)), textArray(since), afterId, limit])
}
