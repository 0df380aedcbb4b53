import assert from 'node:assert/strict'
import { test } from 'node:test'
import { currencyDigits } from './currency.ts'

for (const [code, digits] of [
  ['CNY', 2],
  ['JPY', 0],
  ['KWD', 3],
  ['KRW', 0],
  ['USD', 2],
  ['RMB', undefined],
  ['usd', undefined],
] as const)
  test(`${code} keeps ${digits} digits`, () => assert.equal(currencyDigits(code), digits))
