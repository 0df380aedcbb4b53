import { instantArray, plainArray, textArray } from './columns.ts'
import { statement } from './database.ts'
import type { Write } from './write.ts'

/** A log row before it has its position. Text columns hold the wire form; `data` and `actor` are JSON text. */
export type LogRow = {
  readonly type: string
  readonly version: number
  readonly subjectKind: string
  readonly subjectId: string
  readonly subjectVersion: number
  /** Shard and int8 id of the order it belongs to, if any. */
  readonly shard: number | null
  readonly orderId: string | null
  readonly channelId: string | null
  readonly nodeIds: readonly string[] | null
  readonly customerRef: string | null
  readonly accountId: string | null
  readonly occurredAt: number
  readonly recordedAt: number
  readonly actor: string
  readonly cause: string | null
  readonly traceId: string | null
  readonly data: string
}

/**
 * Takes the next positions of a log shard and writes the events there.
 * NOTE: run it last. The head row stays locked until commit, so commit order is log order and a reader can never skip one.
 */
const appendEventRows = statement(
  'appendEvents',
  `with head as (
     update log_heads
     set position = position + $2::bigint
     where log_shard = $1::smallint
     returning position
   ), written as (
     insert into events (log_shard, position, type, version, subject_kind, subject_id, subject_version, shard, order_id, channel_id, node_ids,
       customer_ref, account_id, occurred_at, recorded_at, actor, cause, trace_id, data)
     select $1::smallint, head.position - $2::bigint + row.ordinality, type, version, subject_kind, subject_id, subject_version, shard, order_id, channel_id,
       node_ids::text[], customer_ref, account_id, occurred_at, recorded_at, actor::json, cause, trace_id, data::json
     from head,
       unnest($3::text[], $4::smallint[], $5::text[], $6::text[], $7::integer[], $8::smallint[], $9::bigint[], $10::text[], $11::text[], $12::text[],
         $13::text[], $14::timestamptz[], $15::timestamptz[], $16::text[], $17::text[], $18::text[], $19::text[])
         with ordinality
         as row (type, version, subject_kind, subject_id, subject_version, shard, order_id, channel_id, node_ids, customer_ref, account_id, occurred_at,
           recorded_at, actor, cause, trace_id, data, ordinality)
   )
   select position
   from head`,
)

/** The statement that appends rows to one log shard; its result's only row holds the position of the last event. */
export function appendEvents(logShard: number, rows: readonly LogRow[]): Write {
  const pick = <K extends keyof LogRow>(key: K): LogRow[K][] => {
    const column: LogRow[K][] = new Array(rows.length)
    for (let i = 0; i < rows.length; i++) column[i] = (rows[i] as LogRow)[key]
    return column
  }
  const nodes = rows.map((row) => (row.nodeIds === null ? null : textArray(row.nodeIds)))
  return {
    statement: appendEventRows,
    values: [
      logShard,
      rows.length,
      textArray(pick('type')),
      plainArray(pick('version')),
      textArray(pick('subjectKind')),
      textArray(pick('subjectId')),
      plainArray(pick('subjectVersion')),
      plainArray(pick('shard')),
      plainArray(pick('orderId')),
      textArray(pick('channelId')),
      textArray(nodes),
      textArray(pick('customerRef')),
      textArray(pick('accountId')),
      instantArray(pick('occurredAt')),
      instantArray(pick('recordedAt')),
      textArray(pick('actor')),
      textArray(pick('cause')),
      textArray(pick('traceId')),
      textArray(pick('data')),
    ],
  }
}
