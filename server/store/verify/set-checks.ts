import { type Queryable, run, statement } from '../database.ts'
import type { CheckName, Findings } from './report.ts'

/** Invariants that one statement can answer for all rows at once: how many it saw, how many are wrong, the first of them. */
type Counted = { readonly checked: string; readonly violations: string; readonly examples: readonly string[] }

/** `seen` selects `says text` (what is wrong, or null) for everything that is looked at. */
const counting = (name: string, seen: string) =>
  statement<Counted>(
    name,
    `with seen as materialized (
       ${seen}
     )
     select count(*) as checked, count(says) as violations, array(select says from seen where says is not null limit 5) as examples
     from seen`,
  )

const logDense = counting(
  'verifyLogDense',
  `select case
       when h.position is null then format('log shard %s has events, but no head', log_shard)
       when h.position - h.archived_position <> coalesce(e.kept, 0)
         or coalesce(e.first, h.archived_position + 1) <> h.archived_position + 1
         or coalesce(e.last, h.position) <> h.position
       then format('log shard %s: expected positions %s to %s, got %s events from %s to %s',
         log_shard, h.archived_position + 1, h.position, coalesce(e.kept, 0), e.first, e.last)
     end as says
   from log_heads as h
     full join (
       select log_shard, count(*) as kept, min(position) as first, max(position) as last
       from events
       group by log_shard
     ) as e using (log_shard)`,
)

/** Archived is what the hub put away: each part whole, one after the other, up to the lowest kept position. Anything else that is missing is damage. */
const logArchives = counting(
  'verifyLogArchives',
  `select case
       when h.archived_position is null then format('archive %s belongs to log shard %s, which is not there', a.partition, log_shard)
       when a.partition is null then format('log shard %s: nothing says what became of positions 1 to %s', log_shard, h.archived_position)
       when a.first_position <> a.former + 1 or a.events <> a.last_position - a.former
       then format('archive %s of log shard %s: expected positions from %s, got %s events from %s to %s',
         a.partition, log_shard, a.former + 1, a.events, a.first_position, a.last_position)
       when a.is_last and a.last_position <> h.archived_position
       then format('log shard %s: archives reach to position %s, expected %s', log_shard, a.last_position, h.archived_position)
     end as says
   from (select log_shard, archived_position from log_heads where archived_position > 0) as h
     full join (
       select log_shard, partition, first_position, last_position, events, coalesce(lag(last_position) over shard, 0) as former,
         lead(last_position) over shard is null as is_last
       from log_archives
       window shard as (partition by log_shard order by first_position)
     ) as a using (log_shard)`,
)

const logSubjects = counting(
  'verifyLogSubjects',
  `select case
       when subject_version <> coalesce(before.version, 0) + 1
       then format('%s %s: version %s follows %s at position %s', subject_kind, subject_id, subject_version, coalesce(before.version, 0), position)
       when e.recorded_at < before.recorded_at
       then format('%s %s: version %s was recorded before the one it follows', subject_kind, subject_id, subject_version)
     end as says
   from (
     select e.subject_kind, e.subject_id, e.subject_version, e.position, e.recorded_at,
       coalesce(lag(e.subject_version) over subject, a.version) as former_version, coalesce(lag(e.recorded_at) over subject, a.recorded_at) as former_at
     from events as e
       left join archived_subjects as a using (log_shard, subject_kind, subject_id)
     where subject_kind <> 'order'
     window subject as (partition by log_shard, e.subject_kind, e.subject_id order by e.position)
   ) as e
     cross join lateral (select e.former_version as version, e.former_at as recorded_at) as before`,
)

const logFacts = counting(
  'verifyLogFacts',
  `select case when stands.version <> coalesce(told.version, 0)
       then format('%s %s: stands at version %s, its last event says %s', stands.kind, stands.id, stands.version, coalesce(told.version, 0)) end as says
   from (
       select 'fact' as kind, 'item:' || sku as id, version from items
       union all select 'fact', 'node:' || node_id, version from nodes
       union all select 'fact', 'account:' || account_id, version from accounts
       union all select 'fact', 'supply:' || supply_id, version from supply
       union all select 'fact', kind || ':' || fact_key, version from facts
       union all select 'stock', i.sku || '@' || n.node_id, s.version
         from stock as s
           join items as i using (item_no)
           join nodes as n using (node_no)
         where s.version > 0
     ) as stands
     full join (
       select kind, id, max(version) as version
       from (
         select subject_kind as kind, subject_id as id, subject_version as version from events
         union all select subject_kind, subject_id, version from archived_subjects
       ) as every
       where kind in ('fact', 'stock')
       group by kind, id
     ) as told using (kind, id)`,
)

