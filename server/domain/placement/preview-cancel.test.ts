import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'
import { previewCancel } from './preview-cancel.ts'

function shop() {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false })
  trade.stock('tea', 'n1', 10)
  const payments = [{ kind: 'capture' as const, method: 'card', amount: 3000 }]
  return { trade, order: trade.place(trade.order([{ sku: 'tea', quantity: 3 }], { payments })) }
}

test('the preview of a cancellation says what it frees and gives back, and changes nothing', () => {
  const { trade, order } = shop()
  const part = previewCancel(order, [{ lineRef: '1', quantity: 2 }], trade.facts, trade.now)
  assert.deepEqual(part.status === 'done' && part.value, {
    isWhole: false,
    units: 2,
    total: { before: 3000, after: 1000 },
    due: { before: 0, after: -2000 },
    dueBack: 2000,
    stock: [{ sku: 'tea', nodeId: 'n1', units: -2 }],
    worksEnded: 0,
  })
  const { soft, firm, committed } = trade.rowOf('tea', 'n1')
  assert.equal(soft + firm + committed, 3)
})

for (const [name, lines] of [
  ['of the whole order', undefined],
  ['of all its units', [{ lineRef: '1', quantity: 3 }]],
] as const)
  test(`a cancellation ${name} ends the order and its work: all that was paid is due back`, () => {
    const { trade, order } = shop()
    const whole = previewCancel(order, lines, trade.facts, trade.now)
    assert.ok(whole.status === 'done')
    const { isWhole, units, total, dueBack, worksEnded } = whole.value
    assert.deepEqual([isWhole, units, total, dueBack, worksEnded], [true, 3, { before: 3000, after: 0 }, 3000, 1])
  })

test('the preview refuses what the cancellation would refuse', () => {
  const { trade, order } = shop()
  const refused = previewCancel(order, [{ lineRef: '1', quantity: 4 }], trade.facts, trade.now)
  assert.deepEqual(refused.status === 'refused' && [refused.code, refused.pointer], ['change_too_late', '/lines/0/quantity'])
})
