import type { Scope } from '../domain/access/principal.ts'
import { DAY, HOUR, type Instant } from '../kernel/time.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import { measureInScope } from './report-reads.ts'
import { scopeValues } from './scope-params.ts'

const steps = ['placed', 'accepted', 'taken', 'started', 'packed', 'handedOver', 'delivered'] as const
type Step = (typeof steps)[number]
const columnOf = (step: Step): string => `${step.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}_at`

type PulseRow = { readonly [S in Step]: string } & { readonly kept: string; readonly broken: string }
const countPulse = statement<PulseRow>(
  'countPulse',
  `select ${steps.map((step) => `count(*) filter (where m.${columnOf(step)} > $2::timestamptz) as "${step}"`).join(', ')},
     count(*) filter (where m.last_delivered_at > $1::timestamptz and m.phase in ('delivered', 'inAfterSales', 'complete')
       and m.last_delivered_at <= m.promised_at) as kept,
     count(*) filter (where m.last_delivered_at > $1::timestamptz and m.phase in ('delivered', 'inAfterSales', 'complete')
       and m.last_delivered_at > m.promised_at) as broken
   from order_measures as m
   where m.changed_at > $1::timestamptz
     and ${measureInScope(3)}`,
)

type FlowRow = { readonly node_id: string; readonly lat: number; readonly lng: number; readonly orders: string }
const countFlows = statement<FlowRow>(
  'countFlows',
  `select n.node_id, round(m.to_lat)::float8 as lat, round(m.to_lng)::float8 as lng, count(*) as orders
   from order_states as s
     join order_measures as m on m.shard = s.shard and m.order_id = s.order_id
     cross join lateral unnest(m.node_ids) as n (node_id)
   where s.phase in ('partShipped', 'inTransit')
     and m.to_lat is not null
     and m.to_lng is not null
     and ${measureInScope(1)}
     and ($2::text[] is null or n.node_id = any ($2::text[]))
     and ($3::text[] is null or exists (
       select 1
       from fulfillment_orders as f
         join nodes as k on k.node_no = f.node_no
       where f.shard = m.shard
         and f.order_id = m.order_id
         and k.node_id = n.node_id
         and f.carrier_id = any ($3::text[])))
   group by 1, 2, 3
   order by orders desc, 1, 2, 3
   limit $7::integer`,
)

export type Pulse = {
  readonly lastHour: { readonly [S in Step]: number }
  readonly lastDay: { readonly kept: number; readonly broken: number }
  readonly flows: readonly { readonly nodeId: string; readonly lat: number; readonly lng: number; readonly orders: number }[]
}

/** How fast orders move within a scope, and between which places (for a carrier from where it fetches them); what the log told last may be missing for about a second. */
export async function readPulse(db: Queryable, scope: Scope, now: Instant, flowsMax: number): Promise<Pulse> {
  const values = scopeValues(scope)
  const [day, hour] = [DAY, HOUR].map((length) => new Date(now - length).toISOString())
  const [pulse, flows] = await Promise.all([run(db, countPulse, [day, hour, ...values]), run(db, countFlows, [...values, flowsMax])])
  const counted = (name: keyof PulseRow): number => Number(pulse[0]?.[name] ?? 0)
  return {
    lastHour: Object.fromEntries(steps.map((step) => [step, counted(step)])) as Pulse['lastHour'],
    lastDay: { kept: counted('kept'), broken: counted('broken') },
    flows: flows.map((row) => ({ nodeId: row.node_id, lat: row.lat, lng: row.lng, orders: Number(row.orders) })),
  }
}

const readUsed = statement<{ node_no: number; used: number }>(
  'readCapacityUsed',
  `select c.node_no, c.used
   from unnest($1::integer[], $2::text[]) as key (node_no, day)
     join node_capacity as c on c.node_no = key.node_no and c.day = key.day::date`,
)

/** Pieces of work planned at nodes on a local day of each, by node number. */
export async function readCapacityUsed(
  db: Queryable,
  days: readonly { readonly nodeNo: number; readonly day: string }[],
): Promise<ReadonlyMap<number, number>> {
  const rows = await run(db, readUsed, [plainArray(days.map((one) => one.nodeNo)), textArray(days.map((one) => one.day))])
  return new Map(rows.map((row) => [row.node_no, row.used]))
}
