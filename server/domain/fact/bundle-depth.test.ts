import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bundleProblems } from './bundle-depth.ts'

/** `a: b c` is a bundle of b and c. */
function among(...bundles: readonly string[]) {
  const parts = new Map(bundles.map((text) => [text.split(':')[0] ?? '', (text.split(': ')[1] ?? '').split(' ').map((sku) => ({ sku }))]))
  const problemOf = bundleProblems((sku) => parts.get(sku))
  return (sku: string) => problemOf(sku)?.code
}

test('bundles of bundles are followed three levels down', () => {
  const problem = among('kit: cup pot', 'set: kit', 'gift: set cup', 'crate: gift')
  assert.deepEqual(['cup', 'kit', 'set', 'gift'].map(problem), [undefined, undefined, undefined, undefined])
  assert.equal(problem('crate'), 'row_invalid')
})

test('a bundle that holds itself, at once or by way of others, is refused; so is what holds it', () => {
  assert.equal(among('a: a')('a'), 'row_invalid')
  const problem = among('a: b', 'b: c', 'c: a x', 'outer: a', 'fine: x y')
  assert.deepEqual(['a', 'b', 'c', 'outer'].map(problem), ['row_invalid', 'row_invalid', 'row_invalid', 'row_invalid'])
  assert.equal(problem('fine'), undefined)
})
