import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChangeEdits } from '../../../contract/entities/change-set.ts'
import { Trade } from '../../../test/support/trade.ts'
import { MINUTE } from '../../kernel/time.ts'
import { nextDueAt } from '../order/clock.ts'
import type { Order } from '../order/state.ts'
import { viewPayments } from '../payment/view-payments.ts'

const pay = (kind: string, amount: number) => ({ kind: kind as 'capture', method: 'card', amount })

function shop(more: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.item('cup')
  trade.item('set', {
    components: [
      { sku: 'tea', quantity: 1 },
      { sku: 'cup', quantity: 2 },
    ],
  })
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false, ...more })
  trade.stock('tea', 'n1', 10)
  trade.stock('cup', 'n1', 10)
  return trade
}

const propose = (trade: Trade, order: Order, edits: ChangeEdits, changeId = 'c1'): Order =>
  trade.act(order, { action: 'proposeChange', changeId, edits })
const confirm = (trade: Trade, order: Order, changeId = 'c1'): Order => trade.act(order, { action: 'confirmChange', changeId })
const change = (trade: Trade, order: Order, edits: ChangeEdits): Order => confirm(trade, propose(trade, order, edits))
const previewOf = (order: Order) => order.state.changes?.at(-1)?.preview
const units = (order: Order): string => order.state.lines.map((line) => `${line.cancelled}/${line.reserved}/${line.backordered}`).join(' ')
const held = (trade: Trade, sku: string): number => {
  const { soft, firm, committed } = trade.rowOf(sku, 'n1')
  return soft + firm + committed
}
const codeOf = (outcome: ReturnType<Trade['ask']>): string => (outcome.status === 'refused' ? outcome.code : 'done')

/** Lines as bought, an edit, then cancelled/reserved/backordered of each line, the total, and tea and cups held. */
const edits: readonly [string, readonly { sku: string; quantity: number; more?: object }[], ChangeEdits, string, number, number, number][] =
  [
    ['fewer units', [{ sku: 'tea', quantity: 5 }], { lines: [{ lineRef: '1', quantity: 2 }] }, '3/2/0', 2000, 2, 0],
    ['more units', [{ sku: 'tea', quantity: 5 }], { lines: [{ lineRef: '1', quantity: 7 }] }, '0/7/0', 7000, 7, 0],
    [
      'a line less',
      [
        { sku: 'tea', quantity: 1 },
        { sku: 'cup', quantity: 2 },
      ],
      { lines: [{ lineRef: '2', quantity: 0 }] },
      '0/1/0 2/0/0',
      1000,
      1,
      0,
    ],
    [
      'a line more',
      [{ sku: 'tea', quantity: 1 }],
      { add: [{ lineRef: 'n', sku: 'cup', quantity: 3, unitPrice: 200, discount: 100 }] },
      '0/1/0 0/3/0',
      1500,
      1,
      3,
    ],
    ['another price', [{ sku: 'tea', quantity: 2 }], { lines: [{ lineRef: '1', unitPrice: 700 }] }, '0/2/0', 1400, 2, 0],
    ['another discount', [{ sku: 'tea', quantity: 2 }], { lines: [{ lineRef: '1', discount: 300 }] }, '0/2/0', 1700, 2, 0],
    [
      'fewer units of a discounted line',
      [{ sku: 'tea', quantity: 3, more: { discount: 100 } }],
      { lines: [{ lineRef: '1', quantity: 1 }] },
      '2/1/0',
      1000 - 33,
      1,
      0,
    ],
    ['fewer bundles', [{ sku: 'set', quantity: 3 }], { lines: [{ lineRef: '1', quantity: 1 }] }, '2/1/0', 1000, 1, 2],
  ]
