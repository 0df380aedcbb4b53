import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { TaxRule } from '../../../contract/entities/tax-rule.ts'
import { instant } from '../../kernel/time.ts'
import { checkTax, isBusinessBuyer } from './check-tax.ts'
import { compileTaxTable } from './table.ts'

const NOW = instant(Date.parse('2026-11-21T08:00:00Z'))
const rule = (ruleId: string, ratePpm: number, more: Partial<TaxRule> = {}): TaxRule => ({
  ruleId,
  name: ruleId,
  countryCode: 'CN',
  ratePpm,
  version: 1,
  ...more,
})
const order = (more: { countryCode?: string; region?: string; isBusiness?: boolean; taxClass?: string } = {}) => ({
  shipTo: { countryCode: more.countryCode ?? 'CN', region: more.region },
  isBusiness: more.isBusiness ?? false,
  lines: [{ lineRef: '1', taxClass: more.taxClass }],
})
const used = (rules: readonly TaxRule[], asked: ReturnType<typeof order>, now = NOW) => {
  const found = checkTax(asked, compileTaxTable(rules), now, 'refuse')
  return found.verdict === 'pass' ? found.rates.lines[0]?.components.map((one) => one.ruleId).join('+') : found.reason
}

const table = [
  rule('cn', 130_000),
  rule('cn-food', 90_000, { taxClass: 'food' }),
  rule('cn-b2b', 60_000, { b2b: true }),
  rule('cn-food-b2b', 50_000, { taxClass: 'food', b2b: true }),
  rule('hainan', 10_000, { region: '海南省' }),
  rule('hainan-food', 0, { region: '海南', taxClass: 'food' }),
  rule('future', 1, { taxClass: 'gold', validFrom: '2026-11-22' }),
  rule('past', 2, { taxClass: 'gold', validTo: '2026-11-20' }),
  rule('gold-2026', 3, { taxClass: 'gold', validFrom: '2026-01-01', validTo: '2026-11-21' }),
  rule('gold-2025', 4, { taxClass: 'gold', validFrom: '2025-01-01' }),
  rule('b-same', 5, { countryCode: 'DE' }),
  rule('a-same', 6, { countryCode: 'DE' }),
  rule('gst', 50_000, { countryCode: 'CA', component: 'gst' }),
  rule('qst', 99_750, { countryCode: 'CA', region: 'QC', component: 'pst' }),
  rule('food-only', 1, { countryCode: 'FR', taxClass: 'food' }),
]
for (const [asked, want] of [
  [order(), 'cn'],
  [order({ taxClass: 'unheard of' }), 'cn'],
  [order({ taxClass: 'food' }), 'cn-food'],
  [order({ isBusiness: true }), 'cn-b2b'],
  [order({ isBusiness: true, taxClass: 'food' }), 'cn-food-b2b'],
  [order({ region: '海南' }), 'hainan'],
  [order({ region: '海南省', taxClass: 'food', isBusiness: true }), 'hainan-food'],
  [order({ region: '浙江', taxClass: 'food' }), 'cn-food'],
  [order({ taxClass: 'gold' }), 'gold-2026'],
  [order({ countryCode: 'DE' }), 'a-same'],
  [order({ countryCode: 'CA' }), 'gst'],
  [order({ countryCode: 'CA', region: 'qc' }), 'gst+qst'],
  [order({ countryCode: 'CA', region: 'Québec' }), 'gst+qst'],
  [order({ region: 'Hainan' }), 'hainan'],
  [order({ countryCode: 'US' }), 'tax_rule_missing'],
  [order({ countryCode: 'FR' }), 'tax_rule_missing'],
] as const)
  test(`${JSON.stringify(asked)} is rated by ${want}`, () => assert.equal(used(table, asked), want))

test('a rule starts and ends with the days of the place where the order goes, those of UTC where its zone is not known', () => {
  const gold = order({ taxClass: 'gold' })
  assert.equal(used(table, gold, instant(Date.parse('2026-11-21T23:59:59.999+08:00'))), 'gold-2026')
  assert.equal(used(table, gold, instant(Date.parse('2026-11-22T00:00:00+08:00'))), 'future')
  const states = [
    rule('this-year', 70_000, { countryCode: 'US', validTo: '2026-12-31' }),
    rule('next', 60_000, { countryCode: 'US', validFrom: '2027-01-01' }),
  ]
  const newYear = instant(Date.parse('2027-01-01T06:00:00Z'))
  for (const [region, want] of [
    ['NY', 'next'],
    ['California', 'this-year'],
    ['Atlantis', 'next'],
  ] as const)
    assert.equal(used(states, order({ countryCode: 'US', region }), newYear), want)
})

test('without any rule an order is zero-rated and says so', () => {
  const found = checkTax(order(), compileTaxTable([]), NOW, 'refuse')
  assert.deepEqual([found.verdict, found.reason], ['default', 'default'])
  assert.equal(found.rates.lines[0]?.add, 0)
})

