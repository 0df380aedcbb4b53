import assert from 'node:assert/strict'
import { test } from 'node:test'
import { troubleKinds } from '../../../contract/entities/trouble.ts'
import { en } from '../../i18n/en.ts'
import { businessTime } from '../session/business-now.ts'

const at = '2026-03-01T00:00:00.000Z'
const cases = [
  ['stands still at rate 0', 0, 90_000, 0],
  ['runs with the wall at rate 1', 1, 90_000, 90_000],
  ['runs an hour a minute at rate 60', 60, 60_000, 3_600_000],
  ['never runs back when the wall does', 60, -5_000, 0],
] as const
for (const [name, rate, wallMs, businessMs] of cases)
  test(`business time ${name}`, () => {
    assert.equal(businessTime({ at, rate }, 1_000, 1_000 + wallMs), Date.parse(at) + businessMs)
  })

test('every trouble that can be asked for has its words: what happens and what the hub does', () => {
  const words: Readonly<Record<string, string>> = en
  assert.ok(troubleKinds.length >= 12)
  for (const kind of troubleKinds)
    for (const key of [`trouble.${kind}`, `trouble.${kind}.happens`, `trouble.${kind}.hub`]) assert.ok(words[key], key)
})
