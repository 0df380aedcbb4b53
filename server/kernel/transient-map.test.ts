import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { TransientMap } from './transient-map.ts'

test('entries are found, replaced and taken out, the oldest first', () => {
  const map = new TransientMap<string, number>()
  for (const [i, key] of ['a', 'b', 'c'].entries()) map.set(key, i)
  map.set('a', 9)
  assert.deepEqual([...map.values()], [1, 2, 9])
  assert.deepEqual([...map.keys()], ['b', 'c', 'a'])
  assert.equal(map.delete('b'), true)
  assert.equal(map.delete('b'), false)
  assert.deepEqual([map.get('a'), map.get('b'), map.has('c'), map.size], [9, undefined, true, 2])
})

type Kept = { set(key: string, value: object): unknown; delete(key: string): unknown }

const VALUE_BYTES = 8000
const PASSED = 6000

/** MB that small collections leave behind when values came and went, 64 at a time, through a map that has seen a full collection before. */
function leftBehind(map: Kept): number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as (options?: { type: 'minor' }) => void
  const keys: string[] = []
  const pass = (key: string): void => {
    map.set(key, new Array<number>(VALUE_BYTES / 8).fill(1.5))
    keys.push(key)
    if (keys.length > 64) map.delete(keys.shift() ?? '')
  }
  for (let i = 0; i < 100; i++) pass(`before-${i}`)
  gc()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < PASSED; i++) {
    pass(`k-${i}`)
    if (i % 300 === 299) gc({ type: 'minor' })
  }
  gc({ type: 'minor' })
  return (process.memoryUsage().heapUsed - before) / 1e6
}

test('what has left is freed by small collections, not kept until a full one', () => {
  leftBehind(new TransientMap<string, object>()) // code that is compiled on the way is not the map's
  assert.ok(leftBehind(new TransientMap<string, object>()) < (PASSED * VALUE_BYTES) / 1e6 / 10)
})
