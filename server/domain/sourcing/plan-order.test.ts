import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import loadHighs from 'highs'
import { reasonCode } from '../../../contract/sourcing-reasons.ts'
import { createAvailability } from '../availability/availability.ts'
import { bidPricesOf } from './bid-prices.ts'
import { createPlanner } from './plan-order.ts'
import type { NodeQuote, Plan, SourcingLine, SourcingRequest } from './problem.ts'
import { universeOf } from './universe.ts'
import { defaultWeights, type SourcingWeights } from './weights.ts'

type Case = {
  readonly needs: readonly number[]
  readonly stock: readonly (readonly number[])[]
  readonly freight: readonly number[]
  readonly perKg: readonly number[]
  readonly bids: readonly (readonly number[])[]
  readonly closed: readonly boolean[]
  readonly forbidden: readonly (readonly boolean[])[]
  readonly split: number
}

const NODES = 6
const perNode = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arb, { minLength: NODES, maxLength: NODES })
const cases: fc.Arbitrary<Case> = fc.integer({ min: 1, max: 6 }).chain((lines) => {
  const perLine = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(arb, { minLength: lines, maxLength: lines })
  return fc.record({
    needs: perLine(fc.integer({ min: 1, max: 5 })),
    stock: perLine(perNode(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 6 })))),
    freight: perNode(fc.integer({ min: 0, max: 900 })),
    perKg: perNode(fc.integer({ min: 0, max: 300 })),
    bids: perLine(perNode(fc.integer({ min: 0, max: 400 }))),
    closed: perNode(fc.boolean().map((flag) => flag && false)),
    forbidden: perLine(perNode(fc.integer({ min: 0, max: 9 }).map((n) => n === 0))),
    split: fc.integer({ min: 0, max: 300 }),
  })
})
const withClosed = fc.tuple(cases, perNode(fc.integer({ min: 0, max: 5 }))).map(([c, dice]) => ({ ...c, closed: dice.map((n) => n === 0) }))

const weightsOf = (c: Case): SourcingWeights => ({ ...defaultWeights, split: c.split, stockHealth: 60, shortfallPerUnit: 1_000_000 })

function requestOf(c: Case, partial = true): SourcingRequest {
  const availability = createAvailability()
  c.stock.forEach((row, l) =>
    row.forEach((onHand, n) => {
      availability.setPosition(l + 1, n + 1, { onHand, soft: 0, firm: 0, committed: 0, safety: 0, backorderLimit: 0, version: 1 })
    }),
  )
  const lines: SourcingLine[] = c.needs.map((quantity, l) => ({ lineNo: l + 1, itemNo: l + 1, quantity, weightGrams: 500 + 100 * l }))
  return {
    lines,
    availability,
    universe: universeOf([1, 2, 3, 4, 5, 6]),
    weights: weightsOf(c),
    prices: bidPricesOf(7, new Map(c.bids.map((row, l) => [l + 1, Float64Array.from([0, ...row])]))),
    quote(nodeNo: number, out: NodeQuote) {
      if (c.closed[nodeNo - 1]) return reasonCode.closed
      out.freight = c.freight[nodeNo - 1] ?? 0
      out.freightPerKg = c.perKg[nodeNo - 1] ?? 0
      out.deliverBy = 1000
      return 0
    },
    allows: (line, nodeNo) => (c.forbidden[line.lineNo - 1]?.[nodeNo - 1] ? reasonCode.capabilityMissing : 0),
    partial,
  }
}

// The package's typings describe a CommonJS module, what runs is its ES module: the loader itself is the default export.
const highs = await (loadHighs as unknown as typeof loadHighs.default)()

