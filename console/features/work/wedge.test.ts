import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WedgeReader } from './wedge.ts'

const CODE = Array.from('6901234567892')

/** What a reader makes of keys that come `gapMs` apart. */
function read(keys: readonly string[], gapMs: number): readonly (string | undefined)[] {
  const reader = new WedgeReader()
  return keys.map((key, i) => reader.press(key, 1000 + i * gapMs).code)
}

test('a burst that ends with Enter is a code; keys of a hand are none', () => {
  const code = [...CODE, 'Enter']
  assert.equal(read(code, 4).at(-1), '6901234567892')
  assert.equal(read(code, 120).at(-1), undefined)
  assert.equal(read(['Shift', 'T', 'Shift', 'E', 'A', '-', '5', 'Enter'], 4).at(-1), 'TEA-5')
  assert.equal(read(['a', 'b', 'Enter'], 4).at(-1), undefined, 'two characters are no code')
  assert.equal(read([...CODE, 'Enter', 'Enter'], 4).at(-1), undefined, 'a code is given once')
})

test('from its second key on, a scanner’s keys are known as such: they are nobody’s shortcuts', () => {
  const reader = new WedgeReader()
  assert.deepEqual(
    [reader.press('g', 0), reader.press('t', 5), reader.press('t', 500)].map(({ isMachine }) => isMachine),
    [false, true, false],
  )
})
