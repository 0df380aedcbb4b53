import type { OrderState } from '../../domain/order/state.ts'
import { initialState } from '../../domain/order/evolve.ts'
import { present } from '../../kernel/assert.ts'
import { lockAccounts, lockCapacity, lockOrders, lockSupply } from '../claims.ts'
import { plainArray, textArray } from '../columns.ts'
import { type Client, type Pool, run, statement, transaction } from '../database.ts'
import { itemsBySku, nodesById } from '../facts.ts'
import type { OrderKey } from '../order-reads.ts'
import { type Numbers, orderWrites } from '../order-writes.ts'
import { lockStock } from '../stock.ts'
import { send } from '../write.ts'
import type { Drift } from './drift.ts'
import { examineOrder } from './examine-order.ts'
import { type StoredOrder, storedOrders } from './order-page.ts'
import type { CheckName } from './report.ts'

const CHUNK = 100
/** What a repair writes anew from the log; anything else that is wrong with an order is for a person. */
const DERIVED: ReadonlySet<CheckName> = new Set([
  'order.state',
  'order.phase',
  'order.reservations',
  'order.fulfillmentOrders',
  'order.parcels',
  'order.clocks',
  'order.tasks',
  'order.holds',
])

/**
 * Mends drift in this order: order rows from the log, then the sums over them. Each chunk is one transaction that takes the
 * locks a hub takes (one kind of row, sorted) and looks again behind them, so that it may run beside living hubs.
 */
export async function repairDrift(pool: Pool, drift: Drift): Promise<string[]> {
  const done: string[] = []
  for (const keys of chunks(drift.orders)) done.push(...(await transaction(pool, (client) => repairOrders(client, keys))))
  done.push(...(await repairStock(pool)))
  for (const accounts of chunks(drift.accounts)) done.push(...(await transaction(pool, (client) => repairExposure(client, accounts))))
  for (const days of chunks(drift.capacity)) done.push(...(await transaction(pool, (client) => repairCapacity(client, days))))
  for (const supplies of chunks(drift.supply)) done.push(...(await transaction(pool, (client) => repairSupply(client, supplies))))
  return done
}

function* chunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < all.length; i += CHUNK) yield all.slice(i, i + CHUNK)
}

const dropRows = (name: string, table: string, id: string) =>
  statement<object>(
    name,
    `delete from ${table} as t
     using unnest($1::smallint[], $2::bigint[]) as key (shard, order_id)
     where t.shard = key.shard
       and t.${id} = key.order_id`,
  )
const dropParcels = dropRows('repairDropParcels', 'parcels', 'order_id')
const drops = [
  ['reservations', 'order.reservations', dropRows('repairDropReservations', 'reservations', 'holder_id')],
  ['fulfillmentOrders', 'order.fulfillmentOrders', dropRows('repairDropFulfillmentOrders', 'fulfillment_orders', 'order_id')],
  ['clocks', 'order.clocks', dropRows('repairDropClocks', 'clocks', 'order_id')],
  ['tasks', 'order.tasks', dropRows('repairDropTasks', 'tasks', 'order_id')],
  ['holds', 'order.holds', dropRows('repairDropHolds', 'holds', 'order_id')],
] as const

async function repairOrders(client: Client, keys: readonly OrderKey[]): Promise<string[]> {
  await send(client, lockOrders(keys))
  const done: string[] = []
  for (const stored of await storedOrders(client, keys)) {
    const { problems, expected } = examineOrder(stored)
    const mended = problems.filter((one) => DERIVED.has(one.check))
    // A state ahead of its log tells of lost events: that is damage, not drift.
    if (expected === undefined || mended.length === 0 || (stored.row.version ?? 0) > expected.version) continue
    await rewrite(client, stored, expected, new Set(mended.map((one) => one.check)))
    done.push(...mended.map((one) => `${one.check}: ${one.says}; written anew from its log`))
  }
  return done
}

