import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkCredit, type CreditAccount, type CreditRequest } from './check-credit.ts'

const account = (more: Partial<CreditAccount> = {}): CreditAccount => ({ accountId: 'acme', currency: 'CNY', creditLimit: 1000, ...more })
const request = (more: Partial<CreditRequest> = {}): CreditRequest => ({
  accountId: 'acme',
  currency: 'CNY',
  total: 600,
  captured: 0,
  ...more,
})

for (const [what, asked, found, exposureNow, want] of [
  ['no account', request({ accountId: undefined }), undefined, 0, ['notApplicable', 'no_account', 0]],
  ['unknown account', request(), undefined, 0, ['refuse', 'account_unknown', 0]],
  ['blocked', request(), account({ blocked: true }), 0, ['refuse', 'account_blocked', 600]],
  ['blocked goes before currency', request({ currency: 'EUR' }), account({ blocked: true }), 0, ['refuse', 'account_blocked', 0]],
  ['another currency', request({ currency: 'EUR' }), account(), 0, ['refuse', 'currency_mismatch', 0]],
  ['within the limit', request(), account(), 0, ['pass', 'credit_within_limit', 600]],
  ['to the last unit', request(), account(), 400, ['pass', 'credit_within_limit', 600]],
  ['one unit too many', request(), account(), 401, ['refuse', 'credit_limit_exceeded', 600]],
  ['captured money owes nothing', request({ captured: 600 }), account(), 5000, ['pass', 'credit_within_limit', 0]],
  ['part captured', request({ captured: 200 }), account(), 600, ['pass', 'credit_within_limit', 400]],
  ['overpaid never lowers exposure', request({ captured: 900 }), account(), 0, ['pass', 'credit_within_limit', 0]],
  ['prepaid only', request({ total: 1 }), account({ creditLimit: 0 }), 0, ['refuse', 'credit_limit_exceeded', 1]],
] as const)
  test(`credit: ${what}`, () => {
    const { verdict, reason, exposure } = checkCredit(asked, found, exposureNow, 'refuse')
    assert.deepEqual([verdict, reason, exposure], want)
  })

test('a channel that wants review gets review, with the exposure reserved', () => {
  const { verdict, reason, exposure } = checkCredit(request(), account(), 1000, 'review')
  assert.deepEqual([verdict, reason, exposure], ['review', 'credit_limit_exceeded', 600])
})

test('orders that pass one after the other never owe more than the limit together', () => {
  let passes = 0
  fc.assert(
    fc.property(
      fc.nat(10_000),
      fc.array(fc.record({ total: fc.nat(5000), captured: fc.nat(5000) }), { minLength: 1, maxLength: 40 }),
      (creditLimit, orders) => {
        let exposure = 0
        for (const order of orders) {
          const found = checkCredit(request(order), account({ creditLimit }), exposure, 'refuse')
          if (found.verdict !== 'pass') continue
          exposure += found.exposure
          passes++
        }
        assert.ok(exposure <= creditLimit)
      },
    ),
  )
  assert.ok(passes > 0)
})
