import { Type, type Static } from 'typebox'
import { closed, CountryCode, DayText, Name, Ref, Version } from './basics.ts'

export const taxTargets = ['lines', 'shipping', 'both'] as const
export const TaxTarget = Type.Enum(taxTargets)

/**
 * A row of the tax table. Of the rows of one component that match, the most specific applies: region before taxClass before b2b,
 * then the later validFrom, then the smaller ruleId. Different components (GST and PST, state and county) add up, at most 8 of them.
 */
export const TaxRuleInput = Type.Object(
  {
    ruleId: Ref,
    name: Name,
    countryCode: CountryCode,
    /** Compared without case, width and Chinese level suffixes (浙江省 = 浙江). */
    region: Type.Optional(Name),
    taxClass: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** true: only business buyers, false: only others, left out: both. */
    b2b: Type.Optional(Type.Boolean()),
    /** Parts per million of the net amount: 130000 = 13 %; at most 300 %. */
    ratePpm: Type.Integer({ minimum: 0, maximum: 3_000_000 }),
    /** Taxes of different components add up; default `tax`. */
    component: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    /** true: charged on net plus the components that are not compound. */
    compound: Type.Optional(Type.Boolean()),
    /** What it taxes, default lines. Shipping without a row of its own follows the lines, shared by their value. */
    appliesTo: Type.Optional(TaxTarget),
    /** The buyer owes the tax: nothing is charged, the invoice says so. */
    reverseCharge: Type.Optional(Type.Boolean()),
    /** No tax is charged. */
    exempt: Type.Optional(Type.Boolean()),
    /** First and last day on which it applies, in the time of the place where the order goes. */
    validFrom: Type.Optional(DayText),
    validTo: Type.Optional(DayText),
  },
  closed,
)
export type TaxRuleInput = Static<typeof TaxRuleInput>
export const TaxRule = Type.Interface([TaxRuleInput], { version: Version })
export type TaxRule = Static<typeof TaxRule>
