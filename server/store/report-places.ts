import type { LoggedEvent } from '../domain/event/logged-event.ts'
import { measuredTypes } from '../domain/report/measure.ts'
import { textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'

const ensurePlaces = statement(
  'ensureReportPlaces',
  `insert into report_places (log_shard, position)
   select log_shard, archived_position
   from log_heads
   on conflict on constraint report_places_pkey do nothing`,
)
const lockPlaces = statement<{ log_shard: number; position: string }>(
  'lockReportPlaces',
  `select log_shard, position
   from report_places
   order by log_shard
   for update`,
)

/** Up to where each log shard is counted, locked until the transaction ends: one process counts at a time. */
export async function lockReportPlaces(db: Queryable): Promise<readonly { readonly logShard: number; readonly position: number }[]> {
  await run(db, ensurePlaces)
  return (await run(db, lockPlaces)).map((row) => ({ logShard: row.log_shard, position: Number(row.position) }))
}

const move = statement('moveReportPlace', `update report_places set position = $2::bigint where log_shard = $1::smallint`)
export const moveReportPlace = (db: Queryable, logShard: number, position: number): Promise<object[]> => run(db, move, [logShard, position])

const readBehind = statement<{ behind: string }>(
  'readReportBehind',
  `select coalesce(sum(h.position - coalesce(p.position, h.archived_position)), 0) as behind
   from log_heads as h
     left join report_places as p on p.log_shard = h.log_shard`,
)
/** Events that are written and not yet counted. */
export const readReportBehind = async (db: Queryable): Promise<number> => Number((await run(db, readBehind))[0]?.behind ?? 0)

export type MeasuredEvent = Pick<
  LoggedEvent,
  'position' | 'type' | 'subjectKind' | 'subjectVersion' | 'channelId' | 'nodeIds' | 'carrierIds' | 'occurredAt' | 'recordedAt' | 'data'
> & { readonly shard: number | null; readonly orderId: string | null }
type EventRow = Omit<MeasuredEvent, 'position' | 'data'> & { readonly position: string; readonly data: string | null }

const readEvents = statement<EventRow>(
  'readMeasuredEvents',
  `select position, type, subject_kind as "subjectKind", subject_version as "subjectVersion", shard, order_id as "orderId",
     channel_id as "channelId", node_ids as "nodeIds", carrier_ids as "carrierIds", occurred_at as "occurredAt", recorded_at as "recordedAt",
     case when type = any ($4::text[]) then data end as data
   from events
   where log_shard = $1::smallint
     and position > $2::bigint
   order by position
   limit $3::integer`,
)

/** Events after a position, in order; of those whose envelope says enough the data are left out. */
export async function readMeasuredEvents(db: Queryable, logShard: number, after: number, limit: number): Promise<MeasuredEvent[]> {
  const rows = await run(db, readEvents, [logShard, after, limit, textArray(measuredTypes)])
  return rows.map((row) => ({ ...row, position: Number(row.position), data: JSON.parse(row.data ?? '{}') as MeasuredEvent['data'] }))
}