/** The same problem as a mixed-integer program: open nodes, whole units, shortage at its price. */
function optimumOf(c: Case): number {
  const w = weightsOf(c)
  const cost: number[] = []
  const upper: number[] = []
  const rows: { indices: number[]; values: number[]; lower: number; upper: number }[] = []
  for (let n = 0; n < NODES; n++) cost.push((c.freight[n] ?? 0) + w.split)
  const any = cost.push(-w.split) - 1
  for (let i = 0; i <= NODES; i++) upper.push(1)
  const anyRow = { indices: [any], values: [1], lower: -Infinity, upper: 0 }
  for (let n = 0; n < NODES; n++) {
    anyRow.indices.push(n)
    anyRow.values.push(-1)
  }
  rows.push(anyRow)
  c.needs.forEach((need, l) => {
    const needRow = { indices: [] as number[], values: [] as number[], lower: need, upper: need }
    for (let n = 0; n < NODES; n++) {
      const stock = c.closed[n] || c.forbidden[l]?.[n] ? 0 : (c.stock[l]?.[n] ?? 0)
      if (stock === 0) continue
      const unit = ((c.perKg[n] ?? 0) * (500 + 100 * l)) / 1000 + w.stockHealth / stock + (c.bids[l]?.[n] ?? 0)
      const x = cost.push(unit) - 1
      upper.push(Math.min(need, stock))
      needRow.indices.push(x)
      needRow.values.push(1)
      rows.push({ indices: [x, n], values: [1, -Math.min(need, stock)], lower: -Infinity, upper: 0 })
    }
    needRow.indices.push(cost.push(w.shortfallPerUnit) - 1)
    needRow.values.push(1)
    upper.push(need)
    rows.push(needRow)
  })
  const starts = [0]
  for (const row of rows) starts.push(starts.at(-1)! + row.indices.length)
  return highs.withModel(
    {
      numCols: cost.length,
      numRows: rows.length,
      colCost: cost,
      colLower: cost.map(() => 0),
      colUpper: upper,
      rowLower: rows.map((row) => row.lower),
      rowUpper: rows.map((row) => row.upper),
      matrix: {
        format: 'csr',
        numRows: rows.length,
        numCols: cost.length,
        starts,
        indices: rows.flatMap((row) => row.indices),
        values: rows.flatMap((row) => row.values),
      },
      integrality: Int32Array.from(cost, () => 1),
    },
    (model) => {
      model.options.set('output_flag', false)
      model.options.set('mip_rel_gap', 0)
      assert.equal(model.run().modelStatus, 7)
      return model.getObjectiveValue()
    },
  )
}

/** Units by line and node, checked against every hard constraint. */
function checkPlan(c: Case, plan: Plan): void {
  const served = c.needs.map(() => 0)
  const taken = new Map<string, number>()
  for (const { lineNo, nodeNo, quantity } of plan.assignments) {
    assert.ok(quantity > 0)
    assert.ok(!c.closed[nodeNo - 1], 'a closed node is used')
    assert.ok(!c.forbidden[lineNo - 1]?.[nodeNo - 1], 'a node without the capability is used')
    served[lineNo - 1]! += quantity
    taken.set(`${lineNo}/${nodeNo}`, (taken.get(`${lineNo}/${nodeNo}`) ?? 0) + quantity)
  }
  for (const { lineNo, quantity } of plan.shortfall) served[lineNo - 1]! += quantity
  if (plan.status !== 'short') assert.deepEqual(served, [...c.needs])
  for (const [key, quantity] of taken) {
    const [line = 0, node = 0] = key.split('/').map(Number)
    assert.ok(quantity <= (c.stock[line - 1]?.[node - 1] ?? 0), 'more is taken than the node has')
  }
}

