import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { standings } from './standings.ts'

test('the parts of a ledger add up to what was ordered, each unit at its furthest stage', () => {
  const chain = fc.array(fc.nat(20), { minLength: 7, maxLength: 7 }).map((all) => all.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(chain, fc.nat(5), fc.nat(5), (sorted, cancelled, backordered) => {
      const [delivered = 0, shipped = 0, packed = 0, picked = 0, released = 0, allocated = 0, reserved = 0] = sorted
      const line = { cancelled, backordered, delivered, shipped, packed, picked, released, allocated, reserved }
      const sum = standings(line).reduce((all, one) => all + one.units, 0)
      assert.equal(sum, reserved + cancelled + backordered)
    }),
  )
})
