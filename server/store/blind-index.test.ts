import assert from 'node:assert/strict'
import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { BlindIndex } from './blind-index.ts'
import { parseMasterKeys } from './master-key.ts'

test('an index is the first half of HMAC-SHA256 over field and normalised value, so that what was written before is found', () => {
  const keys = { ...parseMasterKeys(randomBytes(32).toString('hex')), indexKey: createSecretKey(randomBytes(32)) }
  const index = new BlindIndex(keys)
  const expected = (field: string, value: string) =>
    createHmac('sha256', keys.indexKey).update(`${field}\0${value}`).digest().subarray(0, 16)
  for (const email of ['a@b.cn', 'someone@example.org'])
    assert.deepEqual(Buffer.from(index.ofContact({ email }).emailIndex ?? []), expected('email', email))
  assert.deepEqual(Buffer.from(index.ofSearch('a@b.cn').emails[0] ?? []), expected('email', 'a@b.cn'))
})
