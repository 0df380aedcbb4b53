import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Order } from '../../domain/order/state.ts'
import type { OrderId } from '../../kernel/ids.ts'
import { RecentOrders } from './recent-orders.ts'

const idOf = (n: number) => `ord_${n}` as OrderId
const orderOf = (n: number) => ({ intake: { orderId: idOf(n) } }) as Order

test('the orders used last are kept, at most 4096', () => {
  const recent = new RecentOrders()
  for (let n = 0; n < 4096; n++) recent.keep(orderOf(n))
  assert.equal(recent.get(idOf(0)), recent.get(idOf(0)), 'using one keeps it')
  recent.keep(orderOf(4096))
  assert.deepEqual(
    [recent.get(idOf(0))?.intake.orderId, recent.get(idOf(1)), recent.get(idOf(2))?.intake.orderId],
    ['ord_0', undefined, 'ord_2'],
  )
  recent.forget(idOf(0))
  assert.equal(recent.get(idOf(0)), undefined)
})
