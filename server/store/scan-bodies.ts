import { idFromInt8, idToInt8, type InboxId, type PersonId, shardOfId } from '../kernel/ids.ts'
import { toIso, type Instant } from '../kernel/time.ts'
import { bulkInsert } from './bulk.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { ScanOwner } from './scans.ts'
import type { Write } from './write.ts'

export type ScanBodyState = 'applied' | 'unmatched' | 'unread'

/** What a carrier told of one parcel, as it is kept. */
export type ScanBodyRow = {
  readonly bodyId: InboxId
  readonly personId: PersonId
  readonly carrierId: string
  readonly format: string
  readonly mappingVersion: number
  readonly trackingNo: string | undefined
  readonly inputHash: Uint8Array
  readonly state: ScanBodyState
  readonly hasUnknown: boolean
  readonly owner: ScanOwner | undefined
  readonly receivedAt: Instant
  readonly sealed: Uint8Array
  readonly issues: readonly unknown[]
}

const insertRows = bulkInsert('insertScanBodies', 'scan_bodies', {
  shard: 'smallint',
  body_id: 'bigint',
  person_id: 'bigint',
  carrier_id: 'text',
  format: 'text',
  mapping_version: 'integer',
  tracking_no: 'text',
  input_hash: 'bytea',
  state: 'text',
  has_unknown: 'boolean',
  order_id: 'bigint',
  parcel_id: 'bigint',
  received_at: 'timestamptz',
  retried_at: 'timestamptz',
  sealed: 'bytea',
  issues: 'json',
})

export const insertScanBody = (row: ScanBodyRow): Write =>
  insertRows.write([
    [
      shardOfId(row.bodyId),
      idToInt8(row.bodyId),
      idToInt8(row.personId),
      row.carrierId,
      row.format,
      row.mappingVersion,
      row.trackingNo,
      row.inputHash,
      row.state,
      row.hasUnknown,
      row.owner === undefined ? null : idToInt8(row.owner.orderId),
      row.owner === undefined ? null : idToInt8(row.owner.parcelId),
      row.receivedAt,
      row.receivedAt,
      row.sealed,
      JSON.stringify(row.issues),
    ],
  ])

const settleRow = statement(
  'settleScanBody',
  `update scan_bodies
   set state = $3::text, mapping_version = $4::integer, has_unknown = $5::boolean, order_id = coalesce($6::bigint, order_id), parcel_id = coalesce($7::bigint, parcel_id)
   where shard = $1::smallint
     and body_id = $2::bigint`,
)

/** A kept body was read again. */
export function settleScanBody(
  bodyId: InboxId,
  state: ScanBodyState,
  mappingVersion: number,
  hasUnknown: boolean,
  owner: ScanOwner | undefined,
): Write {
  return {
    statement: settleRow,
    values: [
      shardOfId(bodyId),
      idToInt8(bodyId),
      state,
      mappingVersion,
      hasUnknown,
      owner === undefined ? null : idToInt8(owner.orderId),
      owner === undefined ? null : idToInt8(owner.parcelId),
    ],
  }
}

const findSameRow = statement<{ readonly body_id: string }>(
  'findUnmatchedBody',
  `select body_id
   from scan_bodies
   where tracking_no = $1::text
     and carrier_id = $2::text
     and input_hash = $3::bytea
     and state = 'unmatched'
   limit 1`,
)

/** Whether the same words about a parcel that nobody knows are kept already. */
export async function isUnmatchedKept(db: Queryable, trackingNo: string, carrierId: string, inputHash: Uint8Array): Promise<boolean> {
  return (await run(db, findSameRow, [trackingNo, carrierId, inputHash])).length > 0
}

type OpenRow = {
  readonly body_id: string
  readonly person_id: string
  readonly carrier_id: string
  readonly format: string
  readonly tracking_no: string
  readonly mapping_version: number
  readonly state: ScanBodyState
  readonly sealed: Uint8Array
  readonly wrapped_key: Uint8Array
  readonly received_at: Instant
}
// NOTE: `exists` would let PostgreSQL read all parcels into a hash table, for a few bodies.
const takeOpenRows = statement<OpenRow>(
  'takeOpenScanBodies',
  `with known as (
     select format, version
     from unnest($3::text[], $4::integer[]) as row (format, version)
   ), due as (
     select b.shard, b.body_id,
       (b.state = 'unmatched' and coalesce((select true from parcels as p where p.tracking_no = b.tracking_no limit 1), false))
         or (b.has_unknown and exists (select 1 from known as k where k.format = b.format and k.version > b.mapping_version)) as is_due
     from scan_bodies as b
     where (b.state = 'unmatched' or b.has_unknown)
       and b.tracking_no is not null
     order by b.retried_at
     limit $2::integer
     for update of b skip locked
   ), looked as (
     update scan_bodies as b
     set retried_at = $1::timestamptz
     from due
     where b.shard = due.shard
       and b.body_id = due.body_id
     returning b.*, due.is_due
   )
   select l.body_id, l.person_id, l.carrier_id, l.format, l.tracking_no, l.mapping_version, l.state, l.sealed, p.wrapped_key, l.received_at
   from looked as l
     join persons as p on p.shard = l.shard and p.person_id = l.person_id
   where l.is_due
     and p.wrapped_key is not null`,
)

export type OpenScanBody = {
  readonly bodyId: InboxId
  readonly personId: PersonId
  readonly carrierId: string
  readonly format: string
  readonly trackingNo: string
  readonly mappingVersion: number
  readonly state: ScanBodyState
  readonly sealed: Uint8Array
  readonly wrappedKey: Uint8Array
  readonly receivedAt: Instant
}

/** Looks at `limit` bodies that wait for a parcel or for a mapping, longest not looked at first; those that have what they wait for. */
export async function takeOpenScanBodies(
  db: Queryable,
  now: Instant,
  limit: number,
  versions: ReadonlyMap<string, number>,
): Promise<OpenScanBody[]> {
  const rows = await run(db, takeOpenRows, [toIso(now), limit, textArray([...versions.keys()]), plainArray([...versions.values()])])
  return rows.map((row) => ({
    bodyId: idFromInt8('inb', row.body_id),
    personId: idFromInt8('per', row.person_id),
    carrierId: row.carrier_id,
    format: row.format,
    trackingNo: row.tracking_no,
    mappingVersion: row.mapping_version,
    state: row.state,
    sealed: row.sealed,
    wrappedKey: row.wrapped_key,
    receivedAt: row.received_at,
  }))
}
