import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { availableOf } from '../domain/availability/availability.ts'
import { stockAfter, stockPages } from './stock-pages.ts'

const { pool } = await testDatabase()
const ALL = { itemNo: 0, nodeNo: 0, lastItemNo: 2_147_483_647 }
type Read = readonly [item: number, node: number, available: number, revision: number]

async function pagesOf(range: typeof ALL, limit: number): Promise<Read[][]> {
  const pages: Read[][] = []
  for await (const page of stockPages(pool, range, limit))
    pages.push(
      Array.from(page.itemNos, (itemNo, i) => [itemNo, page.nodeNos[i] ?? 0, page.available[i] ?? 0, page.revisions[i] ?? 0] as const),
    )
  return pages
}

test('stock is read whole, page by page in key order, as what can be promised of it, below zero too', async () => {
  assert.deepEqual((await stockAfter(pool, ALL, 10)).itemNos.length, 0)
  await pool.query(`insert into items (sku, doc, version) select 'sku-' || n, '{}', 1 from generate_series(1, 3) as n`)
  await pool.query(`insert into nodes (node_id, doc, version) select 'node-' || n, '{}', 1 from generate_series(1, 3) as n`)
  await pool.query(`insert into stock (item_no, node_no, on_hand, soft, firm, committed, safety, backorder_limit, version, revision)
    select item_no, node_no, item_no - 20 * node_no, 1, 20, 300, 4000, 50000, 6, 2147483647 from items, nodes where item_no + node_no < 6`)
  const same = { soft: 1, firm: 20, committed: 300, safety: 4000, backorderLimit: 50_000, version: 6 }
  const wanted = [1, 2, 3].flatMap((item) =>
    [1, 2, 3].flatMap((node): Read[] =>
      item + node < 6 ? [[item, node, availableOf({ onHand: item - 20 * node, ...same }), 2_147_483_647]] : [],
    ),
  )
  for (const limit of [3, 4, 8, 100]) {
    const pages = await pagesOf(ALL, limit)
    assert.deepEqual(pages.flat(), wanted)
    assert.equal(pages.length, Math.ceil(wanted.length / limit))
  }
  assert.deepEqual((await pagesOf({ ...ALL, itemNo: 1, nodeNo: 2, lastItemNo: 2 }, 100)).flat(), wanted.slice(2, 6))
})

test('what is less than any number that memory holds counts as the least that it does', async () => {
  await pool.query('update stock set on_hand = -2147483647, safety = 2147483647 where item_no = 1 and node_no = 1')
  const [first] = (await pagesOf(ALL, 100)).flat()
  assert.deepEqual(first, [1, 1, -2_147_483_648, 2_147_483_647])
})
