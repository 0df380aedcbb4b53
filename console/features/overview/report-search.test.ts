import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundsOf, dayOf, reportSearchOf } from './report-search.ts'

test('a range is read out of a URL, and nothing that is none', () => {
  assert.deepEqual(reportSearchOf({ range: '28d', from: '2026-01-01', q: 'x' }), { range: '28d' })
  const custom = { range: 'custom', from: '2026-02-01', to: '2026-02-03' }
  assert.deepEqual(reportSearchOf(custom), custom)
  for (const wrong of [
    {},
    { range: 'ever' },
    { range: 'custom' },
    { ...custom, to: '2026-01-01' },
    { ...custom, from: '2026-99-99' },
    { range: 7 },
  ])
    assert.deepEqual(reportSearchOf(wrong), {})
})

test('a range is whole local days; the last one is today', () => {
  const now = new Date(2026, 1, 3, 15, 30)
  const days = (search: object) => {
    const { from, to, days: count } = boundsOf(search, now)
    return [dayOf(from), dayOf(new Date(to.getTime() - 1)), count]
  }
  assert.deepEqual(days({ range: 'today' }), ['2026-02-03', '2026-02-03', 1])
  assert.deepEqual(days({}), ['2026-01-28', '2026-02-03', 7])
  assert.deepEqual(days({ range: 'custom', from: '2026-01-30', to: '2026-02-01' }), ['2026-01-30', '2026-02-01', 3])
})
