import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { TaxRule } from '../../../contract/entities/tax-rule.ts'
import { divideRounded } from '../../kernel/money.ts'
import { taxByComponent, taxRate, ZERO_RATE } from '../tax/rate.ts'
import { AMOUNT_MAX, computeTotals, type OrderMoney, type PricedOrder } from './totals.ts'

const rule = (ratePpm: number, more: Partial<TaxRule> = {}): TaxRule => ({
  ruleId: `r${ratePpm}`,
  name: 'tax',
  countryCode: 'CN',
  ratePpm,
  version: 1,
  ...more,
})
const rate = (...rules: TaxRule[]) => taxRate(rules)
const money = (order: PricedOrder, rates = order.lines.map(() => ZERO_RATE)): OrderMoney => {
  const outcome = computeTotals(order, { lines: rates })
  assert.equal(outcome.status, 'done')
  return outcome.status === 'done' ? outcome.value : assert.fail()
}

const vat13 = rate(rule(130_000))
const vat9 = rate(rule(90_000))
const quebec = rate(rule(50_000, { component: 'gst' }), rule(95_000, { component: 'pst', compound: true }))

for (const [what, order, rates, want] of [
  [
    '13 % inside 256.00',
    { lines: [{ quantity: 2, unitPrice: 12800 }] },
    [vat13],
    { lines: 25600, discount: 0, shipping: 0, tax: 2945, total: 25600 },
  ],
  [
    '13 % on top of 256.00',
    { taxesIncluded: false, lines: [{ quantity: 2, unitPrice: 12800 }] },
    [vat13],
    { lines: 25600, discount: 0, shipping: 0, tax: 3328, total: 28928 },
  ],
  [
    'half a minor unit goes away from zero',
    { taxesIncluded: false, lines: [{ quantity: 1, unitPrice: 50 }] },
    [vat9],
    { lines: 50, discount: 0, shipping: 0, tax: 5, total: 55 },
  ],
  [
    'a compound tax is charged on the first',
    { taxesIncluded: false, lines: [{ quantity: 1, unitPrice: 10000 }] },
    [quebec],
    { lines: 10000, discount: 0, shipping: 0, tax: 1498, total: 11498 },
  ],
  [
    'a line discount and a third of an order discount: 957 and 1933, taxed 110 and 222',
    {
      discount: 100,
      lines: [
        { quantity: 1, unitPrice: 1000, discount: 10 },
        { quantity: 2, unitPrice: 1000 },
      ],
    },
    [vat13, vat13],
    { lines: 3000, discount: 110, shipping: 0, tax: 332, total: 2890 },
  ],
  [
    'shipping follows the rates of the lines',
    {
      taxesIncluded: false,
      shipping: { amount: 300 },
      lines: [
        { quantity: 1, unitPrice: 1000 },
        { quantity: 1, unitPrice: 2000 },
      ],
    },
    [vat13, vat9],
    { lines: 3000, discount: 0, shipping: 300, tax: 341, total: 3641 },
  ],
  [
    'everything given away',
    { discount: 500, lines: [{ quantity: 5, unitPrice: 100 }] },
    [vat13],
    { lines: 500, discount: 500, shipping: 0, tax: 0, total: 0 },
  ],
  [
    'yen have no decimals and need none',
    { lines: [{ quantity: 3, unitPrice: 110 }] },
    [rate(rule(100_000))],
    { lines: 330, discount: 0, shipping: 0, tax: 30, total: 330 },
  ],
] as const)
  test(`totals: ${what}`, () => assert.deepEqual({ ...money(order, [...rates]).totals }, want))

for (const [code, order] of [
  ['discount_exceeds_value', { lines: [{ quantity: 1, unitPrice: 100, discount: 101 }] }],
  ['discount_exceeds_value', { discount: 201, lines: [{ quantity: 2, unitPrice: 100 }] }],
  ['discount_exceeds_value', { discount: 1, lines: [{ quantity: 1, unitPrice: 0 }] }],
  ['amount_negative', { lines: [{ quantity: 1, unitPrice: -1 }] }],
  ['amount_negative', { discount: -1, lines: [{ quantity: 1, unitPrice: 1 }] }],
  ['amount_negative', { shipping: { amount: -1 }, lines: [{ quantity: 1, unitPrice: 1 }] }],
  ['amount_too_large', { lines: [{ quantity: 1_000_000, unitPrice: AMOUNT_MAX }] }],
  [
    'amount_too_large',
    {
      lines: [
        { quantity: 1, unitPrice: AMOUNT_MAX },
        { quantity: 1, unitPrice: 1 },
      ],
    },
  ],
  ['amount_too_large', { taxesIncluded: false, lines: [{ quantity: 1, unitPrice: AMOUNT_MAX }] }],
] as const)
  test(`${JSON.stringify(order).slice(0, 80)} is refused as ${code}`, () => {
    const outcome = computeTotals(order, { lines: order.lines.map(() => vat13) })
    assert.equal(outcome.status === 'refused' ? outcome.code : 'done', code)
  })

