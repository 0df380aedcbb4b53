import { plainArray } from './columns.ts'
import { type Queryable, run, type Statement, statement } from './database.ts'
import { stockRowOf, type StockRow } from './stock.ts'

const columns = 'item_no, node_no, on_hand, soft, firm, committed, safety, backorder_limit, version, revision'
const list = (name: string, where: string): Statement<Record<string, number>> =>
  statement(
    name,
    `select ${columns}
   from stock
   where ${where}
     and (item_no, node_no) > ($1::integer, $2::integer)
     and ($4::integer[] is null or node_no = any ($4::integer[]))
   order by item_no, node_no
   limit $3::integer`,
  )
const listAll = list('listStock', 'true')
const listOfItem = list('listStockOfItem', 'item_no = $5::integer')
const listOfNode = list('listStockOfNode', 'node_no = $5::integer')
const listOfBoth = list('listStockOfItemAndNode', 'item_no = $5::integer and node_no = $6::integer')

/** Positions by item and node behind a key; `nodeNos` is what the scope allows, undefined = all. */
export async function listStock(
  db: Queryable,
  filters: {
    readonly itemNo?: number | undefined
    readonly nodeNo?: number | undefined
    readonly nodeNos?: readonly number[] | undefined
  },
  after: readonly [itemNo: number, nodeNo: number],
  limit: number,
): Promise<StockRow[]> {
  const { itemNo, nodeNo, nodeNos } = filters
  const values = [...after, limit, nodeNos === undefined ? null : plainArray(nodeNos)]
  const rows =
    itemNo !== undefined && nodeNo !== undefined
      ? await run(db, listOfBoth, [...values, itemNo, nodeNo])
      : itemNo !== undefined
        ? await run(db, listOfItem, [...values, itemNo])
        : nodeNo !== undefined
          ? await run(db, listOfNode, [...values, nodeNo])
          : await run(db, listAll, values)
  return rows.map(stockRowOf)
}
