import { arrayFrom } from './array-format.ts'
import { instantArray, plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import { NOTHING, type Write } from './write.ts'

/** One item at one node as the database holds it. */
export type StockRow = {
  readonly itemNo: number
  readonly nodeNo: number
  readonly onHand: number
  readonly soft: number
  readonly firm: number
  readonly committed: number
  readonly safety: number
  readonly backorderLimit: number
  readonly version: number
  readonly revision: number
}

const columns = 'item_no, node_no, on_hand, soft, firm, committed, safety, backorder_limit, version, revision, counted_at'

export function stockRowOf(row: Record<string, number>): StockRow {
  return {
    itemNo: row['item_no'] ?? 0,
    nodeNo: row['node_no'] ?? 0,
    onHand: row['on_hand'] ?? 0,
    soft: row['soft'] ?? 0,
    firm: row['firm'] ?? 0,
    committed: row['committed'] ?? 0,
    safety: row['safety'] ?? 0,
    backorderLimit: row['backorder_limit'] ?? 0,
    version: row['version'] ?? 0,
    revision: row['revision'] ?? 0,
  }
}

const lockStockRows = statement(
  'lockStock',
  `select ${columns.replaceAll(/(\w+)/g, 's.$1')}
   from stock as s
     join unnest($1::integer[], $2::integer[]) as row (item_no, node_no) on s.item_no = row.item_no and s.node_no = row.node_no
   order by s.item_no, s.node_no
   for update of s`,
)

/** Locks stock rows in (item, node) order and reads their true quantities; nothing is sent for none. */
export function lockStock(keys: readonly { readonly itemNo: number; readonly nodeNo: number }[]): Write {
  if (keys.length === 0) return NOTHING
  return {
    statement: lockStockRows,
    values: [
      arrayFrom(
        'integer',
        keys.map((key) => key.itemNo),
      ),
      arrayFrom(
        'integer',
        keys.map((key) => key.nodeNo),
      ),
    ],
  }
}

const moveReservationRows = statement(
  'moveReserved',
  `update stock as s
   set soft = s.soft + row.soft, firm = s.firm + row.firm, committed = s.committed + row.committed, on_hand = s.on_hand + row.on_hand,
     revision = s.revision + 1
   from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[])
     as row (item_no, node_no, soft, firm, committed, on_hand)
   where s.item_no = row.item_no
     and s.node_no = row.node_no
     and (row.soft + row.firm + row.committed <= 0
       or s.on_hand - s.soft - s.firm - s.committed - s.safety + s.backorder_limit >= row.soft + row.firm + row.committed)`,
)

export type ReservedDelta = {
  readonly itemNo: number
  readonly nodeNo: number
  readonly soft: number
  readonly firm: number
  readonly committed: number
  readonly onHand: number
}

/** Moves reserved units, and what is on hand where they left the node. The guard is the last defence: fewer rows than given means that memory and lock disagreed and the batch must not commit. */
export function moveReserved(rows: readonly ReservedDelta[]): Write {
  if (rows.length === 0) return NOTHING
  return {
    statement: moveReservationRows,
    values: [
      arrayFrom(
        'integer',
        rows.map((row) => row.itemNo),
      ),
      arrayFrom(
        'integer',
        rows.map((row) => row.nodeNo),
      ),
      arrayFrom(
        'integer',
        rows.map((row) => row.soft),
      ),
      arrayFrom(
        'integer',
        rows.map((row) => row.firm),
      ),
      arrayFrom(
        'integer',
        rows.map((row) => row.committed),
      ),
      arrayFrom(
        'integer',
        rows.map((row) => row.onHand),
      ),
    ],
  }
}

const makeStockRows = statement(
  'makeStock',
  `insert into stock (item_no, node_no, on_hand, soft, firm, committed, safety, backorder_limit, version, revision, counted_at)
   select item_no, node_no, on_hand, 0, 0, 0, safety, backorder_limit, version, version, counted_at
   from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::timestamptz[])
     as row (item_no, node_no, on_hand, safety, backorder_limit, version, counted_at)
   order by item_no, node_no
   on conflict on constraint stock_pkey do nothing
   returning item_no, node_no`,
)

const writeStockRows = statement(
  'writeStock',
  `update stock as s
   set on_hand = row.on_hand, safety = row.safety, backorder_limit = row.backorder_limit, version = row.version, revision = s.revision + 1,
     counted_at = coalesce(row.counted_at, s.counted_at)
   from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::timestamptz[])
     as row (item_no, node_no, on_hand, safety, backorder_limit, version, counted_at)
   where s.item_no = row.item_no
     and s.node_no = row.node_no`,
)

export type StockWrite = {
  readonly itemNo: number
  readonly nodeNo: number
  readonly onHand: number
  readonly safety: number
  readonly backorderLimit: number
  readonly version: number
  readonly countedAt: number | undefined
}

const valuesOf = (rows: readonly StockWrite[]) => [
  plainArray(rows.map((row) => row.itemNo)),
  plainArray(rows.map((row) => row.nodeNo)),
  plainArray(rows.map((row) => row.onHand)),
  plainArray(rows.map((row) => row.safety)),
  plainArray(rows.map((row) => row.backorderLimit)),
  plainArray(rows.map((row) => row.version)),
  arrayFrom(
    'timestamptz',
    rows.map((row) => row.countedAt),
  ),
]

/**
 * Makes the rows that are not there yet, with what they will hold (version 1), or with nothing (version 0) for what is about to be written;
 * gives back which it made.
 */
export const makeStock = (rows: readonly StockWrite[]): Write => ({ statement: makeStockRows, values: valuesOf(rows) })

/** Writes counts and settings of locked rows. */
export const writeStock = (rows: readonly StockWrite[]): Write => ({ statement: writeStockRows, values: valuesOf(rows) })

const insertMoveRows = statement(
  'insertMoves',
  `insert into stock_moves (item_no, node_no, delta, reason, ref, occurred_at, recorded_at)
   select item_no, node_no, delta, reason, ref, occurred_at, recorded_at
   from unnest($1::integer[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[])
     as row (item_no, node_no, delta, reason, ref, occurred_at, recorded_at)`,
)

export type StockMove = {
  readonly itemNo: number
  readonly nodeNo: number
  readonly delta: number
  readonly reason: string
  readonly ref: string | null
  readonly occurredAt: number
  readonly recordedAt: number
}

export function insertMoves(rows: readonly StockMove[]): Write {
  return {
    statement: insertMoveRows,
    values: [
      plainArray(rows.map((row) => row.itemNo)),
      plainArray(rows.map((row) => row.nodeNo)),
      plainArray(rows.map((row) => row.delta)),
      textArray(rows.map((row) => row.reason)),
      textArray(rows.map((row) => row.ref)),
      instantArray(rows.map((row) => row.occurredAt)),
      instantArray(rows.map((row) => row.recordedAt)),
    ],
  }
}

const sumMovesSince = statement(
  'sumMovesSince',
  `select row.item_no, row.node_no, row.since, coalesce(sum(m.delta), 0)::integer as delta,
     exists (
       select from archived_stock as a
       where a.item_no = row.item_no
         and a.node_no = row.node_no
         and a.occurred_at > row.since
     ) as archived
   from unnest($1::integer[], $2::integer[], $3::timestamptz[]) as row (item_no, node_no, since)
     left join stock_moves as m on m.item_no = row.item_no and m.node_no = row.node_no and m.occurred_at > row.since
   group by row.item_no, row.node_no, row.since`,
)

/** Units that moved after each count was taken, to be re-applied on top of it; `archived` where moves after it are no longer in the table. */
export function movesSince(rows: readonly { readonly itemNo: number; readonly nodeNo: number; readonly since: number }[]): Write {
  return {
    statement: sumMovesSince,
    values: [
      plainArray(rows.map((row) => row.itemNo)),
      plainArray(rows.map((row) => row.nodeNo)),
      instantArray(rows.map((row) => row.since)),
    ],
  }
}

const readItemsStock = statement<Record<string, number>>(
  'readItemsStock',
  `select ${columns}
   from stock
   where item_no = any ($1::integer[])`,
)

/** All positions of some items. */
export async function stockOfItems(db: Queryable, itemNos: readonly number[]): Promise<StockRow[]> {
  return (await run(db, readItemsStock, [plainArray(itemNos)])).map(stockRowOf)
}

const readPositions = statement<Record<string, number>>(
  'readPositions',
  `select ${columns.replaceAll(/(\w+)/g, 's.$1')}
   from stock as s
     join unnest($1::integer[], $2::integer[]) as row (item_no, node_no) on s.item_no = row.item_no and s.node_no = row.node_no`,
)

export async function stockAt(db: Queryable, keys: readonly { readonly itemNo: number; readonly nodeNo: number }[]): Promise<StockRow[]> {
  return (await run(db, readPositions, [plainArray(keys.map((key) => key.itemNo)), plainArray(keys.map((key) => key.nodeNo))])).map(
    stockRowOf,
  )
}
