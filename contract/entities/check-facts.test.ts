import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Compile } from 'typebox/compile'
import { AccountInput } from './account.ts'
import { ComplianceRuleInput } from './compliance-rule.ts'
import { TaxRuleInput } from './tax-rule.ts'

const account = { accountId: 'acme', name: 'ACME', currency: 'CNY', creditLimit: 100_000 }
const tax = { ruleId: 'cn', name: '增值税 13 %', countryCode: 'CN', ratePpm: 130_000 }
const compliance = {
  ruleId: 'li',
  name: { 'zh-CN': '锂电池' },
  match: { attributes: { hazardous: true } },
  demand: { documents: ['msds'] },
  action: 'refuse',
}

const schemas = { account: Compile(AccountInput), tax: Compile(TaxRuleInput), compliance: Compile(ComplianceRuleInput) }
for (const [schema, value, want] of [
  ['account', account, true],
  ['account', { ...account, terms: { netDays: 30 }, businessCustomer: false }, true],
  ['account', { ...account, creditLimit: -1 }, false],
  ['account', { ...account, exposure: 5 }, false],
  ['tax', tax, true],
  ['tax', { ...tax, validFrom: '2026-01-01', appliesTo: 'both', compound: true }, true],
  ['tax', { ...tax, ratePpm: 13.5 }, false],
  ['tax', { ...tax, ratePpm: 3_000_001 }, false],
  ['tax', { ...tax, validFrom: '2026-02-30' }, false],
  ['tax', { ...tax, rate: 13 }, false],
  ['compliance', compliance, true],
  ['compliance', { ...compliance, match: {} }, true],
  ['compliance', { ...compliance, demand: {} }, false],
  ['compliance', { ...compliance, name: {} }, false],
  ['compliance', { ...compliance, action: 'ignore' }, false],
  ['compliance', { ...compliance, demand: { minimumAge: 0 } }, false],
] as const)
  test(`${schema} ${JSON.stringify(value).slice(0, 120)} is ${want ? 'valid' : 'refused'}`, () =>
    assert.equal(schemas[schema].Check(value), want))
