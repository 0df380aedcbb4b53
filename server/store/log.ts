import { type Columns, namesOf, rowsOf, type Tuple, valuesOf } from './bulk.ts'
import { textArray } from './columns.ts'
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
  /** Carriers that ever worked on its order. */
  readonly carrierIds?: readonly string[] | null
  readonly customerRef: string | null
  readonly accountId: string | null
  readonly occurredAt: number
  readonly recordedAt: number
  readonly actor: string
  readonly cause: string | null
  readonly traceId: string | null
  readonly data: string
  /** What `data` is the text of, where its maker still has it: this process's own listeners need not parse it. */
  readonly said?: unknown
}

const columns = {
  type: 'text',
  version: 'smallint',
  subject_kind: 'text',
  subject_id: 'text',
  subject_version: 'integer',
  shard: 'smallint',
  order_id: 'bigint',
  channel_id: 'text',
  node_ids: 'list',
  customer_ref: 'text',
  account_id: 'text',
  occurred_at: 'timestamptz',
  recorded_at: 'timestamptz',
  actor: 'text',
  cause: 'text',
  trace_id: 'text',
  data: 'text',
  carrier_ids: 'list',
} as const satisfies Columns

/**
 * Takes the next positions of a log shard and writes the events there.
 * NOTE: run it last. The head row stays locked until commit, so commit order is log order and a reader can never skip one.
 * Against rows numbered in `from` it costs PostgreSQL a sixth less: there each column would be stored apart first.
 */
const appendEventRows = statement(
  'appendEvents',
  `with head as (
     update log_heads
     set position = position + $2::bigint
     where log_shard = $1::smallint
     returning position
   ), written as (
     insert into events (log_shard, position, ${namesOf(columns)})
     select $1::smallint, head.position - $2::bigint + generate_series(1, $2::bigint), ${rowsOf(columns, 3)}
     from head
   )
   select head.position
   from head`,
)

/** The statement that appends rows to one log shard; its result's only row holds the position of the last event. */
export function appendEvents(logShard: number, rows: readonly LogRow[]): Write {
  const list = literals()
  const tuples = rows.map((row): Tuple => [
    row.type,
    row.version,
    row.subjectKind,
    row.subjectId,
    row.subjectVersion,
    row.shard,
    row.orderId,
    row.channelId,
    list(row.nodeIds),
    row.customerRef,
    row.accountId,
    row.occurredAt,
    row.recordedAt,
    row.actor,
    row.cause,
    row.traceId,
    row.data,
    list(row.carrierIds),
  ])
  return { statement: appendEventRows, values: [logShard, rows.length, ...valuesOf(columns, tuples)] }
}

/** Literals of text arrays; the events of one order share their list, and those of many name one node or carrier: each literal is made once. */
function literals(): (list: readonly string[] | null | undefined) => string | null {
  const known = new Map<unknown, string>()
  return (list) => {
    if (list === null || list === undefined) return null
    const key = list.length === 1 ? list[0] : list
    let text = known.get(key)
    if (text === undefined) known.set(key, (text = textArray(list)))
    return text
  }
}
