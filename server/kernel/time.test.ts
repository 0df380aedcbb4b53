import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instant, parseInstant, toIso } from './time.ts'

test('an instant comes back from its own text', () => {
  const years = { min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) - 1 }
  fc.assert(fc.property(fc.integer(years), (ms) => parseInstant(toIso(instant(ms))) === ms))
})

test('text in the form of an instant means what the platform takes it for, days and hours that do not exist included', () => {
  const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))
  const text = fc
    .tuple(fc.constantFrom('1900', '1999', '2026', '2028', '2199'), two(13), two(32), two(24), two(60), two(59), two(99))
    .map(([year, month, day, hour, minute, second, ms]) => `${year}-${month}-${day}T${hour}:${minute}:${second}.0${ms}Z`)
  fc.assert(
    fc.property(text, (iso) => {
      const ms = Date.parse(iso)
      assert.equal(parseInstant(iso), Number.isNaN(ms) ? undefined : ms)
    }),
    { numRuns: 2000 },
  )
})

for (const text of [
  '',
  '2026-02-03',
  '2026-02-03T04:05:06',
  '2026-02-03 04:05:06Z',
  '2026-02-03T04:05:06.1234567890Z',
  'T2026-02-03T04:05:06.00Z',
])
  test(`"${text}" is no instant`, () => assert.equal(parseInstant(text), undefined))
