import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countScan, type Found, isOfLine, unitsOf, type WorkLine } from './scan.ts'

const line = (lineRef: string, sku: string, quantity: number, more: Partial<WorkLine> = {}): WorkLine => ({
  lineRef,
  sku,
  quantity,
  picked: 0,
  packed: 0,
  short: 0,
  ...more,
})

test('a code is an item’s by its SKU in any case, or by a barcode with or without leading zeros', () => {
  const tea = { sku: 'Tea-500', barcodes: ['0012345678905', '6901234567892'] }
  const cases: readonly [string, boolean][] = [
    ['tea-500', true],
    [' TEA-500 ', true],
    ['012345678905', true],
    ['00012345678905', true],
    ['6901234567892', true],
    ['6901234567893', false],
    ['', false],
    ['tea', false],
  ]
  for (const [code, is] of cases) assert.equal(isOfLine(tea, code), is, code)
  assert.equal(isOfLine({ sku: '00042' }, '42'), false, 'a short number is no barcode: its zeros count')
})

test('a scan counts one unit, fills lines of the same item in turn, and says when it is too much or wrong', () => {
  const work = { lines: [line('1', 'tea', 2, { picked: 1 }), line('2', 'tea', 1), line('3', 'cup', 1)] }
  let found: Found = {}
  const said: string[] = []
  for (const code of ['tea', 'TEA', 'tea', 'pot', 'cup']) {
    const answer = countScan(work, found, code)
    said.push(answer.kind === 'wrong' ? `wrong ${answer.code}` : `${answer.kind} ${answer.line.lineRef}`)
    if (answer.kind === 'found') found = answer.found
  }
  assert.deepEqual(said, ['found 1', 'found 2', 'enough 1', 'wrong pot', 'found 3'])
  assert.deepEqual(unitsOf(work, found), [
    { lineRef: '1', sku: 'tea', quantity: 1 },
    { lineRef: '2', sku: 'tea', quantity: 1 },
    { lineRef: '3', sku: 'cup', quantity: 1 },
  ])
})

test('what was counted before others picked is never more than what is still open', () => {
  const work = { lines: [line('1', 'tea', 3, { picked: 2 }), line('2', 'cup', 1, { picked: 1 })] }
  assert.deepEqual(unitsOf(work, { '1\ntea': 3, '2\ncup': 1 }), [{ lineRef: '1', sku: 'tea', quantity: 1 }])
})
