import type { Scope } from '../domain/access/principal.ts'
import type { Work } from '../domain/fulfillment/work-machine.ts'
import { idFromInt8, type FulfillmentOrderId, type OrderId } from '../kernel/ids.ts'
import type { Instant } from '../kernel/time.ts'
import { plainArray } from './columns.ts'
import { type Queryable, run, type Statement, statement } from './database.ts'
import { orderInScope, scopeValues } from './scope-params.ts'

/** Where a fulfillment order is found: the order that it is a part of. */
export type FoundWork = { readonly orderId: OrderId; readonly fulfillmentOrderId: FulfillmentOrderId; readonly shipBy: number }
type FoundRow = { readonly order_id: string; readonly fulfillment_order_id: string; readonly ship_by: number | null }

const foundOf = (row: FoundRow): FoundWork => ({
  orderId: idFromInt8('ord', row.order_id),
  fulfillmentOrderId: idFromInt8('ful', row.fulfillment_order_id),
  shipBy: row.ship_by ?? 0,
})

const findWork = statement<FoundRow>(
  'findFulfillmentOrders',
  `select f.order_id, f.fulfillment_order_id, f.ship_by
   from fulfillment_orders as f
   where f.fulfillment_order_id = any ($1::bigint[])`,
)

/** The orders of these fulfillment orders (decimal numbers); those that do not exist are left out. */
export async function findFulfillmentOrders(db: Queryable, ids: readonly string[]): Promise<FoundWork[]> {
  return (await run(db, findWork, [plainArray(ids)])).map(foundOf)
}

export type QueueFilters = {
  readonly nodeId?: string | undefined
  readonly work?: Work | undefined
  readonly dueBefore?: Instant | undefined
}
export type QueuePage = {
  /** The last row of the page before: due time (epoch ms) and number. */
  readonly after?: { readonly shipBy: number; readonly id: string } | undefined
  readonly limit: number
}

const SCOPE = 7
const IS_OPEN = 'f.is_open'
const NODE = '(select n.node_no from nodes as n where n.node_id = $1::text)'
const own = `($${SCOPE + 1}::text[] is null or exists (
       select 1
       from nodes as n
       where n.node_no = f.node_no
         and n.node_id = any ($${SCOPE + 1}::text[])))
     and ($${SCOPE + 2}::text[] is null or f.carrier_id = any ($${SCOPE + 2}::text[]))`

/** What is open runs by due time, what is over from the latest order down; each driver walks one index. */
const drivers = {
  queue: [
    `${IS_OPEN} and f.node_no = ${NODE} and (f.ship_by, f.fulfillment_order_id) > ($4::timestamptz, $5::bigint)`,
    'f.ship_by, f.fulfillment_order_id',
  ],
  due: [
    `$1::text is null and ${IS_OPEN} and (f.ship_by, f.fulfillment_order_id) > ($4::timestamptz, $5::bigint)`,
    'f.ship_by, f.fulfillment_order_id',
  ],
  overAt: [`$4::timestamptz is not null and f.node_no = ${NODE} and f.fulfillment_order_id < $5::bigint`, 'f.fulfillment_order_id desc'],
  over: ['$1::text is null and $4::timestamptz is not null and f.fulfillment_order_id < $5::bigint', 'f.fulfillment_order_id desc'],
} as const satisfies Record<string, readonly [where: string, order: string]>

function listBy(driver: keyof typeof drivers): Statement<FoundRow> {
  const [where, order] = drivers[driver]
  return statement<FoundRow>(
    `listWorkBy${driver.charAt(0).toUpperCase()}${driver.slice(1)}`,
    `select f.order_id, f.fulfillment_order_id, f.ship_by
   from fulfillment_orders as f
     join orders as o on o.shard = f.shard and o.order_id = f.order_id
   where ${where}
     and ($2::text is null or f.work = $2::text)
     and ($3::timestamptz is null or f.ship_by < $3::timestamptz)
     and ${own}
     and ${orderInScope(SCOPE)}
     and (o.intake::json ->> 'history') is null
   order by ${order}
   limit $6::integer`,
  )
}
const statements = { queue: listBy('queue'), due: listBy('due'), overAt: listBy('overAt'), over: listBy('over') }
const FIRST = '-infinity'
const LATEST = '9223372036854775807'

/** One page of work: open work by due time, or work that is in one state that is over, latest first. */
export async function listWork(db: Queryable, scope: Scope, filters: QueueFilters, page: QueuePage): Promise<FoundWork[]> {
  const isOver = filters.work === 'handedOver' || filters.work === 'done' || filters.work === 'cancelled'
  const driver = isOver ? (filters.nodeId === undefined ? 'over' : 'overAt') : filters.nodeId === undefined ? 'due' : 'queue'
  const { after } = page
  const rows = await run(db, statements[driver], [
    filters.nodeId ?? null,
    filters.work ?? null,
    filters.dueBefore === undefined ? null : new Date(filters.dueBefore).toISOString(),
    after === undefined ? FIRST : new Date(after.shipBy).toISOString(),
    after?.id ?? (isOver ? LATEST : '0'),
    page.limit,
    ...scopeValues(scope),
  ])
  return rows.map(foundOf)
}
