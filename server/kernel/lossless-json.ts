/**
 * JSON without loss: ids beyond 2^53 and decimals keep their source text.
 * A number that is a safe integer written plainly becomes a number; every other number becomes a string of its source.
 */
export type JsonLimits = { readonly charsMax: number; readonly depthMax: number; readonly valuesMax: number }
export const bodyLimits: JsonLimits = { charsMax: 4_000_000, depthMax: 64, valuesMax: 400_000 }

export type JsonFault = {
  readonly status: 'unreadable'
  readonly code: 'body_too_large' | 'body_too_deep' | 'body_too_wide' | 'not_json'
  readonly expected: string
  readonly got: string
}
export type JsonRead = { readonly status: 'read'; readonly value: unknown } | JsonFault

const unreadable = (code: JsonFault['code'], expected: string, got: string): JsonFault => ({ status: 'unreadable', code, expected, got })

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const isOpen = (code: number): boolean => code === 123 || code === 91
const isClose = (code: number): boolean => code === 125 || code === 93

/** Index just after the string that starts at `start`. */
function afterString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === BACKSLASH) i++
    else if (code === QUOTE) return i + 1
  }
  return text.length
}

/** Depth and number of values are counted before parsing, so that a hostile body costs one pass and no stack. */
function overLimit(text: string, limits: JsonLimits): JsonFault | undefined {
  let depth = 0
  let values = 1
  for (let i = 0; i < text.length;) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) {
      i = afterString(text, i)
      continue
    }
    if (isOpen(code)) {
      depth += 1
      values += 1
      if (depth > limits.depthMax) return unreadable('body_too_deep', `at most ${limits.depthMax} levels`, `more, at character ${i}`)
    } else if (isClose(code)) depth -= 1
    else if (code === COMMA) values += 1
    if (values > limits.valuesMax) return unreadable('body_too_wide', `at most ${limits.valuesMax} values`, `more, at character ${i}`)
    i += 1
  }
  return undefined
}

/** `context.source` is the source text of a primitive (TC39 JSON.parse source text access; Node 22 and later). */
function keepSource(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value
  const source = context?.source ?? String(value)
  return Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? value : source
}

/** Reads JSON text within limits; never throws for what the text holds. A leading byte order mark is ignored. */
export function readJson(text: string, limits: JsonLimits = bodyLimits): JsonRead {
  if (text.length > limits.charsMax)
    return unreadable('body_too_large', `at most ${limits.charsMax} characters`, `${text.length} characters`)
  const fault = overLimit(text, limits)
  if (fault) return fault
  try {
    const value: unknown = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text, keepSource)
    return { status: 'read', value }
  } catch {
    // The parser's own message quotes the text, which may hold personal data: only the shape is told.
    return unreadable('not_json', 'a JSON document', text.trim() === '' ? 'an empty body' : `${text.length} characters that are not JSON`)
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The same text for the same content: keys sorted, no whitespace. `leaveOut` names dotted paths that do not count
 * (`[]` steps over a list: `lines[].seenAt`).
 */
export function canonicalJson(value: unknown, leaveOut: ReadonlySet<string> = new Set(), path = ''): string {
  if (Array.isArray(value)) return `[${value.map((element) => canonicalJson(element, leaveOut, `${path}[]`)).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value ?? null)
  const members: string[] = []
  for (const key of Object.keys(value).sort()) {
    const at = path === '' ? key : `${path}.${key}`
    if (!leaveOut.has(at)) members.push(`${JSON.stringify(key)}:${canonicalJson(value[key], leaveOut, at)}`)
  }
  return `{${members.join(',')}}`
}
