import { isRecord, readJson } from '../../kernel/lossless-json.ts'

/** A value and where it stands in the body. */
export type Found = { readonly value: unknown; readonly path: string }

type Step = { readonly key: string; readonly each: boolean }
const parsed = new Map<string, readonly Step[]>()

function stepsOf(path: string): readonly Step[] {
  const known = parsed.get(path)
  if (known) return known
  const steps = path.split('.').map((part) => ({ key: part.replace(/\[\]$/, ''), each: part.endsWith('[]') }))
  parsed.set(path, steps)
  return steps
}

/** JSON inside a string (gateways and push databases wrap bodies so) is opened where a path goes on into it. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value
  const read = readJson(value)
  return read.status === 'read' ? read.value : value
}

const join = (base: string, key: string): string => (base === '$' ? key : `${base}.${key}`)

function member(scope: Found, key: string): Found | undefined {
  if (key === '$' || key === '') return scope
  const value = opened(scope.value)
  if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined
  return { value: value[key], path: join(scope.path, key) }
}

/** The elements of a list; one object where a list is expected is a list of one (XML turned into JSON does that). */
function elements(found: Found): readonly Found[] {
  const value = opened(found.value)
  if (Array.isArray(value)) return value.map((element: unknown, i) => ({ value: element, path: `${found.path}[${i}]` }))
  return isRecord(value) ? [{ value, path: found.path }] : []
}

/** Everything that a path reaches from a scope, in order; nothing where a key is absent. */
export function findAll(scope: Found, path: string): readonly Found[] {
  let found: readonly Found[] = [scope]
  for (const step of stepsOf(path)) {
    found = found.flatMap((one) => {
      const next = member(one, step.key)
      if (!next) return []
      return step.each ? elements(next) : [next]
    })
  }
  return found
}

/** The first value that a path reaches, blank and null left out. */
export function findOne(scope: Found, path: string): Found | undefined {
  return findAll(scope, path).find((found) => !isBlank(found.value))
}

export const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Text of a scalar, trimmed, control characters turned into blanks; undefined for lists, objects and blanks. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') return undefined
  // oxlint-disable-next-line no-control-regex -- taking control characters out is the purpose
  const text = value.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()
  return text === '' ? undefined : text.isWellFormed() ? text : text.toWellFormed()
}
