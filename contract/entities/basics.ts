import { Type, type Static } from 'typebox'

/** The words that every entity uses. Objects are closed: an unknown field is a mistake worth naming. */
export const closed = { additionalProperties: false } as const

/** A reference chosen by a person or another system: 1..128 visible characters, no control characters, no surrounding blanks. */
export const Ref = Type.String({
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\s\\u0000-\\u001f](?:[^\\u0000-\\u001f]*[^\\s\\u0000-\\u001f])?$',
})
export const Name = Type.String({ minLength: 1, maxLength: 200 })
export const Text = Type.String({ maxLength: 2000 })
export const INSTANT_PATTERN = '^(?:19|20|21)\\d{2}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-]\\d{2}:\\d{2})$'
/** ISO 8601 with an explicit offset, of the years 1900 to 2199 and without leap seconds; the hub answers in UTC with ms. */
export const InstantText = Type.String({
  format: 'date-time',
  maxLength: 40,
  pattern: INSTANT_PATTERN,
})
export const DayText = Type.String({ format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
/** Local wall time HH:MM. */
export const LocalTime = Type.String({ pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$' })
/** IANA zone, for example Asia/Shanghai. */
export const Zone = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*$' })
/** ISO 3166-1 alpha-2. */
export const CountryCode = Type.String({ pattern: '^[A-Z]{2}$' })
/** ISO 4217. */
export const Currency = Type.String({ pattern: '^[A-Z]{3}$' })
/** Integer minor units of the currency that stands beside it; may be negative. */
export const Amount = Type.Integer({ minimum: -9_000_000_000_000, maximum: 9_000_000_000_000 })
export const AmountNotNegative = Type.Integer({ minimum: 0, maximum: 9_000_000_000_000 })
/** The most units that one line may ask for. */
export const QUANTITY_MAX = 1_000_000
export const Quantity = Type.Integer({ minimum: 1, maximum: QUANTITY_MAX })
export const Units = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })
export const Grams = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })
export const Lat = Type.Number({ minimum: -90, maximum: 90 })
export const Lng = Type.Number({ minimum: -180, maximum: 180 })
/** Row version as the hub counts it: +1 for each change. */
export const Version = Type.Integer({ minimum: 0 })

/** A place as far as rules need it; nothing in it identifies a person. */
export const Place = Type.Object(
  {
    countryCode: CountryCode,
    region: Type.Optional(Name),
    city: Type.Optional(Name),
    postalCode: Type.Optional(Type.String({ maxLength: 20 })),
    lat: Type.Optional(Lat),
    lng: Type.Optional(Lng),
  },
  closed,
)
export type Place = Static<typeof Place>

/** Free attributes that rules may ask for. */
export const Attributes = Type.Record(
  Type.String({ minLength: 1, maxLength: 64 }),
  Type.Union([Type.Boolean(), Type.Number(), Type.String({ maxLength: 200 })]),
  { maxProperties: 50 },
)
export type Attributes = Static<typeof Attributes>

export const Verdict = Type.Union([
  Type.Literal('pass'),
  Type.Literal('default'),
  Type.Literal('review'),
  Type.Literal('refuse'),
  Type.Literal('notApplicable'),
])
/** What one of the four checks found. `default` = no rule was configured, so the stated default applied. */
export const CheckResult = Type.Object({
  verdict: Verdict,
  /** Code of the rule that decided; `default` where none is configured. */
  reason: Type.String(),
  at: InstantText,
  /** What the check worked out or missed, in its own words. */
  detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
})
export type CheckResult = Static<typeof CheckResult>
