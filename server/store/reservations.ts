import { idFromInt8, idToInt8, type OrderId, type ReservationId, shardOfId } from '../kernel/ids.ts'
import type { Scope } from '../domain/access/principal.ts'
import { bulk, type Bulk, type Columns, type Tuple, unnestOf, valuesOf } from './bulk.ts'
import { type Queryable, run, statement } from './database.ts'
import { NOTHING, type Write } from './write.ts'

/** A bare reservation as the database holds it. */
export type ReservationRow = {
  readonly reservationId: ReservationId
  readonly key: string
  readonly channelId: string | undefined
  readonly itemNo: number
  readonly nodeNo: number
  readonly quantity: number
  readonly state: 'soft' | 'consumed' | 'released' | 'expired'
  readonly expiresAt: number
  readonly inputHash: Uint8Array
  readonly version: number
  readonly orderId: OrderId | undefined
}

type Stored = {
  readonly holder_id: string
  readonly reservation_key: string
  readonly channel_id: string | null
  readonly item_no: number
  readonly node_no: number
  readonly quantity: number
  readonly kind: ReservationRow['state']
  readonly expires_at: number
  readonly input_hash: Buffer
  readonly version: number
  readonly order_id: string | null
}

const columns =
  'r.holder_id, r.reservation_key, r.channel_id, r.item_no, r.node_no, r.quantity, r.kind, r.expires_at, r.input_hash, r.version, r.order_id'

const rowOf = (row: Stored): ReservationRow => ({
  reservationId: idFromInt8('rsv', row.holder_id),
  key: row.reservation_key,
  channelId: row.channel_id ?? undefined,
  itemNo: row.item_no,
  nodeNo: row.node_no,
  quantity: row.quantity,
  state: row.kind,
  expiresAt: row.expires_at,
  inputHash: row.input_hash,
  version: row.version,
  orderId: row.order_id === null ? undefined : idFromInt8('ord', row.order_id),
})

const newColumns = {
  shard: 'smallint',
  holder_id: 'bigint',
  item_no: 'integer',
  node_no: 'integer',
  quantity: 'integer',
  expires_at: 'timestamptz',
  reservation_key: 'text',
  channel_id: 'text',
  input_hash: 'bytea',
} as const satisfies Columns
const names = Object.keys(newColumns).join(', ')

/**
 * NOTE: `except` and not a join: its cost is linear whatever the planner believes of the arrays' length. The order keeps two processes
 * with the same keys from waiting for each other. `$2` is read twice, so that the wide rows need not be kept beside.
 */
const claimRows = statement(
  'claimReservations',
  `with made as (
     insert into reservations (${names}, line_no, kind, version)
     select ${names}, 0, 'soft', 1
     from ${unnestOf(newColumns)} as row (${names})
     order by reservation_key
     on conflict (reservation_key, channel_id) where reservation_key is not null do nothing
     returning holder_id
   )
   select holder_id
   from unnest($2::bigint[]) as row (holder_id)
   except
   select holder_id
   from made`,
)

/** Writes new reservations, each claiming its key; returns the numbers of those whose key somebody else has. */
export function claimReservations(rows: readonly Omit<ReservationRow, 'state' | 'version' | 'orderId'>[]): Write {
  const tuples = rows.map((row): Tuple => [
    shardOfId(row.reservationId),
    idToInt8(row.reservationId),
    row.itemNo,
    row.nodeNo,
    row.quantity,
    row.expiresAt,
    row.key,
    row.channelId,
    row.inputHash,
  ])
  return { statement: claimRows, values: valuesOf(newColumns, tuples) }
}

const idColumns = { shard: 'smallint', holder_id: 'bigint' } as const satisfies Columns
const idTuple = (id: ReservationId): Tuple => [shardOfId(id), idToInt8(id)]

const deleteRows = statement(
  'unclaimReservations',
  `delete from reservations as r
   using ${unnestOf(idColumns)} as row (shard, holder_id)
   where r.shard = row.shard
     and r.holder_id = row.holder_id`,
)

/** Takes new reservations out again within the transaction that wrote them. */
export const unclaimReservations = (ids: readonly ReservationId[]): Write => ({
  statement: deleteRows,
  values: valuesOf(idColumns, ids.map(idTuple)),
})

const lockRows = statement(
  'lockReservations',
  `select r.holder_id, r.version
   from reservations as r
     join ${unnestOf(idColumns)} as row (shard, holder_id) on r.shard = row.shard and r.holder_id = row.holder_id
   order by r.shard, r.holder_id
   for update of r`,
)

/** Locks them in order and reads their versions; nothing is sent for none. */
export const lockReservations = (ids: readonly ReservationId[]): Write =>
  ids.length === 0 ? NOTHING : { statement: lockRows, values: valuesOf(idColumns, ids.map(idTuple)) }

const movedColumns = {
  ...idColumns,
  kind: 'text',
  expires_at: 'timestamptz',
  version: 'integer',
  order_id: 'bigint',
} as const satisfies Columns