const component = fc.record({ ppm: fc.integer({ min: 0, max: 3_000_000 }), compound: fc.boolean() })
const anyRate = fc
  .array(component, { minLength: 0, maxLength: 8 })
  .map((parts) => taxRate(parts.map((part, i) => rule(part.ppm, { component: `c${i}`, compound: part.compound }))))
const anyOrder = fc.record({
  lines: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 1000 }),
      unitPrice: fc.integer({ min: 0, max: 1_000_000 }),
      cut: fc.integer({ min: 0, max: 100 }),
      rate: anyRate,
    }),
    { minLength: 1, maxLength: 12 },
  ),
  orderCut: fc.integer({ min: 0, max: 100 }),
  shipping: fc.integer({ min: 0, max: 100_000 }),
  shippingRate: fc.option(anyRate, { nil: undefined }),
  taxesIncluded: fc.boolean(),
})
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

test('totals equal a recomputation from the lines alone, line by line, tax by tax, for any order', () => {
  let seen = 0
  fc.assert(
    fc.property(anyOrder, (made) => {
      const lines = made.lines.map((line) => ({ ...line, discount: Math.floor((line.quantity * line.unitPrice * line.cut) / 100) }))
      const worth = sum(lines.map((line) => line.quantity * line.unitPrice - line.discount))
      const discount = Math.floor((worth * made.orderCut) / 100)
      const rates = { lines: lines.map((line) => line.rate), shipping: made.shippingRate }
      const outcome = computeTotals({ lines, discount, shipping: { amount: made.shipping }, taxesIncluded: made.taxesIncluded }, rates)
      assert.equal(outcome.status, 'done')
      if (outcome.status !== 'done') return
      const { lines: got, shipping, totals } = outcome.value
      const all = [...got, shipping]
      for (const part of all) {
        assert.equal(part.net + part.tax, part.gross)
        assert.ok(part.net >= 0 && part.tax >= 0)
      }
      assert.equal(sum(all.map((part) => part.gross)), totals.total)
      assert.equal(sum(all.map((part) => part.tax)), totals.tax)
      assert.equal(sum(got.map((line) => line.discount)), totals.discount)
      assert.equal(totals.discount, discount + sum(lines.map((line) => line.discount)))
      assert.equal(totals.lines, sum(lines.map((line) => line.quantity * line.unitPrice)))
      assert.equal(totals.total, totals.lines - totals.discount + totals.shipping + (made.taxesIncluded ? 0 : totals.tax))
      got.forEach((line, i) => {
        const { add, one } = rates.lines[i] ?? ZERO_RATE
        const amount = (lines[i]?.quantity ?? 0) * (lines[i]?.unitPrice ?? 0) - line.discount
        assert.equal(made.taxesIncluded ? line.gross : line.net, amount)
        const exact = made.taxesIncluded
          ? divideRounded(BigInt(amount) * BigInt(add), BigInt(one) + BigInt(add))
          : divideRounded(BigInt(amount) * BigInt(add), BigInt(one))
        assert.equal(BigInt(line.tax), exact)
        assert.equal(sum(taxByComponent(line.tax, rates.lines[i] ?? ZERO_RATE)), rates.lines[i]?.components.length === 0 ? 0 : line.tax)
        seen++
      })
    }),
    { numRuns: 300 },
  )
  assert.ok(seen > 50)
})

test('eight taxes of 300 % on the largest order stay exact, and are refused rather than kept wrong', () => {
  const heavy = taxRate(Array.from({ length: 8 }, (_, i) => rule(3_000_000, { component: `c${i}`, compound: i > 3 })))
  const outcome = computeTotals({ taxesIncluded: false, lines: [{ quantity: 1, unitPrice: AMOUNT_MAX }] }, { lines: [heavy] })
  assert.equal(outcome.status === 'refused' && outcome.code, 'amount_too_large')
})
