import type { Phase } from '../../contract/entities/order.ts'
import type { Scope } from '../domain/access/principal.ts'
import type { Order, StoredState } from '../domain/order/state.ts'
import type { Instant } from '../kernel/time.ts'
import type { SearchIndexes } from './blind-index.ts'
import { byteaArray, plainArray } from './columns.ts'
import { type Queryable, run, type Statement, statement } from './database.ts'
import { type OrderKey, orderOf, type OrderRow } from './order-reads.ts'
import { orderInScope, scopeValues } from './scope-params.ts'

/** What a list of orders is narrowed to; everything given must hold. */
export type OrderFilters = {
  readonly phase?: Phase | undefined
  readonly state?: StoredState | undefined
  readonly channelId?: string | undefined
  readonly accountId?: string | undefined
  readonly nodeId?: string | undefined
  /** Placed at or after, and before. */
  readonly placedAfter?: Instant | undefined
  readonly placedBefore?: Instant | undefined
  /** One of these orders, or of a person found by these indexes. */
  readonly among?: { readonly keys: readonly OrderKey[]; readonly persons?: SearchIndexes | undefined } | undefined
}

/**
 * What leads a list. Each driver is a statement of its own that starts from one index and walks down the order numbers, so that no plan
 * depends on which of many nullable parameters happen to be set; the other filters are tested on what it finds.
 */
type Driver =
  | 'among'
  | 'customer'
  | 'ownAccount'
  | 'account'
  | 'node'
  | 'ownNode'
  | 'ownNodes'
  | 'ownCarrier'
  | 'state'
  | 'phase'
  | 'placed'
  | 'channel'
  | 'ownChannel'
  | 'all'

/** By number: the newest first, or the oldest. */
type Direction = 'down' | 'up'
const GOES = { down: { order: 'desc', from: '<' }, up: { order: 'asc', from: '>' } } as const
type Goes = (typeof GOES)[Direction]
const BEFORE = '$1::bigint'
const LIMIT = '$2::integer'
const SCOPE = 9
const [channels, nodes, carriers, customerChannel, customerRef, account] = [0, 1, 2, 3, 4, 5].map((i) => `$${SCOPE + i}`)

/**
 * The other row of an order, looked up by its key. NOTE: `offset 0` keeps it a lookup: as a join the planner takes shard and number for
 * independent, expects a 64th of the rows, and sorts a whole channel to find 50 orders (38 ms instead of 1 ms over 150,000).
 */
const lookUp = (table: string, as: string, columns: string, by: string): string => `cross join lateral (
     select ${columns}
     from ${table} as x
     where x.shard = ${by}.shard
       and x.order_id = ${by}.order_id
     offset 0
   ) as ${as}`
const saleOf = (by: string): string =>
  lookUp('orders', 'o', 'x.shard, x.order_id, x.channel_id, x.account_id, x.customer_ref, x.placed_at, x.intake', by)
const stateOf = (by: string): string => lookUp('order_states', 's', 'x.phase, x.state, x.doc', by)
const ORDER = `orders as o ${stateOf('o')}`
const STATE = `order_states as s ${saleOf('s')}`

/** Distinct orders in their order straight from the index: the same node may work on an order twice. */
const work = (where: string, { order, from }: Goes): string => `(
     select distinct f.order_id, f.shard
     from fulfillment_orders as f
     where ${where}
       and f.order_id ${from} ${BEFORE}
     order by f.order_id ${order}, f.shard ${order}
   ) as w ${saleOf('w')} ${stateOf('w')}`
const nodeNo = (nodeId: string): string => `(select n.node_no from nodes as n where n.node_id = ${nodeId})`
const found = ({ order }: Goes): string => `(
     select row.order_id, row.shard
     from unnest($16::smallint[], $17::bigint[]) as row (shard, order_id)
     union
     select p.person_id as order_id, p.shard
     from persons as p
     where p.phone_index = any ($18::bytea[])
     union
     select p.person_id as order_id, p.shard
     from persons as p
     where p.email_index = any ($19::bytea[])
     union
     select p.person_id as order_id, p.shard
     from persons as p
     where p.name_index = any ($20::bytea[])
     order by order_id ${order}
   ) as w ${saleOf('w')} ${stateOf('w')}`

/** Sorted by number before the rest of a row is looked up: a page reads 50 whole rows, not all of the range. */
const placed = ({ order, from }: Goes): string => `(
     select x.order_id, x.shard
     from orders as x
     where x.placed_at >= coalesce($7::timestamptz, '-infinity')
       and x.placed_at < coalesce($8::timestamptz, 'infinity')
       and x.order_id ${from} ${BEFORE}
     order by x.order_id ${order}
   ) as w ${saleOf('w')} ${stateOf('w')}`

