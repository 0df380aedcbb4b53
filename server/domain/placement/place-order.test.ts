import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTE } from '../../kernel/time.ts'
import { Trade } from '../../../test/support/trade.ts'

function shop(channel: Record<string, unknown> = {}): Trade {
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
  trade.channel('shop', { requiresPayment: false, ...channel })
  trade.stock('tea', 'n1', 3)
  trade.stock('cup', 'n1', 5)
  return trade
}
const wanted = [{ sku: 'tea', quantity: 5 }]

/** What the channel wants done with a shortage, who hands the order in, and what becomes of 5 where 3 are there. */
const shortages: readonly [string | undefined, 'api' | 'channel', string][] = [
  [undefined, 'api', 'stock_short'],
  ['refuse', 'api', 'stock_short'],
  ['review', 'api', 'review firm:3 backordered 2'],
  ['backorder', 'api', 'accepted firm:3 backordered 2'],
  ['partial', 'api', 'accepted committed:3 backordered 2'],
  [undefined, 'channel', 'review firm:3 backordered 2'],
  ['refuse', 'channel', 'review firm:3 backordered 2'],
  ['backorder', 'channel', 'accepted firm:3 backordered 2'],
]
for (const [shortage, origin, expected] of shortages)
  test(`an order of an ${origin} that is short where the channel says ${shortage ?? 'nothing'} is ${expected}`, () => {
    const trade = shop(shortage === undefined ? {} : { shortage })
    const outcome = trade.decide(trade.order(wanted), { origin })
    if (outcome.status === 'refused') return assert.equal(outcome.code, expected)
    const { state } = outcome.value.change.after
    const held = state.reservations.map((one) => `${one.kind}:${one.quantity}`).join(' ')
    assert.equal(`${state.state} ${held} backordered ${state.lines[0]?.backordered}`, expected)
  })

test('an order that waits for all of it is committed as a whole when the rest is there, one in parts bit by bit', () => {
  for (const [shortage, first] of [
    ['backorder', 0],
    ['partial', 4],
  ] as const) {
    const trade = shop({ shortage })
    let order = trade.place(trade.order(wanted))
    for (const [onHand, allocated] of [
      [4, first],
      [5, 5],
    ] as const) {
      trade.stock('tea', 'n1', onHand)
      trade.pass(31 * MINUTE)
      order = trade.act(order, { action: 'tick' })
      assert.equal(order.state.lines[0]?.allocated, allocated, `${shortage} with ${onHand}`)
    }
  }
})

test('a bundle is reserved as whole sets: the scarcest part decides', () => {
  const trade = shop({ shortage: 'partial' })
  const { state } = trade.place(trade.order([{ sku: 'set', quantity: 3 }]))
  assert.deepEqual([state.lines[0]?.reserved, state.lines[0]?.backordered], [2, 1])
})

/** What is wrong with an order, worst first: the refusal is always the first that applies. */
const wrongs: readonly [string, (trade: Trade) => void, object][] = [
  ['channel_unknown', () => undefined, { channelId: 'nowhere' }],
  ['currency_unknown', () => undefined, { currency: 'XXQ' }],
  ['restricted_item', forbidTea, {}],
  ['tax_rule_missing', taxElsewhere, {}],
  ['account_unknown', () => undefined, { accountId: 'nobody' }],
  ['stock_short', (trade) => trade.stock('tea', 'n1', 0), {}],
]
function forbidTea(trade: Trade): void {
  trade.put('complianceRule', 'r1', { ruleId: 'r1', name: 'r1', action: 'refuse', match: { skus: ['tea'] }, demand: { forbid: true } })
}
function taxElsewhere(trade: Trade): void {
  const rule = { ruleId: 'de', name: 'de', countryCode: 'DE', ratePpm: 190_000 }
  trade.put('taxRule', 'de', rule)
}
for (const [i, [code]] of wrongs.entries())
  test(`${code} is said before whatever comes after it in the order of checks`, () => {
    const trade = shop()
    let more: object = {}
    for (const [, prepare, fields] of wrongs.slice(i).toReversed()) {
      prepare(trade)
      more = { ...more, ...fields }
    }
    const outcome = trade.decide(trade.order([{ sku: 'tea', quantity: 1 }], more))
    assert.equal(outcome.status === 'refused' ? outcome.code : 'done', code)
  })