/** Writes the state row, and those of the derived rows that drifted: for the others the state before counts as the one after. */
async function rewrite(client: Client, stored: StoredOrder, state: OrderState, drifted: ReadonlySet<CheckName>): Promise<void> {
  const { row } = stored
  const key = [plainArray([row.shard]), plainArray([row.order_id])]
  let before: OrderState = { ...initialState(row.intake), ...state }
  for (const [field, check, drop] of drops) {
    if (!drifted.has(check)) continue
    await run(client, drop, key)
    before = { ...before, [field]: [] }
  }
  if (drifted.has('order.parcels')) {
    await run(client, dropParcels, key)
    before = { ...before, fulfillmentOrders: before.fulfillmentOrders.map(({ parcels: _, voided: __, ...work }) => work) }
  }
  const numbers = await numbersOf(client, state)
  for (const write of orderWrites([{ change: { before, after: { intake: row.intake, state }, events: [] } }], numbers))
    await send(client, write)
}

async function numbersOf(client: Client, state: OrderState): Promise<Numbers> {
  const items = await itemsBySku(client, [...new Set(state.reservations.map((one) => one.sku))])
  const nodes = await nodesById(client, [...new Set([...state.reservations, ...state.fulfillmentOrders].map((one) => one.nodeId))])
  const itemNos = new Map(items.map((row) => [row.sku, row.item_no]))
  const nodeNos = new Map(nodes.map((row) => [row.node_id, row.node_no]))
  return {
    itemNo: (sku) => present(itemNos.get(sku), `item ${sku}`),
    nodeNo: (nodeId) => present(nodeNos.get(nodeId), `node ${nodeId}`),
  }
}

type Position = { readonly item_no: number; readonly node_no: number }
const heldOf = `select item_no, node_no,
         coalesce(sum(quantity) filter (where kind = 'soft'), 0)::integer as soft,
         coalesce(sum(quantity) filter (where kind = 'firm'), 0)::integer as firm,
         coalesce(sum(quantity) filter (where kind = 'committed'), 0)::integer as committed
       from reservations
       where kind in ('soft', 'firm', 'committed')
       group by item_no, node_no`
const findDriftedStock = statement<Position>(
  'repairFindStock',
  `select s.item_no, s.node_no
   from stock as s
     left join (${heldOf}) as r using (item_no, node_no)
   where (s.soft, s.firm, s.committed) <> (coalesce(r.soft, 0), coalesce(r.firm, 0), coalesce(r.committed, 0))`,
)
const mendStock = statement<{ readonly says: string }>(
  'repairStock',
  `with held as (
     ${heldOf}
   ), wanted as (
     select s.item_no, s.node_no, s.soft as old_soft, s.firm as old_firm, s.committed as old_committed,
       coalesce(r.soft, 0) as soft, coalesce(r.firm, 0) as firm, coalesce(r.committed, 0) as committed
     from stock as s
       join unnest($1::integer[], $2::integer[]) as key (item_no, node_no) using (item_no, node_no)
       left join held as r using (item_no, node_no)
   )
   update stock as s
   set soft = w.soft, firm = w.firm, committed = w.committed, revision = s.revision + 1
   from wanted as w
     join items as i using (item_no)
     join nodes as n using (node_no)
   where s.item_no = w.item_no
     and s.node_no = w.node_no
     and (w.old_soft, w.old_firm, w.old_committed) <> (w.soft, w.firm, w.committed)
   returning format('stock.reserved: %s@%s: soft %s → %s, firm %s → %s, committed %s → %s',
     i.sku, n.node_id, w.old_soft, w.soft, w.old_firm, w.firm, w.old_committed, w.committed) as says`,
)

/** Behind the rows' locks no reservation on them can move: who moves one holds its stock row. */
async function repairStock(pool: Pool): Promise<string[]> {
  const drifted = await run(pool, findDriftedStock)
  if (drifted.length === 0) return []
  const keys = drifted.map((row) => ({ itemNo: row.item_no, nodeNo: row.node_no }))
  return transaction(pool, async (client) => {
    await send(client, lockStock(keys))
    const rows = await run(client, mendStock, [plainArray(keys.map((key) => key.itemNo)), plainArray(keys.map((key) => key.nodeNo))])
    return rows.map((row) => row.says)
  })
}

