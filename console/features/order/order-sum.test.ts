import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sumOf } from './order-sum.ts'

const said = (totals: Parameters<typeof sumOf>[0]): string =>
  sumOf(totals)
    .map(({ part, amount }) => `${part} ${amount}`)
    .join(', ')

test('an order’s sum adds up from the goods to its total; tax within the prices is said after it', () => {
  assert.equal(said({ lines: 2190, discount: 0, shipping: 800, tax: 0, total: 2990 }), 'lines 2190, shipping 800, total 2990')
  assert.equal(
    said({ lines: 10_000, discount: 500, shipping: 800, tax: 1185, total: 10_300 }),
    'lines 10000, discount -500, shipping 800, total 10300, taxWithin 1185',
  )
  assert.equal(said({ lines: 10_000, discount: 0, shipping: 0, tax: 1900, total: 11_900 }), 'lines 10000, tax 1900, total 11900')
})

test('goods that are the whole of it are said once', () => {
  assert.equal(said({ lines: 15_190, discount: 0, shipping: 0, tax: 1254, total: 15_190 }), 'total 15190, taxWithin 1254')
  assert.equal(said({ lines: 0, discount: 0, shipping: 0, tax: 0, total: 0 }), 'total 0')
})
