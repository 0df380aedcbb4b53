import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Trade } from '../../../test/support/trade.ts'
import { viewOrder } from '../order/view.ts'

function placed() {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false })
  trade.stock('tea', 'n1', 10)
  const said = { attributes: { star: 1 }, documents: ['prescription'], promisedBy: '2026-11-30T00:00:00.000Z', taxesIncluded: false }
  const order = trade.place(trade.order([{ sku: 'tea', quantity: 1, more: { attributes: { spec: 'red' }, taxClass: 'food' } }], said))
  return { trade, order }
}
const person = { customer: { taxNumber: 'T1' }, shipTo: {}, note: 'Ring twice' }

test('an order is read with all that was said of it', () => {
  const { order } = placed()
  const { attributes, documents, promisedBy, taxesIncluded, note, customer, lines } = viewOrder(order, person)
  assert.deepEqual([attributes, documents, promisedBy], [{ star: 1 }, ['prescription'], '2026-11-30T00:00:00.000Z'])
  assert.deepEqual([taxesIncluded, note, customer?.taxNumber], [false, 'Ring twice', 'T1'])
  assert.deepEqual([lines[0]?.attributes, lines[0]?.taxClass], [{ spec: 'red' }, 'food'])
  assert.equal(viewOrder(order, 'erased').note, undefined)
})

test('what a later body of the channel says of its own is what the order says; papers come on top', () => {
  const { trade, order } = placed()
  const amend = (told: object) => ({ action: 'amend', changed: Object.keys(told), reasons: [], entries: [], told }) as const
  const once = trade.act(order, amend({ attributes: { star: 2 }, documents: ['passport'] }))
  assert.deepEqual([once.intake.attributes, once.intake.documents], [{ star: 2 }, ['prescription', 'passport']])
  const twice = trade.act(once, amend({ promisedBy: '2026-12-02T00:00:00.000Z', documents: ['permit'] }))
  const { attributes, documents, promisedBy } = viewOrder(twice, undefined)
  assert.deepEqual([attributes, documents, promisedBy], [{ star: 2 }, ['prescription', 'passport', 'permit'], '2026-12-02T00:00:00.000Z'])
  // A change of the sale leaves it standing.
  const lineRef = order.intake.lines[0]?.lineRef ?? ''
  const held = trade.act(twice, { action: 'hold', reason: 'asked', scope: 'line', holdId: 'h1', lineRef })
  assert.deepEqual(held.intake.attributes, { star: 2 })
})
