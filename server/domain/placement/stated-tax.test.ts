import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Trade } from '../../../test/support/trade.ts'
import { instant } from '../../kernel/time.ts'
import { statedTax } from '../money/stated-tax.ts'
import { computeTotals } from '../money/totals.ts'

function shop(channel: Record<string, unknown> = {}): Trade {
  const trade = new Trade()
  trade.item('tea')
  trade.node('n1')
  trade.channel('shop', { requiresPayment: false, ...channel })
  trade.stock('tea', 'n1', 100)
  return trade
}
const sale = { taxesIncluded: false, shipping: { amount: 1000, tax: 90 } }
const lines = [{ sku: 'tea', quantity: 2, more: { unitPrice: 300, tax: 45 } }]
const rule = (ratePpm: number) => ({ ruleId: 'cn', name: 'cn', countryCode: 'CN', ratePpm })

test('without tax rules the tax that the shop charged is what the order costs', () => {
  const trade = shop()
  const { intake, state } = trade.place(trade.order(lines, sale))
  assert.deepEqual({ ...intake.totals }, { lines: 600, discount: 0, shipping: 1000, tax: 135, total: 1735 })
  assert.deepEqual([intake.lines[0]?.tax, intake.lines[0]?.total], [45, 645])
  assert.deepEqual([state.checks?.tax.verdict, state.checks?.tax.reason], ['default', 'tax_as_stated'])
})

test('rules that give the same tax, but for rounding, let it through as it was charged', () => {
  const trade = shop()
  trade.put('taxRule', 'cn', rule(83_750))
  const { intake, state } = trade.place(trade.order(lines, sale))
  assert.deepEqual([intake.totals.tax, intake.totals.total], [135, 1735])
  assert.deepEqual([state.checks?.tax.verdict, state.checks?.tax.reason], ['pass', 'tax_rated'])
})

test('the tax is that of the day the sale was made: a body that comes after a new rate still has the old one', () => {
  const trade = shop()
  trade.put('taxRule', 'old', { ...rule(100_000), ruleId: 'old', validTo: '2026-11-19' })
  trade.put('taxRule', 'new', { ...rule(200_000), ruleId: 'new', validFrom: '2026-11-20' })
  trade.now = instant(Date.parse('2026-11-20T02:00:00Z'))
  const taxOf = (placedAt: string) =>
    trade.place(trade.order([{ sku: 'tea', quantity: 1, more: { unitPrice: 1000 } }], { taxesIncluded: false, placedAt })).intake.totals.tax
  assert.deepEqual(['2026-11-19T23:59:59+08:00', '2026-11-20T00:00:00+08:00', '2027-01-01T00:00:00Z'].map(taxOf), [100, 200, 200])
})

for (const [origin, policy, want] of [
  ['api', 'refuse', 'tax_contradicts'],
  ['api', 'review', 'review'],
  ['channel', 'refuse', 'review'],
] as const)
  test(`rules that give another tax: an order of an ${origin} where the channel says ${policy} is ${want}, with what was charged`, () => {
    const trade = shop({ checks: { tax: policy } })
    trade.put('taxRule', 'cn', rule(130_000))
    const outcome = trade.decide(trade.order(lines, sale), { origin })
    if (outcome.status === 'refused') {
      assert.deepEqual([outcome.code, outcome.got], [want, { rules: ['cn'], got: 135, expected: 208 }])
      return
    }
    const { intake, state } = outcome.value.change.after
    assert.deepEqual([state.state, intake.totals.total, state.reviewReasons.includes('tax_contradicts')], [want, 1735, true])
  })

test('more tax than an amount can hold contradicts itself', () => {
  const trade = shop()
  for (const [order, pointer] of [
    [trade.order([{ sku: 'tea', quantity: 1, more: { unitPrice: 100, tax: 101 } }]), '/lines/0/tax'],
    [trade.order([{ sku: 'tea', quantity: 1, more: { unitPrice: 0, tax: 1 } }], { taxesIncluded: false }), '/lines/0/tax'],
    [trade.order(lines, { taxesIncluded: false, shipping: { amount: 0, tax: 1 } }), '/shipping/tax'],
  ] as const) {
    const outcome = trade.decide(order)
    assert.deepEqual(outcome.status === 'refused' && [outcome.code, outcome.pointer], ['order_contradictory', pointer])
  }
})

test('units that are cancelled take their share of the charged tax with them', () => {
  const trade = shop()
  const order = trade.place(trade.order(lines, sale))
  const after = trade.act(order, {
    action: 'cancelLines',
    reason: 'requested',
    lines: [{ lineRef: order.intake.lines[0]?.lineRef ?? '', quantity: 1 }],
  })
  const totals = after.state.sale?.totals
  assert.deepEqual([totals?.tax, totals?.total], [23 + 90, 300 + 1000 + 113])
})

test('for any order the stated taxes come out line by line, to the minor unit', () => {
  const anyLine = fc.record({
    quantity: fc.integer({ min: 1, max: 1000 }),
    unitPrice: fc.integer({ min: 0, max: 1_000_000 }),
    cut: fc.integer({ min: 0, max: 100 }),
    share: fc.integer({ min: 0, max: 100 }),
  })
  let seen = 0
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), fc.boolean(), fc.nat(9999), (made, taxesIncluded, amount) => {
      const priced = made.map(({ quantity, unitPrice, cut, share }) => {
        const discount = Math.floor((quantity * unitPrice * cut) / 100)
        return { quantity, unitPrice, discount, tax: Math.floor(((quantity * unitPrice - discount) * share) / 100) }
      })
      const order = { lines: priced, taxesIncluded, shipping: { amount, tax: Math.floor(amount / 7) } }
      const stated = statedTax(order)
      if (stated.status === 'refused' || stated.value === undefined) return assert.fail(JSON.stringify(stated))
      const money = computeTotals(order, stated.value.rates)
      if (money.status === 'refused') return assert.fail(money.code)
      assert.deepEqual(
        money.value.lines.map((line) => line.tax),
        priced.map((line) => line.tax),
      )
      assert.equal(money.value.shipping.tax, order.shipping.tax)
      assert.equal(money.value.totals.tax, stated.value.tax)
      seen += priced.length
    }),
  )
  assert.ok(seen > 100)
})
