import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import { createAvailability } from '../availability/availability.ts'
import { bidPricesOf } from './bid-prices.ts'
import { expandExplanation } from './expand-explanation.ts'
import { createPlanner } from './plan-order.ts'
import { type NodeQuote, ONLY_QUOTE_TELLS, type QuoteFloors, type SourcingRequest } from './problem.ts'
import { universeOf } from './universe.ts'
import { defaultWeights } from './weights.ts'

const COSTS = ['freight', 'freightPerKg', 'handling', 'handlingPerUnit', 'carbonGramsPerKg'] as const
type Costs = Readonly<Record<(typeof COSTS)[number], number>>
type Node = { readonly costs: Costs; readonly floors: Costs; readonly reason: number; readonly isUnsure: boolean; readonly late: number }

/** Few different amounts, so that nodes tie, and each of the parts may decide. */
const amounts = (values: readonly number[]): fc.Arbitrary<number> => fc.constantFrom(...values)
const costs: fc.Arbitrary<Costs> = fc.record({
  freight: amounts([0, 100, 100, 101, 130, 200, 350, 600]),
  freightPerKg: amounts([0, 20, 21, 50, 300]),
  handling: amounts([0, 0, 15]),
  handlingPerUnit: amounts([0, 0, 20, 90]),
  carbonGramsPerKg: amounts([0, 10, 300]),
})
const nodes: fc.Arbitrary<Node> = fc
  .record({
    costs,
    slack: costs,
    looseness: amounts([0, 0, 0.3, 1]),
    reason: amounts([0, 0, 0, 0, 0, 0, 0, 0, reasonCode.closed, reasonCode.noService]),
    isUnsure: amounts([0, 0, 0, 0, 0, 1]).map((one) => one === 1),
    late: amounts([0, 0, 0, 1, 3]),
  })
  .map(({ slack, looseness, ...node }) => {
    const floorOf = (part: (typeof COSTS)[number]) => Math.max(0, node.costs[part] - looseness * slack[part])
    return { ...node, floors: Object.fromEntries(COSTS.map((part) => [part, floorOf(part)])) as Costs }
  })

type Case = {
  readonly nodes: readonly Node[]
  readonly lines: readonly {
    readonly quantity: number
    readonly grams: number
    readonly buffer: number
    readonly stock: readonly number[]
  }[]
  readonly forbids: number
  readonly bids: readonly number[]
  readonly split: number
  readonly stockHealth: number
  readonly shortfallPerUnit: number
  readonly isPromised: boolean
  readonly partial: boolean
}
const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.array(nodes, { minLength: 10, maxLength: 70, size: 'max' }), amounts([1, 2, 2, 6]))
  .chain(([all, scarcity]) => {
    const stock = fc.array(fc.integer({ min: -2 * scarcity, max: 9 }), { minLength: all.length, maxLength: all.length, size: 'max' })
    const line = fc.record({
      quantity: fc.integer({ min: 1, max: 6 }),
      grams: amounts([100, 1000, 5000]),
      buffer: amounts([0, 0, 0, 2]),
      stock: stock.map((row) => row.map((units) => Math.max(0, units))),
    })
    return fc.record({
      nodes: fc.constant(all),
      lines: fc.array(line, { minLength: 1, maxLength: 4, size: 'max' }),
      forbids: amounts([0, 0, 5, 9]),
      bids: fc.array(amounts([0, 0, 40]), { minLength: 7, maxLength: 7 }),
      split: amounts([0, 60, 300]),
      stockHealth: amounts([0, 60]),
      shortfallPerUnit: amounts([1_000_000_000, 1_000_000_000, 120]),
      isPromised: fc.boolean(),
      partial: fc.boolean(),
    })
  })

const PROMISED = 1_000_000_000

