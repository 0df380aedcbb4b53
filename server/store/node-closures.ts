import type { Begun, Closure } from '../../contract/entities/closure.ts'
import type { Actor } from '../../contract/events.ts'
import { idFromInt8, type OrderId } from '../kernel/ids.ts'
import { type Queryable, run, statement } from './database.ts'

/** A node that closes, or did. */
export type ClosureRow = {
  readonly node_no: number
  readonly reason: string
  readonly begun: Begun
  readonly state: Closure['state']
  readonly requested_at: number
  readonly finished_at: number | null
  readonly total: number
  readonly moved: number
  readonly torn: number
  readonly left_behind: number
  readonly after_ship_by: string
  readonly after_id: string
}
const columns = `node_no, reason, begun, state, requested_at, finished_at, total, moved, torn, left_behind,
     after_ship_by::text as after_ship_by, after_id`
const FIRST = `'-infinity'::timestamptz, 0`

const readRow = statement<ClosureRow>(
  'readNodeClosure',
  `select ${columns}
   from node_closures
   where node_no = $1::integer`,
)
export async function readClosure(db: Queryable, nodeNo: number): Promise<ClosureRow | undefined> {
  return (await run(db, readRow, [nodeNo]))[0]
}

const readRunning = statement<ClosureRow>(
  'readRunningClosures',
  `select ${columns}
   from node_closures
   where state = 'closing'
   order by requested_at
   limit $1::integer`,
)
/** Sweeps that are not through, the oldest first. */
export const runningClosures = (db: Queryable, limit: number): Promise<ClosureRow[]> => run(db, readRunning, [limit])

/** Counts of work at a node that has not left it. */
export type OpenWork = { readonly unbegun: number; readonly atWork: number }
const countOpen = statement<OpenWork>(
  'countOpenWork',
  `select count(*) filter (where work in ('planned', 'ready'))::integer as unbegun,
     count(*) filter (where work in ('inProgress', 'short'))::integer as "atWork"
   from fulfillment_orders
   where node_no = $1::integer
     and is_open`,
)
export async function openWorkAt(db: Queryable, nodeNo: number): Promise<OpenWork> {
  return (await run(db, countOpen, [nodeNo]))[0] ?? { unbegun: 0, atWork: 0 }
}

const begin = statement<object>(
  'beginNodeClosure',
  `insert into node_closures as c
     (node_no, reason, begun, state, actor, requested_at, finished_at, total, moved, torn, left_behind, after_ship_by, after_id)
   select $1::integer, $2::text, $3::text, 'closing', $4::json, $5::timestamptz, null, $6::integer, 0, 0, 0, ${FIRST}
   on conflict on constraint node_closures_pkey
   do update set reason = excluded.reason, begun = excluded.begun, state = 'closing', actor = excluded.actor,
     requested_at = excluded.requested_at, finished_at = null, total = excluded.total, moved = 0, torn = 0, left_behind = 0,
     after_ship_by = excluded.after_ship_by, after_id = excluded.after_id
   where c.state = 'open'
     or c.begun <> excluded.begun`,
)
/** Begins a sweep; one that is under way or through stays as it is, unless it is asked to do more or less. */
export async function beginClosure(
  db: Queryable,
  asked: { readonly nodeNo: number; readonly reason: string; readonly begun: Begun; readonly actor: Actor; readonly total: number },
  now: Date,
): Promise<void> {
  const { nodeNo, reason, begun, actor, total } = asked
  await run(db, begin, [nodeNo, reason, begun, JSON.stringify(actor), now.toISOString(), total])
}

const end = statement<object>(
  'endNodeClosure',
  `update node_closures
   set state = 'open'
   where node_no = $1::integer`,
)
export const endClosure = (db: Queryable, nodeNo: number): Promise<object[]> => run(db, end, [nodeNo])

export type SweptCounts = { readonly moved: number; readonly torn: number; readonly leftBehind: number }
const advance = statement<object>(
  'advanceNodeClosure',
  `update node_closures
   set moved = moved + $2::integer, torn = torn + $3::integer, left_behind = left_behind + $4::integer,
     after_ship_by = coalesce($5::timestamptz, after_ship_by), after_id = coalesce($6::bigint, after_id),
     state = case when $7::timestamptz is null or state <> 'closing' then state else 'closed' end,
     finished_at = coalesce($7::timestamptz, finished_at)
   where node_no = $1::integer`,
)
/** Notes what a batch did and where it ended; `finishedAt` when nothing is left to look at. */
export async function advanceClosure(
  db: Queryable,
  nodeNo: number,
  { moved, torn, leftBehind }: SweptCounts,
  after: SweptWork | undefined,
  finishedAt: Date | undefined,
): Promise<void> {
  const cursor = [after?.shipBy ?? null, after?.id ?? null]
  await run(db, advance, [nodeNo, moved, torn, leftBehind, ...cursor, finishedAt?.toISOString() ?? null])
}

/** A fulfillment order of the sweep; `shipBy` as text and `id` as decimal number are its key. */
export type SweptWork = {
  readonly nodeNo: number
  readonly orderId: OrderId
  readonly id: string
  readonly shipBy: string
  readonly begun: Begun
}
type SweptRow = {
  readonly node_no: number
  readonly order_id: string
  readonly fulfillment_order_id: string
  readonly ship_by: string
  readonly begun: Begun
}
const sweptOf = (row: SweptRow): SweptWork => ({
  nodeNo: row.node_no,
  orderId: idFromInt8('ord', row.order_id),
  id: row.fulfillment_order_id,
  shipBy: row.ship_by,
  begun: row.begun,
})

const readNext = statement<SweptRow>(
  'readWorkToSweep',
  `select node_no, order_id, fulfillment_order_id, ship_by::text as ship_by, $2::text as begun
   from fulfillment_orders
   where node_no = $1::integer
     and is_open
     and work <> 'readyForPickup'
     and ($2::text = 'move' or work in ('planned', 'ready'))
     and (ship_by, fulfillment_order_id) > ($3::timestamptz, $4::bigint)
   order by ship_by, fulfillment_order_id
   limit $5::integer`,
)
/** The next work that must leave the node, what is due first first. */
export async function workToSweep(
  db: Queryable,
  at: { readonly nodeNo: number; readonly begun: Begun; readonly afterShipBy?: string; readonly afterId?: string },
  limit: number,
): Promise<SweptWork[]> {
  const { nodeNo, begun, afterShipBy = '-infinity', afterId = '0' } = at
  return (await run(db, readNext, [nodeNo, begun, afterShipBy, afterId, limit])).map(sweptOf)
}

const readStragglers = statement<SweptRow>(
  'readStragglers',
  `select f.node_no, f.order_id, f.fulfillment_order_id, f.ship_by::text as ship_by, c.begun
   from node_closures as c
     join fulfillment_orders as f on f.node_no = c.node_no
   where c.state = 'closed'
     and f.is_open
     and f.work in ('planned', 'ready')
   limit $1::integer`,
)
/** Work that reached nodes behind their sweep: planned by a process that did not know yet. */
export async function stragglers(db: Queryable, limit: number): Promise<SweptWork[]> {
  return (await run(db, readStragglers, [limit])).map(sweptOf)
}
