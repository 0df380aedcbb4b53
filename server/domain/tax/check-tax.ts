import type { Instant } from '../../kernel/time.ts'
import type { FailurePolicy, Finding } from '../check/finding.ts'
import type { OrderRates } from '../money/totals.ts'
import { comparableRegion } from '../place/region.ts'
import { dayAt, type Whereabouts } from '../place/zone.ts'
import { ZERO_RATE, type TaxRate } from './rate.ts'
import { findRate, type TaxTable } from './table.ts'

/** What tax needs to know of an order. */
export type TaxedOrder = {
  readonly shipTo: Whereabouts & { readonly countryCode: string }
  /** The buyer is a business: see {@link isBusinessBuyer}. */
  readonly isBusiness: boolean
  /** The line's own tax class, else its item's. */
  readonly lines: readonly { readonly lineRef: string; readonly taxClass?: string | undefined }[]
}

export type TaxFinding = Finding & { readonly rates: OrderRates }

/** A business account, or without an account a buyer who gave a tax number. */
export function isBusinessBuyer(
  account: { readonly businessCustomer?: boolean | undefined } | undefined,
  customer: { readonly taxNumber?: string | undefined } | undefined,
): boolean {
  return account === undefined ? customer?.taxNumber !== undefined : (account.businessCustomer ?? true)
}

/**
 * The rate of every line on the day of `soldAt` where the order goes. With no rule that is valid then or later the order is zero-rated by default; with rules but none
 * that matches a line the reason is `tax_rule_missing`, with too many at once `tax_rule_conflict`, and the policy says what follows.
 * Lines without a rate come out zero-rated, so that an order in review has amounts too.
 */
export function checkTax(order: TaxedOrder, table: TaxTable, soldAt: Instant, onFailure: FailurePolicy): TaxFinding {
  if (table.countries.size === 0) return { verdict: 'default', reason: 'default', rates: zeroRates(order) }
  const country = table.countries.get(order.shipTo.countryCode)
  const day = table.until !== Infinity || country?.isDated === true ? dayAt(order.shipTo, soldAt) : 0
  if (table.until < day) return { verdict: 'default', reason: 'default', rates: zeroRates(order) }
  if (country === undefined) return failed('missing', order, order.lines, onFailure, zeroRates(order))
  const region = comparableRegion(order.shipTo.countryCode, order.shipTo.region)
  const { isBusiness } = order
  const rates: TaxRate[] = []
  const without: { readonly lineRef: string }[] = []
  let why: 'missing' | 'conflict' = 'missing'
  for (const line of order.lines) {
    const rate = findRate(country, { target: 'lines', region, taxClass: line.taxClass ?? '', isBusiness }, day)
    if (typeof rate === 'string') {
      without.push(line)
      why = rate
    }
    rates.push(typeof rate === 'string' ? ZERO_RATE : rate)
  }
  const shipping = findRate(country, { target: 'shipping', region, taxClass: '', isBusiness }, day)
  const found = typeof shipping === 'string' ? { lines: rates } : { lines: rates, shipping }
  if (without.length > 0 || shipping === 'conflict') return failed(without.length > 0 ? why : 'conflict', order, without, onFailure, found)
  return { verdict: 'pass', reason: 'tax_rated', detail: { rules: ruleIds(found) }, rates: found }
}

const zeroRates = (order: TaxedOrder): OrderRates => ({ lines: order.lines.map(() => ZERO_RATE), shipping: ZERO_RATE })

function failed(
  why: 'missing' | 'conflict',
  order: TaxedOrder,
  lines: readonly { readonly lineRef: string }[],
  verdict: FailurePolicy,
  rates: OrderRates,
): TaxFinding {
  const detail = { countryCode: order.shipTo.countryCode, lineRefs: lines.slice(0, 20).map((line) => line.lineRef), lines: lines.length }
  return { verdict, reason: `tax_rule_${why}`, detail, rates }
}

/** The rules that were used, each once, in the order of the lines. */
function ruleIds(rates: OrderRates): string[] {
  const ids: string[] = []
  let last: TaxRate | undefined
  for (const rate of rates.lines) {
    if (rate !== last) addIds(ids, rate)
    last = rate
  }
  if (rates.shipping !== undefined && rates.shipping !== last) addIds(ids, rates.shipping)
  return ids
}

function addIds(ids: string[], rate: TaxRate): void {
  for (const one of rate.components) if (!ids.includes(one.ruleId)) ids.push(one.ruleId)
}
