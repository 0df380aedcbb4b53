import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { emptyFolder } from '../../test/support/bazaar.ts'
import { readHub } from '../../test/support/read-hub.ts'
import { openHistoryFolder } from '../../server/connect/history/history-folder.ts'
import { loadHistoryMapping } from '../../server/connect/history/mapping.ts'
import { sumOf } from '../../server/engine/history-report.ts'
import { runImport } from './run-import.ts'

const samples = join(process.env['FULCRUM_DATA_SAMPLES'] ?? join(import.meta.dirname, '../../../shared/data'), 'orders')
const skip = existsSync(join(samples, 'olist-9tables')) ? false : `${samples} is absent: set FULCRUM_DATA_SAMPLES`

test('a real marketplace history goes in with every row accounted for, in the states it tells of', { skip }, async () => {
  const { hub } = await readHub()
  const source = await openHistoryFolder(join(samples, 'olist-9tables'), loadHistoryMapping('olist'))
  const { report } = await runImport({ hub, source, reportFolder: emptyFolder(), signal: new AbortController().signal })
  assert.equal(report.state, 'done')
  assert.ok(source.rows > 5000)
  assert.equal(report.recorded + report.existing + report.blank + sumOf(report.rejected), source.rows)
  assert.deepEqual([report.recorded, report.rejected, source.strays], [source.rows, {}, []])
  const phases = await hub.pool.query<{ phase: string }>('select distinct phase from order_states order by phase')
  assert.deepEqual(
    phases.rows.map((row) => row.phase),
    ['awaitingPayment', 'cancelled', 'delivered', 'inFulfillment', 'inTransit'],
  )
  for (const flag of ['no_items', 'handed_over_before_approved', 'delivered_before_handed_over', 'cancelled_after_hand_over'])
    assert.ok((report.flags[flag] ?? 0) > 0, `no order carries ${flag}`)
  const orders = await hub.pool.query<{ n: string }>('select count(*) as n from orders')
  assert.equal(Number(orders.rows[0]?.n), source.rows)
})
