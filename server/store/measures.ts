import type { Exception, Measure, Milestone } from '../domain/report/measure.ts'
import { bulk, bulkInsert, type Columns, namesOf, selectOf, unnestOf } from './bulk.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { OrderKey } from './order-reads.ts'
import { type Write } from './write.ts'

type MeasureRow = { readonly [M in Milestone]: number | null } & {
  readonly orderId: string
  readonly version: number
  readonly nodeIds: string[]
  readonly carrierIds: string[]
  readonly promisedAt: number | null
  readonly lastDeliveredAt: number | null
  readonly cost: string | null
  readonly co2eGrams: number | null
  readonly changedAt: number
}
const readRows = statement<MeasureRow>(
  'readMeasures',
  `select m.order_id as "orderId", m.version, m.node_ids as "nodeIds", m.carrier_ids as "carrierIds", m.promised_at as "promisedAt",
     m.accepted_at as "acceptedAt", m.taken_at as "takenAt", m.started_at as "startedAt", m.picked_at as "pickedAt", m.packed_at as "packedAt",
     m.handed_over_at as "handedOverAt", m.delivered_at as "deliveredAt", m.last_delivered_at as "lastDeliveredAt", m.cost,
     m.co2e_grams as "co2eGrams", m.changed_at as "changedAt"
   from unnest($1::smallint[], $2::bigint[]) as key (shard, order_id)
     join order_measures as m on m.shard = key.shard and m.order_id = key.order_id`,
)

const keysOf = (keys: readonly OrderKey[]): readonly string[] => [
  plainArray(keys.map((key) => key.shard)),
  plainArray(keys.map((key) => key.orderId)),
]

/** What is known of these orders so far, by order number. */
export async function readMeasures(db: Queryable, keys: readonly OrderKey[]): Promise<Map<string, Measure>> {
  const rows = await run(db, readRows, keysOf(keys))
  return new Map(
    rows.map(({ orderId, version, nodeIds, carrierIds, changedAt, cost, ...rest }) => [
      orderId,
      { ...known(rest), ...(cost === null ? {} : { cost: Number(cost) }), version, nodeIds, carrierIds, changedAt },
    ]),
  )
}

type Known<T> = { readonly [K in keyof T]?: Exclude<T[K], null> }
const known = <T extends object>(row: T): Known<T> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Known<T>

const readPlans = statement<{ order_id: string; decision_no: number; cost: number }>(
  'readDecisionCosts',
  `select d.order_id, d.decision_no, coalesce((d.doc::json -> 'cost' ->> 'freight')::float8, 0) + coalesce((d.doc::json -> 'cost' ->> 'handling')::float8, 0) as cost
   from unnest($1::smallint[], $2::bigint[], $3::smallint[]) as key (shard, order_id, decision_no)
     join sourcing_decisions as d on d.shard = key.shard and d.order_id = key.order_id and d.decision_no = key.decision_no`,
)

