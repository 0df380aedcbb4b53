import type { Instant } from '../kernel/time.ts'
import { type Pool, type Queryable, run, runOne, statement, transaction } from './database.ts'
import { detachPartition, isStillOldest, LOCK_MS, type Partition, readLastMove, readPartitions } from './partitions.ts'

const youngestMove = statement<{ at: Instant }>(
  'readMovesYoungest',
  `select coalesce(max(greatest(recorded_at, occurred_at)), '-infinity') as at
   from stock_moves
   where move_id between $1::bigint and $2::bigint`,
)

/** The oldest part of the stock moves, once all its numbers are taken and none of its moves happened at `cutoff` or later. */
export async function movesPastRetention(db: Queryable, cutoff: Instant): Promise<Partition | undefined> {
  const [part] = await readPartitions(db, 'stock_moves')
  if (part === undefined || (await readLastMove(db)) < part.last) return undefined
  const youngest = await runOne(db, youngestMove, [part.first, part.last])
  return youngest.at < cutoff ? part : undefined
}

const keepSums = statement(
  'keepArchivedStock',
  `insert into archived_stock as a (item_no, node_no, units, occurred_at)
   select item_no, node_no, sum(delta), max(occurred_at)
   from stock_moves
   where move_id between $1::bigint and $2::bigint
   group by item_no, node_no
   on conflict on constraint archived_stock_pkey
   do update set units = a.units + excluded.units, occurred_at = greatest(a.occurred_at, excluded.occurred_at)`,
)
/**
 * Detaches a part of the stock moves and keeps what they add up to, in one transaction. Who took a number of it and is still writing is
 * waited for first: later writers take higher ones, so what is summed is whole.
 */
export async function archiveMoves(pool: Pool, part: Partition): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query(`set local lock_timeout = ${LOCK_MS}`)
    await client.query('lock table stock_moves in share mode')
  })
  await transaction(pool, async (client) => {
    if (!(await isStillOldest(client, 'stock_moves', part))) return
    await run(client, keepSums, [part.first, part.last])
    await detachPartition(client, 'stock_moves', part)
  })
}
