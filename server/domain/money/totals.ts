import { minor, prorate, type Minor } from '../../kernel/money.ts'
import { done, refuse, type Outcome, type Refusal } from '../../kernel/outcome.ts'
import { taxInGross, taxOnNet, ZERO_RATE, type TaxRate } from '../tax/rate.ts'

/** What an order says about its money; amounts in minor units, with or without tax as `taxesIncluded` says. */
export type PricedOrder = {
  readonly lines: readonly { readonly quantity: number; readonly unitPrice: number; readonly discount?: number | undefined }[]
  /** Default true. */
  readonly taxesIncluded?: boolean | undefined
  readonly shipping?: { readonly amount: number } | undefined
  /** On the order, spread over the lines by what they are worth after their own discounts. */
  readonly discount?: number | undefined
}

/** Rates for each line, in their order; without a rate of its own shipping follows the lines, shared by their value. */
export type OrderRates = { readonly lines: readonly TaxRate[]; readonly shipping?: TaxRate | undefined }

export type Taxed = { readonly net: Minor; readonly tax: Minor; readonly gross: Minor }
/** `discount`: the line's own plus its share of the order's. */
export type TaxedLine = Taxed & { readonly discount: Minor }
export type OrderTotals = {
  /** Prices × quantities before any discount. */
  readonly lines: Minor
  readonly discount: Minor
  readonly shipping: Minor
  readonly tax: Minor
  /** What the buyer owes: lines − discount + shipping, plus tax where prices do not include it. */
  readonly total: Minor
}
export type OrderMoney = { readonly lines: readonly TaxedLine[]; readonly shipping: Taxed; readonly totals: OrderTotals }

/** The largest amount that the hub keeps, the same as the contract's. */
export const AMOUNT_MAX = 9_000_000_000_000
const ZERO: Taxed = { net: minor(0), tax: minor(0), gross: minor(0) }

/**
 * Every amount of an order. Rounding, once and the same everywhere: the order's discount is prorated (largest remainder); then
 * each line's tax is rounded half away from zero, and totals are sums of lines, never rounded again.
 * Refuses `amount_negative`, `amount_too_large` and `discount_exceeds_value`.
 */
export function computeTotals(order: PricedOrder, rates: OrderRates): Outcome<OrderMoney> {
  const valued = lineAmounts(order)
  if (valued.status === 'refused') return valued
  const { amounts, own, shares } = valued.value
  const shippingAmount = order.shipping?.amount ?? 0
  if (shippingAmount < 0)
    return refuse(
      'amount_negative',
      { en: 'shipping cannot be negative', zh: '运费不能为负' },
      { got: shippingAmount, pointer: '/shipping/amount' },
    )
  if (shippingAmount > AMOUNT_MAX) return tooLarge(shippingAmount)
  const included = order.taxesIncluded !== false
  const lines = amounts.map((amount, i): TaxedLine => {
    const { net, tax, gross } = taxed(amount, rates.lines[i] ?? ZERO_RATE, included)
    return { net, tax, gross, discount: minor((own[i] ?? 0) + (shares[i] ?? 0)) }
  })
  const shipping = shippingAmount === 0 ? ZERO : taxShipping(minor(shippingAmount), amounts, rates, included)
  const totals = addUp(lines, shipping, shippingAmount, included)
  if (totals.total > AMOUNT_MAX) return tooLarge(totals.total)
  return done({ lines, shipping, totals })
}

type LineAmounts = { readonly amounts: Minor[]; readonly own: Minor[]; readonly shares: Minor[] }

/** What each line costs after its own discount and its share of the order's; refusals as computeTotals. */
export function lineAmounts(order: PricedOrder): Outcome<LineAmounts> {
  const valued = valueLines(order)
  if (valued.status === 'refused') return valued
  const { values, own } = valued.value
  const shares = orderShares(order.discount ?? 0, values)
  if (!Array.isArray(shares)) return shares
  return done({ amounts: values.map((value, i) => minor(value - (shares[i] ?? 0))), own, shares })
}

