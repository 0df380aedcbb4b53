import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkedMachine, type Machine } from './machine.ts'

const cases: readonly [what: string, machine: Machine, end: string, says?: RegExp][] = [
  ['one that goes from its first state to an end', { a: { go: 'b' }, b: {} }, 'b'],
  ['one with a way back', { a: { go: 'b' }, b: { back: 'a', on: 'c' }, c: {} }, 'c'],
  ['a step to nowhere', { a: { go: 'x' } }, 'a', /go of a leads to x, which is no state/],
  ['an orphan', { a: {}, b: {} }, 'a', /nothing leads to b/],
  ['a state without a way out', { a: { go: 'b', on: 'c' }, b: { turn: 'b' }, c: {} }, 'c', /b has no way to an end/],
]
for (const [what, machine, end, says] of cases) {
  test(`machine: ${what} ${says === undefined ? 'is taken as it is' : 'is a defect at start-up'}`, () => {
    const check = () => checkedMachine('test', 'a', [end], machine)
    if (says === undefined) assert.equal(check(), machine)
    else assert.throws(check, says)
  })
}
