import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { linesAt, linesOf } from './body-lines.ts'

const body = '{"id":90071992547409931234,"note":"a, {b}","lines":[{"sku":"TEA","price":1.50},{"sku":"MUG"}],"tags":[],"ship":{}}'
const lines = linesOf(body) ?? []

test('a body is laid out line by line, each with the path that issues name; digits stay as they came', () => {
  assert.deepEqual(
    lines.map((line) => [line.text, line.path]),
    [
      ['{', '$'],
      ['  "id": 90071992547409931234,', 'id'],
      ['  "note": "a, {b}",', 'note'],
      ['  "lines": [', 'lines'],
      ['    {', 'lines[0]'],
      ['      "sku": "TEA",', 'lines[0].sku'],
      ['      "price": 1.50', 'lines[0].price'],
      ['    },', 'lines[0]'],
      ['    {', 'lines[1]'],
      ['      "sku": "MUG"', 'lines[1].sku'],
      ['    }', 'lines[1]'],
      ['  ],', 'lines'],
      ['  "tags": [],', 'tags'],
      ['  "ship": {}', 'ship'],
      ['}', '$'],
    ],
  )
})

test('text that is no JSON is not laid out', () => {
  for (const text of ['', '{"not": ', 'webhook_id=12']) assert.equal(linesOf(text), undefined)
})

test('what is laid out says the same as what came', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const laid = linesOf(text)?.map((line) => line.text)
      assert.deepEqual(JSON.parse((laid ?? []).join('\n')), JSON.parse(text))
    }),
  )
})

for (const [path, expected] of [
  ['lines[0].price', ['"price": 1.50']],
  ['lines[1]', ['{', '"sku": "MUG"', '}']],
  ['lines[1].price', ['{']],
  ['ship.city', ['"ship": {}']],
  ['orders[3].lines[1].sku', ['"sku": "MUG"']],
  ['shipping_address', []],
  ['$', []],
] as const)
  test(`an issue at ${path} marks ${expected.length} lines`, () =>
    assert.deepEqual(
      [...linesAt(lines, path)].map((i) => lines[i]?.text.trim()),
      expected,
    ))
