import { Type, type Static } from 'typebox'
import { Attributes, closed, CountryCode, DayText, Name, Quantity, Ref, Version } from './basics.ts'

const Word = Type.String({ minLength: 1, maxLength: 64 })

/** Which lines of which orders a rule is about; every given field must match, none = every line. */
export const ComplianceMatch = Type.Object(
  {
    countryCode: Type.Optional(CountryCode),
    /** Compared without case, width and Chinese level suffixes (浙江省 = 浙江). */
    region: Type.Optional(Name),
    skus: Type.Optional(Type.Array(Ref, { minItems: 1, maxItems: 1000 })),
    taxClass: Type.Optional(Word),
    /** All must be equal: {"hazardous": true}. A line's own attributes go before its item's. */
    attributes: Type.Optional(Attributes),
    /** true: shipped from another country than it goes to; false: within one. */
    crossBorder: Type.Optional(Type.Boolean()),
    channelId: Type.Optional(Ref),
  },
  closed,
)

/** What must hold for a matched line; at least one. */
export const ComplianceDemand = Type.Object(
  {
    /** true: it may not be sold there at all. */
    forbid: Type.Optional(Type.Boolean()),
    /** Full years on the day of the order. */
    minimumAge: Type.Optional(Type.Integer({ minimum: 1, maximum: 120 })),
    /** The order must name all of them in `documents`. */
    documents: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 20 })),
    /** The node, or the carrier's service, must have this capability. */
    nodeCapability: Type.Optional(Word),
    serviceCapability: Type.Optional(Word),
    /** Countries it may be shipped from. */
    originCountries: Type.Optional(Type.Array(CountryCode, { minItems: 1, maxItems: 250 })),
    /** Units of all matched lines of an order together. */
    maxQuantity: Type.Optional(Quantity),
  },
  { ...closed, minProperties: 1 },
)

export const ComplianceRuleInput = Type.Object(
  {
    ruleId: Ref,
    name: Type.Object({ en: Type.Optional(Name), 'zh-CN': Type.Optional(Name) }, { ...closed, minProperties: 1 }),
    match: ComplianceMatch,
    demand: ComplianceDemand,
    /** refuse: the channel's policy decides between refusal and review; review: always a person. */
    action: Type.Union([Type.Literal('refuse'), Type.Literal('review')]),
    /** First and last day on which it applies, in the time of the place where the order goes. */
    validFrom: Type.Optional(DayText),
    validTo: Type.Optional(DayText),
  },
  closed,
)
export type ComplianceRuleInput = Static<typeof ComplianceRuleInput>
export const ComplianceRule = Type.Interface([ComplianceRuleInput], { version: Version })
export type ComplianceRule = Static<typeof ComplianceRule>
