import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { idFromInt8, idSource, idToInt8, parseId, shardOfId, shardOfRef, writeId } from './ids.ts'

test('an id survives the way to the database and back, for every 63-bit value', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (value) => {
      const id = idFromInt8('ord', value)
      assert.equal(idToInt8(id), value.toString())
      const bytes = Buffer.alloc(12)
      assert.equal(writeId(id, bytes, 2), 10)
      assert.equal(bytes.readBigInt64BE(2), value)
      assert.equal(parseId('ord', id), id)
    }),
  )
})

test('the public form sorts as the number does', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (a, b) => {
      assert.equal(idFromInt8('ord', a) < idFromInt8('ord', b), a < b)
    }),
  )
})

test('ids of one source strictly increase, also past 1,024 a ms and when the clock goes back, and carry their shard', () => {
  const times = [1_700_000_000_000, 1_700_000_000_000, 1_699_999_999_000]
  let call = 0
  const source = idSource(
    () => times[Math.min(Math.floor(call++ / 2000), 2)] ?? 0,
    () => 31,
  )
  const last = new Map<number, string>()
  for (let i = 0; i < 6000; i++) {
    const shard = i % 64
    const id = source.next('ord', shard)
    assert.equal(shardOfId(id), shard)
    const before = last.get(shard)
    assert.ok(before === undefined || before < id)
    last.set(shard, id)
  }
})

test('another prefix, length or alphabet is not an id', () => {
  for (const text of [
    '',
    'ord',
    'ord_',
    'ful_0000000000000',
    'ord_000000000000',
    'ord_00000000000000',
    'ord_z000000000000',
    'ord_000000000000u',
  ])
    assert.equal(parseId('ord', text), undefined, text)
})

test('a shard is 0..63 and depends on both parts', () => {
  assert.ok(shardOfRef('a', 'b') >= 0 && shardOfRef('a', 'b') < 64)
  assert.notEqual(shardOfRef('ab', 'c'), shardOfRef('a', 'bc'))
})
