import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { assert } from '../../kernel/assert.ts'

/**
 * The mapping language: one JSON file per platform under mappings/, explained in docs/reference/mappings.md.
 * Paths are dotted; `[]` steps over a list, a leading `/` starts at the order, `$` is the scope itself, and a string
 * that stands where a path goes on is read as embedded JSON.
 */
const closed = { additionalProperties: false } as const
const Path = Type.String({ minLength: 1, maxLength: 200 })
const Paths = Type.Array(Path, { minItems: 1, maxItems: 20 })
const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])
const Severity = Type.Union([Type.Literal('notice'), Type.Literal('warning'), Type.Literal('error')])

/** All of its members must hold; values are compared as text. */
export const Condition = Type.Object(
  {
    path: Path,
    is: Type.Optional(Type.Array(Scalar)),
    not: Type.Optional(Type.Array(Scalar)),
    exists: Type.Optional(Type.Boolean()),
    /** A regular expression, without regard to case: for words that shops choose themselves. */
    matches: Type.Optional(Type.String({ minLength: 1 })),
  },
  closed,
)
export type Condition = Static<typeof Condition>
const Conditions = Type.Array(Condition, { minItems: 1 })

/** A place to read from; `severity` records an issue when this fallback had to serve, `skip` names values that mean "none". */
const Source = Type.Union([
  Path,
  Type.Object(
    {
      path: Path,
      prefix: Type.Optional(Type.String()),
      skip: Type.Optional(Type.Array(Scalar)),
      severity: Type.Optional(Severity),
      /** A value with `*` in it names nobody: skip it. */
      unmasked: Type.Optional(Type.Boolean()),
      /** A wall time that is UTC whatever the zone of the others. */
      utc: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
])
export type Source = Static<typeof Source>

const fieldCommon = { from: Type.Array(Source, { minItems: 1 }), required: Type.Optional(Type.Boolean()) }
export const TextRule = Type.Object(
  {
    ...fieldCommon,
    type: Type.Union([Type.Literal('text'), Type.Literal('ref'), Type.Literal('country'), Type.Literal('currency')]),
    /** Joins all sources instead of taking the first. */
    join: Type.Optional(Type.String()),
    /** Taken together, with a blank between, when no source has a value. */
    parts: Type.Optional(Paths),
    max: Type.Optional(Type.Integer({ minimum: 1 })),
    enum: Type.Optional(Type.Record(Type.String(), Type.String())),
    default: Type.Optional(Type.String()),
    /** The platform writes it for a web page: character references (`&amp;`, `&#8211;`) are read. */
    html: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type TextRule = Static<typeof TextRule>
export const IntegerRule = Type.Object({ ...fieldCommon, type: Type.Literal('integer'), default: Type.Optional(Type.Integer()) }, closed)
export type IntegerRule = Static<typeof IntegerRule>
export const NumberRule = Type.Object(
  {
    ...fieldCommon,
    type: Type.Literal('number'),
    unit: Type.Optional(Type.Union([Type.Literal('grams'), Type.Literal('kilograms'), Type.Literal('degrees')])),
  },
  closed,
)
export type NumberRule = Static<typeof NumberRule>
export const BooleanRule = Type.Object({ ...fieldCommon, type: Type.Literal('boolean'), default: Type.Optional(Type.Boolean()) }, closed)
export type BooleanRule = Static<typeof BooleanRule>
export const InstantRule = Type.Object(
  {
    ...fieldCommon,
    type: Type.Literal('instant'),
    /** `iso` carries its offset, `local` is a wall time in the channel's zone, or in `zone` where its owner set none. */
    format: Type.Union([Type.Literal('iso'), Type.Literal('local'), Type.Literal('epochSeconds'), Type.Literal('epochMillis')]),
    zone: Type.Optional(Type.String()),
    never: Type.Optional(Type.Array(Scalar)),
  },
  closed,
)
export type InstantRule = Static<typeof InstantRule>

/**
 * A term is `path`, `-path`, `path*factorPath`, with a trailing `?` when it may be missing, `lines:discount` for what the
 * lines' discounts came to, or a sum over a list's elements. The first sum whose terms are all there is taken.
 */
const Term = Type.Union([
  Path,
  Type.Object(
    {
      each: Path,
      minus: Type.Optional(Type.Boolean()),
      optional: Type.Optional(Type.Boolean()),
      unless: Type.Optional(Conditions),
      anyOf: Type.Array(Type.Array(Path, { minItems: 1 })),
    },
    closed,
  ),
])
export type Term = Static<typeof Term>

export const MoneyRule = Type.Object(
  {
    type: Type.Literal('money'),
    anyOf: Type.Array(
      Type.Union([Type.Array(Term, { minItems: 1 }), Type.Object({ when: Conditions, sum: Type.Array(Term, { minItems: 1 }) }, closed)]),
      { minItems: 1 },
    ),
    required: Type.Optional(Type.Boolean()),
    /** Below zero becomes zero. */
    floor: Type.Optional(Type.Boolean()),
    /** Only amounts above zero count (`positive`) or only those below, turned around (`negative`). */
    keep: Type.Optional(Type.Union([Type.Literal('positive'), Type.Literal('negative'), Type.Literal('magnitude')])),
  },
  closed,
)
export type MoneyRule = Static<typeof MoneyRule>

const AttributeRule = Type.Union([TextRule, IntegerRule, NumberRule, BooleanRule])
export type AttributeRule = Static<typeof AttributeRule>

const Customer = Type.Object(
  {
    customerRef: Type.Optional(TextRule),
    name: Type.Optional(TextRule),
    phone: Type.Optional(TextRule),
    email: Type.Optional(TextRule),
    companyName: Type.Optional(TextRule),
    taxNumber: Type.Optional(TextRule),
  },
  closed,
)
const addressFields = {
  countryCode: TextRule,
  name: Type.Optional(TextRule),
  phone: Type.Optional(TextRule),
  email: Type.Optional(TextRule),
  region: Type.Optional(TextRule),
  city: Type.Optional(TextRule),
  district: Type.Optional(TextRule),
  postalCode: Type.Optional(TextRule),
  line1: Type.Optional(TextRule),
  line2: Type.Optional(TextRule),
  lat: Type.Optional(NumberRule),
  lng: Type.Optional(NumberRule),
}
const Address = Type.Object(
  {
    /** Tried in order; usable when one of `usable` has a value. A fallback's severity is a notice when nothing needs shipping. */
    at: Type.Array(Type.Object({ path: Path, severity: Type.Optional(Severity) }, closed), { minItems: 1 }),
    usable: Paths,
    fields: Type.Object(addressFields, closed),
    /** Country by the beginning of the region's name: 香港 → HK. */
    countryByRegion: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  closed,
)
const Lines = Type.Object(
  {
    at: Paths,
    skip: Type.Optional(Conditions),
    lineRef: TextRule,
    sku: TextRule,
    quantity: IntegerRule,
    /** Quantity that the amounts are for, where `quantity` is what is left of it. */
    originalQuantity: Type.Optional(IntegerRule),
    /** Price of one, or `gross` for the whole line before discount. */
    unitPrice: Type.Optional(MoneyRule),
    gross: Type.Optional(MoneyRule),
    /** Discount on the whole line, or `net` for the whole line after it. */
    discount: Type.Optional(MoneyRule),
    net: Type.Optional(MoneyRule),
    /** What of the whole line, after discount, is tax. */
    tax: Type.Optional(MoneyRule),
    name: Type.Optional(TextRule),
    taxClass: Type.Optional(TextRule),
    attributes: Type.Optional(Type.Record(Type.String(), AttributeRule)),
    /** Lines for which it holds need no shipping. */
    digital: Type.Optional(Type.Array(Condition)),
  },
  closed,
)
const PaymentKind = Type.Union([Type.Literal('authorise'), Type.Literal('capture'), Type.Literal('void'), Type.Literal('refund')])
const Payment = Type.Object(
  {
    kind: PaymentKind,
    when: Type.Optional(Conditions),
    each: Type.Optional(Path),
    amount: MoneyRule,
    method: TextRule,
    paymentRef: Type.Optional(TextRule),
    occurredAt: Type.Optional(InstantRule),
  },
  closed,
)
export const Mapping = Type.Object(
  {
    platform: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    /** Public documents that the mapping follows. */
    sources: Type.Array(Type.String(), { minItems: 1 }),
    moneyUnit: Type.Union([Type.Literal('decimal'), Type.Literal('minor')]),
    envelopes: Paths,
    /** Bodies that are no JSON and mean nothing: regular expressions. */
    pings: Type.Optional(Type.Array(Type.String())),
    /** A gateway's way of saying that it has no order. */
    failures: Type.Array(Type.Object({ when: Conditions, says: Paths }, closed)),
    /** Known bodies that are no order, by a path that only they have, or by what stands there. */
    foreign: Type.Array(Type.Object({ path: Path, is: Type.Optional(Type.Array(Scalar)), name: Type.String() }, closed)),
    /** An object is an order when it has at least `atLeast` of these. */
    marks: Type.Object({ atLeast: Type.Integer({ minimum: 1 }), of: Paths }, closed),
    /** Regular expressions of ciphertext: accepted, kept with the raw body, never shown or matched on. */
    encrypted: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    /** Dotted paths that change without a change of the order. */
    volatile: Type.Array(Type.String()),
    externalRef: TextRule,
    currency: TextRule,
    placedAt: InstantRule,
    version: InstantRule,
    status: TextRule,
    cancelled: Type.Object({ anyOf: Type.Array(Conditions), at: Type.Optional(InstantRule), reason: Type.Optional(TextRule) }, closed),
    taxesIncluded: BooleanRule,
    customer: Customer,
    address: Address,
    lines: Lines,
    /** `tax`: what of it, and of the charges, is tax. */
    shipping: Type.Object({ amount: MoneyRule, tax: Type.Optional(MoneyRule), service: Type.Optional(TextRule) }, closed),
    /** Amounts without a place of their own (fees, tips, duties): added to shipping, with a notice. */
    charges: Type.Optional(MoneyRule),
    discount: Type.Optional(MoneyRule),
    /** What the platform says, to compare with: any one that agrees will do. */
    stated: Type.Object(
      { totals: Type.Array(MoneyRule), tax: Type.Optional(MoneyRule), tolerancePerLine: Type.Optional(Type.Integer()) },
      closed,
    ),
    payments: Type.Array(Payment),
    promisedBy: Type.Optional(InstantRule),
    note: Type.Optional(TextRule),
    attributes: Type.Optional(Type.Record(Type.String(), AttributeRule)),
    /** Reasons for a person to look. */
    review: Type.Array(Type.Object({ when: Conditions, code: Type.String(), expected: Type.String() }, closed)),
    /** Documented fields that are kept without a meaning here; a field in no rule and not here is reported as unknown. */
    kept: Type.Array(Type.String()),
  },
  closed,
)
export type Mapping = Static<typeof Mapping>

const compiled = Compile(Mapping)

/** Checks a mapping file; a wrong one is a defect that names the place. */
export function parseMapping(file: unknown, name: string): Mapping {
  if (compiled.Check(file)) return file
  const [first] = compiled.Errors(file)
  assert(false, `mapping ${name} is wrong at ${first?.instancePath ?? '/'}: ${first?.message ?? 'unknown'}`)
}