for (const [name, lines, wanted, standing, total, tea, cups] of edits)
  test(`an edit to ${name} previews what its confirmation makes true`, () => {
    const trade = shop()
    const order = trade.place(trade.order(lines))
    const [teaBefore, cupsBefore] = [held(trade, 'tea'), held(trade, 'cup')]
    const proposed = propose(trade, order, wanted)
    assert.deepEqual([proposed.intake.totals, held(trade, 'tea'), held(trade, 'cup')], [order.intake.totals, teaBefore, cupsBefore])
    assert.deepEqual(previewOf(proposed)?.total, { before: order.intake.totals.total, after: total })
    const after = confirm(trade, proposed)
    assert.deepEqual([units(after), after.intake.totals.total, held(trade, 'tea'), held(trade, 'cup')], [standing, total, tea, cups])
    assert.equal(after.state.changes?.at(-1)?.state, 'confirmed')
    assert.ok(after.state.reservations.every((one) => one.kind === 'committed' || one.kind === 'released'))
  })

/** An order of 5 tea and 2 cups, an edit, and the rule that refuses it. */
const refusals: readonly [ChangeEdits, string][] = [
  [{ lines: [{ lineRef: '1', quantity: 5 }] }, 'change_empty'],
  [{ lines: [{ lineRef: '9', quantity: 5 }] }, 'change_line_unknown'],
  [
    {
      lines: [
        { lineRef: '1', quantity: 4 },
        { lineRef: '1', quantity: 3 },
      ],
    },
    'change_line_unknown',
  ],
  [{ add: [{ lineRef: '1', sku: 'cup', quantity: 1, unitPrice: 1 }] }, 'duplicate_line_ref'],
  [{ add: [{ lineRef: 'n', sku: 'pot', quantity: 1, unitPrice: 1 }] }, 'item_unknown'],
  [
    {
      lines: [
        { lineRef: '1', quantity: 0 },
        { lineRef: '2', quantity: 0 },
      ],
    },
    'change_leaves_nothing',
  ],
  [{ lines: [{ lineRef: '1', quantity: 11 }] }, 'stock_short'],
  [{ lines: [{ lineRef: '1', discount: 5001 }] }, 'discount_exceeds_value'],
  [{ service: { carrierId: 'none', serviceId: 'none' } }, 'carrier_unknown'],
]
for (const [wanted, code] of refusals)
  test(`the edit ${JSON.stringify(wanted)} is refused with ${code}`, () => {
    const trade = shop()
    const order = trade.place(
      trade.order([
        { sku: 'tea', quantity: 5 },
        { sku: 'cup', quantity: 2 },
      ]),
    )
    assert.equal(codeOf(trade.ask(order, { action: 'proposeChange', changeId: 'c', edits: wanted })), code)
  })

test('of a paid order, what is added is paid before it is confirmed, and what is given up is due back', () => {
  const trade = shop({ requiresPayment: true })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }], { payments: [pay('capture', 2000)] }))
  order = propose(trade, order, { lines: [{ lineRef: '1', quantity: 3 }] })
  assert.deepEqual([previewOf(order)?.payFirst, previewOf(order)?.due], [1000, { before: 0, after: 1000 }])
  assert.equal(codeOf(trade.ask(order, { action: 'confirmChange', changeId: 'c1' })), 'change_unpaid')
  order = confirm(trade, trade.act(order, { action: 'payments', entries: [pay('authorise', 1000)] }))
  assert.deepEqual([units(order), held(trade, 'tea'), viewPayments(order).due], ['0/3/0', 3, 1000])
  order = trade.act(order, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 2 }], reason: 'buyer' })
  assert.deepEqual([units(order), viewPayments(order).due, viewPayments(order).refundable], ['2/1/0', -1000, 2000])
})

test('a change whose basis has moved is refused by the name of what moved', () => {
  const trade = shop()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  order = propose(trade, order, { lines: [{ lineRef: '1', quantity: 4 }] }, 'first')
  order = propose(trade, order, { lines: [{ lineRef: '1', unitPrice: 900 }] }, 'second')
  order = confirm(trade, order, 'second')
  const refused = trade.ask(order, { action: 'confirmChange', changeId: 'first' })
  assert.deepEqual(refused.status === 'refused' && [refused.code, refused.pointer], ['change_basis_moved', '/preview/total'])
  order = propose(trade, order, { lines: [{ lineRef: '1', quantity: 10 }] }, 'third')
  trade.place(trade.order([{ sku: 'tea', quantity: 3 }]))
  assert.equal(codeOf(trade.ask(order, { action: 'confirmChange', changeId: 'third' })), 'stock_short')
  assert.equal(codeOf(trade.ask(order, { action: 'declineChange', changeId: 'third' })), 'done')
})