const logOrphans = counting(
  'verifyLogOrphans',
  `select case when o.order_id is null
       then format('event %s at position %s tells of order %s, which is not there', e.type, e.position, coalesce(e.order_id::text, e.subject_id)) end as says
   from events as e
     left join orders as o on o.shard = e.shard and o.order_id = e.order_id
   where e.subject_kind = 'order'`,
)

const refsOrders = counting(
  'verifyRefsOrders',
  `select case
       when o.order_id is null then format('reference %s of %s names order %s, which is not there', r.external_ref, r.channel_id, r.order_id)
       when r.order_id is null then format('order %s has no reference %s of %s', o.order_id, o.external_ref, o.channel_id)
       when o.order_id <> r.order_id then format('reference %s of %s names order %s, expected %s', r.external_ref, r.channel_id, r.order_id, o.order_id)
     end as says
   from order_refs as r
     full join orders as o using (shard, channel_id, external_ref)`,
)

const ordersRows = counting(
  'verifyOrdersRows',
  `select case
       when s.order_id is null then format('order %s has no state row', o.order_id)
       when o.order_id is null then format('state row %s has no order', s.order_id)
       when p.person_id is null then format('order %s has no person row', o.order_id)
       when ((o.order_id >> 15) & 63) <> o.shard then format('order %s lies in shard %s', o.order_id, o.shard)
     end as says
   from orders as o
     full join order_states as s using (shard, order_id)
     left join persons as p on p.shard = o.shard and p.person_id = o.order_id`,
)

const bodiesOrders = counting(
  'verifyBodiesOrders',
  `select case when o.order_id is null then format('body %s of %s was applied to order %s, which is not there', b.body_id, b.channel_id, b.order_id) end as says
   from channel_bodies as b
     left join orders as o on o.shard = b.shard and o.order_id = b.order_id
   where b.order_id is not null`,
)

const heldSums = `select item_no, node_no,
         coalesce(sum(quantity) filter (where kind = 'soft'), 0) as soft,
         coalesce(sum(quantity) filter (where kind = 'firm'), 0) as firm,
         coalesce(sum(quantity) filter (where kind = 'committed'), 0) as committed
       from reservations
       where kind in ('soft', 'firm', 'committed')
       group by item_no, node_no`

const stockReserved = counting(
  'verifyStockReserved',
  `select case
       when s.item_no is null or s.soft <> coalesce(r.soft, 0) or s.firm <> coalesce(r.firm, 0) or s.committed <> coalesce(r.committed, 0)
       then format('%s@%s: soft %s, firm %s, committed %s; its reservations say %s, %s, %s',
         i.sku, n.node_id, coalesce(s.soft, 0), coalesce(s.firm, 0), coalesce(s.committed, 0), coalesce(r.soft, 0), coalesce(r.firm, 0), coalesce(r.committed, 0))
     end as says
   from stock as s
     full join (${heldSums}) as r using (item_no, node_no)
     join items as i using (item_no)
     join nodes as n using (node_no)`,
)

/** An id of the log is text: thirteen digits of five bits, as server/kernel/ids.ts writes them. */
const reservationsLog = counting(
  'verifyReservationsLog',
  `select case
       when r.holder_id is null then format('%s has events, but no row', e.subject_id)
       when e.subject_id is null then format('reservation number %s has no event', r.holder_id)
       when r.version <> e.version or r.kind <> coalesce(e.kind, r.kind)
       then format('%s is %s at version %s, its last event left it %s at %s', e.subject_id, r.kind, r.version, e.kind, e.version)
     end as says
   from (select holder_id, kind, version from reservations where reservation_key is not null) as r
     full join (
       select distinct on (subject_id) subject_id, version, kind,
         (select sum((strpos('0123456789abcdefghjkmnpqrstvwxyz', substr(subject_id, 4 + digit, 1)) - 1)::bigint << 5 * (13 - digit))::bigint
          from generate_series(1, 13) as digit) as holder_id
       from (
         select subject_id, subject_version as version,
           case type when 'reservation.made' then 'soft' when 'reservation.extended' then 'soft' else split_part(type, '.', 2) end as kind
         from events
         where subject_kind = 'reservation'
         union all
         select subject_id, version, null
         from archived_subjects
         where subject_kind = 'reservation'
       ) as every
       order by subject_id, version desc
     ) as e using (holder_id)`,
)

