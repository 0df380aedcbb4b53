import { minor, prorate } from '../../kernel/money.ts'
import { readMoney } from './amounts.ts'
import { type LineInput, type MappedLines, netOf } from './lines.ts'
import { issue, report, type Reading } from './reading.ts'

/** What the tax is on: delivery and the order's own discount in minor units, and whether prices include it. */
export type TaxBase = { readonly shipping: number; readonly discount: number; readonly isIncluded: boolean }
export type MappedTax = { readonly lines: readonly LineInput[]; readonly shipping: number | undefined }

/**
 * The tax that the platform charged, on each line and on delivery, so that together they are what it states for the order: its own
 * amounts or, where they do not add up to that (rounding, or only a sum is given), the sum shared in their proportion, else by value.
 * Says nothing where the body does not, or says 0 of prices that include tax: the hub's rules then tell what is inside.
 */
export function readTaxes(reading: Reading, mapped: MappedLines, base: TaxBase, stated: number | undefined): MappedTax {
  const nothing: MappedTax = { lines: mapped.lines, shipping: undefined }
  const ofShipping = readMoney(reading, reading.root, reading.mapping.shipping.tax)
  const said = [...mapped.taxes, ofShipping]
  const parts = said.map((tax) => Math.max(tax ?? 0, 0))
  const total = stated ?? (said.some((tax) => tax !== undefined) ? sumOf(parts) : undefined)
  if (total === undefined || total < 0 || (total === 0 && base.isIncluded)) return nothing
  const shares = sharesOf(total, parts, amountsOf(mapped.lines, base), base.isIncluded)
  if (shares === undefined) {
    report(reading, issue('tax_unplaced', 'warning', '$', 'tax on what costs something', `${total} minor units`))
    return nothing
  }
  return { lines: mapped.lines.map((line, i) => ({ ...line, tax: shares[i] ?? 0 })), shipping: shares.at(-1) }
}

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0)

/** What each line costs after every discount, and delivery last. */
function amountsOf(lines: readonly LineInput[], base: TaxBase): number[] {
  const nets = lines.map(netOf)
  const cuts = prorate(minor(base.discount), nets)
  return [...nets.map((net, i) => net - (cuts[i] ?? 0)), base.shipping]
}

/** Undefined where the tax is more than the amounts can hold. */
function sharesOf(total: number, parts: readonly number[], amounts: readonly number[], isIncluded: boolean): number[] | undefined {
  const holds = (tax: number, i: number): boolean => tax === 0 || (isIncluded ? tax <= (amounts[i] ?? 0) : (amounts[i] ?? 0) > 0)
  if (sumOf(parts) === total && parts.every(holds)) return [...parts]
  const taxed = parts.map((part, i) => (amounts[i] === 0 ? 0 : part))
  const weights = taxed.some((part) => part > 0) ? taxed : amounts
  if (total > 0 && sumOf(weights) === 0) return undefined
  const shares = prorate(minor(total), weights)
  return shares.every(holds) ? shares : undefined
}
