import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fatesByKind } from './fates.ts'

const NOTE = { en: 'gone', zh: '没了' }

test('each kind counts what it made and what became of the orders that it hit, those nobody has looked at as adrift', () => {
  const made = [
    { kind: 'lostParcel', note: NOTE, orderIds: ['a'] },
    { kind: 'lostParcel', note: NOTE, orderIds: ['b', 'c'] },
    { kind: 'badAddress', note: NOTE, orderIds: [] },
  ] as const
  const fates = fatesByKind(
    made,
    new Map([
      ['a', 'over'],
      ['b', 'owned'],
    ]),
  )
  assert.deepEqual(Object.fromEntries(fates), {
    lostParcel: { made: 2, over: 1, owned: 1, adrift: 1 },
    badAddress: { made: 1, over: 0, owned: 0, adrift: 0 },
  })
})
