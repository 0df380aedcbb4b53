import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationAxis } from './duration-axis.ts'

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]
for (const [what, values, interval, max] of [
  ['nothing', [], SECOND, SECOND],
  ['seconds', [7 * SECOND], 2 * SECOND, 8 * SECOND],
  ['just over a step', [4 * MINUTE + 1], 2 * MINUTE, 6 * MINUTE],
  ['some minutes', [50 * MINUTE, 3 * MINUTE], 15 * MINUTE, 60 * MINUTE],
  ['hours', [5 * HOUR], 2 * HOUR, 6 * HOUR],
  ['a day and some', [30 * HOUR], 12 * HOUR, 36 * HOUR],
  ['days', [3.5 * DAY], DAY, 4 * DAY],
  ['years', [1000 * DAY], 300 * DAY, 1200 * DAY],
] as const)
  test(`An axis over ${what} has natural steps and ends on one`, () => assert.deepEqual(durationAxis(values), { interval, max }))
