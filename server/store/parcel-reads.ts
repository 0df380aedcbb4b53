import type { ParcelStateName } from '../../contract/entities/scan.ts'
import type { Scope } from '../domain/access/principal.ts'
import { idFromInt8, type OrderId, type ParcelId } from '../kernel/ids.ts'
import { plainArray } from './columns.ts'
import { type Queryable, run, type Statement, statement } from './database.ts'
import { orderInScope, scopeValues } from './scope-params.ts'

export type FoundParcel = { readonly orderId: OrderId; readonly parcelId: ParcelId }
type FoundRow = { readonly order_id: string; readonly parcel_id: string }
const foundOf = (row: FoundRow): FoundParcel => ({ orderId: idFromInt8('ord', row.order_id), parcelId: idFromInt8('par', row.parcel_id) })

const findParcelRows = statement<FoundRow>(
  'findParcels',
  `select order_id, parcel_id
   from parcels
   where parcel_id = any ($1::bigint[])`,
)

/** The orders of these parcels (decimal numbers); those that do not exist are left out. */
export async function findParcels(db: Queryable, ids: readonly string[]): Promise<FoundParcel[]> {
  return (await run(db, findParcelRows, [plainArray(ids)])).map(foundOf)
}

export type ParcelFilters = {
  readonly carrierId?: string | undefined
  readonly trackingNo?: string | undefined
  readonly state?: ParcelStateName | undefined
}

const SCOPE = 6
/** Each driver walks one index from its end. */
const drivers = {
  all: '$1::text is null and $2::text is null and $5::text is null',
  state: '$1::text is null and $5::text is null and p.state = $2::text',
  carrier: 'p.carrier_id = $1::text and $5::text is null and ($2::text is null or p.state = $2::text)',
  number: 'p.tracking_no = $5::text and ($1::text is null or p.carrier_id = $1::text) and ($2::text is null or p.state = $2::text)',
} as const

function listBy(driver: keyof typeof drivers): Statement<FoundRow> {
  return statement<FoundRow>(
    `listParcelsBy${driver.charAt(0).toUpperCase()}${driver.slice(1)}`,
    `select p.order_id, p.parcel_id
   from parcels as p
     join orders as o on o.shard = p.shard and o.order_id = p.order_id
     join fulfillment_orders as f on f.shard = p.shard and f.order_id = p.order_id and f.fulfillment_order_id = p.fulfillment_order_id
   where ${drivers[driver]}
     and p.parcel_id < $3::bigint
     and ($${SCOPE + 1}::text[] is null or exists (
       select 1
       from nodes as n
       where n.node_no = f.node_no
         and n.node_id = any ($${SCOPE + 1}::text[])))
     and ($${SCOPE + 2}::text[] is null or p.carrier_id = any ($${SCOPE + 2}::text[]))
     and ${orderInScope(SCOPE)}
   order by p.parcel_id desc
   limit $4::integer`,
  )
}
const statements = { all: listBy('all'), state: listBy('state'), carrier: listBy('carrier'), number: listBy('number') }
const LATEST = '9223372036854775807'

/** One page of parcels, latest first, before a number. */
export async function listParcels(
  db: Queryable,
  scope: Scope,
  { carrierId, trackingNo, state }: ParcelFilters,
  before: string | undefined,
  limit: number,
): Promise<FoundParcel[]> {
  const driver = trackingNo !== undefined ? 'number' : carrierId !== undefined ? 'carrier' : state !== undefined ? 'state' : 'all'
  const values = [carrierId ?? null, state ?? null, before ?? LATEST, limit, trackingNo ?? null, ...scopeValues(scope)]
  return (await run(db, statements[driver], values)).map(foundOf)
}
