import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysAhead, runName, runsOf, weekOf } from './week.ts'

test('weekdays are said as runs, whatever their order', () => {
  const cases: readonly [number[], (readonly number[])[]][] = [
    [[], []],
    [[3], [[3, 3]]],
    [[5, 1, 2, 4, 3], [[1, 5]]],
    [
      [7, 1, 2, 5, 5],
      [
        [1, 2],
        [5, 5],
        [7, 7],
      ],
    ],
  ]
  for (const [days, runs] of cases) assert.deepEqual(runsOf(days), runs)
})

test('a calendar without hours is open all day, every day', () => {
  assert.deepEqual(weekOf({}), [{ days: [[1, 7]], hours: '00:00–24:00' }])
  assert.deepEqual(
    weekOf({
      weekly: [
        {
          days: [1, 2],
          hours: [
            { from: '08:00', to: '12:00' },
            { from: '13:00', to: '24:00' },
          ],
        },
      ],
    }),
    [{ days: [[1, 2]], hours: '08:00–12:00, 13:00–24:00' }],
  )
})

test('weekdays are named in the language of the reader', () => {
  assert.deepEqual([runName([1, 5], 'en'), runName([7, 7], 'en'), runName([1, 5], 'zh-CN')], ['Mon–Fri', 'Sun', '周一–周五'])
})

test('days that are over are not told', () => {
  assert.deepEqual(daysAhead(['2027-01-01', '2026-10-01', '2026-11-25', '2026-12-24'], '2026-11-25', 2), ['2026-11-25', '2026-12-24'])
})
