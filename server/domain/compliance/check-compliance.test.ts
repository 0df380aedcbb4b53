import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ComplianceRule } from '../../../contract/entities/compliance-rule.ts'
import { instant } from '../../kernel/time.ts'
import { ageOn } from './age.ts'
import { checkCompliance, type CheckedOrder } from './check-compliance.ts'
import { hardConstraints, ruleAgainstNode, ruleAgainstService, type Constraint } from './constraint.ts'
import { compileCompliance, type CheckedItem } from './table.ts'

const NOW = instant(Date.parse('2026-11-21T08:00:00Z'))
type Rule = {
  ruleId?: string
  match?: ComplianceRule['match']
  demand: ComplianceRule['demand']
  action?: 'refuse' | 'review'
  validTo?: string
}
const rule = ({ ruleId = 'r', match = {}, demand, action = 'refuse', ...more }: Rule): ComplianceRule => ({
  ruleId,
  name: { en: ruleId },
  match,
  demand,
  action,
  version: 1,
  ...more,
})
type Asked = Partial<Omit<CheckedOrder, 'shipTo' | 'lines'>> & { to?: string; region?: string; items?: (CheckedItem & { units: number })[] }
const order = ({ to = 'CN', region, items = [{ sku: 'tea', units: 1 }], ...more }: Asked = {}): CheckedOrder => ({
  channelId: 'shop',
  shipTo: { countryCode: to, region },
  lines: items.map((item, i) => ({ lineRef: `${i + 1}`, items: [item] })),
  ...more,
})
const check = (rules: readonly ComplianceRule[], asked: CheckedOrder, policy: 'refuse' | 'review' = 'refuse') =>
  checkCompliance(asked, compileCompliance(rules), NOW, policy)

const wine = { sku: 'wine', taxClass: 'alcohol', attributes: { abv: 13 }, units: 2 }
const battery = { sku: 'cell', attributes: { hazardous: true, un: '3480' }, units: 1 }
for (const [what, one, asked, want] of [
  ['another country', { match: { countryCode: 'US' }, demand: { forbid: true } }, order(), ['pass', 'compliance_passed']],
  ['a forbidden country', { match: { countryCode: 'CN' }, demand: { forbid: true } }, order(), ['refuse', 'restricted_destination']],
  [
    'a forbidden region, by its long name',
    { match: { countryCode: 'CN', region: '西藏自治区' }, demand: { forbid: true } },
    order({ region: '西藏' }),
    ['refuse', 'restricted_destination'],
  ],
  [
    'a forbidden region, by its code where the rule has its name',
    { match: { countryCode: 'CN', region: '西藏自治区' }, demand: { forbid: true } },
    order({ region: 'CN-XZ' }),
    ['refuse', 'restricted_destination'],
  ],
  [
    'a forbidden region of any country, by its mere name',
    { match: { region: '西藏自治区' }, demand: { forbid: true } },
    order({ region: '西藏' }),
    ['refuse', 'restricted_destination'],
  ],
  [
    'another region',
    { match: { countryCode: 'CN', region: '西藏' }, demand: { forbid: true } },
    order({ region: '浙江' }),
    ['pass', 'compliance_passed'],
  ],
  ['a withdrawn item', { match: { skus: ['tea'] }, demand: { forbid: true } }, order(), ['refuse', 'restricted_item']],
  [
    'hazardous by air',
    { match: { attributes: { hazardous: true } }, demand: { forbid: true } },
    order({ items: [battery] }),
    ['refuse', 'hazardous_forbidden'],
  ],
  [
    'all attributes must be equal',
    { match: { attributes: { hazardous: true, un: '3481' } }, demand: { forbid: true } },
    order({ items: [battery] }),
    ['pass', 'compliance_passed'],
  ],
  [
    'an attribute that is false',
    { match: { attributes: { hazardous: true } }, demand: { forbid: true } },
    order({ items: [{ ...battery, attributes: { hazardous: false } }] }),
    ['pass', 'compliance_passed'],
  ],
  ['another channel', { match: { channelId: 'pos' }, demand: { forbid: true } }, order(), ['pass', 'compliance_passed']],
  ['a rule that has ended', { demand: { forbid: true }, validTo: '2026-11-20' }, order(), ['pass', 'compliance_passed']],
  ['a rule on its last day', { demand: { forbid: true }, validTo: '2026-11-21' }, order(), ['refuse', 'restricted_item']],
  [
    '18 today',
    { match: { taxClass: 'alcohol' }, demand: { minimumAge: 18 } },
    order({ items: [wine], bornOn: '2008-11-21' }),
    ['pass', 'compliance_passed'],
  ],
  [
    '18 tomorrow',
    { match: { taxClass: 'alcohol' }, demand: { minimumAge: 18 } },
    order({ items: [wine], bornOn: '2008-11-22' }),
    ['refuse', 'minimum_age'],
  ],
  ['no birthday', { match: { taxClass: 'alcohol' }, demand: { minimumAge: 18 } }, order({ items: [wine] }), ['refuse', 'age_unknown']],
  [
    'a document short',
    { demand: { documents: ['prescription', 'idCopy'] } },
    order({ documents: ['idCopy'] }),
    ['refuse', 'document_missing'],
  ],
  [
    'all documents',
    { demand: { documents: ['prescription', 'idCopy'] } },
    order({ documents: ['idCopy', 'prescription'] }),
    ['pass', 'compliance_passed'],
  ],
  [
    'two lines over the limit together',
    { match: { taxClass: 'alcohol' }, demand: { maxQuantity: 3 } },
    order({ items: [wine, wine] }),
    ['refuse', 'quantity_limit_exceeded'],
  ],
  [
    'one line within it',
    { match: { taxClass: 'alcohol' }, demand: { maxQuantity: 3 } },
    order({ items: [wine] }),
    ['pass', 'compliance_passed'],
  ],
  ['a rule that wants a person', { demand: { forbid: true }, action: 'review' }, order(), ['review', 'restricted_item']],
  ['a node that can cool', { demand: { nodeCapability: 'coldChain' } }, order(), ['pass', 'compliance_passed']],
  [
    'crossing a border without papers',
    { match: { crossBorder: true }, demand: { documents: ['exportLicence'] } },
    order(),
    ['pass', 'compliance_passed'],
  ],
] as const)
  test(`compliance: ${what}`, () => {
    const { verdict, reason } = check([rule(one as Rule)], asked)
    assert.deepEqual([verdict, reason], want)
  })

