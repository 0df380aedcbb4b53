import { idFromInt8, type OrderId } from '../kernel/ids.ts'
import { plainArray } from './columns.ts'
import { type Queryable, run, statement } from './database.ts'

type Place = { readonly itemNo: number; readonly nodeNo: number }
/** What an order holds of an item for work that its node has not begun. */
export type UnbegunUnits = Place & { readonly orderId: OrderId; readonly quantity: number }

const readUnits = statement<{ readonly item_no: number; readonly node_no: number; readonly order_id: string; readonly quantity: number }>(
  'readUnbegunUnits',
  `select row.item_no, row.node_no, held.order_id, held.quantity
   from unnest($1::integer[], $2::integer[]) with ordinality as row (item_no, node_no, no)
     cross join lateral (
       select f.order_id, max(f.ship_by) as ship_by, max(r.quantity)::integer as quantity
       from fulfillment_orders as f
         join lateral (
           select sum(quantity) as quantity
           from reservations
           where shard = f.shard
             and holder_id = f.order_id
             and item_no = row.item_no
             and node_no = f.node_no
             and kind in ('soft', 'firm', 'committed')
         ) as r on r.quantity > 0
       where f.node_no = row.node_no
         and f.is_open
         and f.work in ('planned', 'ready')
       group by f.order_id
       order by 2 desc, 1 desc
       limit $3::integer
     ) as held
   order by row.no, held.ship_by desc, held.order_id desc`,
)

/** Orders with unbegun work that holds the item at the node, what is due last first; at most `limit` a position. */
export async function unbegunUnitsAt(db: Queryable, places: readonly Place[], limit: number): Promise<UnbegunUnits[]> {
  const numbers = [plainArray(places.map((one) => one.itemNo)), plainArray(places.map((one) => one.nodeNo)), limit]
  return (await run(db, readUnits, numbers)).map((row) => ({
    itemNo: row.item_no,
    nodeNo: row.node_no,
    orderId: idFromInt8('ord', row.order_id),
    quantity: row.quantity,
  }))
}
