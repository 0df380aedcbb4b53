import assert from 'node:assert/strict'
import { test } from 'node:test'
import { figuresOf, isTrouble, told } from './metrics.ts'

test('plain figures are read, those with labels and comments are not', () => {
  const text = `# HELP fulcrum_waiting_commands Commands waiting
# TYPE fulcrum_waiting_commands gauge
fulcrum_waiting_commands 12
fulcrum_batch_ms_bucket{le="1",step="commit"} 3
fulcrum_memory_bytes 1.5e+8
fulcrum_broken x
`
  assert.deepEqual(
    [...figuresOf(text)],
    [
      ['fulcrum_waiting_commands', 12],
      ['fulcrum_memory_bytes', 150_000_000],
    ],
  )
})

test('one parked command is trouble, any number of stock positions is none', () => {
  const of = (word: string, value: number) => told.filter((one) => one.word === word).map((one) => isTrouble(one, value))
  assert.deepEqual([of('parked', 0), of('parked', 1), of('positions', 1e9)], [[false], [true], [false]])
})