const stockMoves = counting(
  'verifyStockMoves',
  `select case when s.on_hand <> coalesce(m.units, 0) + coalesce(a.units, 0)
       then format('%s@%s: %s on hand, its moves add up to %s', i.sku, n.node_id, s.on_hand, coalesce(m.units, 0) + coalesce(a.units, 0)) end as says
   from stock as s
     left join (select item_no, node_no, sum(delta) as units from stock_moves group by item_no, node_no) as m using (item_no, node_no)
     left join archived_stock as a using (item_no, node_no)
     join items as i using (item_no)
     join nodes as n using (node_no)`,
)

/**
 * A grant needs availability, so after it availability is not negative; only a count, a loss or a setting makes it so, and its event says by how much.
 * Since that event only releases can have moved it: what is short now is at most what the last event of the position says.
 */
const stockGranted = counting(
  'verifyStockGranted',
  `select case when s.short > coalesce(told.short, 0)
       then format('%s@%s: %s units are granted that are not there', i.sku, n.node_id, s.short) end as says
   from (
       select item_no, node_no, greatest(0, -(on_hand - soft - firm - committed - safety + backorder_limit)) as short
       from stock
     ) as s
     join items as i using (item_no)
     join nodes as n using (node_no)
     left join (
       select distinct on (subject_id) subject_id, short
       from (
         select subject_id, position, (data::json ->> 'shortBy')::integer as short from events where subject_kind = 'stock'
         union all select subject_id, 0, short_by from archived_subjects where subject_kind = 'stock'
       ) as every
       order by subject_id, position desc
     ) as told on told.subject_id = i.sku || '@' || n.node_id`,
)

const SET_CHECKS = [
  ['log.dense', logDense],
  ['log.archives', logArchives],
  ['log.subjects', logSubjects],
  ['log.facts', logFacts],
  ['log.orphans', logOrphans],
  ['refs.orders', refsOrders],
  ['orders.rows', ordersRows],
  ['bodies.orders', bodiesOrders],
  ['stock.reserved', stockReserved],
  ['reservations.log', reservationsLog],
  ['stock.moves', stockMoves],
  ['stock.granted', stockGranted],
] as const satisfies readonly (readonly [CheckName, unknown])[]

/** Runs every invariant that is one statement. */
export async function checkSets(db: Queryable, findings: Findings): Promise<void> {
  for (const [check, counted] of SET_CHECKS) {
    const [row] = await run(db, counted)
    findings.saw(check, Number(row?.checked ?? 0))
    const violations = Number(row?.violations ?? 0)
    for (const [i, example] of (row?.examples ?? []).entries())
      findings.violated(check, example, i === 0 ? violations - (row?.examples.length ?? 1) + 1 : 1)
  }
}

const readShortages = statement<{ readonly says: string }>(
  'verifyShortages',
  `select format('%s@%s: short by %s', i.sku, n.node_id, -(s.on_hand - s.soft - s.firm - s.committed - s.safety + s.backorder_limit)) as says
   from stock as s
     join items as i using (item_no)
     join nodes as n using (node_no)
   where s.on_hand - s.soft - s.firm - s.committed - s.safety + s.backorder_limit < 0
   order by 1
   limit 20`,
)

/** The first positions that a count or loss left uncovered. */
export async function shortagesOf(db: Queryable): Promise<string[]> {
  return (await run(db, readShortages)).map((row) => row.says)
}

const readAnswerPage = statement<{ readonly credential_id: string; readonly idempotency_key: string; readonly order_id: string | null }>(
  'verifyAnswerPage',
  `select credential_id, idempotency_key, answer -> 'value' ->> 'orderId' as order_id
   from answers
   where (credential_id, idempotency_key) > ($1::text, $2::text)
   order by credential_id, idempotency_key
   limit $3::integer`,
)

/** Answers in the order of their keys, a page at a time. */
export const answersAfter = (db: Queryable, credentialId: string, key: string, limit: number) =>
  run(db, readAnswerPage, [credentialId, key, limit])

const readMissing = statement<{ readonly order_id: string }>(
  'verifyMissingOrders',
  `select row.order_id
   from unnest($1::smallint[], $2::bigint[]) as row (shard, order_id)
     left join orders as o on o.shard = row.shard and o.order_id = row.order_id
   where o.order_id is null`,
)

/** Which of these orders do not exist. */
export const missingOrders = (db: Queryable, shards: string, orderIds: string) => run(db, readMissing, [shards, orderIds])
