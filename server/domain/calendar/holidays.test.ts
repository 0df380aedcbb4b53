import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { dayNumber, dayText } from './day.ts'
import { holidaysOf } from './holidays.ts'

const has = (set: ReadonlySet<number>, text: string): boolean => set.has(dayNumber(text))

test('China follows the decree: National Day 2026 closes 1–7 October, 20 September and 10 October are worked', () => {
  const china = holidaysOf('CN', undefined, 2026, 2026)
  for (let day = 1; day <= 7; day += 1) assert.ok(has(china.closed, `2026-10-0${day}`))
  assert.ok(!has(china.closed, '2026-10-08'))
  assert.deepEqual([...china.makeUp].map(dayText), ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])
  assert.equal(china.decreedThrough, 2026)
})

test('a Chinese year without a decree has its 13 statutory days and no make-up workdays', () => {
  const china = holidaysOf('CN', undefined, 2033, 2033)
  assert.equal(
    [...china.closed].map(dayText).sort().join(' '),
    '2033-01-01 2033-01-30 2033-01-31 2033-02-01 2033-02-02 2033-04-04 2033-05-01 2033-05-02 2033-06-01 2033-09-08 2033-10-01 2033-10-02 2033-10-03',
  )
  assert.equal(china.makeUp.size, 0)
  assert.equal(china.decreedThrough, undefined)
})

test('Spring Festival of a year without a decree is that of the almanac, also where the moon is new minutes before midnight', () => {
  for (const [year, days] of [
    [2027, '2027-02-05 2027-02-06 2027-02-07 2027-02-08'],
    [2028, '2028-01-25 2028-01-26 2028-01-27 2028-01-28'],
    [2030, '2030-02-02 2030-02-03 2030-02-04 2030-02-05'],
  ] as const) {
    const closed = holidaysOf('CN', undefined, year, year).closed
    for (const day of days.split(' ')) assert.ok(has(closed, day), day)
    assert.ok(!has(closed, dayText(dayNumber(days.slice(0, 10)) - 1)) && !has(closed, dayText(dayNumber(days.slice(-10)) + 1)), days)
  }
})

test('other countries follow their public rules, with substitutes and the holidays of a subdivision', () => {
  const cases: [string, string | undefined, string, boolean][] = [
    ['DE', undefined, '2026-05-01', true],
    ['DE', undefined, '2026-06-04', false],
    ['DE', 'BY', '2026-06-04', true],
    ['US', undefined, '2026-07-03', true],
    ['US', undefined, '2026-11-26', true],
    ['GB', undefined, '2026-12-28', true],
    ['JP', undefined, '2026-09-22', true],
    ['XX', undefined, '2026-12-25', false],
  ]
  for (const [country, subdivision, day, closed] of cases) {
    assert.equal(has(holidaysOf(country, subdivision, 2026, 2026).closed, day), closed, `${country} ${subdivision} ${day}`)
  }
})

test('holidays do not depend on the zone of the process', () => {
  const file = new URL('holidays.ts', import.meta.url).href
  const code = `import { holidaysOf } from '${file}'
    process.stdout.write(JSON.stringify(['CN', 'DE', 'US'].map((c) => [...holidaysOf(c, undefined, 2025, 2028).closed].sort())))`
  const [west, east] = ['America/Los_Angeles', 'Pacific/Auckland'].map((TZ) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { env: { TZ }, encoding: 'utf8' }),
  )
  assert.ok((west ?? '').length > 100)
  assert.equal(west, east)
})
