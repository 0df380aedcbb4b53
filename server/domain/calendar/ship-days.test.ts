import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CalendarInput } from '../../../contract/entities/calendar.ts'
import { instant, parseInstant, toIso, type Instant } from '../../kernel/time.ts'
import { present } from '../../kernel/assert.ts'
import { dayNumber, dayText, minuteOfDay } from './day.ts'
import { holidaysOf } from './holidays.ts'
import { ALWAYS_OPEN, prepareCalendar, type CalendarRules } from './rules.ts'
import { compileShipDays, nextShipBy, shipDayIndex, type NodeHours } from './ship-days.ts'
import { addWorkingDays, addWorkingMs, compileCalendar, isWorkingDay } from './working-time.ts'

const week: CalendarInput = {
  calendarId: 'cn',
  name: '工作日',
  country: 'CN',
  weekly: [
    {
      days: [1, 2, 3, 4, 5],
      hours: [
        { from: '09:00', to: '12:00' },
        { from: '13:00', to: '18:00' },
      ],
    },
  ],
}
const china = prepareCalendar(week, holidaysOf('CN', undefined, 2026, 2027))
const german = prepareCalendar({ ...week, country: 'DE' }, holidaysOf('DE', undefined, 2026, 2027))
const from = dayNumber('2026-01-01')
const at = (iso: string): Instant => present(parseInstant(iso), iso)
const hours = (rules: CalendarRules, zone: string, cutOff: string | undefined, handlingMinutes: number): NodeHours => ({
  time: compileCalendar(rules, zone, from, from + 500),
  cutOffMinute: cutOff === undefined ? undefined : minuteOfDay(cutOff),
  handlingMinutes,
})

type Case = [
  name: string,
  rules: CalendarRules,
  zone: string,
  cutOff: string | undefined,
  handling: number,
  release: string,
  shipBy: string,
]
const cases: Case[] = [
  [
    'before the cut-off leaves the same day',
    china,
    'Asia/Shanghai',
    '16:00',
    0,
    '2026-06-10T15:59:59.999+08:00',
    '2026-06-10T10:00:00.000Z',
  ],
  [
    'at the cut-off leaves the next working day',
    china,
    'Asia/Shanghai',
    '16:00',
    0,
    '2026-06-10T16:00:00+08:00',
    '2026-06-11T10:00:00.000Z',
  ],
  ['Friday evening leaves on Monday', china, 'Asia/Shanghai', '16:00', 0, '2026-06-12T17:00:00+08:00', '2026-06-15T10:00:00.000Z'],
  [
    'a night release leaves the same morning’s day',
    china,
    'Asia/Shanghai',
    '16:00',
    0,
    '2026-06-10T03:00:00+08:00',
    '2026-06-10T10:00:00.000Z',
  ],
  ['National Day waits until 8 October', china, 'Asia/Shanghai', '16:00', 0, '2026-09-30T17:00:00+08:00', '2026-10-08T10:00:00.000Z'],
  ['a make-up Saturday ships', china, 'Asia/Shanghai', '16:00', 0, '2026-10-09T17:00:00+08:00', '2026-10-10T10:00:00.000Z'],
  ['a make-up Sunday ships', china, 'Asia/Shanghai', '16:00', 0, '2026-09-19T10:00:00+08:00', '2026-09-20T10:00:00.000Z'],
  [
    'handling counts working minutes, not the lunch break',
    china,
    'Asia/Shanghai',
    undefined,
    300,
    '2026-06-10T11:00:00+08:00',
    '2026-06-10T10:00:00.000Z',
  ],
  [
    'handling that does not fit moves the day',
    china,
    'Asia/Shanghai',
    undefined,
    361,
    '2026-06-10T11:00:00+08:00',
    '2026-06-11T10:00:00.000Z',
  ],
  ['handling over a weekend', china, 'Asia/Shanghai', '12:00', 960, '2026-06-12T10:00:00+08:00', '2026-06-16T10:00:00.000Z'],
  [
    'always open, no cut-off: the day ends at 23:59',
    ALWAYS_OPEN,
    'Asia/Shanghai',
    undefined,
    0,
    '2026-06-10T11:00:00+08:00',
    '2026-06-10T15:59:00.000Z',
  ],
  [
    'always open: at midnight a new day',
    ALWAYS_OPEN,
    'Asia/Shanghai',
    undefined,
    0,
    '2026-06-11T00:00:00+08:00',
    '2026-06-11T15:59:00.000Z',
  ],
  [
    'the last winter second before the clock jumps',
    ALWAYS_OPEN,
    'Europe/Berlin',
    '02:30',
    0,
    '2026-03-29T01:59:59+01:00',
    '2026-03-29T21:59:00.000Z',
  ],
  [
    'a cut-off in the skipped hour falls after the jump',
    ALWAYS_OPEN,
    'Europe/Berlin',
    '02:30',
    0,
    '2026-03-29T03:29:00+02:00',
    '2026-03-29T21:59:00.000Z',
  ],
  ['and is over then', ALWAYS_OPEN, 'Europe/Berlin', '02:30', 0, '2026-03-29T03:30:00+02:00', '2026-03-30T21:59:00.000Z'],
  [
    'a cut-off that comes twice counts the first time',
    ALWAYS_OPEN,
    'Europe/Berlin',
    '02:30',
    0,
    '2026-10-25T02:30:00+02:00',
    '2026-10-26T22:59:00.000Z',
  ],
  [
    'the day of 23 hours has 23 hours of handling',
    ALWAYS_OPEN,
    'Europe/Berlin',
    undefined,
    1380,
    '2026-03-29T00:00:00+01:00',
    '2026-03-29T21:59:00.000Z',
  ],
  ['and no minute more', ALWAYS_OPEN, 'Europe/Berlin', undefined, 1381, '2026-03-29T00:00:00+01:00', '2026-03-30T21:59:00.000Z'],
  ['German cut-off after the clock change', german, 'Europe/Berlin', '14:00', 0, '2026-10-26T13:59:00+01:00', '2026-10-26T17:00:00.000Z'],
  ['labour day in Germany', german, 'Europe/Berlin', '14:00', 0, '2026-04-30T14:00:00+02:00', '2026-05-04T16:00:00.000Z'],
]