test('a table whose rules have all ended is no table: a country without a rule is zero-rated again', () => {
  const ended = compileTaxTable([rule('old', 130_000, { validTo: '2026-11-20' })])
  assert.deepEqual(
    [checkTax(order({ countryCode: 'US' }), ended, NOW, 'refuse').reason, used([...table], order({ countryCode: 'US' }))],
    ['default', 'tax_rule_missing'],
  )
  assert.equal(checkTax(order(), ended, instant(Date.parse('2026-11-20T12:00:00Z')), 'refuse').reason, 'tax_rated')
})

test('the policy of the channel turns a missing rule into refusal or review', () => {
  for (const policy of ['refuse', 'review'] as const) {
    assert.equal(checkTax(order({ countryCode: 'US' }), compileTaxTable(table), NOW, policy).verdict, policy)
  }
})

test('reverse charge and exemption charge nothing and stay visible', () => {
  const found = checkTax(order(), compileTaxTable([rule('rc', 130_000, { reverseCharge: true })]), NOW, 'refuse')
  assert.equal(found.verdict, 'pass')
  assert.deepEqual(
    found.rates.lines[0]?.components.map((one) => [one.ratePpm, one.reverseCharge]),
    [[0, true]],
  )
})

test('shipping has its own rate where one is configured and follows the lines where none is', () => {
  const own = compileTaxTable([rule('cn', 130_000), rule('post', 60_000, { appliesTo: 'shipping' })])
  assert.equal(checkTax(order(), own, NOW, 'refuse').rates.shipping?.components[0]?.ruleId, 'post')
  assert.equal(checkTax(order(), compileTaxTable([rule('cn', 130_000)]), NOW, 'refuse').rates.shipping, undefined)
})

test('nine taxes at once are a mistake in the table, not a price', () => {
  const rules = Array.from({ length: 9 }, (_, i) => rule(`r${i}`, 1, { component: `c${i}` }))
  assert.equal(used(rules, order()), 'tax_rule_conflict')
})

for (const [account, customer, want] of [
  [undefined, undefined, false],
  [undefined, { taxNumber: 'DE1' }, true],
  [{}, undefined, true],
  [{ businessCustomer: false }, { taxNumber: 'DE1' }, false],
] as const)
  test(`account ${JSON.stringify(account)} and customer ${JSON.stringify(customer)}: business is ${want}`, () =>
    assert.equal(isBusinessBuyer(account, customer), want))

const anyRule = fc.record(
  {
    ratePpm: fc.integer({ min: 0, max: 3_000_000 }),
    countryCode: fc.constantFrom('CN', 'DE'),
    region: fc.constantFrom('A', 'B'),
    taxClass: fc.constantFrom('x', 'y'),
    b2b: fc.boolean(),
    validFrom: fc.constantFrom('2026-11-20', '2026-11-21', '2026-11-22'),
    validTo: fc.constantFrom('2026-11-20', '2026-11-21', '2026-11-22'),
  },
  { requiredKeys: ['ratePpm', 'countryCode'] },
)
test('the fast lookup finds what a plain search by the documented order finds, asked in any order', () => {
  let passes = 0
  fc.assert(
    fc.property(
      fc.array(anyRule, { minLength: 1, maxLength: 30 }),
      fc.array(
        fc.record({
          region: fc.constantFrom('A', 'B', 'C'),
          taxClass: fc.constantFrom('x', 'y', 'z'),
          isBusiness: fc.boolean(),
          day: fc.integer({ min: 19, max: 23 }),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      (parts, questions) => {
        const rules: TaxRule[] = parts.map((part, i) => ({ ruleId: `r${i.toString().padStart(2, '0')}`, name: 'n', version: 1, ...part }))
        const compiled = compileTaxTable(rules)
        for (const question of questions) {
          const day = `2026-11-${question.day}`
          const wanted = rules
            .filter((one) => one.countryCode === 'CN')
            .filter((one) => one.region === undefined || one.region === question.region)
            .filter((one) => one.taxClass === undefined || one.taxClass === question.taxClass)
            .filter((one) => one.b2b === undefined || one.b2b === question.isBusiness)
            .filter((one) => (one.validFrom ?? '') <= day && day <= (one.validTo ?? '9999'))
            .map((one) => [one.region ? 1 : 0, one.taxClass ? 1 : 0, one.b2b === undefined ? 0 : 1, one.validFrom ?? '0000', one] as const)
            .toSorted(
              (a, b) =>
                b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || (a[3] === b[3] ? (a[4].ruleId < b[4].ruleId ? -1 : 1) : a[3] < b[3] ? 1 : -1),
            )[0]?.[4].ruleId
          const found = checkTax(order(question), compiled, instant(Date.parse(`${day}T12:00:00Z`)), 'refuse')
          assert.equal(found.verdict === 'pass' ? found.rates.lines[0]?.components[0]?.ruleId : undefined, wanted)
          if (wanted !== undefined) passes++
        }
      },
    ),
    { numRuns: 300 },
  )
  assert.ok(passes > 20)
})
