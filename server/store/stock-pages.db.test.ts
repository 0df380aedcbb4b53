import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { stockAfter } from './stock-pages.ts'

const { pool } = await testDatabase()

test('stock is read whole, page by page in key order, numbers below zero too', async () => {
  assert.deepEqual(await stockAfter(pool, 0, 0, 10), [])
  await pool.query(`insert into items (sku, doc, version) select 'sku-' || n, '{}', 1 from generate_series(1, 3) as n`)
  await pool.query(`insert into nodes (node_id, doc, version) select 'node-' || n, '{}', 1 from generate_series(1, 3) as n`)
  await pool.query(`insert into stock (item_no, node_no, on_hand, soft, firm, committed, safety, backorder_limit, version, revision)
    select item_no, node_no, item_no - 2 * node_no, 1, 2, 3, -4, 5, 6, 2147483647 from items, nodes`)
  const all = []
  for (let page = await stockAfter(pool, 0, 0, 4); page.length > 0;) {
    all.push(...page)
    const last = page.at(-1)
    page = await stockAfter(pool, last?.itemNo ?? 0, last?.nodeNo ?? 0, 4)
  }
  const keys = [1, 2, 3].flatMap((itemNo) => [1, 2, 3].map((nodeNo) => ({ itemNo, nodeNo })))
  const same = { soft: 1, firm: 2, committed: 3, safety: -4, backorderLimit: 5, version: 6, revision: 2_147_483_647 }
  assert.deepEqual(
    all,
    keys.map((key) => ({ ...key, onHand: key.itemNo - 2 * key.nodeNo, ...same })),
  )
})
