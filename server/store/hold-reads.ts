import type { Scope } from '../domain/access/principal.ts'
import type { HoldScope } from '../../contract/entities/hold.ts'
import { type Queryable, run, statement } from './database.ts'
import { orderInScope, scopeValues } from './scope-params.ts'

export type HoldFilters = {
  readonly scope?: HoldScope | undefined
  readonly reason?: string | undefined
  readonly channelId?: string | undefined
  /** Holds that this role may release. */
  readonly role?: string | undefined
}
export type FoundHold = { readonly shard: number; readonly orderId: string; readonly holdId: string }

const SCOPE = 8
const listRows = statement<FoundHold>(
  'listHolds',
  `select h.shard, h.order_id as "orderId", h.hold_id as "holdId"
   from holds as h
     join orders as o on o.shard = h.shard and o.order_id = h.order_id
     join order_states as s on s.shard = h.shard and s.order_id = h.order_id
   where h.state = 'open'
     and s.state in ('review', 'accepted')
     and (h.order_id, h.hold_id) > ($1::bigint, $2::text)
     and ($4::text is null or h.scope = $4::text)
     and ($5::text is null or h.reason = $5::text)
     and ($6::text is null or o.channel_id = $6::text)
     and ($7::text is null or h.releasable_by is null or $7::text = any (string_to_array(h.releasable_by, ' ')))
     and ${orderInScope(SCOPE)}
   order by h.order_id, h.hold_id
   limit $3::integer`,
)

/** Open holds of orders that are not over, within a scope, by order. */
export function listHolds(
  db: Queryable,
  scope: Scope,
  { scope: reach, reason, channelId, role }: HoldFilters,
  page: { readonly orderId: string; readonly holdId: string; readonly limit: number },
): Promise<FoundHold[]> {
  const { orderId, holdId, limit } = page
  return run(db, listRows, [orderId, holdId, limit, reach ?? null, reason ?? null, channelId ?? null, role ?? null, ...scopeValues(scope)])
}
