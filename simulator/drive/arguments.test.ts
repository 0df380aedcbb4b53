import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readArguments } from './arguments.ts'

test('what is not said has its default, what is said counts', () => {
  assert.deepEqual(readArguments([]), { orders: 1000, hours: 24, rate: undefined, faults: false, troubles: 0, kill: false, seed: 1 })
  const said = readArguments(['--orders', '20000', '--rate', '500', '--faults', '--seed', '7', '--kill', '--troubles', '2', '--hours', '6'])
  assert.deepEqual(said, { orders: 20_000, hours: 6, rate: 500, faults: true, troubles: 2, kill: true, seed: 7 })
})

test('what cannot be meant is refused with what was expected', () => {
  for (const args of [['--orders', 'many'], ['--orders'], ['--rate', '0'], ['--hours', '500'], ['--nonsense'], ['7']])
    assert.throws(() => readArguments(args), /expected/, args.join(' '))
})
