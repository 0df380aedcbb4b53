import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bulk, bulkInsert, together, valuesOf } from './bulk.ts'
import { statement } from './database.ts'
import { made } from './write.ts'

const columns = { name: 'text', size: 'integer' } as const
const boxes = bulkInsert('test.insertBoxes', 'boxes', columns)
const marks = bulkInsert('test.insertMarks', 'marks', columns)
const unique = bulk('test.upsertBoxes', columns, 'select 1', ([name]) => String(name))
const alone = { statement: statement('test.touchBox', 'select 1'), values: [1] }
const rowsOf = (...rows: (readonly [string, number])[]) => valuesOf(columns, rows)

test('rows of one statement leave in one run of it, where the first of them stood', () => {
  const sent = together([boxes.write([['a', 1]]), marks.write([['m', 1]]), alone, boxes.write([['b', 2]]), alone, marks.write([['n', 2]])])
  assert.deepEqual(
    sent.map((write) => [write.statement.name, write.values]),
    [
      ['test.insertBoxes', rowsOf(['a', 1], ['b', 2])],
      ['test.insertMarks', rowsOf(['m', 1], ['n', 2])],
      ['test.touchBox', [1]],
      ['test.touchBox', [1]],
    ],
  )
})

test('a row whose key is in the run already goes into a later one, in the order they were given', () => {
  const sent = together([
    unique.write([['a', 1]]),
    unique.write([['b', 2]]),
    unique.write([['a', 3]]),
    unique.write([
      ['b', 4],
      ['c', 5],
    ]),
  ])
  assert.deepEqual(
    sent.map((write) => write.values),
    [rowsOf(['a', 1], ['b', 2]), rowsOf(['a', 3], ['b', 4], ['c', 5])],
  )
})

test('a write that is made has its arrays at hand; one that is not makes them when it is sent', () => {
  const [write, ready] = [boxes.write([['a', 1]]), made(boxes.write([['a', 1]]))]
  assert.notEqual(write.values, write.values)
  assert.equal(ready.values, ready.values)
  assert.deepEqual(ready, { statement: boxes.statement, values: rowsOf(['a', 1]) })
})