test('an item without a name in the hub, and a line told twice, are refused before any check', () => {
  const trade = shop()
  forbidTea(trade)
  const unknown = trade.decide(
    trade.order([
      { sku: 'tea', quantity: 1 },
      { sku: 'nothing', quantity: 1 },
    ]),
  )
  assert.deepEqual(unknown.status === 'refused' && [unknown.code, unknown.pointer], ['item_unknown', '/lines/1/sku'])
  const line = { sku: 'tea', quantity: 1, more: { lineRef: '1' } }
  const twice = trade.decide(trade.order([line, line]))
  assert.deepEqual(twice.status === 'refused' && [twice.code, twice.pointer], ['duplicate_line_ref', '/lines/1/lineRef'])
})

test('a channel’s order is never refused: what would refuse it puts it in review with every reason', () => {
  const trade = shop({ checks: { compliance: 'refuse', tax: 'refuse', credit: 'refuse' } })
  forbidTea(trade)
  const input = trade.order(
    [
      { sku: 'tea', quantity: 9 },
      { sku: 'nothing', quantity: 1 },
    ],
    { accountId: 'nobody' },
  )
  const { state } = trade.place(input, { origin: 'channel', reviewReasons: ['address_incomplete'] })
  assert.equal(state.state, 'review')
  assert.deepEqual(state.reviewReasons, ['address_incomplete', 'restricted_item', 'account_unknown', 'item_unknown'])
})

test('what is short is told once an item, over all lines that ask for it', () => {
  const trade = shop()
  trade.stock('tea', 'n1', 1)
  const line = (lineRef: string) => ({ sku: 'tea', quantity: 400, more: { lineRef } })
  const outcome = trade.decide(trade.order([line('a'), line('b')]))
  assert.deepEqual(outcome.status === 'refused' && outcome.code, 'stock_short')
  const { missing } = (outcome.status === 'refused' ? outcome.got : undefined) as { missing: { sku: string; short: number }[] }
  assert.equal(missing.length, 1)
  assert.deepEqual([missing[0]?.sku, (missing[0]?.short ?? 0) > 400], ['tea', true])
})

test('an item that is discontinued and a channel that is closed take no new order; what a cart holds, and what was sold, goes on', () => {
  const trade = shop()
  let sold = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]))
  trade.item('tea', { discontinued: true })
  const refused = trade.decide(
    trade.order([
      { sku: 'cup', quantity: 1 },
      { sku: 'tea', quantity: 1 },
    ]),
  )
  assert.deepEqual(refused.status === 'refused' && [refused.code, refused.pointer, refused.got], [
    'item_discontinued',
    '/lines/1/sku',
    'tea',
  ])
  assert.equal(trade.decide(trade.order([{ sku: 'set', quantity: 1 }])).status, 'done')
  sold = trade.act(sold, { action: 'tick' })
  assert.equal(sold.state.lines[0]?.allocated, 1)
  trade.channel('shop', { requiresPayment: false, closed: true })
  const closed = trade.decide(trade.order([{ sku: 'cup', quantity: 1 }]))
  assert.deepEqual(closed.status === 'refused' && [closed.code, closed.pointer], ['channel_closed', '/channelId'])
})

test('a body of a closed channel or with a discontinued item is kept for a person, who is told which', () => {
  const trade = shop()
  trade.item('tea', { discontinued: true })
  const tea = trade.place(trade.order([{ sku: 'tea', quantity: 1 }]), { origin: 'channel' })
  assert.deepEqual([tea.state.state, tea.state.reviewReasons], ['review', ['item_discontinued']])
  trade.channel('shop', { requiresPayment: false, closed: true })
  const cup = trade.place(trade.order([{ sku: 'cup', quantity: 1 }]), { origin: 'channel' })
  assert.deepEqual([cup.state.state, cup.state.reviewReasons], ['review', ['channel_closed']])
  assert.equal(trade.act(cup, { action: 'approve' }).state.state, 'accepted')
})
