import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFor } from './formats.ts'

const [en, zh] = [formatFor('en'), formatFor('zh-CN')]
const HOUR = 3_600_000

const lengths = [
  ['nothing', 0, '0 sec', '0秒'],
  ['less than a second', 900, '0 sec', '0秒'],
  ['seconds', 59_000, '59 sec', '59秒'],
  ['minutes and seconds', 61_000, '1 min 1 sec', '1分钟 1秒'],
  ['a whole hour has no minutes', HOUR, '1 hr', '1小时'],
  ['days and hours, no minutes', 51 * HOUR + 59_000, '2 days 3 hr', '2天 3小时'],
] as const
for (const [name, ms, english, chinese] of lengths)
  test(`a length of time is its two coarsest units: ${name}`, () => {
    assert.deepEqual([en.duration(ms), zh.duration(ms)], [english, chinese])
  })

test('money has the currency’s own digits: none for yen, two for yuan, three for dinars', () => {
  assert.deepEqual([en.money(1234, 'JPY'), en.money(1234, 'CNY'), en.money(1234, 'KWD')], ['¥1,234', 'CN¥12.34', 'KWD\u00a01.234'])
  assert.deepEqual(
    [en.money(1_250_000, 'HUF'), en.money(1_250_050, 'COP'), zh.money(99, 'PKR')],
    ['HUF\u00a012,500.00', 'COP\u00a012,500.50', 'PKR\u00a00.99'],
  )
  assert.equal(zh.money(1234, 'CNY'), '¥12.34')
})

test('a day tells its year where that is not near, and the reader’s zone has a name and an offset', () => {
  const near = new Date(Date.now() - 3 * 24 * HOUR).toISOString()
  assert.doesNotMatch(en.at(near), /\d{4}/)
  assert.match(en.at('2019-02-03T04:05:06Z'), /2019/)
  assert.match(zh.day('2019-02-03T04:05:06Z'), /2019年/)
  assert.match(en.zone, /^[\w/+-]+ \((?:GMT|UTC)[+−-]?[\d:]*\)$/)
})
