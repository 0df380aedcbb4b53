import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sourcingReasons, sourcingReasonTexts } from '../../../contract/sourcing-reasons.ts'
import { createAvailability, type Availability } from '../availability/availability.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { expandExplanation } from './expand-explanation.ts'
import { createPlanner } from './plan-order.ts'
import type { SourcingRequest } from './problem.ts'
import { universeOf } from './universe.ts'
import { defaultWeights } from './weights.ts'

const NODES = Array.from({ length: 559 }, (_, k) => k + 1)

/** A fixed scatter, so that the test needs no random numbers: 0 … 99 from two numbers. */
const dice = (a: number, b: number): number => (Math.imul(Math.imul(a, 2_654_435_761) ^ (b * 40_503 + 17), 2_246_822_519) >>> 9) & 0x7f

function stocked(): Availability {
  const availability = createAvailability()
  for (let item = 1; item <= 5; item++)
    for (const node of NODES)
      if (dice(item * 31, node) < 25)
        availability.setPosition(item, node, {
          onHand: 1 + (node % 9),
          soft: 0,
          firm: 0,
          committed: 0,
          safety: 0,
          backorderLimit: 0,
          version: 1,
        })
  return availability
}

const request = (): SourcingRequest => ({
  lines: [1, 2, 3, 4, 5].map((itemNo) => ({ lineNo: itemNo, itemNo, quantity: 2, weightGrams: 700 })),
  availability: stocked(),
  universe: universeOf(NODES),
  weights: defaultWeights,
  quote(nodeNo, out) {
    if (nodeNo % 50 === 0) return sourcingReasons.indexOf('capacityExhausted')
    out.freight = 800 + dice(nodeNo, 3) * 20
    out.freightPerKg = 100 + dice(nodeNo, 5)
    out.shipBy = 1_800_000_000_000
    out.deliverBy = 1_800_000_000_000 + 86_400_000
    return 0
  },
  partial: true,
})

describe('explanation', () => {
  it('takes at most 2 KB for 5 lines over 559 nodes and expands to the plan it was made from', () => {
    const plan = createPlanner().plan(request())
    assert.ok(plan.explanation.length <= 2048, `${plan.explanation.length} bytes`)
    const read = expandExplanation(plan.explanation)
    assert.deepEqual(
      { ...read.parts, status: read.status, isExact: read.isExact, cost: read.cost },
      { ...plan.parts, status: plan.status, isExact: plan.isExact, cost: plan.cost },
    )
    assert.deepEqual(read.assignments, plan.assignments)
    assert.deepEqual(read.nodes, plan.nodes)
    assert.deepEqual(read.weights, defaultWeights)
    assert.equal(read.lines.length, 5)
    for (const line of read.lines) {
      assert.equal(line.candidates.length, 8)
      assert.deepEqual(
        line.candidates.map(({ parts, total }) => total - Object.values(parts).reduce((sum, part) => sum + part, 0)),
        line.candidates.map(() => 0),
      )
    }
  })

  it('gives every node known at the time exactly one reason', () => {
    const plan = createPlanner().plan(request())
    const { reasons } = expandExplanation(plan.explanation)
    assert.deepEqual(
      reasons.map(({ nodeNo }) => nodeNo),
      NODES,
    )
    const chosen = reasons.filter(({ reason }) => reason === 'chosen').map(({ nodeNo }) => nodeNo)
    assert.deepEqual(
      chosen,
      plan.nodes.map(({ nodeNo }) => nodeNo),
    )
    assert.ok(reasons.some(({ reason }) => reason === 'capacityExhausted'))
    assert.ok(reasons.some(({ reason }) => reason === 'noStock'))
  })

  it('stores few nodes and long runs in few bytes', () => {
    const plan = createPlanner().plan({ ...request(), availability: createAvailability() })
    const { reasons } = expandExplanation(plan.explanation)
    assert.ok(reasons.every(({ reason }) => reason === 'noStock'))
    assert.ok(plan.explanation.length < 150, `${plan.explanation.length} bytes`)
  })

  it('has both languages for every reason, and fits four bits', () => {
    assert.ok(sourcingReasons.length <= 16)
    for (const reason of sourcingReasons)
      assert.ok(sourcingReasonTexts[reason].en.length > 0 && sourcingReasonTexts[reason]['zh-CN'].length > 0)
  })

  it('reads back any number it wrote', () => {
    const writer = new ByteWriter()
    const numbers = [0, 1, 127, 128, 16_383, 2 ** 31 - 1, 2 ** 31, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER]
    for (const value of numbers) writer.uint(value)
    for (const value of numbers) writer.int(-Math.floor(value / 4))
    const reader = new ByteReader(writer.take())
    for (const value of numbers) assert.equal(reader.uint(), value)
    for (const value of numbers) assert.equal(reader.int(), -Math.floor(value / 4) || 0)
    assert.ok(Number.isNaN(reader.uint()))
  })
})
