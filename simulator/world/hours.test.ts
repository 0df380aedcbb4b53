import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf, hourOf, nextHour, nextOpen } from './hours.ts'

const at = (text: string): number => Date.parse(`${text}+08:00`)

const cases: readonly (readonly [calendar: string | undefined, now: string, open: string])[] = [
  ['six-days', '2026-11-25T07:59:00', '2026-11-25T08:00:00'],
  ['six-days', '2026-11-25T12:00:00', '2026-11-25T12:00:00'],
  ['six-days', '2026-11-25T20:00:00', '2026-11-26T08:00:00'],
  ['six-days', '2026-11-28T21:00:00', '2026-11-30T08:00:00'], // Saturday night to Monday
  ['office-days', '2026-11-27T18:30:00', '2026-11-30T09:00:00'], // Friday night to Monday
  ['long-days', '2026-11-29T01:00:00', '2026-11-29T07:00:00'],
  [undefined, '2026-11-29T01:00:00', '2026-11-29T01:00:00'],
]

test('work goes on in the next open hour of the calendar', () => {
  for (const [calendar, now, open] of cases) assert.equal(nextOpen(calendar, at(now)), at(open), `${calendar} ${now}`)
})

test('the next hour of the clock is today or tomorrow', () => {
  assert.equal(nextHour(at('2026-11-25T18:00:00'), 18), at('2026-11-25T18:00:00'))
  assert.equal(nextHour(at('2026-11-25T18:01:00'), 18), at('2026-11-26T18:00:00'))
  assert.equal(hourOf(at('2026-11-25T23:30:00')), 23)
  assert.equal(dayOf(at('2026-11-26T00:00:00')) - dayOf(at('2026-11-25T23:59:59')), 1)
})
