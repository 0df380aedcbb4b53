import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../test/support/database.ts'
import { readLogAfter, readLogPages } from './log-pages.ts'

const { pool } = await testDatabase()
await pool.query(`insert into events (log_shard, position, type, version, subject_kind, subject_id, subject_version, occurred_at, recorded_at, actor, data)
  select 0, n, 'fact.changed', 1, 'fact', 'fact-' || n, 1, '2026-11-21T08:00:00.123Z', '2026-11-21T08:00:01Z', '{"kind":"person","id":"usr_1"}', json_build_object('n', n)
  from generate_series(1, 25) as n`)

async function pagesAfter(position: number, limit: number): Promise<number[][]> {
  const pages: number[][] = []
  for await (const rows of readLogPages(pool, 0, position, limit)) pages.push(rows.map((row) => row.position))
  return pages
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)

test('the log is read to its end in full pages, wherever the last one ends', async () => {
  assert.deepEqual(await pagesAfter(0, 10), [range(1, 10), range(11, 20), range(21, 25)])
  assert.deepEqual(await pagesAfter(0, 5), [range(1, 5), range(6, 10), range(11, 15), range(16, 20), range(21, 25)])
  assert.deepEqual(await pagesAfter(22, 10), [range(23, 25)])
  assert.deepEqual(await pagesAfter(25, 10), [])
  assert.deepEqual(await readLogAfter(pool, 1, 0, 10), [])
})

test('a row says what was written', async () => {
  const [row] = await readLogAfter(pool, 0, 6, 1)
  assert.deepEqual(
    [row?.position, row?.logShard, row?.type, row?.subjectId, row?.occurredAt, row?.recordedAt, row?.actor, row?.data, row?.nodeIds],
    [7, 0, 'fact.changed', 'fact-7', 1_795_248_000_123, 1_795_248_001_000, { kind: 'person', id: 'usr_1' }, { n: 7 }, null],
  )
})

test('where retention took the oldest positions, reading begins with the oldest that are kept', async () => {
  await pool.query('delete from events where position < 18')
  assert.deepEqual(await pagesAfter(0, 5), [range(18, 22), range(23, 25)])
  assert.deepEqual(await pagesAfter(14, 5), [range(18, 19), range(20, 24), [25]])
  assert.deepEqual(await pagesAfter(14, 100), [range(18, 25)])
  assert.deepEqual(await pagesAfter(17, 4), [range(18, 21), range(22, 25)])
})