describe('plan of an order', () => {
  it('costs what the mixed-integer optimum costs for up to 6 lines over 6 nodes, and breaks no hard constraint', () => {
    const planner = createPlanner()
    fc.assert(
      fc.property(withClosed, (c) => {
        const plan = planner.plan(requestOf(c))
        assert.ok(plan.isExact)
        checkPlan(c, plan)
        const optimum = optimumOf(c)
        assert.ok(Math.abs(plan.objective - optimum) <= 1e-4 * Math.max(1, Math.abs(optimum) * 1e-4), `${plan.objective} is not ${optimum}`)
      }),
      { numRuns: 300 },
    )
  })

  it('is the same for the same request, whatever was planned before', () => {
    const used = createPlanner()
    fc.assert(
      fc.property(withClosed, (c) => {
        assert.deepEqual(used.plan(requestOf(c)), createPlanner().plan(requestOf(c)))
      }),
      { numRuns: 100 },
    )
  })

  it('never gets dearer than greedy when its budget ends, and still breaks no hard constraint', () => {
    fc.assert(
      fc.property(withClosed, (c) => {
        const bounded = createPlanner(1).plan(requestOf(c))
        const exact = createPlanner().plan(requestOf(c))
        const more = createPlanner(40).plan(requestOf(c))
        checkPlan(c, bounded)
        assert.ok(bounded.objective >= exact.objective - 1e-6)
        assert.ok(more.objective <= bounded.objective + 1e-6)
      }),
      { numRuns: 200 },
    )
  })

  it('assigns nothing to a short order that must be complete', () => {
    const c: Case = {
      needs: [5, 1],
      stock: [
        [2, 0, 0, 0, 0, 2],
        [1, 1, 1, 1, 1, 1],
      ],
      freight: [1, 1, 1, 1, 1, 1],
      perKg: [1, 1, 1, 1, 1, 1],
      bids: [[], []],
      closed: [false, false, false, false, false, false],
      forbidden: [[], []],
      split: 10,
    }
    const refused = createPlanner().plan(requestOf(c, false))
    assert.equal(refused.status, 'short')
    assert.deepEqual(refused.assignments, [])
    assert.deepEqual(refused.shortfall, [{ lineNo: 1, itemNo: 1, quantity: 1 }])
    const partial = createPlanner().plan(requestOf(c))
    assert.equal(partial.status, 'partial')
    assert.equal(
      partial.assignments.reduce((sum, assignment) => sum + assignment.quantity, 0),
      5,
    )
  })

  it('draws two lines of one item on the same stock', () => {
    const c: Case = {
      needs: [3],
      stock: [[4, 4, 0, 0, 0, 0]],
      freight: [10, 500, 1, 1, 1, 1],
      perKg: [0, 0, 0, 0, 0, 0],
      bids: [[0, 0]],
      closed: [],
      forbidden: [[]],
      split: 0,
    }
    const request = requestOf(c)
    const [line] = request.lines
    assert.ok(line)
    const plan = createPlanner().plan({ ...request, lines: [line, { ...line, lineNo: 2 }] })
    assert.equal(plan.status, 'complete')
    const atFirst = plan.assignments.filter(({ nodeNo }) => nodeNo === 1).reduce((sum, { quantity }) => sum + quantity, 0)
    assert.ok(atFirst <= 4)
    assert.equal(
      plan.assignments.reduce((sum, { quantity }) => sum + quantity, 0),
      6,
    )
  })

  it('leaves a channel buffer in place and says so', () => {
    const c: Case = {
      needs: [3],
      stock: [[4, 9, 0, 0, 0, 0]],
      freight: [10, 500, 1, 1, 1, 1],
      perKg: [0, 0, 0, 0, 0, 0],
      bids: [[]],
      closed: [],
      forbidden: [[]],
      split: 0,
    }
    const request = requestOf(c)
    const plan = createPlanner().plan({ ...request, lines: request.lines.map((line) => ({ ...line, buffer: 5 })) })
    assert.deepEqual(
      plan.assignments.map(({ nodeNo, quantity }) => [nodeNo, quantity]),
      [[2, 3]],
    )
  })

  it('gives equal costs to the lower node number', () => {
    const same = [7, 7, 7, 7, 7, 7]
    const c: Case = { needs: [2], stock: [same], freight: same, perKg: same, bids: [same], closed: [], forbidden: [[]], split: 0 }
    assert.equal(createPlanner().plan(requestOf(c)).nodes[0]?.nodeNo, 1)
  })

  it('misses a hard promise never, a soft one at its price', () => {
    const same = [7, 7, 7, 7, 7, 7]
    const c: Case = { needs: [2], stock: [same], freight: same, perKg: same, bids: [same], closed: [], forbidden: [[]], split: 0 }
    const request = { ...requestOf(c), promisedBy: 999 }
    assert.equal(createPlanner().plan(request).parts.lateness, defaultWeights.latePerDay)
    assert.equal(createPlanner().plan({ ...request, promiseIsHard: true, partial: false }).status, 'short')
  })

  it('plans the next order rightly after a quote threw', () => {
    const same = [7, 7, 7, 7, 7, 7]
    const c: Case = { needs: [2], stock: [same], freight: same, perKg: same, bids: [same], closed: [], forbidden: [[]], split: 0 }
    const planner = createPlanner()
    const request = requestOf(c)
    const quote = (nodeNo: number): number => {
      if (nodeNo === 4) throw new Error('a rate is missing')
      return 0
    }
    assert.throws(() => planner.plan({ ...request, quote }), /a rate is missing/)
    assert.deepEqual(planner.plan(request), createPlanner().plan(request))
  })

  it('starts every quote from zero: nothing of one node is charged for the next', () => {
    const same = [7, 7, 7, 7, 7, 7]
    const c: Case = { needs: [2], stock: [same], freight: same, perKg: same, bids: [[]], closed: [], forbidden: [[]], split: 0 }
    const quote = (nodeNo: number, out: NodeQuote): number => {
      if (nodeNo === 1) out.freight = 9000
      return 0
    }
    const plan = createPlanner().plan({ ...requestOf(c), prices: undefined, quote })
    assert.equal(plan.parts.freight, 0)
    assert.equal(plan.nodes[0]?.nodeNo, 2)
  })
})
