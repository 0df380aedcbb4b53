import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { toIso } from '../../kernel/time.ts'
import { countryCode } from './countries.ts'
import { localInstant } from './local-time.ts'

for (const [text, zone, want] of [
  ['2026-11-11 00:03:05', 'Asia/Shanghai', '2026-11-10T16:03:05.000Z'],
  ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
  ['2026-01-01 00:00:00', 'America/New_York', '2026-01-01T05:00:00.000Z'],
  ['2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['2026-02-30 00:00:00', 'UTC', undefined],
  ['2026-01-01 25:00:00', 'UTC', undefined],
  ['2026-01-01 00:00:00', 'Mars/Base', undefined],
  ['0000-00-00 00:00:00', 'UTC', undefined],
  ['yesterday', 'UTC', undefined],
] as const)
  test(`${text} in ${zone} is ${want ?? 'no instant'}`, () => {
    const at = localInstant(text, zone)
    assert.equal(at === undefined ? undefined : toIso(at), want)
  })

test('in Shanghai a wall time is always eight hours ahead', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
      const at = Math.floor(date.getTime() / 1000) * 1000
      assert.equal(localInstant(new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '), 'Asia/Shanghai'), at)
    }),
  )
})

for (const [text, want] of [
  ['DE', 'DE'],
  ['de', 'DE'],
  ['Germany', 'DE'],
  ['United States', 'US'],
  ['中国', 'CN'],
  ['Hong Kong', 'HK'],
  ['UK', 'GB'],
  ['DD', undefined],
  ['EU', undefined],
  ['Atlantis', undefined],
] as const)
  test(`the country ${text} is ${want ?? 'unknown'}`, () => assert.equal(countryCode(text), want))