function valueLines(order: PricedOrder): Outcome<{ values: Minor[]; own: Minor[] }> {
  const values: Minor[] = []
  const own: Minor[] = []
  let worth = 0
  for (const [i, line] of order.lines.entries()) {
    const discount = line.discount ?? 0
    if (line.unitPrice < 0 || discount < 0 || line.quantity < 0) {
      return refuse(
        'amount_negative',
        { en: 'price, quantity and discount cannot be negative', zh: '价格、数量与折扣不能为负' },
        { got: line, pointer: `/lines/${i}` },
      )
    }
    // Compared as a double first: beyond 2^53 the product is no longer exact.
    const price = line.unitPrice * line.quantity
    if (price > AMOUNT_MAX) {
      return refuse(
        'amount_too_large',
        { en: 'the line is worth more than the hub can keep', zh: '该行金额超出可记录的上限' },
        { expected: { max: AMOUNT_MAX }, pointer: `/lines/${i}` },
      )
    }
    if (discount > price) {
      const pointer = `/lines/${i}/discount`
      return refuse(
        'discount_exceeds_value',
        { en: 'the discount is greater than the line', zh: '折扣超过行金额' },
        { expected: { max: price }, got: discount, pointer },
      )
    }
    values.push(minor(price - discount))
    own.push(minor(discount))
    worth += price
  }
  // Before any tax is worked out, so that all that follows is exact: 300 % on 8 taxes still fits.
  if (worth > AMOUNT_MAX) return tooLarge(worth)
  return done({ values, own })
}

const tooLarge = (got: number): Refusal =>
  refuse(
    'amount_too_large',
    { en: 'the order is worth more than the hub can keep', zh: '订单金额超出可记录的上限' },
    { expected: { max: AMOUNT_MAX }, got },
  )

/** Largest-remainder shares never exceed the part they are taken from, because the discount is at most the sum. */
function orderShares(discount: number, values: readonly Minor[]): Minor[] | Refusal {
  if (discount === 0) return []
  if (discount < 0)
    return refuse('amount_negative', { en: 'the discount cannot be negative', zh: '折扣不能为负' }, { got: discount, pointer: '/discount' })
  const worth = values.reduce((sum, value) => sum + value, 0)
  if (discount > worth) {
    return refuse(
      'discount_exceeds_value',
      { en: 'the discount is greater than the lines together', zh: '折扣超过各行金额之和' },
      { expected: { max: worth }, got: discount, pointer: '/discount' },
    )
  }
  return prorate(minor(discount), values)
}

function taxed(amount: Minor, rate: TaxRate, included: boolean): Taxed {
  if (included) {
    const tax = taxInGross(amount, rate)
    return { net: minor(amount - tax), tax, gross: amount }
  }
  const tax = taxOnNet(amount, rate)
  return { net: amount, tax, gross: minor(amount + tax) }
}

/** Without a rate of its own the charge is split over the lines by value, and each part is taxed like its line. */
function taxShipping(amount: Minor, values: readonly Minor[], rates: OrderRates, included: boolean): Taxed {
  if (rates.shipping !== undefined) return taxed(amount, rates.shipping, included)
  const first = rates.lines[0] ?? ZERO_RATE
  if (rates.lines.every((rate) => rate.add === first.add && rate.one === first.one)) return taxed(amount, first, included)
  return prorate(amount, values)
    .map((part, i) => taxed(part, rates.lines[i] ?? ZERO_RATE, included))
    .reduce((sum, part) => ({ net: minor(sum.net + part.net), tax: minor(sum.tax + part.tax), gross: minor(sum.gross + part.gross) }), ZERO)
}

function addUp(lines: readonly TaxedLine[], shipping: Taxed, shippingAmount: number, included: boolean): OrderTotals {
  let discount = 0
  let tax: number = shipping.tax
  let total: number = shipping.gross
  let after = 0
  for (const line of lines) {
    discount += line.discount
    tax += line.tax
    total += line.gross
    after += included ? line.gross : line.net
  }
  return {
    lines: minor(after + discount),
    discount: minor(discount),
    shipping: minor(shippingAmount),
    tax: minor(tax),
    total: minor(total),
  }
}
