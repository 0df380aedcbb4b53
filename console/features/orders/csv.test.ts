import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cell } from './csv.ts'

for (const [given, expected] of [
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['=HYPERLINK(1)', "'=HYPERLINK(1)"],
  [-5, '-5'],
  [undefined, ''],
] as const)
  test(`a cell of ${String(given)} is ${expected}: quoted where needed, never a formula`, () => assert.equal(cell(given), expected))
