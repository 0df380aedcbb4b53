import assert from 'node:assert/strict'
import { test } from 'node:test'
import { en } from '../../i18n/en.ts'
import { fill } from '../../i18n/fill.ts'
import { formatFor } from '../../i18n/formats.ts'
import { zh } from '../../i18n/zh.ts'
import { rulesIn, sentencesOf } from './check-detail.ts'

type Asked = Parameters<typeof sentencesOf>[1]
const order = {
  currency: 'CNY',
  accountId: 'corp-1',
  accountName: 'Blue Door Ltd',
  lines: [
    { lineRef: '1', sku: 'tea-500', name: 'Green tea' },
    { lineRef: '2', sku: 'oil-1' },
  ],
} as unknown as Asked
const speechIn = (language: 'en' | 'zh-CN') => ({
  t: (key: keyof typeof en, values = {}) => fill((language === 'en' ? en : zh)[key], values, new Intl.PluralRules(language)),
  format: formatFor(language),
  comma: ', ',
  ruleName: (ruleId: string) => (ruleId === 'many' ? 'At most 3 a customer' : ruleId),
  reasonWords: (code: string) => (code === 'quantity_limit_exceeded' ? 'Too many' : code),
})
const said = (detail: object, language: 'en' | 'zh-CN' = 'en'): string[] =>
  sentencesOf(detail as Record<string, unknown>, order, speechIn(language)).map((one) => one.replaceAll('\u00a0', ' '))

test('stock: what is missing by name and number, what the catalogue does not know, which rules stand in the way', () => {
  const detail = { missing: [{ sku: 'tea-500', short: 1 }], unknown: ['???'], rules: ['many'] }
  assert.deepEqual(said(detail), ['Green tea: 1 unit missing', 'Not in the catalogue: ???', 'Rules: At most 3 a customer'])
  assert.deepEqual(said(detail, 'zh-CN')[0], 'Green tea：缺 1 件')
})

test('credit: the account by name, its limit and what is owed as money; two currencies are told apart', () => {
  assert.deepEqual(said({ accountId: 'corp-1', creditLimit: 100_000, exposureBefore: 90_000, exposure: 20_050 }), [
    'Account Blue Door Ltd',
    'Credit limit CN¥1,000.00, owed before CN¥900.00, by this order CN¥200.50',
  ])
  assert.deepEqual(said({ accountId: 'corp-9', expected: 'USD', got: 'CNY' }), ['Account corp-9', 'Kept in USD, the order is in CNY'])
})

test('tax: the country, the lines without a rate; what a shop charged beside what the rules give', () => {
  assert.deepEqual(said({ countryCode: 'DE', lineRefs: ['1', '2'], lines: 2 }), ['To Germany', '2 lines: Green tea, oil-1'])
  assert.deepEqual(said({ rules: ['vat'], got: 100, expected: 130 }), ['Charged CN¥1.00', 'By the rules CN¥1.30', 'Rules: vat'])
})

test('compliance: each broken rule by name, how, what it wants, and by which lines', () => {
  const detail = {
    violations: [
      { ruleId: 'many', action: 'review', reason: 'quantity_limit_exceeded', expected: { max: 3 }, lineRefs: ['1'] },
      { ruleId: 'papers', action: 'review', reason: 'document_missing', expected: { documents: ['prescription'] }, lineRefs: ['2'] },
      { ruleId: 'age', action: 'refuse', reason: 'minimum_age', expected: { minimumAge: 18 }, lineRefs: [] },
    ],
  }
  assert.deepEqual(said(detail), [
    'At most 3 a customer: Too many · at most 3 units · Green tea',
    'papers: document_missing · missing prescription · oil-1',
    'age: minimum_age · at least 18 years old',
  ])
  assert.deepEqual(rulesIn(detail), ['many', 'papers', 'age'])
})

test('what has no sentence is said as it was kept', () => assert.deepEqual(said({ strange: { a: 1 } }), ['strange: {"a":1}']))
