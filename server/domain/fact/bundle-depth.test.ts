import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BUNDLE_DEPTH_MAX, bundleProblems } from './bundle-depth.ts'

type Parts = readonly { readonly sku: string }[] | undefined
/** `a: b c` is a bundle of b and c, `a` is none. */
const itemsOf = (texts: readonly string[]): Map<string, Parts> =>
  new Map(
    texts.map((text) => {
      const [sku = '', parts] = text.split(': ')
      return [sku, parts?.split(' ').map((part) => ({ sku: part }))]
    }),
  )

/** The items that are there, and what is wrong with those written onto them. */
function written(there: ReadonlyMap<string, Parts>, now: ReadonlyMap<string, Parts>) {
  const holdersOf = (sku: string) => [...there].flatMap(([holder, parts]) => (parts?.some((part) => part.sku === sku) ? [holder] : []))
  return bundleProblems({ partsOf: (sku) => there.get(sku), holdersOf }, now)
}
const onto =
  (...there: readonly string[]) =>
  (...now: readonly string[]) => {
    const problemOf = written(itemsOf(there), itemsOf(now))
    return (sku: string) => problemOf(sku)?.got
  }
const among = onto()

test('bundles of bundles are followed three levels down', () => {
  const problem = among('kit: cup pot', 'set: kit', 'gift: set cup', 'crate: gift')
  assert.deepEqual(['cup', 'kit', 'set', 'gift'].map(problem), [undefined, undefined, undefined, undefined])
  assert.deepEqual(problem('crate'), ['crate', 'gift', 'set', 'kit'])
})

test('a bundle that holds itself, at once or by way of others, is refused; so is what holds it', () => {
  assert.deepEqual(among('a: a')('a'), ['a', 'a', 'a', 'a'])
  const problem = among('a: b', 'b: c', 'c: a x', 'outer: a', 'fine: x y')
  assert.ok(['a', 'b', 'c', 'outer'].every((sku) => problem(sku) !== undefined))
  assert.equal(problem('fine'), undefined)
})

test('a part that becomes a bundle and makes one too deep that holds it is refused, with the chain', () => {
  const there = onto('gift: set', 'set: kit', 'kit: pot', 'pot', 'cup')
  assert.deepEqual(there('pot: cup')('pot'), ['gift', 'set', 'kit', 'pot'])
  assert.deepEqual(there('kit: cup tin', 'tin: lid')('tin'), ['gift', 'set', 'kit', 'tin'])
  assert.equal(there('kit: cup lid')('kit'), undefined, 'other parts, no deeper')
  assert.equal(there('pot: cup', 'gift: cup')('pot'), undefined, 'what held it is written anew beside it, without it')
})

test('where not all of a write fits, what fits is taken, and what hangs on a refused row is judged by what is there', () => {
  // The crate stays as it is, a bundle of tea: so tea may not become three deep.
  const problem = onto('crate: tea', 'tea', 'kit: pot', 'set: kit')('crate: gift', 'gift: top', 'top: set', 'tea: set', 'box: pot')
  assert.deepEqual(problem('crate'), ['crate', 'gift', 'top', 'set'])
  assert.deepEqual(problem('gift'), ['gift', 'top', 'set', 'kit'])
  assert.deepEqual(problem('tea'), ['crate', 'tea', 'set', 'kit'])
  assert.deepEqual(['top', 'box'].map(problem), [undefined, undefined])
})

test('of a chain that is too deep already, rows that add no part are taken: it can be mended, and written again as it is', () => {
  const there = onto('crate: gift', 'gift: set', 'set: kit', 'kit: pot')
  assert.equal(there('set: kit')('set'), undefined)
  assert.equal(there('set: tin')('set'), undefined)
  assert.deepEqual(there('crate: gift')('crate'), ['crate', 'gift', 'set', 'kit'])
})

test('whatever is written, in whatever order, no bundle is ever too deep', () => {
  const skus = 'a b c d e f g h i j k l'.split(' ')
  const parts = fc.option(fc.subarray(skus, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 6 })
  const write = fc.array(fc.tuple(fc.constantFrom(...skus), parts), { minLength: 1, maxLength: 3 })
  let [taken, refused, above] = [0, 0, 0]
  fc.assert(
    fc.property(fc.array(write, { minLength: 6, maxLength: 14 }), (writes) => {
      const there = new Map<string, Parts>()
      for (const rows of writes) {
        const now = new Map(rows.map(([sku, held]) => [sku, held?.map((one) => ({ sku: one }))]))
        const problemOf = written(there, now)
        for (const [sku, held] of now) {
          const got = problemOf(sku)?.got as readonly string[] | undefined
          if (got === undefined) there.set(sku, held)
          if (got === undefined) taken++
          else refused++
          if (got !== undefined && got[0] !== sku) above++
          // The chain is one: each of it held the next, as written or as it stood.
          for (const [i, one] of (got ?? []).entries()) {
            const next = got?.[i + 1]
            const holds = (of: Parts) => of?.some((part) => part.sku === next) === true
            assert.ok(next === undefined || holds(now.get(one)) || holds(there.get(one)), `${got?.join(' > ')}`)
          }
        }
        const depth = (sku: string, most: number): number =>
          most === 0
            ? 0
            : 1 + Math.max(0, ...(there.get(sku) ?? []).map((part) => (there.get(part.sku) === undefined ? 0 : depth(part.sku, most - 1))))
        for (const [sku, held] of there) if (held !== undefined) assert.ok(depth(sku, 9) <= BUNDLE_DEPTH_MAX, sku)
      }
    }),
    { numRuns: 1000 },
  )
  assert.ok(taken > 1000 && refused > 1000 && above > 300, `${taken} taken, ${refused} refused, ${above} for what holds them`)
})
