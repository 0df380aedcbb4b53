import type { Scan, ScanFlag, ScanMeaning, ScanPlace } from '../../contract/entities/scan.ts'
import type { CanonicalScan } from '../domain/parcel/canonical-scan.ts'
import { idFromInt8, idToInt8, type OrderId, type ParcelId, shardOfId } from '../kernel/ids.ts'
import { toIso, type Instant } from '../kernel/time.ts'
import { bulk, namesOf, selectOf, type Columns, unnestOf } from './bulk.ts'
import { plainArray, textArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'
import type { Write } from './write.ts'

export type ScanOwner = { readonly orderId: OrderId; readonly parcelId: ParcelId }

const columns = {
  carrier_id: 'text',
  tracking_no: 'text',
  scan_key: 'bytea',
  shard: 'smallint',
  order_id: 'bigint',
  parcel_id: 'bigint',
  code: 'text',
  meaning: 'text',
  occurred_at: 'timestamptz',
  precision: 'text',
  time_basis: 'text',
  place: 'json',
  flags: 'json',
  received_at: 'timestamptz',
} as const satisfies Columns

/** A scan that is there already takes over the parcel that it was found to be of, and a reading that now knows its code. */
const upsertScanRows = bulk(
  'upsertScans',
  columns,
  `insert into scans as s (${namesOf(columns)})
   select ${selectOf(columns)}
   from ${unnestOf(columns)}
     as row (${namesOf(columns)})
   order by carrier_id, tracking_no, scan_key
   on conflict on constraint scans_pkey
   do update set
     shard = coalesce(excluded.shard, s.shard),
     order_id = coalesce(excluded.order_id, s.order_id),
     parcel_id = coalesce(excluded.parcel_id, s.parcel_id),
     flags = case when s.meaning is null then excluded.flags else s.flags end,
     occurred_at = case when s.meaning is null then excluded.occurred_at else s.occurred_at end,
     meaning = coalesce(s.meaning, excluded.meaning)`,
  ([carrierId, trackingNo, key]) => `${String(carrierId)}\n${String(trackingNo)}\n${(key as Buffer).toString('hex')}`,
)

export function upsertScans(
  carrierId: string,
  trackingNo: string,
  scans: readonly CanonicalScan[],
  owner: ScanOwner | undefined,
  receivedAt: Instant,
): Write {
  const own = owner === undefined ? [null, null, null] : [shardOfId(owner.orderId), idToInt8(owner.orderId), idToInt8(owner.parcelId)]
  return upsertScanRows.write(
    scans.map((scan) => [
      carrierId,
      trackingNo,
      Buffer.from(scan.key, 'hex'),
      ...own,
      scan.code,
      scan.meaning,
      scan.occurredAt,
      scan.precision,
      scan.timeBasis,
      scan.place === undefined ? null : JSON.stringify(scan.place),
      JSON.stringify(scan.flags),
      receivedAt,
    ]),
  )
}

type ScanRow = {
  readonly parcel_id: string
  readonly scan_key: string
  readonly carrier_id: string
  readonly code: string | null
  readonly meaning: ScanMeaning | null
  readonly occurred_at: Instant
  readonly precision: Scan['precision']
  readonly time_basis: Scan['timeBasis']
  readonly place: ScanPlace | null
  readonly flags: ScanFlag[]
  readonly received_at: Instant
}
const readScanRows = statement<ScanRow>(
  'readScans',
  `select s.*
   from unnest($1::bigint[]) as row (parcel_id)
     cross join lateral (
       select parcel_id, encode(scan_key, 'hex') as scan_key, carrier_id, code, meaning, occurred_at, precision, time_basis, place, flags, received_at
       from scans
       where parcel_id = row.parcel_id
       order by occurred_at desc, scan_key
       limit $2::integer) as s`,
)

export type KnownScan = Scan & { readonly key: string }

/** The scans of these parcels, latest first, at most `limit` of each. */
export async function readScans(
  db: Queryable,
  parcelIds: readonly ParcelId[],
  limit: number,
): Promise<ReadonlyMap<ParcelId, readonly KnownScan[]>> {
  const found = new Map<ParcelId, KnownScan[]>()
  if (parcelIds.length === 0) return found
  for (const row of await run(db, readScanRows, [plainArray(parcelIds.map(idToInt8)), limit])) {
    const parcelId: ParcelId = idFromInt8('par', row.parcel_id)
    found.set(parcelId, [...(found.get(parcelId) ?? []), scanOf(row)])
  }
  return found
}

const scanOf = (row: ScanRow): KnownScan => ({
  key: row.scan_key,
  ...(row.code === null ? {} : { code: row.code }),
  ...(row.meaning === null ? {} : { meaning: row.meaning }),
  occurredAt: toIso(row.occurred_at),
  precision: row.precision,
  timeBasis: row.time_basis,
  ...(row.place === null ? {} : { place: row.place }),
  carrierId: row.carrier_id,
  receivedAt: toIso(row.received_at),
  flags: row.flags,
})

type TrackedRow = {
  readonly tracking_no: string
  readonly carrier_id: string | null
  readonly order_id: string
  readonly parcel_id: string
  readonly packed_at: Instant
  readonly is_voided: boolean
}
const findTrackedRows = statement<TrackedRow>(
  'findTrackedParcels',
  `select tracking_no, carrier_id, order_id, parcel_id, packed_at, state = 'voided' as is_voided
   from parcels
   where tracking_no = any ($1::text[])
   order by packed_at desc
   limit 20000`,
)

export type TrackedParcel = ScanOwner & {
  readonly trackingNo: string
  readonly carrierId: string | undefined
  readonly packedAt: Instant
  readonly isVoided: boolean
}

/** Parcels with these numbers, latest packed first: carriers use numbers again. */
export async function findTrackedParcels(db: Queryable, trackingNos: readonly string[]): Promise<TrackedParcel[]> {
  if (trackingNos.length === 0) return []
  return (await run(db, findTrackedRows, [textArray([...new Set(trackingNos)])])).map((row) => ({
    trackingNo: row.tracking_no,
    carrierId: row.carrier_id ?? undefined,
    orderId: idFromInt8('ord', row.order_id),
    parcelId: idFromInt8('par', row.parcel_id),
    packedAt: row.packed_at,
    isVoided: row.is_voided,
  }))
}
