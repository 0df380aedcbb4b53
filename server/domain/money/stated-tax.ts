import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { shareRate, type TaxRate } from '../tax/rate.ts'
import { lineAmounts, type OrderRates, type PricedOrder } from './totals.ts'

/** A sale that says what of its lines and its delivery is tax, minor units. */
export type StatedSale = Omit<PricedOrder, 'lines' | 'shipping'> & {
  readonly lines: readonly (PricedOrder['lines'][number] & { readonly tax?: number | undefined })[]
  readonly shipping?: { readonly amount: number; readonly tax?: number | undefined } | undefined
}
export type StatedTax = { readonly tax: number; readonly rates: Required<OrderRates> }

/**
 * The tax that a shop charged, as rates that give exactly its amounts, line by line; undefined where the sale says nothing of tax.
 * Refuses `order_contradictory` where more of a price is said to be tax than it has, and what computeTotals refuses of the lines.
 */
export function statedTax(sale: StatedSale): Outcome<StatedTax | undefined> {
  const { lines, shipping } = sale
  if (shipping?.tax === undefined && lines.every((line) => line.tax === undefined)) return done(undefined)
  const valued = lineAmounts(sale)
  if (valued.status === 'refused') return valued
  const isIncluded = sale.taxesIncluded !== false
  const rates: TaxRate[] = []
  let sum = 0
  for (const [i, { tax = 0 }] of lines.entries()) {
    const amount = valued.value.amounts[i] ?? 0
    const rate = shareRate(tax, amount, isIncluded)
    if (rate === undefined) return contradiction(tax, amount, `/lines/${i}/tax`)
    rates.push(rate)
    sum += tax
  }
  const tax = shipping?.tax ?? 0
  const rate = shareRate(tax, shipping?.amount ?? 0, isIncluded)
  if (rate === undefined) return contradiction(tax, shipping?.amount ?? 0, '/shipping/tax')
  return done({ tax: sum + tax, rates: { lines: rates, shipping: rate } })
}

const contradiction = (tax: number, amount: number, pointer: string) =>
  refuse(
    'order_contradictory',
    { en: 'the tax is more than the amount can hold', zh: '税额超过该金额所能包含' },
    { expected: { max: amount }, got: tax, pointer },
  )
