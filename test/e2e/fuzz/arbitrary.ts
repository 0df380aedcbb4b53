import fc from 'fast-check'

type Schema = Readonly<Record<string, unknown>>
export type Components = Readonly<Record<string, Schema>>

const asSchema = (value: unknown): Schema => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {})
const numberOr = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback)

/** Values that satisfy a JSON schema of the OpenAPI document, small enough to send by the thousand. */
export function arbitraryOf(schema: Schema, components: Components, depth = 0): fc.Arbitrary<unknown> {
  const ref = schema['$ref']
  if (typeof ref === 'string') return arbitraryOf(asSchema(components[ref.slice(ref.lastIndexOf('/') + 1)]), components, depth + 1)
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom<unknown>(...schema['enum'])
  if (Array.isArray(schema['anyOf'])) return fc.oneof(...schema['anyOf'].map((one) => arbitraryOf(asSchema(one), components, depth + 1)))
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, components, depth)
    case 'array': {
      const minLength = numberOr(schema['minItems'], 0)
      const maxLength = Math.max(minLength, Math.min(numberOr(schema['maxItems'], 3), depth > 4 ? 1 : 3))
      return fc.array(arbitraryOf(asSchema(schema['items']), components, depth + 1), { minLength, maxLength })
    }
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer({ min: numberOr(schema['minimum'], -1000), max: Math.min(numberOr(schema['maximum'], 1_000_000), 2 ** 31 - 1) })
    case 'number':
      return fc.double({ min: numberOr(schema['minimum'], -1000), max: numberOr(schema['maximum'], 1_000_000), noNaN: true })
    case 'boolean':
      return fc.boolean()
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf(schema: Schema, components: Components, depth: number): fc.Arbitrary<unknown> {
  const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
  const fields = Object.fromEntries(
    Object.entries(asSchema(schema['properties'])).map(([name, property]) => [
      name,
      arbitraryOf(asSchema(property), components, depth + 1),
    ]),
  )
  const patterns = Object.values(asSchema(schema['patternProperties']))
  if (patterns.length > 0) {
    return fc.dictionary(fc.stringMatching(/^[a-z]{2,8}$/), arbitraryOf(asSchema(patterns[0]), components, depth + 1), { maxKeys: 3 })
  }
  return fc.record(fields, { requiredKeys: required.filter((name): name is string => typeof name === 'string' && name in fields) })
}

const likely = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2035-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
/** Instants that the format allows and calendars or columns stumble over. */
const odd = fc.constantFrom(
  '0001-01-01T00:00:00Z',
  '1900-01-01T00:00:00Z',
  '2199-12-31T23:59:59.999999999Z',
  '9999-12-31T23:59:59Z',
  '2026-06-30T23:59:60Z',
  '2024-02-29T23:59:59+14:00',
)
const instants = fc.oneof({ arbitrary: likely, weight: 9 }, { arbitrary: odd, weight: 1 })

function textOf(schema: Schema): fc.Arbitrary<string> {
  if (schema['format'] === 'date-time') return instants
  if (schema['format'] === 'date') return instants.map((text) => text.slice(0, 10))
  const maxLength = Math.min(numberOr(schema['maxLength'], 40), 40)
  const pattern = schema['pattern']
  // The pattern of references excludes control characters and blanks at the ends: plain words satisfy it and reach further.
  if (typeof pattern === 'string' && !pattern.includes('\\u0000'))
    // Its own limit alone: a pattern of something longer (a signed link) would never pass another.
    return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= numberOr(schema['maxLength'], Infinity))
  const words = fc
    .constantFrom('tea-500', 'sh-1', 'shop-cn', '王芳', 'ё', '🫖', "O'Brien", '1', 'a b')
    .filter((text) => text.length <= maxLength)
  return fc.oneof(words, fc.stringMatching(/^[a-z0-9]{12}$/)).filter((text) => text.length >= numberOr(schema['minLength'], 0))
}

const nasty = fc.constantFrom<unknown>(
  null,
  true,
  -1,
  0,
  1e308,
  9_007_199_254_740_992,
  1.5,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '__proto__',
  "'; drop table orders; --",
  '${7*7}{{7*7}}',
  '../../etc/passwd',
  'x'.repeat(5000),
  '9999-99-99T99:99:99Z',
  '2026-02-30T00:00:00Z',
  [],
  {},
  [[[[[[]]]]]],
  { constructor: { prototype: {} } },
)

/** The value with something wrong somewhere: a field gone, added, or replaced by what nobody expects. */
export function spoilt(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return nasty
  const entries = Object.entries(value)
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value
    if (list.length === 0) return nasty
    return fc
      .nat(list.length - 1)
      .chain((at) => fc.oneof(nasty, spoilt(list[at])).map((bad) => list.map((one, i) => (i === at ? bad : one))))
  }
  const added = fc
    .tuple(fc.constantFrom('colour', '__proto__', 'constructor', '', '\u0000'), nasty)
    .map(([name, bad]) => withField(value, name, bad))
  if (entries.length === 0) return fc.oneof(nasty, added)
  const inside = fc.nat(entries.length - 1).chain((at) => {
    const [name, one] = entries[at] ?? ['', undefined]
    const without = Object.fromEntries(entries.filter((_, i) => i !== at))
    return fc.oneof(
      fc.constant(without),
      fc.oneof(nasty, spoilt(one)).map((bad) => withField(value, name, bad)),
    )
  })
  return fc.oneof({ weight: 1, arbitrary: nasty }, { weight: 2, arbitrary: added }, { weight: 6, arbitrary: inside })
}

/** Sets an own field whatever its name is. */
function withField(value: object, name: string, field: unknown): object {
  return Object.defineProperty({ ...value }, name, { value: field, enumerable: true, configurable: true })
}
