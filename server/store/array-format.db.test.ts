import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testDatabase } from '../../test/support/database.ts'
import { Defect } from '../kernel/assert.ts'
import { arrayFrom, arrayOf, type Element } from './array-format.ts'

const db = await testDatabase()
const readBack = async (element: Element, values: readonly unknown[]): Promise<unknown[]> => {
  const { rows } = await db.pool.query<{ value: unknown }>(`select unnest($1::${element}[])::text as value`, [arrayFrom(element, values)])
  return rows.map((row) => row.value)
}
const orNull = <T>(values: fc.Arbitrary<T>) => fc.array(fc.option(values), { maxLength: 20 })

test('PostgreSQL reads every kind of array as it was written, nulls and emptiness included', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 50 }).filter((value) => !value.includes('\0'))
  await fc.assert(
    fc.asyncProperty(
      orNull(text),
      orNull(fc.integer({ min: -32_768, max: 32_767 })),
      orNull(fc.integer()),
      orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      orNull(fc.uint8Array({ maxLength: 40 })),
      orNull(fc.boolean()),
      orNull(fc.jsonValue()),
      async (texts, smalls, integers, bigs, bytes, truths, docs) => {
        const words = (values: readonly (number | bigint | boolean | null)[]) =>
          values.map((value) => (value === null ? null : String(value)))
        assert.deepEqual(await readBack('text', texts), texts)
        assert.deepEqual(await readBack('smallint', smalls), words(smalls))
        assert.deepEqual(await readBack('integer', integers), words(integers))
        assert.deepEqual(await readBack('bigint', words(bigs)), words(bigs))
        const hex = bytes.map((value) => (value === null ? null : `\\x${Buffer.from(value).toString('hex')}`))
        assert.deepEqual(await readBack('bytea', bytes), hex)
        assert.deepEqual(await readBack('boolean', truths), words(truths))
        const json = docs.map((value) => (value === null ? null : JSON.stringify(value)))
        assert.deepEqual(await readBack('json', json), json)
      },
    ),
    { numRuns: 50 },
  )
})

test('instants, days and whole numbers beyond 32 bits arrive exactly', async () => {
  const instants = [0, -1, 946_684_800_000, Date.parse('2026-11-21T08:00:00.123Z'), Date.parse('1969-12-31T23:59:59.999Z')]
  const { rows } = await db.pool.query<{ ms: string }>(
    `select (extract(epoch from at) * 1000)::bigint::text as ms from unnest($1::timestamptz[]) as at`,
    [arrayFrom('timestamptz', instants)],
  )
  assert.deepEqual(
    rows.map((row) => Number(row.ms)),
    instants,
  )
  assert.deepEqual(await readBack('date', ['2026-11-21', '1999-12-31']), ['2026-11-21', '1999-12-31'])
  const numbers = [2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 32, -1, 0]
  assert.deepEqual(await readBack('bigint', numbers), numbers.map(String))
})

test('a column of rows is the array of its values; a text longer than the buffer makes it grow', async () => {
  const long = '龙'.repeat(600_000)
  const rows = [
    ['a', long],
    ['b', undefined],
  ]
  const { rows: read } = await db.pool.query<{ size: number | null }>(`select length(value) as size from unnest($1::text[]) as value`, [
    arrayOf('text', rows, 1),
  ])
  assert.deepEqual(
    read.map((row) => row.size),
    [600_000, null],
  )
})

test('text that is no JSON is refused by PostgreSQL in a column of JSON', async () => {
  await assert.rejects(readBack('json', ['{"a":1}', '{"a":']), { code: '22P02' })
})

test('a value of another kind than its column is a defect, never a silent zero', () => {
  assert.throws(() => arrayFrom('text', [1]), Defect)
  assert.throws(() => arrayFrom('bytea', ['text']), Defect)
  assert.throws(() => arrayFrom('bigint', [0.5]), Defect)
  assert.throws(() => arrayFrom('timestamptz', [Number.NaN]), Defect)
  assert.throws(() => arrayFrom('integer', [undefined, 'x']))
})
