import { minor, prorate } from '../../kernel/money.ts'
import { type Outcome } from '../../kernel/outcome.ts'
import type { ExactRate, LineIntake, OrderIntake, OrderTotals } from '../order/state.ts'
import { type TaxRate, ZERO_RATE } from '../tax/rate.ts'
import { computeTotals } from './totals.ts'

type Priced = Pick<OrderIntake, 'lines' | 'totals' | 'taxesIncluded' | 'shippingRate'>

/**
 * Every amount of a sale from scratch: `live` are the units of each line that are not cancelled. A line's discount was granted once (its
 * share of the order's included) on so many units: fewer get their share of it, more get no more. Refusals as computeTotals.
 */
export function priceSale(sale: Priced, live: readonly number[]): Outcome<{ lines: LineIntake[]; totals: OrderTotals }> {
  const lines = sale.lines.map((line, i) => ({
    quantity: live[i] ?? 0,
    unitPrice: line.unitPrice,
    discount: discountOf(line, live[i] ?? 0),
  }))
  const rates = {
    lines: sale.lines.map((line) => rateOf(line.taxRate)),
    ...(sale.shippingRate === undefined ? {} : { shipping: rateOf(sale.shippingRate) }),
  }
  const shipping = { amount: sale.totals.shipping }
  const money = computeTotals({ lines, shipping, taxesIncluded: sale.taxesIncluded !== false }, rates)
  if (money.status === 'refused') return money
  const priced = sale.lines.map((line, i): LineIntake => {
    const { discount = 0, tax = 0, gross = 0 } = money.value.lines[i] ?? {}
    const discountFor = line.discountFor ?? { amount: line.discount, units: line.quantity }
    return { ...line, discount, tax, total: gross, ...(discountFor.amount === 0 ? {} : { discountFor }) }
  })
  return { status: 'done', value: { lines: priced, totals: money.value.totals } }
}

function discountOf(line: LineIntake, live: number): number {
  const { amount, units } = line.discountFor ?? { amount: line.discount, units: line.quantity }
  if (amount === 0 || live >= units) return amount
  return prorate(minor(amount), [live, units - live])[0] ?? 0
}

const rateOf = (rate: ExactRate | undefined): TaxRate => (rate === undefined ? ZERO_RATE : { components: [], add: rate.add, one: rate.one })

/** The part of a rate that amounts are computed with; undefined where nothing is taxed. */
export const exactRate = ({ add, one }: TaxRate): ExactRate | undefined => (add === 0 ? undefined : { add, one })
