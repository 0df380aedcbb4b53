import { parseTimestamptz, type Queryable, type RawRow, runOne, runRaw, statement } from './database.ts'
import type { LogRow } from './log.ts'

/** A log row as it stands in the log. */
export type StoredLogRow = Omit<LogRow, 'actor' | 'data'> & {
  readonly logShard: number
  readonly position: number
  readonly actor: unknown
  readonly data: unknown
}

/**
 * A page is a range of positions, because the log has no gaps: however far behind a reader is and however old the planner's statistics are, it
 * costs one range of the index. `order by position limit` alone sorted all that followed, for every page, where the tail was written after the
 * last analyze: 12 µs a row of 44,000 behind, 4 µs as a range.
 * NOTE: {@link ReadRow} takes the columns by their place. Lists come as JSON: those of one order are the same text, parsed once a page.
 */
const readPage = statement(
  'readLogAfter',
  `select position, type, version, subject_kind, subject_id, subject_version, shard, order_id, channel_id, array_to_json(node_ids), array_to_json(carrier_ids),
     customer_ref, account_id, occurred_at, recorded_at, actor, cause, trace_id, data
   from events
   where log_shard = $1::smallint
     and position > $2::bigint
     and position <= $2::bigint + $3::integer
   order by position`,
)

const readStart = statement<{ position: string | null }>(
  'readLogStart',
  `select min(position) as position
   from events
   where log_shard = $1::smallint
     and position > $2::bigint`,
)

/** Rows of one log shard after a position, in order, at most `limit`; none at its end alone. */
export async function readLogAfter(db: Queryable, logShard: number, after: number, limit: number): Promise<StoredLogRow[]> {
  const rows = await readRange(db, logShard, after, limit)
  if (rows.length > 0) return rows
  // Retention takes the oldest parts: what is kept may begin later.
  const { position } = await runOne(db, readStart, [logShard, after])
  return position === null ? [] : readRange(db, logShard, Number(position) - 1, limit)
}

async function readRange(db: Queryable, logShard: number, after: number, limit: number): Promise<StoredLogRow[]> {
  const rows = await runRaw(db, readPage, [logShard, after, limit])
  const shared = new SharedJson()
  return rows.map((row) => new ReadRow(row, logShard, shared))
}

/** The log of a shard after a position to its end, page by page; the next page is read while one is worked on. */
export async function* readLogPages(db: Queryable, logShard: number, after: number, limit: number): AsyncGenerator<StoredLogRow[]> {
  let reading: Promise<StoredLogRow[]> | undefined = readLogAfter(db, logShard, after, limit)
  let reached = after
  while (reading !== undefined) {
    const rows: StoredLogRow[] = await reading
    const last = rows.at(-1)
    if (last === undefined) return
    const isEnd = rows.length < limit && rows[0]?.position === reached + 1
    reached = last.position
    reading = isEnd ? undefined : readLogAfter(db, logShard, reached, limit)
    reading?.catch(() => undefined) // awaited above, unless the reader stops first
    yield rows
  }
}

/** JSON that many rows share, parsed once. */
class SharedJson {
  private readonly known = new Map<string, unknown>()

  parse(text: string | null | undefined): unknown {
    if (text === null || text === undefined) return null
    let value = this.known.get(text)
    if (value === undefined) this.known.set(text, (value = JSON.parse(text)))
    return value
  }
}

const numberOrNull = (text: string | null | undefined): number | null => (text === null || text === undefined ? null : Number(text))

/** A row as it was read; what it says is parsed when somebody looks. */
class ReadRow implements StoredLogRow {
  readonly logShard: number
  readonly position: number
  private readonly row: RawRow
  private readonly shared: SharedJson
  private parsed: unknown

  constructor(row: RawRow, logShard: number, shared: SharedJson) {
    this.row = row
    this.logShard = logShard
    this.shared = shared
    this.position = Number(row[0])
  }

  get type() {
    return this.row[1] ?? ''
  }
  get version() {
    return Number(this.row[2])
  }
  get subjectKind() {
    return this.row[3] ?? ''
  }
  get subjectId() {
    return this.row[4] ?? ''
  }
  get subjectVersion() {
    return Number(this.row[5])
  }
  get shard() {
    return numberOrNull(this.row[6])
  }
  get orderId() {
    return this.row[7] ?? null
  }
  get channelId() {
    return this.row[8] ?? null
  }
  get nodeIds() {
    return this.shared.parse(this.row[9]) as readonly string[] | null
  }
  get carrierIds() {
    return this.shared.parse(this.row[10]) as readonly string[] | null
  }
  get customerRef() {
    return this.row[11] ?? null
  }
  get accountId() {
    return this.row[12] ?? null
  }
  get occurredAt() {
    return parseTimestamptz(this.row[13] ?? '')
  }
  get recordedAt() {
    return parseTimestamptz(this.row[14] ?? '')
  }
  get actor() {
    return this.shared.parse(this.row[15])
  }
  get cause() {
    return this.row[16] ?? null
  }
  get traceId() {
    return this.row[17] ?? null
  }
  get data(): unknown {
    return (this.parsed ??= JSON.parse(this.row[18] ?? 'null'))
  }
}