test('a proposal stops nothing, and nothing leaves an order in the middle of a change: its clock ends it', () => {
  const trade = shop()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  order = trade.act(order, {
    action: 'proposeChange',
    changeId: 'c1',
    edits: { lines: [{ lineRef: '1', quantity: 1 }] },
    expiresInMinutes: 10,
  })
  assert.equal(nextDueAt(order.state), trade.now + 10 * MINUTE)
  trade.pass(10 * MINUTE)
  assert.equal(codeOf(trade.ask(order, { action: 'confirmChange', changeId: 'c1' })), 'change_unknown')
  order = trade.act(order, { action: 'tick' })
  assert.deepEqual(
    [order.state.changes?.[0]?.state, order.state.clocks.some((one) => one.clock === 'change' && one.state === 'running')],
    ['expired', false],
  )
  order = propose(trade, order, { lines: [{ lineRef: '1', quantity: 1 }] }, 'c2')
  order = trade.act(order, { action: 'cancel', reason: 'buyer' })
  assert.equal(order.state.changes?.[1]?.state, 'expired')
})

test('at most five changes are proposed at once', () => {
  const trade = shop()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  for (const id of ['a', 'b', 'c', 'd', 'e']) order = propose(trade, order, { lines: [{ lineRef: '1', quantity: 1 }] }, id)
  assert.equal(
    codeOf(trade.ask(order, { action: 'proposeChange', changeId: 'f', edits: { lines: [{ lineRef: '1', quantity: 1 }] } })),
    'changes_too_many',
  )
})

test('an order that goes elsewhere is sourced anew with its own stock at hand, in one step', () => {
  const trade = shop()
  trade.node('n2', 'CN', { place: { countryCode: 'CN', city: '广州', lat: 23.13, lng: 113.26 } })
  trade.stock('tea', 'n1', 2)
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 2 }]))
  trade.stock('tea', 'n2', 2)
  order = change(trade, order, { shipTo: { countryCode: 'CN', city: '广州', lat: 23.1, lng: 113.3 } })
  assert.deepEqual([order.intake.shipTo.city, units(order), held(trade, 'tea') + trade.rowOf('tea', 'n2').committed], ['广州', '0/2/0', 2])
  const only = change(trade, trade.place(trade.order([{ sku: 'cup', quantity: 10 }])), { shipTo: { countryCode: 'CN', city: '广州' } })
  assert.deepEqual([units(only), held(trade, 'cup')], ['0/10/0', 10])
})

test('units that are picked go back, units that are packed stay, and place and service stand once work has begun', () => {
  const trade = shop()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 5 }]))
  const fulfillmentOrderId = order.state.fulfillmentOrders[0]?.fulfillmentOrderId ?? ''
  const work = (verb: string, more: object = {}) => trade.act(order, { action: 'work', fulfillmentOrderId, verb, ...more } as never)
  order = work('start')
  order = work('pick', { lines: [{ lineRef: '1', quantity: 4 }] })
  order = work('pack', { parcels: [{ lines: [{ lineRef: '1', quantity: 2 }] }] })
  assert.equal(
    codeOf(trade.ask(order, { action: 'proposeChange', changeId: 'c', edits: { shipTo: { countryCode: 'CN', city: '北京' } } })),
    'change_too_late',
  )
  assert.equal(
    codeOf(trade.ask(order, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 4 }], reason: 'buyer' })),
    'change_too_late',
  )
  order = trade.act(order, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 3 }], reason: 'buyer' })
  assert.deepEqual([units(order), order.state.lines[0]?.picked, held(trade, 'tea')], ['3/2/0', 2, 2])
  order = work('handOver')
  assert.equal(order.state.lines[0]?.shipped, 2)
  assert.equal(
    codeOf(trade.ask(order, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 1 }], reason: 'buyer' })),
    'action_not_allowed',
  )
})

