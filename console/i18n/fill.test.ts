import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill } from './fill.ts'

const english = new Intl.PluralRules('en')
const text = '{n} {n?order is:orders are} late'
for (const [n, expected] of [
  [0, '0 orders are late'],
  [1, '1 order is late'],
  ['1', '1 order is late'],
  [2, '2 orders are late'],
  ['1,001', '1,001 orders are late'],
  ['1.5', '1.5 orders are late'],
] as const)
  test(`${JSON.stringify(n)} is said as “${expected}”`, () => assert.equal(fill(text, { n }, english), expected))

test('a blank that nobody fills stays to be seen', () => assert.equal(fill('{who} did it', {}, english), '{who} did it'))
