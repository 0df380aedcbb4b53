import type { FailurePolicy } from '../check/finding.ts'
import type { StatedTax } from '../money/stated-tax.ts'
import { computeTotals, type PricedOrder } from '../money/totals.ts'
import type { TaxFinding } from './check-tax.ts'

/**
 * What the check found, with the amounts that the shop charged: they are a fact of the sale and stay what the order costs. Where rules
 * rate every line and give another tax, `tax_contradicts`; each line and the delivery may differ by one minor unit of rounding.
 */
export function withStatedTax(found: TaxFinding, stated: StatedTax, order: PricedOrder, onFailure: FailurePolicy): TaxFinding {
  const { rates } = stated
  if (found.verdict === 'default') return { verdict: 'default', reason: 'tax_as_stated', rates }
  if (found.verdict !== 'pass') return { ...found, rates }
  const ruled = computeTotals(order, found.rates)
  const expected = ruled.status === 'done' ? ruled.value.totals.tax : undefined
  if (expected !== undefined && Math.abs(expected - stated.tax) <= order.lines.length + 1) return { ...found, rates }
  const detail = { ...found.detail, got: stated.tax, ...(expected === undefined ? {} : { expected }) }
  return { verdict: onFailure, reason: 'tax_contradicts', detail, rates }
}
