import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verdictOf } from './slope.ts'

const limit = { share: 0.1, least: 1 }
const series = (of: (i: number) => number): number[] => Array.from({ length: 40 }, (_, i) => of(i))

for (const [what, values, isFlat] of [
  ['a constant', series(() => 30), true],
  ['a saw that is swept again and again', series((i) => 30 + (i % 5)), true],
  ['a climb while it warms up, then level', series((i) => Math.min(30, 3 * i)), true],
  ['one high value', series((i) => (i === 38 ? 90 : 30)), true],
  ['a steady climb', series((i) => 30 + i * 0.2), false],
  ['a climb under a saw', series((i) => 30 + i * 0.3 + (i % 4)), false],
] as const)
  test(`${what} is ${isFlat ? 'flat' : 'not flat'}`, () => assert.equal(verdictOf('heap', values, limit).isFlat, isFlat))
