import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toIso } from '../../kernel/time.ts'
import { readScanTime } from './scan-time.ts'

type Format = Parameters<typeof readScanTime>[1]
/** What a carrier writes, how, and what it says in Shanghai's zone; undefined for no time. */
const rows: readonly [string, Format, string | undefined][] = [
  ['2026-11-20 08:30:00', 'iso', '2026-11-20T00:30:00.000Z'],
  ['2026-11-20T08:30:00+02:00', 'iso', '2026-11-20T06:30:00.000Z'],
  ['2026-11-20T08:30:00+0200', 'iso', '2026-11-20T06:30:00.000Z'],
  ['2026-11-20 08:30:00 +02:00', 'iso', '2026-11-20T06:30:00.000Z'],
  ['2026-11-20 08:30:00 GMT-04:00', 'iso', '2026-11-20T12:30:00.000Z'],
  ['2026-11-20 08:30:00 UTC', 'iso', '2026-11-20T08:30:00.000Z'],
  ['2026/11/20 08:30:00', 'iso', '2026-11-20T00:30:00.000Z'],
  ['2026-11-20 08:30', 'iso', '2026-11-20T00:30:00.000Z'],
  ['2026-11-20', 'iso', '2026-11-19T16:00:00.000Z'],
  ['20261120 083000', 'compact', '2026-11-20T00:30:00.000Z'],
  ['20261120083000', 'compact', '2026-11-20T00:30:00.000Z'],
  ['1795163400000', 'epochMillis', '2026-11-20T08:30:00.000Z'],
  ['1970-01-01T00:00:00Z', 'iso', undefined],
  ['1970-01-01 08:00:00', 'iso', undefined],
  ['0001-01-01 00:00:00', 'iso', undefined],
  ['9999-12-31 23:59:59', 'iso', undefined],
  ['00000000', 'compact', undefined],
  ['99991231', 'compact', undefined],
  ['31.12.9999', 'german', undefined],
  ['99999999999999', 'epochMillis', undefined],
]
for (const [text, format, expected] of rows)
  test(`${text} as ${format} is ${expected ?? 'no time of a scan'}`, () => {
    const time = readScanTime(text, format, undefined, { fallback: 'Asia/Shanghai' })
    assert.equal(time && toIso(time.at), expected)
  })
