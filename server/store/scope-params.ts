import { scopeToSqlParams } from '../domain/access/scope.ts'
import type { Scope } from '../domain/access/principal.ts'
import { textArray } from './columns.ts'

/** A scope as six parameters of a statement: channels, nodes, carriers (text[] or null), customer's channel and reference, account. */
export function scopeValues(scope: Scope): readonly (string | null)[] {
  const params = scopeToSqlParams(scope)
  const list = (values: readonly string[] | null): string | null => (values === null ? null : textArray(values))
  return [list(params.channels), list(params.nodes), list(params.carriers), params.customerChannelId, params.customerRef, params.accountId]
}

/**
 * Whether an order (`o` = orders) lies in the scope whose parameters start at `$first`: the same question as canSeeOrder, asked of the
 * nodes and carriers that ever worked on it.
 */
export function orderInScope(first: number): string {
  const [channels, nodes, carriers, customerChannel, customerRef, account] = [0, 1, 2, 3, 4, 5].map((i) => `$${first + i}`)
  return `(${channels}::text[] is null or o.channel_id = any (${channels}::text[]))
     and (${nodes}::text[] is null or exists (
       select 1
       from fulfillment_orders as f
         join nodes as n on n.node_no = f.node_no
       where f.shard = o.shard
         and f.order_id = o.order_id
         and n.node_id = any (${nodes}::text[])))
     and (${carriers}::text[] is null or exists (
       select 1
       from fulfillment_orders as f
       where f.shard = o.shard
         and f.order_id = o.order_id
         and f.carrier_id = any (${carriers}::text[])) or exists (
       select 1
       from parcels as c
       where c.shard = o.shard
         and c.order_id = o.order_id
         and c.carrier_id = any (${carriers}::text[])))
     and (${customerChannel}::text is null or (o.channel_id = ${customerChannel}::text and o.customer_ref = ${customerRef}::text))
     and (${account}::text is null or o.account_id = ${account}::text)`
}
