import { textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'

/** A channel whose orders may be planned again, and since when they must have been received. */
export type ReplannedChannel = { readonly channelId: string; readonly receivedSince: Date }
/** An order with whether it is in its window and open: nodes have all of it and none has taken it up. */
export type WindowRow = { readonly order_id: string; readonly is_open: boolean }

const readWindow = statement<WindowRow>(
  'readPlanWindow',
  `select s.order_id,
     o.received_at >= wanted.received_since and exists (
       select from fulfillment_orders as f
       where f.shard = s.shard
         and f.order_id = s.order_id
         and f.work = 'planned'
     ) and not exists (
       select from fulfillment_orders as f
       where f.shard = s.shard
         and f.order_id = s.order_id
         and f.work not in ('planned', 'cancelled')
     ) as is_open
   from (
     select s.shard, s.order_id, s.channel_id
     from order_states as s
     where s.order_id > $3::bigint
       and s.channel_id = any ($1::text[])
       and s.state = 'accepted'
     order by s.order_id
     limit $4::integer
   ) as s
     join orders as o on o.shard = s.shard and o.order_id = s.order_id
     join unnest($1::text[], $2::timestamptz[]) as wanted (channel_id, received_since) on wanted.channel_id = s.channel_id
   order by s.order_id`,
)
/** Accepted orders of these channels after `afterId`, the oldest first, at most `limit`. */
export function ordersInWindow(db: Queryable, channels: readonly ReplannedChannel[], afterId: string, limit: number): Promise<WindowRow[]> {
  const since = channels.map((one) => one.receivedSince.toISOString())
  return run(db, readWindow, [textArray(channels.map((one) => one.channelId)), textArray(since), afterId, limit])
}
