import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, readJson } from './lossless-json.ts'

function value(text: string): unknown {
  const read = readJson(text)
  assert.equal(read.status, 'read')
  return read.status === 'read' ? read.value : undefined
}

test('an integer of any length keeps every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (integer) => {
      const got = value(`{"id":${integer}}`)
      assert.deepEqual(got, {
        id: BigInt(Number(integer)) === integer && Number.isSafeInteger(Number(integer)) ? Number(integer) : String(integer),
      })
    }),
  )
})

test('decimals and exponents keep their source text', () => {
  assert.deepEqual(value('[0.1, 12.30, 1e2, -0.0, 1.0]'), ['0.1', '12.30', '1e2', '-0.0', '1.0'])
})

test('digits inside strings and keys stay as they are', () => {
  assert.deepEqual(value('{"12345678901234567890.5":"a \\" 98765432109876543210.1 }"}'), {
    '12345678901234567890.5': 'a " 98765432109876543210.1 }',
  })
})

test('without decimals or big integers the result is that of JSON.parse', () => {
  fc.assert(
    fc.property(fc.json({ noUnicodeString: false, maxDepth: 4 }), (text) => {
      if (/\d[.eE]|\d{16}/.test(text)) return
      assert.deepEqual(value(text), JSON.parse(text))
    }),
  )
})

for (const [what, text, code] of [
  ['longer than the limit', `"${'x'.repeat(5_000_000)}"`, 'body_too_large'],
  ['nested 100 deep', `${'['.repeat(100)}${']'.repeat(100)}`, 'body_too_deep'],
  ['half a million values wide', `[${'1,'.repeat(500_000)}1]`, 'body_too_wide'],
  ['empty', '', 'not_json'],
  ['a form', 'webhook_id=12', 'not_json'],
  ['cut off', '{"a":', 'not_json'],
] as const)
  test(`a body that is ${what} is answered with ${code}, not thrown`, () => {
    const read = readJson(text)
    assert.equal(read.status === 'unreadable' && read.code, code)
  })

test('any text is read or refused, never thrown', () => {
  fc.assert(fc.property(fc.string(), (text) => void readJson(text)))
})

test('canonical text ignores key order, whitespace and the paths left out', () => {
  const a = value('{"b":[{"x":1,"seen":5}],"a":2,"at":"now"}')
  const b = value('{ "a":2, "at":"later", "b":[ {"seen":6,"x":1} ] }')
  const leaveOut = new Set(['at', 'b[].seen'])
  assert.equal(canonicalJson(a, leaveOut), canonicalJson(b, leaveOut))
  assert.notEqual(canonicalJson(a), canonicalJson(b))
})
