import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { instant, toIso } from '../../kernel/time.ts'
import { dayNumber, minuteOfDay } from './day.ts'
import { compileZone, isZone, localDay, localInstant, tableDay, tableInstant } from './zone.ts'

test('local times become instants, through gaps and overlaps of the clock', () => {
  const cases: [string, string, string, string][] = [
    ['Asia/Shanghai', '2026-10-01', '00:00', '2026-09-30T16:00:00.000Z'],
    ['UTC', '2026-10-01', '24:00', '2026-10-02T00:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '01:59', '2026-03-29T00:59:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:30:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '03:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    ['Europe/Berlin', '2026-10-25', '03:00', '2026-10-25T02:00:00.000Z'],
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30:00.000Z'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30:00.000Z'],
    ['Asia/Kolkata', '2026-06-01', '12:00', '2026-06-01T06:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-01', '00:00', '2025-12-31T10:00:00.000Z'],
  ]
  for (const [zone, day, time, iso] of cases) {
    assert.equal(toIso(localInstant(zone, dayNumber(day), minuteOfDay(time))), iso, `${zone} ${day} ${time}`)
  }
})

test('an unknown zone is told apart', () => {
  assert.deepEqual(['Asia/Shanghai', 'Mars/Olympus'].map(isZone), [true, false])
})

test('the table says what the zone says, all year, in every kind of zone', () => {
  const from = dayNumber('2026-01-01')
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Chatham', 'UTC']) {
    const table = compileZone(zone, from, from + 365)
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 364 }),
        fc.integer({ min: 0, max: 1440 }),
        fc.integer({ min: 0, max: 59_999 }),
        (d, minute, ms) => {
          const at = tableInstant(table, from + d, minute)
          assert.equal(at, localInstant(zone, from + d, minute))
          assert.equal(tableDay(table, instant(at + ms)), localDay(zone, instant(at + ms)))
        },
      ),
      { numRuns: 400 },
    )
  }
})
