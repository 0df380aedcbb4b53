import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'
import { Settings } from 'typebox/system'
import { INSTANT_PATTERN } from '../../contract/entities/basics.ts'
import type { Words } from '../kernel/words.ts'
import type { Mistake } from './problems.ts'

/** At most this many mistakes are named in one answer. */
const ERRORS_MAX = 20
Settings.Set({ maxErrors: 64 })

/** A compiled schema: `check` is the fast path, `explain` names every mistake with pointer, expectation and value. */
export type Checker = {
  check(value: unknown): boolean
  explain(value: unknown, pointer?: string): readonly Mistake[]
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

function explain(errors: readonly TLocalizedValidationError[], root: unknown, prefix: string): readonly Mistake[] {
  const unions = errors.filter((error) => error.keyword === 'anyOf')
  const items: Mistake[] = []
  for (const error of errors) {
    if (unions.some((union) => error !== union && error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`))) continue
    for (const item of itemsOf(error, errors, root)) {
      const pointer = prefix + (item.pointer ?? '')
      // An instant breaks its format and its pattern at once: it is one mistake.
      if (!items.some((told) => told.pointer === pointer && told.detail.en === item.detail.en)) items.push({ ...item, pointer })
    }
    if (items.length >= ERRORS_MAX) break
  }
  return items.slice(0, ERRORS_MAX)
}

function itemsOf(error: TLocalizedValidationError, all: readonly TLocalizedValidationError[], root: unknown): readonly Mistake[] {
  const at = error.instancePath
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((name) => ({
        pointer: `${at}/${escapePointer(name)}`,
        detail: { en: `${name} is missing`, zh: `缺少 ${name}` },
        expected: 'a value',
        got: 'nothing',
      }))
    case 'additionalProperties':
      return error.params.additionalProperties.map((name) => ({
        pointer: `${at}/${escapePointer(shorten(name))}`,
        detail: { en: `${shorten(name)} is not a field here`, zh: `此处没有字段 ${shorten(name)}` },
        expected: 'no such field',
        got: shown(`${at}/${name}`, valueAt(root, `${at}/${escapePointer(name)}`)),
      }))
    case 'boolean':
      // `additionalProperties: false` reports each field a second time through its false schema.
      return []
    default: {
      const { expected, words } = expectation(error, all)
      const label = at === '' ? undefined : shorten(at.slice(at.lastIndexOf('/') + 1))
      const detail = { en: `${label ?? 'the value'}: expected ${words.en}`, zh: `${label ?? '值'}：须为${words.zh}` }
      return [{ pointer: at, detail, expected, got: shown(at, valueAt(root, at)) }]
    }
  }
}

/** What was expected: the value for a program, and the words for a person. */
type Expectation = { readonly expected: unknown; readonly words: Words }
const says = (en: string, zh: string): Expectation => ({ expected: en, words: { en, zh } })
/** Names of types and formats read the same in both languages. */
const named = (name: string): Expectation => says(name, ` ${name}`)
const oneOf = (values: readonly unknown[]): Expectation => {
  const texts = values.map(String)
  return { expected: values, words: { en: `one of ${texts.join(', ')}`, zh: `以下之一：${texts.join('、')}` } }
}

const INSTANT = says(
  'an instant with offset of the years 1900 to 2199, for example 2026-11-21T08:00:00Z',
  '带时差的时刻，年份为 1900 至 2199，例如 2026-11-21T08:00:00Z',
)

function expectation(error: TLocalizedValidationError, all: readonly TLocalizedValidationError[]): Expectation {
  switch (error.keyword) {
    case 'type':
      return eitherOf([error.params.type].flat())
    case 'enum':
      return oneOf(error.params.allowedValues)
    case 'const':
      return constant(error.params.allowedValue)
    case 'anyOf':
      return alternatives(error, all)
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return says(`a number ${error.params.comparison} ${error.params.limit}`, `${error.params.comparison} ${error.params.limit} 的数`)
    case 'multipleOf':
      return says(`a multiple of ${error.params.multipleOf}`, ` ${error.params.multipleOf} 的倍数`)
    case 'minLength':
      return says(`at least ${error.params.limit} characters`, `至少 ${error.params.limit} 个字符`)
    case 'maxLength':
      return says(`at most ${error.params.limit} characters`, `至多 ${error.params.limit} 个字符`)
    case 'minItems':
      return says(`at least ${error.params.limit} entries`, `至少 ${error.params.limit} 项`)
    case 'maxItems':
      return says(`at most ${error.params.limit} entries`, `至多 ${error.params.limit} 项`)
    case 'minProperties':
      return says(`at least ${error.params.limit} fields`, `至少 ${error.params.limit} 个字段`)
    case 'maxProperties':
      return says(`at most ${error.params.limit} fields`, `至多 ${error.params.limit} 个字段`)
    case 'pattern': {
      const pattern = String(error.params.pattern)
      return pattern === INSTANT_PATTERN ? INSTANT : says(`text like ${pattern}`, `形如 ${pattern} 的文本`)
    }
    case 'format':
      return error.params.format === 'date-time' ? INSTANT : named(error.params.format)
    default:
      return says(error.message, `符合结构要求的值（${error.keyword}）`)
  }
}

const constant = (value: unknown): Expectation => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return { expected: value, words: { en: text, zh: ` ${text}` } }
}

const eitherOf = (types: readonly string[]): Expectation => says(types.join(' or '), ` ${types.join(' 或 ')}`)

function alternatives(union: TLocalizedValidationError, all: readonly TLocalizedValidationError[]): Expectation {
  const inside = all.filter(
    (error) => error.schemaPath.startsWith(`${union.schemaPath}/anyOf/`) && error.instancePath === union.instancePath,
  )
  const values = inside.flatMap((error) => (error.keyword === 'const' ? [error.params.allowedValue] : []))
  if (values.length > 0) return oneOf(values)
  const types = inside.flatMap((error) => (error.keyword === 'type' ? [error.params.type].flat() : []))
  return types.length > 0 ? eitherOf([...new Set(types)]) : says('one of the shapes that the schema lists', '结构中列出的形式之一')
}

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