/** Planned freight and handling, minor units of the base currency, by `order number/decision number`. */
export async function readDecisionCosts(
  db: Queryable,
  decisions: readonly (OrderKey & { readonly decisionNo: number })[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await run(db, readPlans, [...keysOf(decisions), plainArray(decisions.map((one) => one.decisionNo))])
  return new Map(rows.map((row) => [`${row.order_id}/${row.decision_no}`, Math.round(row.cost)]))
}

export type OrderBasis = {
  readonly orderId: string
  readonly channelId: string
  readonly placedAt: number
  readonly promisedBy: number | null
  readonly lat: number | null
  readonly lng: number | null
}
const readBases = statement<OrderBasis>(
  'readMeasureBases',
  `select o.order_id as "orderId", o.channel_id as "channelId", o.placed_at as "placedAt", i."promisedBy", p.lat, p.lng
   from unnest($1::smallint[], $2::bigint[]) as key (shard, order_id)
     join orders as o on o.shard = key.shard and o.order_id = key.order_id
     cross join lateral json_to_record(o.intake::json) as i ("promisedBy" float8, "shipTo" json)
     cross join lateral json_to_record(i."shipTo") as p (lat real, lng real)`,
)

/** What never changes of orders that are measured for the first time, by order number. */
export async function readMeasureBases(db: Queryable, keys: readonly OrderKey[]): Promise<ReadonlyMap<string, OrderBasis>> {
  return new Map((await run(db, readBases, keysOf(keys))).map((row) => [row.orderId, row]))
}

const moving = {
  version: 'integer',
  node_ids: 'list',
  carrier_ids: 'list',
  promised_at: 'timestamptz',
  accepted_at: 'timestamptz',
  taken_at: 'timestamptz',
  started_at: 'timestamptz',
  picked_at: 'timestamptz',
  packed_at: 'timestamptz',
  handed_over_at: 'timestamptz',
  delivered_at: 'timestamptz',
  last_delivered_at: 'timestamptz',
  cost: 'bigint',
  changed_at: 'timestamptz',
} as const satisfies Columns
const travelling = { shard: 'smallint', order_id: 'bigint', ...moving, co2e_grams: 'text' } as const satisfies Columns
const row = `(
     select ${selectOf({ shard: 'smallint', order_id: 'bigint', ...moving })}, co2e_grams::float8
     from ${unnestOf(travelling)}
       as row (${namesOf(travelling)})
   ) as row (${namesOf(travelling)})
     join order_states as s on s.shard = row.shard and s.order_id = row.order_id`
const changed = [...Object.keys(moving), 'co2e_grams']

const insertMeasures = bulk(
  'insertMeasures',
  { ...travelling, channel_id: 'text', placed_at: 'timestamptz', to_lat: 'text', to_lng: 'text' },
  `insert into order_measures (shard, order_id, ${changed.join(', ')}, channel_id, placed_at, to_lat, to_lng, phase)
   select row.shard, row.order_id, ${changed.map((column) => `row.${column}`).join(', ')}, row.channel_id, row.placed_at, row.to_lat, row.to_lng, s.phase
   from (
     select ${selectOf({ shard: 'smallint', order_id: 'bigint', ...moving })}, co2e_grams::float8, channel_id, placed_at, to_lat::real, to_lng::real
     from ${unnestOf({ ...travelling, channel_id: 'text', placed_at: 'timestamptz', to_lat: 'text', to_lng: 'text' })}
       as row (${namesOf(travelling)}, channel_id, placed_at, to_lat, to_lng)
   ) as row
     join order_states as s on s.shard = row.shard and s.order_id = row.order_id`,
)
const updateMeasures = bulk(
  'updateMeasures',
  travelling,
  `update order_measures as m
   set ${changed.map((column) => `${column} = row.${column}`).join(', ')}, phase = s.phase
   from ${row}
   where m.shard = row.shard
     and m.order_id = row.order_id`,
)

export type MeasureWrite = { readonly key: OrderKey; readonly measure: Measure; readonly basis?: OrderBasis | undefined }

const tupleOf = ({ key, measure: one }: MeasureWrite) => [
  key.shard,
  key.orderId,
  one.version,
  textArray(one.nodeIds),
  textArray(one.carrierIds),
  one.promisedAt,
  one.acceptedAt,
  one.takenAt,
  one.startedAt,
  one.pickedAt,
  one.packedAt,
  one.handedOverAt,
  one.deliveredAt,
  one.lastDeliveredAt,
  one.cost,
  one.changedAt,
  one.co2eGrams?.toString(),
]

/** Measures as they are now; a first one comes with what never changes. The phase is that of the order in this very transaction. */
export function writesOfMeasures(writes: readonly MeasureWrite[]): Write[] {
  const fresh = writes.flatMap((one) =>
    one.basis === undefined
      ? []
      : [[...tupleOf(one), one.basis.channelId, one.basis.placedAt, one.basis.lat?.toString(), one.basis.lng?.toString()]],
  )
  const moved = writes.filter((one) => one.basis === undefined).map(tupleOf)
  return [...(fresh.length === 0 ? [] : [insertMeasures.write(fresh)]), ...(moved.length === 0 ? [] : [updateMeasures.write(moved)])]
}

const insertExceptions = bulkInsert(
  'insertExceptions',
  'order_exceptions',
  {
    log_shard: 'smallint',
    position: 'bigint',
    shard: 'smallint',
    order_id: 'bigint',
    kind: 'text',
    node_id: 'text',
    occurred_at: 'timestamptz',
  },
  ['kind'],
)
export type ExceptionWrite = { readonly logShard: number; readonly position: number; readonly key: OrderKey } & Exception & {
    readonly occurredAt: number
  }

/** Exceptions by their place in the log: one that is there already stays. */
export function writesOfExceptions(writes: readonly ExceptionWrite[]): Write[] {
  if (writes.length === 0) return []
  const rows = writes.map(({ logShard, position, key, kind, nodeId, occurredAt }) => [
    logShard,
    position,
    key.shard,
    key.orderId,
    kind,
    nodeId,
    occurredAt,
  ])
  return [insertExceptions.write(rows)]
}

const dropMeasures = statement(
  'dropMeasuresBefore',
  `delete from order_measures as m
   using (
     select shard, order_id
     from order_measures
     where placed_at < $1::timestamptz
     order by placed_at
     limit $2::integer
   ) as old
   where m.shard = old.shard
     and m.order_id = old.order_id`,
)
const dropExceptions = statement(
  'dropExceptionsBefore',
  `delete from order_exceptions as x
   using (
     select log_shard, position
     from order_exceptions
     where occurred_at < $1::timestamptz
     order by occurred_at
     limit $2::integer
   ) as old
   where x.log_shard = old.log_shard
     and x.position = old.position`,
)

/** Drops what no report reaches any more, so many rows of each at most. */
export async function dropMeasuresBefore(db: Queryable, before: Date, limit: number): Promise<void> {
  await run(db, dropMeasures, [before.toISOString(), limit])
  await run(db, dropExceptions, [before.toISOString(), limit])
}
