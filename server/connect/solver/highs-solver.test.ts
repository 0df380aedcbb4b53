import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { LinearModelBuilder, type LinearModel } from '../../domain/sourcing/linear-model.ts'
import { Fault } from '../../kernel/fault.ts'
import { createHighsSolver } from './highs-solver.ts'

/** min x + 3 y with x + y ≥ 5 and x ≤ 3 (a row): 3 + 6 = 9; one more unit of x saves 2. */
function small(isWhole = false): LinearModel {
  const b = new LinearModelBuilder()
  const x = b.column(1, Infinity, isWhole)
  const y = b.column(3, Infinity, isWhole)
  const demand = b.row(5, Infinity)
  b.put(demand, x, 1)
  b.put(demand, y, 1)
  b.put(b.row(-Infinity, 3), x, 1)
  return b.build()
}

const thread = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

describe('solver in a worker', () => {
  const solver = createHighsSolver()
  after(() => solver.close())

  it('gives optimum, columns and duals', async () => {
    const solution = await solver.solve(small(), 5000)
    assert.equal(solution.status, 'optimal')
    assert.equal(solution.objective, 9)
    assert.deepEqual([...solution.columns], [3, 2])
    assert.deepEqual([...solution.rowDuals], [3, -2])
  })

  it('gives no duals but a bound for whole numbers', async () => {
    const solution = await solver.solve(small(true), 5000)
    assert.equal(solution.objective, 9)
    assert.equal(solution.bound, 9)
    assert.equal(solution.rowDuals.length, 0)
  })

  it('answers models asked at once each with its own solution', async () => {
    const answers = await Promise.all([small(), small(), small()].map((model) => solver.solve(model, 5000)))
    assert.deepEqual(
      answers.map(({ objective }) => objective),
      [9, 9, 9],
    )
  })

  it('says none where there is no solution', async () => {
    const b = new LinearModelBuilder()
    b.put(b.row(2, Infinity), b.column(1, 1), 1)
    assert.equal((await solver.solve(b.build(), 5000)).status, 'none')
  })

  it('fails the model at hand when its thread crashes, and starts a fresh one for the next', async () => {
    const crashing = createHighsSolver({
      entry: thread('import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(3))'),
    })
    for (let round = 0; round < 2; round++)
      await assert.rejects(
        crashing.solve(small(), 5000),
        (fault) => fault instanceof Fault && fault.code === 'solver_failed' && fault.retry === 'later',
      )
    await crashing.close()
  })

  it('gives up on a thread that hangs', async () => {
    const hanging = createHighsSolver({
      graceMs: 50,
      entry: thread('import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { for (;;); })'),
    })
    await assert.rejects(hanging.solve(small(), 1), /no answer within 51 ms/)
    await hanging.close()
  })

  it('refuses after it was closed', async () => {
    const closed = createHighsSolver()
    await closed.close()
    await assert.rejects(closed.solve(small(), 10), /closed/)
  })
})
