import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { parseId } from '../../kernel/ids.ts'
import { DAY, instant } from '../../kernel/time.ts'
import { TrackLinks } from './track-links.ts'

const links = new TrackLinks(createSecretKey(Buffer.alloc(32, 1)))
const others = new TrackLinks(createSecretKey(Buffer.alloc(32, 2)))
const now = instant(1_000 * DAY)
const order = parseId('ord', 'ord_0000000000001')
const other = 'ord_0000000000002'
assert.ok(order !== undefined)
const { token, expiresAt } = links.make(order, now)
const [id = '', end = '', signature = ''] = token.split('.')

test('a link leads to its order until its last millisecond', () => {
  assert.equal(links.open(token, now), order)
  assert.equal(links.open(token, instant(expiresAt - 1)), order)
  assert.equal(links.open(token, expiresAt), undefined)
})

const forged = [
  ['another order', `${other}.${end}.${signature}`],
  ['a later end', `${id}.${(Number.parseInt(end, 36) + 1).toString(36)}.${signature}`],
  ['one bit of the signature', `${id}.${end}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`],
  ['no signature', `${id}.${end}.`],
  ['nothing', ''],
] as const
for (const [what, text] of forged)
  test(`a link that was changed leads nowhere: ${what}`, () => {
    assert.equal(links.open(text, now), undefined)
  })

test('a link of another hub leads nowhere', () => {
  assert.equal(others.open(token, now), undefined)
})
