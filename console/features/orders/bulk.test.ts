import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import { canAll, previewOf } from './bulk.ts'

const order = (externalRef: string, allowedActions: OrderSummary['allowedActions'], total?: number, currency = 'CNY'): OrderSummary =>
  ({ orderId: externalRef, externalRef, allowedActions, currency, unitCount: 2, ...(total === undefined ? {} : { total }) }) as OrderSummary

test('a preview parts the orders that allow the action from those that do not, and adds up the first alone', () => {
  const orders = [
    order('a', ['cancel', 'hold'], 500),
    order('b', ['hold'], 900),
    order('c', ['cancel'], 300, 'EUR'),
    order('d', ['cancel']),
  ]
  const { able, unable, units, totals } = previewOf(orders, 'cancel')
  assert.deepEqual(
    [able, unable].map((list) => list.map((one) => one.orderId)),
    [['a', 'c', 'd'], ['b']],
  )
  assert.equal(units, 6)
  assert.deepEqual(totals, [
    { currency: 'CNY', total: 500 },
    { currency: 'EUR', total: 300 },
  ])
  assert.deepEqual([canAll(orders, 'hold'), canAll(orders, 'approve')], [true, false])
})
