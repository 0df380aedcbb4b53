import type { ExceptionKind } from '../../contract/entities/report.ts'
import type { Scope } from '../domain/access/principal.ts'
import type { CohortRow, ExceptionRow } from '../domain/report/figures.ts'
import { stageEnds } from '../domain/report/figures.ts'
import type { Instant } from '../kernel/time.ts'
import { type Queryable, run, statement } from './database.ts'
import { scopeValues } from './scope-params.ts'

/** Whether a measure (`m` = order_measures) lies in the scope whose parameters start at `$first`: the question of `orderInScope`, asked of one narrow row. */
export function measureInScope(first: number): string {
  const [channels, nodes, carriers, customerChannel, customerRef, account] = [0, 1, 2, 3, 4, 5].map((i) => `$${first + i}`)
  return `(${channels}::text[] is null or m.channel_id = any (${channels}::text[]))
     and (${nodes}::text[] is null or m.node_ids && ${nodes}::text[])
     and (${carriers}::text[] is null or m.carrier_ids && ${carriers}::text[])
     and (${customerChannel}::text is null and ${account}::text is null or exists (
       select 1
       from orders as o
       where o.shard = m.shard
         and o.order_id = m.order_id
         and (${customerChannel}::text is null or (o.channel_id = ${customerChannel}::text and o.customer_ref = ${customerRef}::text))
         and (${account}::text is null or o.account_id = ${account}::text)))`
}

const FULFILLED = `('inTransit', 'delivered', 'inAfterSales', 'complete')`
const DELIVERED = `('delivered', 'inAfterSales', 'complete')`
const KEPT = `m.phase in ${DELIVERED} and m.last_delivered_at <= m.promised_at`
const BROKEN = `m.phase in ${DELIVERED} and m.last_delivered_at > m.promised_at
       or m.phase not in ${DELIVERED} and m.phase <> 'cancelled' and m.promised_at < $4::timestamptz`
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const stageColumns = Object.entries(stageEnds)
  .map(([stage, [from, to]]) => {
    const through = `filter (where m.${snake(to)} >= m.${snake(from)})`
    const ms = `extract(epoch from m.${snake(to)} - m.${snake(from)}) * 1000`
    return `count(*) ${through} as "${stage}Orders", coalesce(sum(${ms}) ${through}, 0)::float8 as "${stage}Ms"`
  })
  .join(',\n     ')

const SCOPE = 5
/** One pass over the orders placed in a range: at most a row for each channel and local day. */
const countCohort = statement<CohortRow>(
  'countCohort',
  `select m.channel_id as "channelId", to_char(m.placed_at at time zone $3::text, 'YYYY-MM-DD') as day, count(*) as placed,
     count(*) filter (where m.phase in ${FULFILLED}) as fulfilled,
     count(*) filter (where m.phase = 'cancelled') as cancelled,
     count(*) filter (where ${KEPT}) as kept,
     count(*) filter (where ${BROKEN}) as broken,
     count(m.cost) filter (where m.phase <> 'cancelled') as "costOrders",
     coalesce(sum(m.cost) filter (where m.phase <> 'cancelled'), 0)::float8 as cost,
     count(m.co2e_grams) filter (where m.phase <> 'cancelled') as "co2eOrders",
     coalesce(sum(m.co2e_grams) filter (where m.phase <> 'cancelled'), 0)::float8 as "co2eGrams",
     ${stageColumns}
   from order_measures as m
   where m.placed_at >= $1::timestamptz
     and m.placed_at < $2::timestamptz
     and ${measureInScope(SCOPE)}
   group by 1, 2`,
)

const countExceptions = statement<{ node_id: string | null; hour: number; kind: ExceptionKind; exceptions: string }>(
  'countExceptions',
  `select x.node_id, extract(hour from x.occurred_at at time zone $3::text)::integer as hour, x.kind, count(*) as exceptions
   from order_exceptions as x
     join order_measures as m on m.shard = x.shard and m.order_id = x.order_id
   where x.occurred_at >= $1::timestamptz
     and x.occurred_at < $2::timestamptz
     and ${measureInScope(4)}
     and ($5::text[] is null or x.node_id is null or x.node_id = any ($5::text[]))
   group by 1, 2, 3`,
)

export type ReportRange = { readonly from: Instant; readonly to: Instant; readonly zone: string }

/** What a range comes to within a scope, in rows that {@link figuresOf} adds up; `now` decides which promises are due. */
export async function readReportRows(
  db: Queryable,
  scope: Scope,
  { from, to, zone }: ReportRange,
  now: Instant,
): Promise<{ readonly cohort: readonly CohortRow[]; readonly exceptions: readonly ExceptionRow[] }> {
  const [since, until, asOf] = [from, to, now].map((at) => new Date(at).toISOString())
  const [cohort, exceptions] = await Promise.all([
    run(db, countCohort, [since, until, zone, asOf, ...scopeValues(scope)]),
    run(db, countExceptions, [since, until, zone, ...scopeValues(scope)]),
  ])
  return {
    cohort: cohort.map(
      (row) =>
        Object.fromEntries(
          Object.entries(row).map(([key, value]) => [key, typeof value === 'string' && !TEXTS.has(key) ? Number(value) : value]),
        ) as CohortRow,
    ),
    exceptions: exceptions.map((row) => ({
      nodeId: row.node_id ?? undefined,
      hour: row.hour,
      kind: row.kind,
      exceptions: Number(row.exceptions),
    })),
  }
}
const TEXTS: ReadonlySet<string> = new Set(['channelId', 'day'])