test('without any rule the verdict is default', () => assert.equal(check([], order()).verdict, 'default'))

test('a channel that wants review gets review for a rule that refuses', () => {
  assert.equal(check([rule({ demand: { forbid: true } })], order(), 'review').verdict, 'review')
})

test('a rule that refuses goes before one that asks for review; all of them are named', () => {
  const found = check(
    [rule({ ruleId: 'a', demand: { documents: ['x'] }, action: 'review' }), rule({ ruleId: 'b', demand: { forbid: true } })],
    order({ items: [{ sku: 'tea', units: 1 }, wine] }),
  )
  assert.deepEqual([found.verdict, found.reason], ['refuse', 'restricted_item'])
  assert.deepEqual(
    found.violations.map((one) => [one.ruleId, one.lineRefs]),
    [
      ['a', ['1', '2']],
      ['b', ['1', '2']],
    ],
  )
})

test('a restricted component restricts its bundle', () => {
  const asked = {
    ...order(),
    lines: [
      {
        lineRef: 'kit',
        items: [
          { sku: 'kit', units: 1 },
          { sku: 'cell', units: 4 },
        ],
      },
    ],
  }
  assert.deepEqual(check([rule({ match: { skus: ['cell'] }, demand: { maxQuantity: 3 } })], asked).violations[0]?.lineRefs, ['kit'])
})

test('nothing that the check gives back tells the birthday', () => {
  const bornOn = '2010-02-03'
  assert.ok(!JSON.stringify(check([rule({ demand: { minimumAge: 18 } })], order({ bornOn }))).includes(bornOn))
})

const cn = { countryCode: 'CN', capabilities: ['coldChain'] }
const jp = { countryCode: 'JP', capabilities: [] }
for (const [what, one, node, want] of [
  ['a node that cannot cool is out', { demand: { nodeCapability: 'coldChain' } }, jp, 'r'],
  ['a node that can stays', { demand: { nodeCapability: 'coldChain' } }, cn, undefined],
  ['a node without a list can do everything', { demand: { nodeCapability: 'coldChain' } }, { countryCode: 'CN' }, undefined],
  ['an origin that is not listed is out', { demand: { originCountries: ['CN', 'KR'] } }, jp, 'r'],
  ['a listed origin stays', { demand: { originCountries: ['CN', 'KR'] } }, cn, undefined],
  ['a missing export paper keeps foreign nodes out', { match: { crossBorder: true }, demand: { documents: ['x'] } }, jp, 'r'],
  ['a missing export paper leaves domestic nodes', { match: { crossBorder: true }, demand: { documents: ['x'] } }, cn, undefined],
  [
    'cooling asked only across borders',
    { match: { crossBorder: true }, demand: { nodeCapability: 'coldChain' } },
    { countryCode: 'CN', capabilities: [] },
    undefined,
  ],
  ['a domestic ban keeps domestic nodes out', { match: { crossBorder: false }, demand: { forbid: true } }, cn, 'r'],
  ['a domestic ban leaves foreign nodes', { match: { crossBorder: false }, demand: { forbid: true } }, jp, undefined],
] as const)
  test(`sourcing to CN: ${what}`, () => {
    const constraints = check([rule(one as Rule)], order()).constraints[0] ?? assert.fail('no constraint')
    assert.equal(ruleAgainstNode(constraints, node, 'CN'), want)
  })