const mendExposure = statement<{ readonly says: string }>(
  'repairExposure',
  `with wanted as (
     select a.account_id, a.exposure as old, coalesce(sum((s.doc::json ->> 'exposure')::bigint), 0)::bigint as exposure
     from accounts as a
       left join orders as o on o.account_id = a.account_id
       left join order_states as s on s.shard = o.shard and s.order_id = o.order_id
     where a.account_id = any ($1::text[])
     group by a.account_id, a.exposure
   )
   update accounts as a
   set exposure = w.exposure
   from wanted as w
   where a.account_id = w.account_id
     and w.old <> w.exposure
   returning format('account.exposure: account %s: %s → %s', w.account_id, w.old, w.exposure) as says`,
)

async function repairExposure(client: Client, accountIds: readonly string[]): Promise<string[]> {
  await send(client, lockAccounts(accountIds))
  return (await run(client, mendExposure, [textArray(accountIds)])).map((row) => row.says)
}

const mendCapacity = statement<{ readonly says: string }>(
  'repairCapacity',
  `with wanted as (
     select c.node_no, c.day, c.used as old, (
         select count(*)
         from order_states as s
           cross join json_array_elements(s.doc::json -> 'fulfillmentOrders') as planned
         where (s.shard, s.order_id) in (select f.shard, f.order_id from fulfillment_orders as f where f.node_no = c.node_no)
           and planned ->> 'nodeId' = n.node_id
           and planned ->> 'capacityDay' = key.day
           and planned ->> 'work' <> 'cancelled'
       )::integer as used
     from unnest($1::integer[], $2::text[]) as key (node_no, day)
       join node_capacity as c on c.node_no = key.node_no and c.day = key.day::date
       join nodes as n on n.node_no = c.node_no
   )
   update node_capacity as c
   set used = w.used
   from wanted as w
   where c.node_no = w.node_no
     and c.day = w.day
     and w.old <> w.used
   returning format('node.capacity: node number %s on %s: %s → %s', w.node_no, w.day, w.old, w.used) as says`,
)

async function repairCapacity(client: Client, days: Drift['capacity']): Promise<string[]> {
  const nodes = new Map(
    (
      await nodesById(
        client,
        days.map((one) => one.nodeId),
      )
    ).map((row) => [row.node_id, row.node_no]),
  )
  const rows = days.flatMap(({ nodeId, day }) => {
    const nodeNo = nodes.get(nodeId)
    return nodeNo === undefined ? [] : [{ nodeNo, day }]
  })
  await send(client, lockCapacity(rows))
  return (await run(client, mendCapacity, [plainArray(rows.map((row) => row.nodeNo)), textArray(rows.map((row) => row.day))])).map(
    (row) => row.says,
  )
}

const mendSupply = statement<{ readonly says: string }>(
  'repairSupply',
  `with counted as (
     select awaited ->> 'supplyId' as supply_id, sum((awaited ->> 'quantity')::integer)::integer as units
     from order_states as s
       cross join json_array_elements(coalesce(s.doc::json -> 'awaiting', '[]'::json)) as awaited
     group by awaited ->> 'supplyId'
   ), wanted as (
     select s.supply_id, s.reserved as old, coalesce(c.units, 0) as reserved
     from supply as s
       left join counted as c using (supply_id)
     where s.supply_id = any ($1::text[])
   )
   update supply as s
   set reserved = w.reserved
   from wanted as w
   where s.supply_id = w.supply_id
     and w.old <> w.reserved
   returning format('supply.reserved: supply %s: %s → %s', w.supply_id, w.old, w.reserved) as says`,
)

async function repairSupply(client: Client, supplyIds: readonly string[]): Promise<string[]> {
  await send(client, lockSupply(supplyIds))
  return (await run(client, mendSupply, [textArray(supplyIds)])).map((row) => row.says)
}
