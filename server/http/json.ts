import type { Words } from '../kernel/words.ts'
import { SurfaceError } from './problems.ts'

/**
 * Parses JSON text. A mistake becomes `json_invalid` that says where (line and column, counted from 1);
 * a key `__proto__` is refused, because later copies of the object could be misled by it, and so are U+0000 and halves of surrogate pairs,
 * which PostgreSQL cannot store, or stores and fails on when it reads the document.
 */
export function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw text.length <= LOCATED_MAX ? invalidJson(text) : new SurfaceError('json_invalid', positionOf(error), { expected: 'valid JSON' })
  }
  if (SUSPICIOUS.test(text)) assertHarmless(value)
  return value
}

/** Beyond this many characters the scan for the exact place would cost more than it tells. */
const LOCATED_MAX = 1_000_000

function positionOf(error: unknown): Words {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined
  if (position === undefined) return { en: 'the text is not valid JSON', zh: '文本不是有效的 JSON' }
  return { en: `unexpected text at position ${position}`, zh: `位置 ${position} 处有不应出现的文本` }
}

const SUSPICIOUS = /__proto__|\\u005f|\\u0000|\\ud[89a-f]/i

/** Walks without recursion: nesting is bounded only by the size of the body. */
function assertHarmless(root: unknown): void {
  const open: unknown[] = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string') assertStorable(value)
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inside] of Object.entries(value)) {
      if (name === '__proto__') {
        const more = { expected: 'other field names', got: '__proto__' }
        throw new SurfaceError('json_invalid', { en: 'the field name __proto__ is not taken', zh: '不接受字段名 __proto__' }, more)
      }
      assertStorable(name)
      open.push(inside)
    }
  }
}

function assertStorable(text: string): void {
  if (!text.isWellFormed()) {
    const more = { expected: 'whole characters', got: 'half of a surrogate pair' }
    throw new SurfaceError(
      'json_invalid',
      { en: 'half of a surrogate pair is not taken: it is no character', zh: '不接受不成对的代理项：它不是字符' },
      more,
    )
  }
  if (text.includes('\u0000')) {
    const more = { expected: 'text without U+0000', got: 'U+0000' }
    throw new SurfaceError(
      'json_invalid',
      { en: 'the character U+0000 is not taken: no database text can hold it', zh: '不接受字符 U+0000：数据库文本无法存放' },
      more,
    )
  }
}

function invalidJson(text: string): SurfaceError {
  if (text.trim() === '')
    return new SurfaceError('json_invalid', { en: 'the body is empty', zh: '请求体为空' }, { expected: 'a JSON value', got: 'nothing' })
  const offset = firstMistake(text)
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  const column = offset - before.lastIndexOf('\n')
  const isOver = offset >= text.length
  const got = isOver ? 'the end of the text' : JSON.stringify(text.slice(offset, offset + 1))
  return new SurfaceError(
    'json_invalid',
    {
      en: `line ${line}, column ${column}: unexpected ${got}`,
      zh: `第 ${line} 行第 ${column} 列：${isOver ? '文本意外结束' : `不应出现 ${got}`}`,
    },
    { expected: 'valid JSON', got },
  )
}

const TOKEN =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y

/**
 * Offset of the first token that cannot stand where it stands, by a pushdown scan without recursion.
 * V8's own message names a position only in some cases, and quotes the body in others.
 */
export function firstMistake(text: string): number {
  const stack: ('{' | '[')[] = []
  /** What may come next. */
  let expect: Expect = 'value'
  let offset = 0
  while (true) {
    TOKEN.lastIndex = offset
    const match = TOKEN.exec(text)
    if (match === null) return skipBlanks(text, offset)
    const [, mark, string] = match
    const after = step(expect, mark, string !== undefined, stack)
    if (after === undefined) return skipBlanks(text, offset)
    expect = after
    offset = TOKEN.lastIndex
  }
}

function skipBlanks(text: string, from: number): number {
  let offset = from
  while (offset < text.length && ' \t\r\n'.includes(text.charAt(offset))) offset++
  return offset
}

type Expect = 'value' | 'valueOrEnd' | 'key' | 'keyOrEnd' | 'colon' | 'commaOrEnd' | 'end'

function step(expect: Expect, mark: string | undefined, isString: boolean, stack: ('{' | '[')[]): Expect | undefined {
  const closed = (): Expect => (stack.length === 0 ? 'end' : 'commaOrEnd')
  const top = stack.at(-1)
  if (mark === undefined) {
    if (isString && (expect === 'key' || expect === 'keyOrEnd')) return 'colon'
    return expect === 'value' || expect === 'valueOrEnd' ? closed() : undefined
  }
  switch (mark) {
    case '{':
    case '[':
      if (expect !== 'value' && expect !== 'valueOrEnd') return undefined
      stack.push(mark)
      return mark === '{' ? 'keyOrEnd' : 'valueOrEnd'
    case '}':
      if (top !== '{' || (expect !== 'keyOrEnd' && expect !== 'commaOrEnd')) return undefined
      stack.pop()
      return closed()
    case ']':
      if (top !== '[' || (expect !== 'valueOrEnd' && expect !== 'commaOrEnd')) return undefined
      stack.pop()
      return closed()
    case ':':
      return expect === 'colon' ? 'value' : undefined
    default:
      return expect !== 'commaOrEnd' ? undefined : top === '{' ? 'key' : 'value'
  }
}
