import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ChangeEdits } from '../../contract/entities/change-set.ts'
import { priceSale } from '../../server/domain/money/price-sale.ts'
import { type OrderChange, stockDeltasOf } from '../../server/domain/order/change.ts'
import type { Order } from '../../server/domain/order/state.ts'
import type { Trade } from './trade.ts'

/** Any edit of an order, sensible or not. */
export const editStep = fc.record({
  kind: fc.constant('edit' as const),
  how: fc.constantFrom('quantity', 'price', 'discount', 'add', 'cancel', 'place', 'propose', 'decline'),
  line: fc.nat(3),
  units: fc.nat(5),
  amount: fc.integer({ min: 0, max: 3000 }),
})
export type EditStep = typeof editStep extends fc.Arbitrary<infer S> ? S : never

const editsOf = (order: Order, given: EditStep, no: number): ChangeEdits => {
  const lineRef = order.intake.lines[given.line % order.intake.lines.length]?.lineRef ?? ''
  switch (given.how) {
    case 'price':
      return { lines: [{ lineRef, unitPrice: given.amount }] }
    case 'discount':
      return { lines: [{ lineRef, discount: given.amount, quantity: given.units }] }
    case 'add':
      return {
        add: [
          { lineRef: `new-${no}`, sku: ['tea', 'cup', 'set'][given.line % 3] ?? '', quantity: given.units + 1, unitPrice: given.amount },
        ],
      }
    case 'place':
      return { shipTo: { countryCode: 'CN', city: given.units % 2 === 0 ? '北京' : '广州' } }
    default:
      return { lines: [{ lineRef, quantity: given.units }] }
  }
}

/** Proposes an edit, and confirms it where the step says so; a part cancellation is done at once. */
export function edit(trade: Trade, order: Order, given: EditStep, no: number, taken: (change: OrderChange) => Order): void {
  const lineRef = order.intake.lines[given.line % order.intake.lines.length]?.lineRef ?? ''
  if (given.how === 'cancel') {
    const done = trade.ask(order, { action: 'cancelLines', lines: [{ lineRef, quantity: given.units + 1 }], reason: 'asked' })
    if (done.status === 'done') taken(done.value.change)
    return
  }
  const changeId = `chg-${no}`
  const proposed = trade.ask(order, { action: 'proposeChange', changeId, edits: editsOf(order, given, no), expiresInMinutes: 60 })
  if (proposed.status === 'refused') return
  const { totals } = order.intake
  assert.deepEqual(stockDeltasOf(proposed.value.change), [])
  const waiting = taken(proposed.value.change)
  assert.deepEqual(waiting.intake.totals, totals)
  if (given.how === 'propose') return
  const next = trade.ask(waiting, given.how === 'decline' ? { action: 'declineChange', changeId } : { action: 'confirmChange', changeId })
  if (next.status === 'refused') return assert.ok(['change_unpaid', 'stock_short'].includes(next.code), next.code)
  const after = taken(next.value.change)
  const preview = after.state.changes?.find((one) => one.changeId === changeId)?.preview
  if (given.how !== 'decline') assert.equal(after.intake.totals.total, preview?.total.after)
}

/** Totals are those of a recomputation from scratch, whatever was changed before. */
export function addsUp({ intake, state }: Order): void {
  const priced = priceSale(
    intake,
    intake.lines.map((line, i) => line.quantity - (state.lines[i]?.cancelled ?? 0)),
  )
  assert.ok(priced.status === 'done')
  assert.deepEqual(priced.value.totals, intake.totals)
  assert.deepEqual(
    priced.value.lines.map((line) => [line.discount, line.tax, line.total]),
    intake.lines.map((line) => [line.discount, line.tax, line.total]),
  )
}
