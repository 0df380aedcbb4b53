import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Type } from 'typebox'
import { InstantText } from '../../contract/entities/basics.ts'
import { idempotencyKeyOf, ifMatchOf } from './headers.ts'
import { firstMistake, parseJson } from './json.ts'
import { languageOf } from './language.ts'
import { coercerOf } from './query.ts'
import { RateLimit } from './rate-limit.ts'
import { traceOf } from './trace.ts'
import { checkerOf } from './validation.ts'

test('the scan for a mistake agrees with the parser: no mistake before the end of what parses', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      assert.equal(firstMistake(text), text.length)
    }),
  )
})

test('whatever the parser refuses has a place inside the text', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.constantFrom('}', ']', ',', ':', '"', 'x', '\u0000', ''), (text, at, insert) => {
      const broken = text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + (insert === '' ? 1 : 0))
      try {
        JSON.parse(broken)
      } catch {
        const offset = firstMistake(broken)
        assert.ok(offset >= 0 && offset <= broken.length)
        assert.throws(() => parseJson(broken), { name: 'SurfaceError', code: 'json_invalid' })
      }
    }),
  )
})

test('a field called __proto__ is refused however it is written', () => {
  for (const text of ['{"__proto__":1}', '[{"a":{"\\u005f_proto__":{}}}]', '{"\\u005F\\u005Fproto__":1}']) {
    assert.throws(() => parseJson(text), { code: 'json_invalid' })
  }
  assert.deepEqual(parseJson('{"note":"__proto__"}'), { note: '__proto__' })
})

test('the character that PostgreSQL cannot store is refused in values and names, its spelling is not', () => {
  for (const text of ['{"a":"x\\u0000"}', '[{"\\u0000":1}]']) assert.throws(() => parseJson(text), { code: 'json_invalid' })
  assert.deepEqual(parseJson('["\\\\u0000"]'), ['\\u0000'])
})

test('half of a surrogate pair is refused in values and names, a whole one is a character', () => {
  for (const text of ['{"a":"x\\ud800"}', '[{"\\uDC00":1}]', '["\\udc00\\ud800"]'])
    assert.throws(() => parseJson(text), { code: 'json_invalid' })
  assert.deepEqual(parseJson('["\\ud83c\\udf75"]'), ['🍵'])
})

const INSTANT = 'an instant with offset of the years 1900 to 2199, for example 2026-11-21T08:00:00Z'
const Sample = Type.Object(
  {
    kind: Type.Union([Type.Literal('a'), Type.Literal('b')]),
    amount: Type.Integer({ minimum: 0, maximum: 9 }),
    at: Type.Optional(InstantText),
    either: Type.Optional(Type.Union([Type.Boolean(), Type.Number()])),
    secret: Type.Optional(Type.String({ minLength: 8 })),
  },
  { additionalProperties: false },
)
const rows: readonly [name: string, value: unknown, pointer: string, expected: unknown, got: unknown][] = [
  ['a wrong constant', { kind: 'c', amount: 1 }, '/kind', ['a', 'b'], 'c'],
  ['a fraction', { kind: 'a', amount: 1.5 }, '/amount', 'integer', 1.5],
  ['a number below', { kind: 'a', amount: -1 }, '/amount', 'a number >= 0', -1],
  ['a missing field', { amount: 1 }, '/kind', 'a value', 'nothing'],
  ['an unknown field', { kind: 'a', amount: 1, 'x/y': [1, 2] }, '/x~1y', 'no such field', 'array of 2'],
  ['no instant', { kind: 'a', amount: 1, at: 'today' }, '/at', INSTANT, 'today'],
  ['a year that no column holds', { kind: 'a', amount: 1, at: '9999-12-31T23:59:59Z' }, '/at', INSTANT, '9999-12-31T23:59:59Z'],
  ['a leap second', { kind: 'a', amount: 1, at: '2026-06-30T23:59:60Z' }, '/at', INSTANT, '2026-06-30T23:59:60Z'],
  ['no alternative', { kind: 'a', amount: 1, either: {} }, '/either', 'boolean or number', 'object'],
  ['a secret', { kind: 'a', amount: 1, secret: 'short' }, '/secret', 'at least 8 characters', '[hidden]'],
  ['no object', 7, '', 'object', 7],
]
for (const [name, value, pointer, expected, got] of rows) {
  test(`${name} is explained once, with pointer, expectation and value`, () => {
    const checker = checkerOf(Sample)
    assert.equal(checker.check(value), false)
    const items = checker.explain(value)
    assert.deepEqual(
      items.map((item) => [item.pointer, item.expected, item.got]),
      [[pointer, expected, got]],
    )
  })
}

test('query text is turned into its type only where it is of that type', () => {
  const coerce = coercerOf(
    Type.Object({
      n: Type.Optional(Type.Integer({ default: 5 })),
      b: Type.Optional(Type.Boolean()),
      l: Type.Optional(Type.Array(Type.String())),
    }),
  )
  assert.deepEqual(coerce({ n: '7', b: 'true', l: 'a,b' }), { n: 7, b: true, l: ['a', 'b'] })
  assert.deepEqual(coerce({ n: '7x', b: 'yes', l: ['a', 'b,c'] }), { n: '7x', b: 'yes', l: ['a', 'b', 'c'] })
  assert.deepEqual(coerce({}), { n: 5 })
})

test('a trace goes on under a span of ours, and a malformed one starts anew', () => {
  const of = traceOf('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
  assert.equal(of.traceId, '0af7651916cd43dd8448eb211c80319c')
  assert.notEqual(of.traceparent.slice(36, 52), 'b7ad6b7169203331')
  for (const bad of [
    undefined,
    'x',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ]) {
    assert.match(traceOf(bad).traceparent, /^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)
  }
  assert.equal(new Set(Array.from({ length: 2000 }, () => traceOf(undefined).traceId)).size, 2000)
})

test('the language is the preferred of the two the hub speaks', () => {
  assert.deepEqual([undefined, 'fr', 'zh-CN', 'en-US,zh;q=0.9', 'zh;q=0.9,en;q=0.8', 'ZH-hans;q=0'].map(languageOf), [
    'en',
    'en',
    'zh',
    'en',
    'zh',
    'en',
  ])
})

test('a version is read from its header in every form, a key only when it is visible ASCII', () => {
  assert.deepEqual(['"3"', '3', 'W/"3"', '*', undefined].map(ifMatchOf), [3, 3, 3, undefined, undefined])
  assert.equal(idempotencyKeyOf('a'.repeat(255))?.length, 255)
  for (const bad of ['', 'a b', 'é', 'a'.repeat(256), ['a', 'b']]) assert.throws(() => idempotencyKeyOf(bad), { code: 'header_invalid' })
})

test('a bucket gives its burst, then what the time brings', () => {
  const rates = new RateLimit(10)
  assert.equal(Array.from({ length: 30 }, () => rates.take('k', 0)).filter((wait) => wait === undefined).length, 20)
  assert.equal(rates.take('k', 0), 1)
  assert.equal(rates.take('k', 100), undefined)
  assert.equal(rates.take('other', 100), undefined)
})
