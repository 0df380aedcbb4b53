import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settledShare } from './closures.ts'

test('a node that closes has come as far as what is settled, and never further than all of it', () => {
  const of = (state: 'closing' | 'closed' | 'open', total: number, moved: number, torn = 0, leftBehind = 0) =>
    settledShare({ state, total, moved, torn, leftBehind })
  assert.deepEqual(
    [
      of('closing', 10, 0),
      of('closing', 10, 3, 1, 1),
      of('closing', 0, 0),
      of('closing', 2, 5),
      of('closed', 10, 8, 2),
      of('closed', 0, 0),
    ],
    [0, 0.5, 0, 1, 1, 1],
  )
})
