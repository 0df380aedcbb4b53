import assert from 'node:assert/strict'
import { test } from 'node:test'
import { steadyOf } from './steady.ts'

type Row = { readonly id: string; readonly says: string }
const rows = (text: string): Row[] => text.split(' ').map((one) => ({ id: one.charAt(0), says: one }))
const of = (shown: Row[], fresh: Row[]) => {
  const { rows: kept, waiting } = steadyOf(shown, fresh, (row) => row.id)
  return `${kept.map((row) => row.says).join(' ')} | ${waiting}`
}

for (const [what, shown, fresh, expected] of [
  ['what a row says is fresh', 'a b c', 'a b2 c', 'a b2 c | 0'],
  ['a row that comes before or between waits', 'a b c', 'x a y b c', 'a b c | 2'],
  ['a row that left stays until the pointer is away', 'a b c', 'a c', 'a b c | 1'],
  ['the next page is added at the end', 'a b', 'a b c d', 'a b c d | 0'],
  ['a row that moved stays where it is', 'a b c', 'c a b', 'a b c | 0'],
  ['another list altogether waits as a whole', 'a b', 'x y z', 'a b | 5'],
  ['an empty list takes what comes', '', 'a', 'a | 0'],
] as const)
  test(`under the pointer ${what}`, () => assert.equal(of(shown === '' ? [] : rows(shown), rows(fresh)), expected))

test('where nothing changed the very same rows are kept, so that nothing is drawn anew', () => {
  const shown = rows('a b c')
  assert.equal(steadyOf(shown, [...shown], (row) => row.id).rows, shown)
})
