import { writeSync } from 'node:fs'
import type { ComplianceRule } from '../contract/entities/compliance-rule.ts'
import type { TaxRule } from '../contract/entities/tax-rule.ts'
import { checkCompliance, type CheckedOrder } from '../server/domain/compliance/check-compliance.ts'
import { compileCompliance } from '../server/domain/compliance/table.ts'
import { checkCredit } from '../server/domain/credit/check-credit.ts'
import { computeTotals } from '../server/domain/money/totals.ts'
import { checkTax } from '../server/domain/tax/check-tax.ts'
import { ZERO_RATE } from '../server/domain/tax/rate.ts'
import { compileTaxTable } from '../server/domain/tax/table.ts'
import { present } from '../server/kernel/assert.ts'
import { instant } from '../server/kernel/time.ts'

/** Microseconds an order costs in the three checks and its totals, with 500 tax rules and 500 compliance rules; 2 lines an order. */
const RULES = 500
const NOW = instant(Date.parse('2026-11-21T08:00:00Z'))
const countries = ['CN', 'DE', 'FR', 'US', 'JP', 'BR', 'GB', 'CA', 'IN', 'KR']
const pick = <T>(list: readonly T[], i: number): T => present(list[i % list.length], 'an example')

const taxRules: readonly TaxRule[] = Array.from({ length: RULES }, (_, i) => ({
  ruleId: `t${i}`,
  name: `t${i}`,
  version: 1,
  countryCode: pick(countries, i),
  ratePpm: 10_000 * (i % 20),
  ...(i < 10 ? {} : { taxClass: `class${i % 7}` }),
  ...(i % 3 === 0 && i >= 10 ? { region: `region ${i % 30}` } : {}),
  ...(i % 4 === 0 && i >= 10 ? { b2b: true } : {}),
}))
const complianceRules: readonly ComplianceRule[] = Array.from({ length: RULES }, (_, i) => ({
  ruleId: `c${i}`,
  name: { en: `c${i}` },
  version: 1,
  action: 'refuse',
  match: {
    ...(i % 2 === 0 ? { countryCode: pick(countries, i / 2) } : {}),
    ...(i % 5 === 0
      ? { skus: [`sku-${i}`, `sku-${i + 1}`] }
      : i % 5 === 1
        ? { attributes: { hazardous: true } }
        : i % 5 === 2
          ? { taxClass: `class${i % 40}` }
          : { countryCode: pick(countries, i), region: `region ${i}` }),
  },
  demand: i % 3 === 0 ? { nodeCapability: 'coldChain' } : i % 3 === 1 ? { documents: ['licence'] } : { maxQuantity: 50 },
}))

const tax = compileTaxTable(taxRules)
const compliance = compileCompliance(complianceRules)
type Sample = CheckedOrder & {
  readonly isBusiness: boolean
  readonly accountId: string
  readonly taxLines: readonly { lineRef: string; taxClass: string }[]
  readonly priced: { lines: { quantity: number; unitPrice: number; discount: number }[]; discount: number }
}
const samples: readonly Sample[] = Array.from({ length: 1000 }, (_, i) => ({
  channelId: 'shop',
  accountId: 'acme',
  isBusiness: i % 4 === 0,
  shipTo: { countryCode: pick(countries, i), region: `region ${i % 60}` },
  documents: ['licence'],
  lines: [0, 1].map((n) => ({
    lineRef: `${n}`,
    items: [
      {
        sku: `sku-${(i * 7 + n) % 2000}`,
        taxClass: `class${(i + n) % 40}`,
        attributes: { fresh: i % 2 === 0, hazardous: i % 20 === 0 },
        units: 1,
      },
    ],
  })),
  taxLines: [0, 1].map((n) => ({ lineRef: `${n}`, taxClass: `class${(i + n) % 7}` })),
  priced: { lines: [0, 1].map((n) => ({ quantity: 1 + n, unitPrice: 12_800 + i, discount: i % 100 })), discount: i % 50 },
}))

let sink = 0
const parts = {
  tax: (order: Sample) =>
    (sink += checkTax({ shipTo: order.shipTo, isBusiness: order.isBusiness, lines: order.taxLines }, tax, NOW, 'refuse').rates.lines
      .length),
  compliance: (order: Sample) => (sink += checkCompliance(order, compliance, NOW, 'refuse').violations.length),
  credit: (order: Sample) =>
    (sink += checkCredit(
      { accountId: order.accountId, currency: 'CNY', total: 25_600, captured: 0 },
      { accountId: 'acme', currency: 'CNY', creditLimit: 1_000_000 },
      500,
      'refuse',
    ).exposure),
  totals: (order: Sample) => (sink += computeTotals(order.priced, { lines: [ZERO_RATE, ZERO_RATE] }).status.length),
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
for (const [name, run] of Object.entries(parts)) {
  const rounds: number[] = []
  for (let round = 0; round < 30; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < 20; i++) for (const order of samples) run(order)
    if (round >= 10) rounds.push(Number(process.hrtime.bigint() - start) / 1000 / 20_000)
  }
  writeSync(
    1,
    `${name.padEnd(12)} ${median(rounds).toFixed(2)} µs an order (${Math.min(...rounds).toFixed(2)}–${Math.max(...rounds).toFixed(2)})\n`,
  )
}
if (sink === 0) throw new Error('nothing was measured')