for (const [name, rules, zone, cutOff, handling, release, shipBy] of cases) {
  test(`ship by: ${name}`, () => {
    const node = hours(rules, zone, cutOff, handling)
    assert.equal(toIso(present(nextShipBy(node, at(release)), 'departure').shipBy), shipBy)
    const days = compileShipDays(node)
    assert.equal(toIso(instant(present(days.shipBy[shipDayIndex(days, at(release))], 'compiled departure'))), shipBy)
  })
}

test('closedOn beats openOn, openOn beats holidays, make-up workdays beat the weekend', () => {
  const rules = prepareCalendar(
    {
      ...week,
      closedOn: ['2026-06-10', '2026-10-10'],
      openOn: [{ day: '2026-06-10' }, { day: '2026-10-02' }, { day: '2026-06-14', hours: [{ from: '10:00', to: '11:00' }] }],
    },
    holidaysOf('CN', undefined, 2026, 2026),
  )
  const time = compileCalendar(rules, 'Asia/Shanghai', from, from + 365)
  const open = (text: string): boolean | undefined => isWorkingDay(time, dayNumber(text))
  assert.deepEqual(['2026-06-10', '2026-10-10', '2026-10-02', '2026-06-14', '2026-06-13', '2026-09-20', '2025-12-31'].map(open), [
    false,
    false,
    true,
    true,
    false,
    true,
    undefined,
  ])
  assert.equal(dayText(present(addWorkingDays(time, dayNumber('2026-06-09'), 1), 'day')), '2026-06-11')
  assert.equal(dayText(present(addWorkingDays(time, dayNumber('2026-06-13'), 0), 'day')), '2026-06-14')
  assert.equal(addWorkingDays(time, dayNumber('2026-12-30'), 5), undefined)
})

test('a calendar that never opens gives no departure and does not loop', () => {
  const never = prepareCalendar(
    { calendarId: 'x', name: 'x', weekly: [{ days: [1], hours: [{ from: '10:00', to: '09:00' }] }] },
    ALWAYS_OPEN.holidays,
  )
  const node = hours(never, 'UTC', '10:00', 30)
  assert.equal(nextShipBy(node, at('2026-03-01T00:00:00Z')), undefined)
  assert.equal(compileShipDays(node).latest.length, 0)
})

const nodeHours = fc
  .record({
    rules: fc.constantFrom(china, german, ALWAYS_OPEN),
    zone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
    cutOff: fc.option(fc.constantFrom('00:00', '02:30', '08:00', '12:30', '16:00', '18:00', '23:59'), { nil: undefined }),
    handling: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6000 }), fc.constantFrom(180, 480, 960, 1440, 1380)),
  })
  .map(({ rules, zone, cutOff, handling }) => hours(rules, zone, cutOff, handling))
const release = fc
  .oneof(
    fc.integer({ min: at('2026-02-01T00:00:00Z'), max: at('2027-01-15T00:00:00Z') }),
    fc.integer({ min: 0, max: 20_000 }).map((n) => at('2026-02-01T00:00:00Z') + n * 1_800_000 - (n % 3)),
  )
  .map((ms) => instant(Math.min(ms, at('2027-01-15T00:00:00Z'))))

test('the compiled step function says what the calendar arithmetic says', () => {
  fc.assert(
    fc.property(nodeHours, fc.array(release, { minLength: 20, maxLength: 20 }), (node, releases) => {
      const days = compileShipDays(node)
      for (const r of releases) {
        const exact = present(nextShipBy(node, r), 'departure')
        const i = shipDayIndex(days, r)
        assert.deepEqual([days.shipBy[i], days.day[i]], [exact.shipBy, exact.day], toIso(r))
      }
    }),
    { numRuns: 150 },
  )
})

test('a later release never leaves earlier, and nothing leaves before its release', () => {
  fc.assert(
    fc.property(nodeHours, release, fc.integer({ min: 0, max: 20 * 86_400_000 }), (node, r, later) => {
      const a = present(nextShipBy(node, r), 'a')
      const b = present(nextShipBy(node, instant(r + later)), 'b')
      assert.ok(b.shipBy >= a.shipBy && b.readyAt >= a.readyAt)
      assert.ok(a.readyAt >= r && a.shipBy >= a.readyAt - 60_000)
    }),
    { numRuns: 200 },
  )
})

test('working time adds up: a then b is a plus b', () => {
  const time = compileCalendar(china, 'Asia/Shanghai', from, from + 500)
  const part = fc.integer({ min: 1, max: 2_000_000_000 })
  fc.assert(
    fc.property(release, part, part, (r, a, b) => {
      const whole = addWorkingMs(time, r, a + b)
      const half = addWorkingMs(time, r, a)
      assert.equal(half && addWorkingMs(time, half.at, b)?.at, whole?.at)
    }),
    { numRuns: 200 },
  )
})
