import { type Queryable, run, runOne, statement } from './database.ts'

/** Tables that are cut by a number that only grows, and lose their oldest part by detaching. */
export type Partitioned = 'events' | 'stock_moves'

/** One part of a table: it holds the numbers from `first` to `last`. */
export type Partition = { readonly name: string; readonly first: number; readonly last: number }

export const PARTITION_POSITIONS = 4_000_000

const readParts = statement<{ name: string; lower: string; upper: string }>(
  'readPartitions',
  `select c.relname as name, bounds[1] as lower, bounds[2] as upper
   from pg_inherits as i
     join pg_class as c on c.oid = i.inhrelid
     cross join regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''?(\\d+)''?\\) TO \\(''?(\\d+)''?\\)') as bounds
   where i.inhparent = $1::text::regclass
   order by bounds[1]::bigint`,
)

/** The attached parts of a table, the oldest first. */
export async function readPartitions(db: Queryable, table: Partitioned): Promise<Partition[]> {
  return (await run(db, readParts, [table])).map(({ name, lower, upper }) => ({ name, first: Number(lower), last: Number(upper) - 1 }))
}

/** Makes parts ahead of a number, so that an insert never lacks one; how many were made. */
export async function ensurePartitions(db: Queryable, table: Partitioned, reached: number): Promise<number> {
  const parts = await readPartitions(db, table)
  let next = (parts.at(-1)?.last ?? -1) + 1
  let made = 0
  for (; next < reached + 2 * PARTITION_POSITIONS; next += PARTITION_POSITIONS) {
    const name = `${table}_p${String(Math.ceil(next / PARTITION_POSITIONS)).padStart(6, '0')}`
    // Names and bounds are numbers of our own; DDL takes no parameters.
    await db.query(`create table if not exists ${name} partition of ${table} for values from (${next}) to (${next + PARTITION_POSITIONS})`)
    made += 1
  }
  return made
}

const lastMove = statement<{ last: string }>(
  'readLastMove',
  `select coalesce(pg_sequence_last_value(pg_get_serial_sequence('stock_moves', 'move_id')::regclass), 0)::text as last`,
)
/** The number that the newest stock move took. */
export const readLastMove = async (db: Queryable): Promise<number> => Number((await runOne(db, lastMove)).last)

/** How long detaching waits for those who use the table: whoever asks next waits behind it. */
export const LOCK_MS = 1000

/**
 * Takes a part out of its table, inside a transaction; it lies whole in the schema `archive` afterwards.
 * Faults: `database_busy` where the table was not free in time, to be tried again later.
 */
export async function detachPartition(db: Queryable, table: Partitioned, { name }: Partition): Promise<void> {
  await db.query(`set local lock_timeout = ${LOCK_MS}`)
  await db.query(`alter table ${table} detach partition ${name}`)
  await db.query(`alter table ${name} set schema archive`)
}

/** A number of our own among the advisory locks: of several processes one archives at a time. */
const ARCHIVE_LOCK = 0x66_75_6c_61
const lockArchive = statement<object>('lockArchive', 'select pg_advisory_xact_lock($1::integer, 0)')

/** Waits for others who archive, until the transaction ends; whether this part is still the oldest one attached. */
export async function isStillOldest(db: Queryable, table: Partitioned, { name }: Partition): Promise<boolean> {
  await run(db, lockArchive, [ARCHIVE_LOCK])
  return (await readPartitions(db, table))[0]?.name === name
}
