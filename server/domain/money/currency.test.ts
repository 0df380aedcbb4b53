import assert from 'node:assert/strict'
import { test } from 'node:test'
import { data } from 'currency-codes'
import { minorDigits } from '../../../contract/minor-units.ts'
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

test('clients count the digits of every currency as the hub does', () => {
  assert.ok(data.length > 150)
  assert.deepEqual(
    data.filter(({ code }) => minorDigits(code) !== currencyDigits(code)).map(({ code }) => code),
    [],
  )
})
