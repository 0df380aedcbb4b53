import assert from 'node:assert/strict'
import test from 'node:test'
import { requestMachine, workMachine } from './work-machine.ts'

/** Every state that a machine can come to from its first one. */
function reachable(machine: Readonly<Record<string, Readonly<Record<string, string>>>>, first: string): ReadonlySet<string> {
  const seen = new Set([first])
  for (const state of seen) for (const next of Object.values(machine[state] ?? {})) seen.add(next)
  return seen
}

for (const [name, machine, first] of [
  ['work', workMachine, 'planned'],
  ['request', requestMachine, 'none'],
] as const) {
  test(`${name}: every state is reached and every step leads to a state`, () => {
    const seen = reachable(machine, first)
    assert.deepEqual([...seen].toSorted(), Object.keys(machine).toSorted())
  })
}

test('work: every state has a way to an end, and an end has no way out', () => {
  for (const state of Object.keys(workMachine)) {
    const ends = [...reachable(workMachine, state)].filter((one) => one === 'done' || one === 'cancelled')
    assert.ok(ends.length > 0, state)
  }
  assert.deepEqual([workMachine.done, workMachine.cancelled], [{}, {}])
})
