import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fault } from '../../kernel/fault.ts'
import { CsvParser } from './csv.ts'

function parse(...pieces: readonly string[]): string[][] {
  const parser = new CsvParser()
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.end()].map((record) => [...record.cells])
}

test('quotes, doubled quotes, commas and line breaks within quotes are part of the cell', () => {
  assert.deepEqual(parse('a,"b ""c"", d","line 1\nline 2"\n'), [['a', 'b "c", d', 'line 1\nline 2']])
})

test('LF, CRLF and CR end a record, a byte order mark and a missing last line break change nothing', () => {
  for (const end of ['\n', '\r\n', '\r'])
    assert.deepEqual(
      parse(`\uFEFFa,b${end}1,${end},2`),
      [
        ['a', 'b'],
        ['1', ''],
        ['', '2'],
      ],
      JSON.stringify(end),
    )
})

test('an empty line is a record of one empty cell, empty quotes are an empty cell', () => {
  assert.deepEqual(parse('a\n\n"",b\n'), [['a'], [''], ['', 'b']])
})

test('text around quotes is kept as it stands', () => {
  assert.deepEqual(parse('5" pipe,"a"b\n'), [['5" pipe', 'ab']])
})

test('each record knows the line it begins on', () => {
  const parser = new CsvParser()
  const records = [...parser.push('a\r\n"b\r\nb"\r\nc\r\n'), ...parser.end()]
  assert.deepEqual(
    records.map(({ line }) => line),
    [1, 2, 4],
  )
})

test('a quote that is never closed is named by its line, at the end and before it fills memory', () => {
  const unclosed = (error: unknown) => error instanceof Fault && /line 2 /.test(error.message)
  assert.throws(() => parse('a\n"b\nc\n'), unclosed)
  assert.throws(() => {
    const parser = new CsvParser()
    parser.push('a\n"')
    for (let i = 0; i < 20; i++) parser.push('x'.repeat(1 << 16))
  }, unclosed)
})

test('what was written is read, however it is cut into pieces', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é', '龙', ' ') })
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat(200), { maxLength: 8 }), (rows, end, cuts) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',') + end).join('')
      const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length]
      const pieces = at.slice(1).map((to, i) => text.slice(at[i], to))
      assert.deepEqual(parse(...pieces), rows)
    }),
  )
})