test('a service must have what the rule demands, and review rules give way where the caller asks for the hard ones', () => {
  const constraints = check([rule({ demand: { serviceCapability: 'dangerousGoods' }, action: 'review' })], order()).constraints[0] ?? []
  assert.equal(ruleAgainstService(constraints, { capabilities: [] }, 'CN', 'CN'), 'r')
  assert.equal(ruleAgainstService(constraints, { capabilities: ['dangerousGoods'] }, 'CN', 'CN'), undefined)
  assert.equal(constraints.length, 1)
  assert.deepEqual(hardConstraints(constraints), [] satisfies Constraint[])
})

for (const [bornOn, day, want] of [
  ['2000-02-29', '2018-02-28', 17],
  ['2000-02-29', '2018-03-01', 18],
  ['2000-12-31', '2018-12-30', 17],
  ['2000-01-01', '2018-01-01', 18],
] as const)
  test(`born on ${bornOn} one is ${want} on ${day}`, () => assert.equal(ageOn(bornOn, day), want))

const anyMatch = fc.record(
  {
    countryCode: fc.constantFrom('CN', 'US'),
    region: fc.constantFrom('A', 'B'),
    skus: fc.constantFrom<string[]>(['s1'], ['s1', 's2']),
    taxClass: fc.constantFrom('x', 'y'),
    attributes: fc.constantFrom<Record<string, string | boolean>>({ cold: true }, { cold: true, kind: 'k' }),
    channelId: fc.constantFrom('shop', 'pos'),
  },
  { requiredKeys: [] },
)
const anyItem = fc.record({
  sku: fc.constantFrom('s1', 's2', 's3'),
  taxClass: fc.constantFrom('x', 'z', undefined),
  attributes: fc.constantFrom({ cold: true }, { cold: false }, { kind: 'k', cold: true }, undefined),
  units: fc.integer({ min: 1, max: 3 }),
})
const plainly = (match: ComplianceRule['match'], asked: CheckedOrder, item: CheckedItem): boolean =>
  (match.countryCode === undefined || match.countryCode === asked.shipTo.countryCode) &&
  (match.region === undefined || match.region === asked.shipTo.region) &&
  (match.skus === undefined || match.skus.includes(item.sku)) &&
  (match.taxClass === undefined || match.taxClass === item.taxClass) &&
  (match.channelId === undefined || match.channelId === asked.channelId) &&
  Object.entries(match.attributes ?? {}).every(([name, value]) => item.attributes?.[name] === value)

test('the index finds exactly the lines and rules that a plain search finds', () => {
  let hits = 0
  fc.assert(
    fc.property(
      fc.array(anyMatch, { minLength: 10, maxLength: 25 }),
      fc.array(anyItem, { minLength: 1, maxLength: 5 }),
      fc.constantFrom('CN', 'US', 'DE'),
      fc.constantFrom('A', 'C'),
      (matches, items, to, region) => {
        const rules = matches.map((match, i) => rule({ ruleId: `r${i.toString().padStart(2, '0')}`, match, demand: { forbid: true } }))
        const asked = order({ to, region, items })
        const want = rules
          .map(
            (one) =>
              [
                one.ruleId,
                asked.lines.filter((line) => line.items.some((item) => plainly(one.match, asked, item))).map((line) => line.lineRef),
              ] as const,
          )
          .filter(([, lineRefs]) => lineRefs.length > 0)
        const got = check(rules, asked).violations.map((one) => [one.ruleId, one.lineRefs])
        assert.deepEqual(got, want)
        hits += want.length
      },
    ),
    { numRuns: 500 },
  )
  assert.ok(hits > 20)
})

test('a rule ends, and a buyer comes of age, with the day of the place where the order goes', () => {
  const ended = [rule({ match: { countryCode: 'CN' }, demand: { forbid: true }, validTo: '2026-11-21' })]
  const at = (text: string) => checkCompliance(order(), compileCompliance(ended), instant(Date.parse(text)), 'refuse').verdict
  assert.deepEqual([at('2026-11-21T23:59:00+08:00'), at('2026-11-22T00:01:00+08:00')], ['refuse', 'pass'])
  const adults = [rule({ demand: { minimumAge: 18 } })]
  const buyer = { ...order(), bornOn: '2008-11-22' }
  const of = (text: string) => checkCompliance(buyer, compileCompliance(adults), instant(Date.parse(text)), 'refuse').verdict
  assert.deepEqual([of('2026-11-21T23:59:00+08:00'), of('2026-11-22T00:01:00+08:00')], ['refuse', 'pass'])
})
