import type { Stock } from '../../../contract/entities/stock.ts'
import { presentStock } from '../../domain/access/present-fact.ts'
import { availableOf } from '../../domain/availability/availability.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { done } from '../../kernel/outcome.ts'
import { listStock } from '../../store/stock-reads.ts'
import type { StockRow } from '../../store/stock.ts'
import type { Handlers } from '../handler.ts'
import { pageKeyOf, pageOfRows, type ReadDeps } from './read-deps.ts'

/** Stock as the database holds it, within the nodes of the scope. */
export function stockReadHandlers(deps: ReadDeps): Pick<Handlers, 'stock.list'> {
  const { memory, pool } = deps
  return {
    'stock.list': async ({ principal }, { query }) => {
      const { scope } = principal
      const limit = query.limit ?? 50
      const key = pageKeyOf('stock', ['number', 'number'], query.cursor, [0, 0])
      if (key.status === 'refused') return key
      const itemNo = query.sku === undefined ? undefined : memory.items.get(query.sku)?.itemNo
      const nodeNo = query.nodeId === undefined ? undefined : memory.nodes.get(query.nodeId)?.nodeNo
      const isNowhere = (query.sku !== undefined && itemNo === undefined) || (query.nodeId !== undefined && nodeNo === undefined)
      // Stock belongs to those inside: what a customer or carrier may know of it is what can be promised.
      if (isNowhere || scope.customer !== undefined || scope.carriers !== undefined) return done({ items: [] })
      const nodeNos = scope.nodes?.flatMap((nodeId) => memory.nodes.get(nodeId)?.nodeNo ?? [])
      const found = await listStock(pool, { itemNo, nodeNo, nodeNos }, key.value, limit + 1)
      const { rows, last } = pageOfRows(found, limit)
      const items = rows.flatMap((row) => presentStock(principal, stockOf(deps, row)) ?? [])
      return done({ items, ...(last === undefined ? {} : { next: encodePageKey('stock', [last.itemNo, last.nodeNo]) }) })
    },
  }
}

function stockOf({ memory }: ReadDeps, row: StockRow): Stock {
  const { itemNo, nodeNo, revision: _, ...numbers } = row
  const sku = memory.skuOf(itemNo)
  const name = memory.items.get(sku)?.doc.name
  return { sku, ...(name === undefined ? {} : { name }), nodeId: memory.nodeIdOf(nodeNo), ...numbers, available: availableOf(row) }
}
