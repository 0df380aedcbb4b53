import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeenCodes } from './camera.ts'

test('a label that stays before the lens is one scan; away and back, or another, is the next', () => {
  const seen = new SeenCodes()
  const looks: readonly [string, number][] = [
    ['a', 0],
    ['a', 150],
    ['a', 1600],
    ['b', 1750],
    ['a', 1900],
    ['a', 3500],
  ]
  assert.deepEqual(
    looks.map(([code, at]) => seen.isNew(code, at)),
    [true, false, false, true, true, true],
  )
})