test('packed units can be changed once their parcels are opened again, as the refusal says; what stays is packed and leaves', () => {
  const trade = shop()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 5 }], { payments: [pay('capture', 5000)] }))
  const fulfillmentOrderId = order.state.fulfillmentOrders[0]?.fulfillmentOrderId ?? ''
  const work = (verb: string, more = {}) => {
    order = trade.act(order, { action: 'work', fulfillmentOrderId, verb, ...more } as never)
  }
  for (const verb of ['start', 'pick', 'pack']) work(verb)
  const cancelled = { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 4 }], reason: 'buyer' } as const
  const late = trade.ask(order, cancelled)
  assert.match(late.status === 'refused' ? late.detail.en : '', /unpack their fulfillment order/)
  const capacity = order.state.fulfillmentOrders[0]?.capacityDay
  work('unpack')
  const [one] = order.state.fulfillmentOrders
  assert.deepEqual([one?.work, one?.parcels, one?.voided?.length, one?.capacityDay], ['inProgress', undefined, 1, capacity])
  assert.deepEqual([order.state.lines[0]?.packed, order.state.lines[0]?.picked, held(trade, 'tea')], [0, 5, 5])
  order = trade.act(order, cancelled)
  assert.deepEqual([units(order), order.state.lines[0]?.picked, held(trade, 'tea'), viewPayments(order).due], ['4/1/0', 1, 1, -4000])
  for (const verb of ['pack', 'handOver']) work(verb)
  assert.deepEqual([order.state.lines[0]?.shipped, held(trade, 'tea')], [1, 0])
})

test('packed units are on the shelf again once their node was asked and has stopped, and can be changed then', () => {
  const trade = shop()
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 5 }]))
  const fulfillmentOrderId = order.state.fulfillmentOrders[0]?.fulfillmentOrderId ?? ''
  for (const verb of ['start', 'pick', 'pack']) order = trade.act(order, { action: 'work', fulfillmentOrderId, verb } as never)
  const cancelled = { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 4 }], reason: 'buyer' } as const
  const late = trade.ask(order, cancelled)
  trade.node('n2')
  trade.stock('tea', 'n2', 5)
  assert.equal(late.status, 'refused')
  for (const verb of ['requestCancel', 'cancel']) order = trade.act(order, { action: 'work', fulfillmentOrderId, verb } as never)
  assert.deepEqual([units(order), order.state.lines[0]?.packed, held(trade, 'tea'), trade.rowOf('tea', 'n2').committed], ['0/5/0', 0, 0, 5])
  order = trade.act(order, cancelled)
  assert.deepEqual([units(order), trade.rowOf('tea', 'n2').committed], ['4/1/0', 1])
})

test('cancelling the last units cancels the order', () => {
  const trade = shop()
  let order = trade.place(
    trade.order(
      [
        { sku: 'tea', quantity: 2 },
        { sku: 'cup', quantity: 1 },
      ],
      { payments: [pay('capture', 3000)] },
    ),
  )
  order = trade.act(order, { action: 'cancelLines', lines: [{ lineRef: '1', quantity: 2 }], reason: 'buyer' })
  assert.deepEqual([order.state.state, viewPayments(order).due], ['accepted', -2000])
  order = trade.act(order, { action: 'cancelLines', lines: [{ lineRef: '2', quantity: 1 }], reason: 'buyer' })
  assert.deepEqual([order.state.state, viewPayments(order).due, held(trade, 'cup')], ['cancelled', -3000, 0])
})

test('what makes an order on account owe more must fit its credit; what makes it owe less never asks', () => {
  const trade = shop()
  trade.put('account', 'acme', { accountId: 'acme', name: 'ACME', currency: 'CNY', creditLimit: 5000 })
  let order = trade.place(trade.order([{ sku: 'tea', quantity: 4 }], { accountId: 'acme' }))
  const more = (quantity: number) =>
    trade.ask(order, { action: 'proposeChange', changeId: 'x', edits: { lines: [{ lineRef: '1', quantity }] } })
  assert.deepEqual([codeOf(more(5)), codeOf(more(6))], ['done', 'credit_limit_exceeded'])
  order = change(trade, order, { lines: [{ lineRef: '1', quantity: 1 }] })
  assert.deepEqual([order.state.exposure, trade.memory.accounts.get('acme')?.exposure], [1000, 1000])
})
