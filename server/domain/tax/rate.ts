import type { TaxRule } from '../../../contract/entities/tax-rule.ts'
import { minor, prorate, scale, type Minor } from '../../kernel/money.ts'

/** One tax within a rate. */
export type TaxComponent = {
  readonly ruleId: string
  readonly name: string
  readonly component: string
  readonly ratePpm: number
  readonly compound: boolean
  readonly reverseCharge: boolean
  readonly exempt: boolean
}

/**
 * All taxes on one thing, as exact fractions: tax = net × add/one = gross × add/(one + add).
 * The fraction is reduced once here, so that an order multiplies and divides by small integers.
 */
export type TaxRate = { readonly components: readonly TaxComponent[]; readonly add: number; readonly one: number }

export const ZERO_RATE: TaxRate = { components: [], add: 0, one: 1 }
const PPM = 1_000_000
/** More taxes than this on one thing are a mistake in the table. */
export const TAX_COMPONENTS_MAX = 8

/** The rate made of one rule for each component; compound components are charged on net plus all that are not. */
export function taxRate(rules: readonly TaxRule[]): TaxRate {
  const components = rules
    .map((rule): TaxComponent => ({
      ruleId: rule.ruleId,
      name: rule.name,
      component: rule.component ?? 'tax',
      ratePpm: rule.reverseCharge || rule.exempt ? 0 : rule.ratePpm,
      compound: rule.compound ?? false,
      reverseCharge: rule.reverseCharge ?? false,
      exempt: rule.exempt ?? false,
    }))
    .toSorted((a, b) => Number(a.compound) - Number(b.compound) || (a.component < b.component ? -1 : 1))
  const simple = sumPpm(components, false)
  const compound = sumPpm(components, true)
  // (1 + s)(1 + c) − 1 with both in ppm: at most 6.3 × 10^14 for 8 components of 300 %, hence exact.
  const add = compound === 0 ? simple : simple * PPM + compound * PPM + simple * compound
  const one = compound === 0 ? PPM : PPM * PPM
  const shared = divisor(add, one)
  return { components, add: add / shared, one: one / shared }
}

/**
 * The rate of which an amount has exactly this tax, inside it or on top; undefined where it cannot be: nothing costs more than it does,
 * and what costs nothing has no tax.
 */
export function shareRate(tax: number, amount: number, isIncluded: boolean): TaxRate | undefined {
  if (tax === 0) return ZERO_RATE
  if (isIncluded ? tax > amount : amount === 0) return undefined
  const one = isIncluded ? amount - tax : amount
  const shared = divisor(tax, one)
  return { components: [], add: tax / shared, one: one / shared }
}

const sumPpm = (components: readonly TaxComponent[], compound: boolean): number =>
  components.reduce((sum, one) => (one.compound === compound ? sum + one.ratePpm : sum), 0)

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

/** The tax that is charged on top of a net amount, rounded once, half away from zero. */
export function taxOnNet(net: Minor, rate: TaxRate): Minor {
  return rate.add === 0 ? minor(0) : scale(net, rate.add, rate.one)
}

/** The tax that a gross amount contains, rounded once, half away from zero. */
export function taxInGross(gross: Minor, rate: TaxRate): Minor {
  return rate.add === 0 ? minor(0) : scale(gross, rate.add, rate.one + rate.add)
}

/** A tax amount by component, in the order of the rate's components; the parts sum to it. */
export function taxByComponent(tax: Minor, rate: TaxRate): readonly Minor[] {
  const simple = sumPpm(rate.components, false)
  return prorate(
    tax,
    rate.components.map((one) => (one.compound ? one.ratePpm * (PPM + simple) : one.ratePpm * PPM)),
  )
}
