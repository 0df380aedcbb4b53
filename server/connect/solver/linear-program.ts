import loadHighs, { type Highs, type Model } from 'highs'
import type { LinearModel, LinearSolution } from '../../domain/sourcing/linear-model.ts'

/** A model held by HiGHS on this thread: solving again after changed bounds starts from the last basis. */
export type HeldProgram = {
  solve(timeLimitMs: number): LinearSolution
  changeRows(rows: Int32Array, lower: Float64Array, upper: Float64Array): void
  /** Appends continuous columns from 0 up: costs, and their entries by column (starts has one more than costs). */
  addColumns(cost: Float64Array, starts: Int32Array, indices: Int32Array, values: Float64Array): void
  /** Frees its memory; nothing else may be called afterwards. */
  dispose(): void
}

export type LinearProgramSolver = { hold(model: LinearModel): HeldProgram; solve(model: LinearModel, timeLimitMs: number): LinearSolution }

/** HiGHS (WebAssembly, npm `highs`) on the calling thread, which a solve blocks: servers use the worker, benches and tests this. */
export async function loadLinearProgramSolver(): Promise<LinearProgramSolver> {
  // The package's typings describe a CommonJS module, what runs is its ES module: the loader itself is the default export.
  const load = loadHighs as unknown as typeof loadHighs.default
  const highs = await load()
  return {
    hold: (model) => holdProgram(highs, model),
    solve(model, timeLimitMs) {
      const program = holdProgram(highs, model)
      try {
        return program.solve(timeLimitMs)
      } finally {
        program.dispose()
      }
    },
  }
}

const OPTIMAL = 7
const LIMITS: readonly number[] = [11, 12, 13, 14, 16, 17]

function holdProgram(highs: Highs, model: LinearModel): HeldProgram {
  const columns = model.cost.length
  const rows = model.rowLower.length
  const { starts, indices, values } = model
  const held: Model = highs.createModel({
    numCols: columns,
    numRows: rows,
    colCost: model.cost,
    colLower: model.columnLower,
    colUpper: model.columnUpper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    matrix: { format: 'csr', numRows: rows, numCols: columns, starts, indices, values },
    ...(model.integer ? { integrality: model.integer } : {}),
  })
  held.options.set('output_flag', false)
  return {
    solve: (timeLimitMs) => solveHeld(held, timeLimitMs, model.integer !== undefined),
    changeRows(indicesChanged, lower, upper) {
      held.changeRowsBounds({ kind: 'set', indices: indicesChanged }, lower, upper)
    },
    addColumns(cost, columnStarts, rowIndices, entries) {
      held.addCols({
        cost,
        lower: new Float64Array(cost.length),
        upper: new Float64Array(cost.length).fill(Infinity),
        matrix: {
          format: 'csc',
          numRows: rows,
          numCols: cost.length,
          starts: columnStarts,
          indices: rowIndices,
          values: entries,
        },
      })
    },
    dispose: () => held.dispose(),
  }
}

function solveHeld(held: Model, timeLimitMs: number, isWhole: boolean): LinearSolution {
  held.zeroAllClocks()
  held.options.set('time_limit', timeLimitMs / 1000)
  const status = held.run().modelStatus
  const isSolved = status === OPTIMAL || (LIMITS.includes(status) && Number(held.info.get('primal_solution_status')) === 2)
  if (!isSolved) return { status: 'none', objective: NaN, columns: new Float64Array(0), rowDuals: new Float64Array(0), bound: -Infinity }
  const solution = held.getSolution()
  const objective = held.getObjectiveValue()
  return {
    status: status === OPTIMAL ? 'optimal' : 'feasible',
    objective,
    columns: solution.colValue,
    rowDuals: isWhole ? new Float64Array(0) : solution.rowDual,
    bound: isWhole ? Number(held.info.get('mip_dual_bound')) : status === OPTIMAL ? objective : -Infinity,
  }
}