function requestOf(c: Case, asked: (nodeNo: number) => void): SourcingRequest {
  const availability = createAvailability()
  for (const [l, { stock }] of c.lines.entries())
    for (const [n, onHand] of stock.entries())
      availability.setPosition(l + 1, n + 1, { onHand, soft: 0, firm: 0, committed: 0, safety: 0, backorderLimit: 0, version: 1 })
  const nodeNos = c.nodes.map((_, n) => n + 1)
  const row = (l: number) => Float64Array.from([0, ...nodeNos], (nodeNo) => c.bids[(nodeNo * (l + 1)) % 7] ?? 0)
  return {
    lines: c.lines.map(({ quantity, grams, buffer }, l) => ({ lineNo: l, itemNo: l + 1, quantity, weightGrams: grams, buffer })),
    availability,
    universe: universeOf(nodeNos),
    weights: { ...defaultWeights, split: c.split, stockHealth: c.stockHealth, shortfallPerUnit: c.shortfallPerUnit },
    prices: bidPricesOf(1, new Map(c.lines.map((_, l) => [l + 1, row(l)]))),
    quote(nodeNo: number, out: NodeQuote) {
      asked(nodeNo)
      const { reason, costs: own, late } = c.nodes[nodeNo - 1]!
      Object.assign(out, own, { deliverBy: PROMISED + late })
      return reason
    },
    floors(asking: Int32Array, from: number, to: number, out: QuoteFloors) {
      for (let at = from; at < to; at++) {
        const { floors, reason, isUnsure } = c.nodes[asking[at]! - 1]!
        out.reason[at] = isUnsure ? ONLY_QUOTE_TELLS : reason
        for (const part of COSTS) out[part][at] = floors[part]
      }
    },
    allows: (line, nodeNo) => (c.forbids > 0 && (nodeNo * 7 + line.lineNo) % c.forbids === 0 ? reasonCode.capabilityMissing : 0),
    promisedBy: c.isPromised ? PROMISED : undefined,
    partial: c.partial,
  }
}

describe('a shortlist by floors', () => {
  it('gives the plan, the best candidates and the reasons of asking every node, and asks few', () => {
    const asked = { few: new Set<string>(), all: new Set<string>() }
    let run = 0
    fc.assert(
      fc.property(cases, (c) => {
        run += 1
        const few = requestOf(c, (nodeNo) => asked.few.add(`${run}/${nodeNo}`))
        const all = { ...requestOf(c, (nodeNo) => asked.all.add(`${run}/${nodeNo}`)), floors: undefined as never }
        const seen = [few, all].map((request) => {
          const { evaluations: __, explanation, ...plan } = createPlanner(10_000_000).plan(request)
          return { ...plan, why: expandExplanation(explanation) }
        })
        assert.deepEqual(seen[0], seen[1])
      }),
      { numRuns: 1000 },
    )
    assert.ok(
      asked.few.size < asked.all.size * 0.8,
      `${asked.few.size} of ${asked.all.size} were asked: too few are left out for this to show anything`,
    )
  })

  it('asks no more than the best eight of a line where floors are exact and all nodes have everything', () => {
    const asked = new Set<number>()
    const exact = (freight: number): Costs => ({ freight, freightPerKg: 10, handling: 0, handlingPerUnit: 0, carbonGramsPerKg: 0 })
    const many = Array.from({ length: 300 }, (_, n): Node => {
      const own = exact(500 + ((n * 37) % 300))
      return { costs: own, floors: own, reason: 0, isUnsure: false, late: 0 }
    })
    const stock = many.map(() => 20)
    const request = requestOf(
      {
        nodes: many,
        lines: [1, 2].map((quantity) => ({ quantity, grams: 500, buffer: 0, stock })),
        forbids: 0,
        bids: [0, 0, 0, 0, 0, 0, 0],
        split: 300,
        stockHealth: 0,
        shortfallPerUnit: 1_000_000_000,
        isPromised: false,
        partial: true,
      },
      (nodeNo) => asked.add(nodeNo),
    )
    const plan = createPlanner().plan(request)
    assert.equal(plan.parts.freight, 500 + 15)
    assert.equal(asked.size, 8)
  })
})