const moveRows: Bulk = bulk(
  'moveReservations',
  movedColumns,
  `update reservations as r
   set kind = row.kind, expires_at = row.expires_at, version = row.version, order_id = row.order_id
   from ${unnestOf(movedColumns)} as row (${Object.keys(movedColumns).join(', ')})
   where r.shard = row.shard
     and r.holder_id = row.holder_id
     and r.version = row.version - 1`,
)

export type MovedReservation = Pick<ReservationRow, 'reservationId' | 'state' | 'expiresAt' | 'version'> & { readonly orderId?: OrderId }

/** Writes what became of locked reservations; the guard touches fewer rows than given when somebody else moved one. */
export const moveReservations = (rows: readonly MovedReservation[]): Write =>
  moveRows.write(
    rows.map((row) => [
      ...idTuple(row.reservationId),
      row.state,
      row.expiresAt,
      row.version,
      row.orderId === undefined ? null : idToInt8(row.orderId),
    ]),
  )

const byIds = statement<Stored>(
  'readReservations',
  `select ${columns}
   from reservations as r
     join ${unnestOf(idColumns)} as row (shard, holder_id) on r.shard = row.shard and r.holder_id = row.holder_id
   where r.reservation_key is not null`,
)

export async function readReservations(db: Queryable, ids: readonly ReservationId[]): Promise<ReservationRow[]> {
  return (await run(db, byIds, valuesOf(idColumns, ids.map(idTuple)))).map(rowOf)
}

export type ReservationKey = { readonly key: string; readonly channelId: string | undefined }
const keyColumns = { reservation_key: 'text', channel_id: 'text' } as const satisfies Columns

const byKeys = statement<Stored>(
  'findReservations',
  `select ${columns}
   from ${unnestOf(keyColumns)} as row (reservation_key, channel_id)
     join reservations as r on r.reservation_key = row.reservation_key and r.channel_id is not distinct from row.channel_id`,
)

/** The reservations of some keys. */
export async function findReservations(db: Queryable, keys: readonly ReservationKey[]): Promise<ReservationRow[]> {
  const tuples = keys.map((one): Tuple => [one.key, one.channelId])
  return (await run(db, byKeys, valuesOf(keyColumns, tuples))).map(rowOf)
}

const due = statement<{ readonly holder_id: string }>(
  'readDueReservations',
  `select holder_id
   from reservations
   where is_open
     and expires_at <= $1::timestamptz
   order by expires_at, holder_id
   limit $2::integer`,
)

/** Bare reservations whose time has run out, the longest overdue first. */
export async function readDueReservations(db: Queryable, now: Date, limit: number): Promise<ReservationId[]> {
  return (await run(db, due, [now, limit])).map((row) => idFromInt8('rsv', row.holder_id))
}

export type ReservationFilter = {
  readonly itemNo: number | undefined
  readonly nodeNo: number | undefined
  readonly channelId: string | undefined
}
/** Where a page of open reservations goes on. */
export type ReservationPlace = { readonly expiresAt: number; readonly holderId: string }

const open = statement<Stored & { readonly passes: boolean }>(
  'listReservations',
  `select ${columns},
     ($4::integer is null or r.item_no = $4::integer)
       and ($5::integer is null or r.node_no = $5::integer)
       and ($6::text is null or r.channel_id = $6::text)
       and ($7::text[] is null or r.channel_id = any ($7::text[]))
       and ($8::integer[] is null or r.node_no = any ($8::integer[])) as passes
   from reservations as r
   where r.is_open
     and (r.expires_at, r.holder_id) > ($1::timestamptz, $2::bigint)
   order by r.expires_at, r.holder_id
   limit $3::integer`,
)

export type ReservationPage = { readonly rows: readonly ReservationRow[]; readonly next: ReservationPlace | undefined }
const LOOKED_AT_MAX = 1000

/**
 * Up to `limit` open reservations of a scope that pass the filter, first to run out first. A page looks at a bounded number of rows:
 * it may hold fewer than `limit` and go on at `next` all the same.
 */
export async function listReservations(
  db: Queryable,
  scope: Pick<Scope, 'channels'> & { readonly nodeNos: readonly number[] | undefined },
  filter: ReservationFilter,
  after: ReservationPlace,
  limit: number,
): Promise<ReservationPage> {
  const { itemNo, nodeNo, channelId } = filter
  const isNarrow = [itemNo, nodeNo, channelId, scope.channels, scope.nodeNos].some((one) => one !== undefined)
  const lookAt = isNarrow ? LOOKED_AT_MAX : limit + 1
  const params = [new Date(after.expiresAt), after.holderId, lookAt, itemNo, nodeNo, channelId, scope.channels, scope.nodeNos]
  const seen = await run(
    db,
    open,
    params.map((one) => one ?? null),
  )
  const passing = seen.filter((row) => row.passes)
  const kept = passing.slice(0, limit)
  const last = passing.length > limit ? kept.at(-1) : seen.length === lookAt ? seen.at(-1) : undefined
  return { rows: kept.map(rowOf), next: last === undefined ? undefined : { expiresAt: last.expires_at, holderId: last.holder_id } }
}