/** From where, by which predicate of its own, and the column that carries the order of the index. */
const driversOf = (goes: Goes): Readonly<Record<Driver, readonly [from: string, where: string, key: string]>> => ({
  among: [found(goes), 'true', 'w.order_id'],
  customer: [ORDER, `o.channel_id = ${customerChannel}::text and o.customer_ref = ${customerRef}::text`, 'o.order_id'],
  ownAccount: [ORDER, `o.account_id = ${account}::text`, 'o.order_id'],
  account: [ORDER, 'o.account_id = $6::text', 'o.order_id'],
  node: [work(`f.node_no = ${nodeNo('$15::text')}`, goes), 'true', 'w.order_id'],
  ownNode: [work(`f.node_no = ${nodeNo(`(${nodes}::text[])[1]`)}`, goes), 'true', 'w.order_id'],
  ownNodes: [
    work(`f.node_no = any (array(select n.node_no from nodes as n where n.node_id = any (${nodes}::text[])))`, goes),
    'true',
    'w.order_id',
  ],
  ownCarrier: [work(`f.carrier_id = (${carriers}::text[])[1]`, goes), 'true', 'w.order_id'],
  state: [STATE, `s.state = $4::text and s.state <> 'accepted'`, 's.order_id'],
  phase: [STATE, 's.phase = $3::text', 's.order_id'],
  placed: [placed(goes), 'true', 'w.order_id'],
  channel: [ORDER, 'o.channel_id = $5::text', 'o.order_id'],
  ownChannel: [ORDER, `o.channel_id = (${channels}::text[])[1]`, 'o.order_id'],
  all: [ORDER, 'true', 'o.order_id'],
})
const drivers = { down: driversOf(GOES.down), up: driversOf(GOES.up) }

function listBy(driver: Driver, direction: Direction): Statement<OrderRow> {
  const [from, where, key] = drivers[direction][driver]
  const goes = GOES[direction]
  return statement<OrderRow>(
    `listOrdersBy${driver.charAt(0).toUpperCase()}${driver.slice(1)}${direction === 'up' ? 'Up' : ''}`,
    `select o.intake, s.doc as state
   from ${from}
   where ${where}
     and ${key} ${goes.from} ${BEFORE}
     and ($3::text is null or s.phase = $3::text)
     and ($4::text is null or s.state = $4::text)
     and ($5::text is null or o.channel_id = $5::text)
     and ($6::text is null or o.account_id = $6::text)
     and ($7::timestamptz is null or o.placed_at >= $7::timestamptz)
     and ($8::timestamptz is null or o.placed_at < $8::timestamptz)
     and ${orderInScope(SCOPE)}
     and ($15::text is null or exists (
       select 1
       from fulfillment_orders as f
       where f.shard = o.shard
         and f.order_id = o.order_id
         and f.node_no = ${nodeNo('$15::text')}))
   order by ${key} ${goes.order}
   limit ${LIMIT}`,
  )
}

const driverNames = Object.keys(drivers.down) as readonly Driver[]
const statementsOf = (direction: Direction) =>
  Object.fromEntries(driverNames.map((driver) => [driver, listBy(driver, direction)])) as Readonly<Record<Driver, Statement<OrderRow>>>
const statements = { down: statementsOf('down'), up: statementsOf('up') }

/** Work of a few nodes is sorted; of many it is met soon enough on the walk through all orders. */
const NODES_LED_MAX = 20

/** The narrowest first: a search finds few orders, a customer has few, a channel most. */
export function driverOf(filters: OrderFilters, scope: Scope): Driver {
  if (filters.among !== undefined) return 'among'
  if (scope.customer !== undefined) return 'channelId' in scope.customer ? 'customer' : 'ownAccount'
  if (filters.accountId !== undefined) return 'account'
  if (filters.nodeId !== undefined) return 'node'
  if (scope.nodes !== undefined && scope.nodes.length <= NODES_LED_MAX) return scope.nodes.length === 1 ? 'ownNode' : 'ownNodes'
  if (filters.state !== undefined && filters.state !== 'accepted') return 'state'
  if (filters.phase !== undefined) return 'phase'
  if (scope.carriers?.length === 1) return 'ownCarrier'
  // What was placed after some day is mostly what came last: the walk down the numbers meets it first.
  if (filters.placedBefore !== undefined) return 'placed'
  if (filters.channelId !== undefined) return 'channel'
  return scope.channels?.length === 1 ? 'ownChannel' : 'all'
}

const START = { down: '9223372036854775807', up: '-1' } as const
const isoOf = (at: Instant | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())

/** Orders within a scope, the newest first or the oldest; `seen` is the number of the last row seen (int8 text). */
export async function listOrders(
  db: Queryable,
  scope: Scope,
  filters: OrderFilters,
  page: { readonly seen?: string | undefined; readonly limit: number; readonly direction: Direction },
): Promise<Order[]> {
  const { among } = filters
  const rows = await run(db, statements[page.direction][driverOf(filters, scope)], [
    page.seen ?? START[page.direction],
    page.limit,
    filters.phase ?? null,
    filters.state ?? null,
    filters.channelId ?? null,
    filters.accountId ?? null,
    isoOf(filters.placedAfter),
    isoOf(filters.placedBefore),
    ...scopeValues(scope),
    filters.nodeId ?? null,
    ...(among === undefined ? [] : amongValues(among)),
  ])
  return rows.map(orderOf)
}

const amongValues = ({ keys, persons }: NonNullable<OrderFilters['among']>): readonly string[] => [
  plainArray(keys.map((key) => key.shard)),
  plainArray(keys.map((key) => key.orderId)),
  byteaArray(persons?.phones ?? []),
  byteaArray(persons?.emails ?? []),
  byteaArray(persons?.names ?? []),
]
