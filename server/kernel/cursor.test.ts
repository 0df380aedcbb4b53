import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeCursor, decodePageKey, encodeCursor, encodePageKey } from './cursor.ts'

const position = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))
const PATTERN = /^[A-Za-z0-9_.~:-]{1,512}$/

test('a log cursor gives back its positions, in at most 512 characters for 64 log shards', () => {
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 64 }), (positions) => {
      const text = encodeCursor(positions)
      assert.match(text, PATTERN)
      assert.deepEqual(decodeCursor(text, positions.length), positions)
    }),
  )
})

test('a cursor that was cut, changed, or made for another number of log shards is no cursor', () => {
  fc.assert(
    fc.property(fc.array(position, { minLength: 1, maxLength: 8 }), fc.nat(), (positions, at) => {
      const text = encodeCursor(positions)
      assert.equal(decodeCursor(text, positions.length + 1), undefined)
      assert.equal(decodeCursor(text.slice(0, at % text.length), positions.length), undefined)
      const i = at % text.length
      const changed = `${text.slice(0, i)}${text[i] === 'a' ? 'b' : 'a'}${text.slice(i + 1)}`
      assert.equal(decodeCursor(changed, positions.length), undefined)
    }),
  )
})

test('no text makes a reader of cursors throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      decodeCursor(text, 1)
      decodePageKey('orders', ['string'], text)
    }),
  )
})

test('a page key gives back its parts to its own list and to no other', () => {
  fc.assert(
    fc.property(fc.string(), fc.maxSafeInteger(), (key, no) => {
      const text = encodePageKey('stock', [key, no])
      assert.deepEqual(decodePageKey('stock', ['string', 'number'], text), [key, no])
      assert.equal(decodePageKey('orders', ['string', 'number'], text), undefined)
      assert.equal(decodePageKey('stock', ['string'], text), undefined)
      assert.equal(decodePageKey('stock', ['number', 'number'], text), undefined)
      assert.equal(decodeCursor(text, 1), undefined)
    }),
  )
})

test('the longest key that a fact may have fits into a cursor', () => {
  assert.match(encodePageKey('complianceRule', ['x'.repeat(128)]), PATTERN)
  assert.ok(encodePageKey('complianceRule', ['测'.repeat(112)]).length <= 512)
})
