import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'
import { INSTANT_PATTERN } from '../../contract/entities/basics.ts'
import type { ProblemItem } from '../../contract/entities/page.ts'

/** At most this many mistakes are named in one answer. */
const ERRORS_MAX = 20
Settings.Set({ maxErrors: 64 })

/** A compiled schema: `check` is the fast path, `explain` names every mistake with pointer, expectation and value. */
export type Checker = {
  check(value: unknown): boolean
  explain(value: unknown, pointer?: string): readonly ProblemItem[]
}

const compiled = new WeakMap<TSchema, Checker>()

/** Compiles once per schema object. */
export function checkerOf(schema: TSchema): Checker {
  const before = compiled.get(schema)
  if (before !== undefined) return before
  const validator = Compile(schema)
  const checker: Checker = {
    check: (value) => validator.Check(value),
    explain: (value, pointer = '') => explain(validator.Errors(value), value, pointer),
  }
  compiled.set(schema, checker)
  return checker
}

function explain(errors: readonly TLocalizedValidationError[], root: unknown, prefix: string): readonly ProblemItem[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf')
  const items: ProblemItem[] = []
  for (const error of errors) {
    if (unions.some((union) => error !== union && error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`))) continue
    for (const item of itemsOf(error, errors, root)) {
      const pointer = prefix + (item.pointer ?? '')
      // An instant breaks its format and its pattern at once: it is one mistake.
      if (!items.some((told) => told.pointer === pointer && told.detail === item.detail)) items.push({ ...item, pointer })
    }
    if (items.length >= ERRORS_MAX) break
  }
  return items.slice(0, ERRORS_MAX)
}

function itemsOf(error: TLocalizedValidationError, all: readonly TLocalizedValidationError[], root: unknown): readonly ProblemItem[] {
  const at = error.instancePath
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({
        pointer: `${at}/${escapePointer(name)}`,
        detail: `${name} is missing`,
        expected: 'a value',
        got: 'nothing',
      }))
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => ({
        pointer: `${at}/${escapePointer(shorten(name))}`,
        detail: `${shorten(name)} is not a field here`,
        expected: 'no such field',
        got: shown(`${at}/${name}`, valueAt(root, `${at}/${escapePointer(name)}`)),
      }))
    case 'boolean':
      // `additionalProperties: false` reports each field a second time through its false schema.
      return []
    default: {
      const expected = expectation(error, all)
      const label = at === '' ? 'the value' : shorten(at.slice(at.lastIndexOf('/') + 1))
      return [{ pointer: at, detail: `${label}: expected ${textOf(expected)}`, expected, got: shown(at, valueAt(root, at)) }]
    }
  }
}

const INSTANT = 'an instant with offset of the years 1900 to 2199, for example 2026-11-21T08:00:00Z'

function expectation(error: TLocalizedValidationError, all: readonly TLocalizedValidationError[]): unknown {
  switch (error.keyword) {
    case 'type':
      return Array.isArray(error.params.type) ? error.params.type.join(' or ') : error.params.type
    case 'enum':
      return error.params.allowedValues
    case 'const':
      return error.params.allowedValue
    case 'anyOf':
      return alternatives(error, all)
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `a number ${error.params.comparison} ${error.params.limit}`
    case 'multipleOf':
      return `a multiple of ${error.params.multipleOf}`
    case 'minLength':
      return `at least ${error.params.limit} characters`
    case 'maxLength':
      return `at most ${error.params.limit} characters`
    case 'minItems':
      return `at least ${error.params.limit} entries`
    case 'maxItems':
      return `at most ${error.params.limit} entries`
    case 'minProperties':
      return `at least ${error.params.limit} fields`
    case 'maxProperties':
      return `at most ${error.params.limit} fields`
    case 'pattern':
      return String(error.params.pattern) === INSTANT_PATTERN ? INSTANT : `text like ${String(error.params.pattern)}`
    case 'format':
      return error.params.format === 'date-time' ? INSTANT : error.params.format
    default:
      return error.message
  }
}

function alternatives(union: TLocalizedValidationError, all: readonly TLocalizedValidationError[]): unknown {
  const inside = all.filter(
    (error) => error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`) && error.instancePath === union.instancePath,
  )
  const values = inside.flatMap((error) => (error.keyword === 'const' ? [error.params.allowedValue] : []))
  if (values.length > 0) return values
  const types = inside.flatMap((error) => (error.keyword === 'type' ? [error.params.type].flat() : []))
  return types.length > 0 ? [...new Set(types)].join(' or ') : 'one of the shapes that the schema lists'
}

const textOf = (expected: unknown): string =>
  Array.isArray(expected) ? `one of ${expected.map(String).join(', ')}` : typeof expected === 'string' ? expected : JSON.stringify(expected)

const SECRET = /secret|password|token|authorization|cookie|csrf/i
const SHOWN_MAX = 80
const shorten = (text: string): string => (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text)

/** What came, short enough for an answer; never a secret and never a whole object. */
function shown(pointer: string, value: unknown): unknown {
  if (SECRET.test(pointer)) return '[hidden]'
  if (typeof value === 'string') return shorten(value)
  if (Array.isArray(value)) return `array of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'object'
  return value === undefined ? 'nothing' : value
}

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

function valueAt(root: unknown, pointer: string): unknown {
  let value = root
  for (const segment of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, segment.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  return value
}
