import { LinearModelBuilder } from '../../server/domain/sourcing/linear-model.ts'
import type { HeldProgram, LinearProgramSolver } from '../../server/connect/solver/linear-program.ts'
import { BOX, type Instance } from './instance.ts'

/**
 * The fluid LP over order classes (type, metro) in one or two stages (before and after an outage): how many orders of each class ship
 * their items from which centre. With realised counts it is the hindsight LP, a lower bound on any policy; with expected counts its
 * duals are bid prices, and solving it again after counts and stock changed starts from the last basis.
 */
export type FluidStage = { readonly closed: readonly number[]; readonly boxes?: Float64Array }
export type FluidAnswer = {
  readonly cost: number
  /** Value of a unit more: item × centres + centre. */
  readonly stockPrice: Float64Array
  /** Value of a box more in the first stage, by centre. */
  readonly boxPrice: Float64Array
  /** Planned flow of the first stage by class, item of the type, centre (the last is unfilled). */
  flow(cls: number, position: number, centre: number): number
}
export type FluidModel = {
  /** Counts by stage and class; stock by item and centre; boxes by stage and centre. */
  solve(counts: readonly Float64Array[], stock: ArrayLike<number>, boxes?: readonly Float64Array[]): FluidAnswer
  dispose(): void
}

const TIME_LIMIT_MS = 60_000

export function createFluidModel(instance: Instance, stages: readonly FluidStage[], solver: LinearProgramSolver): FluidModel {
  const { centres, items } = instance
  const b = new LinearModelBuilder()
  const stockRows = Array.from({ length: items * centres }, () => b.row(-Infinity, 0))
  const boxRows = stages.map((stage) => (stage.boxes ? Array.from({ length: centres }, () => b.row(-Infinity, 0)) : []))
  const demands: { row: number; stage: number; cls: number }[] = []
  const columns = new Map<string, number>()
  stages.forEach((stage, s) => {
    for (let cls = instance.metros; cls < instance.chance.length; cls++)
      addClass(b, instance, stage, s, cls, stockRows, boxRows[s]!, demands, columns)
  })
  const model = b.build()
  const held: HeldProgram = solver.hold(model)
  const rows = Int32Array.from({ length: model.rowLower.length }, (_, r) => r)
  return {
    solve(counts, stock, boxes) {
      const lower = Float64Array.from(model.rowLower)
      const upper = Float64Array.from(model.rowUpper)
      for (const { row, stage, cls } of demands) lower[row] = upper[row] = counts[stage]![cls]!
      stockRows.forEach((row, at) => (upper[row] = stock[at]!))
      boxRows.forEach((own, s) => own.forEach((row, k) => (upper[row] = boxes?.[s]?.[k] ?? 0)))
      held.changeRows(rows, lower, upper)
      const answer = held.solve(TIME_LIMIT_MS)
      if (answer.status !== 'optimal') throw new Error(`the fluid LP was not solved: ${answer.status}`)
      return {
        cost: answer.objective,
        stockPrice: Float64Array.from(stockRows, (row) => Math.max(0, -answer.rowDuals[row]!)),
        boxPrice: Float64Array.from({ length: centres }, (_, k) =>
          boxRows[0]?.[k] === undefined ? 0 : Math.max(0, -answer.rowDuals[boxRows[0][k]]!),
        ),
        flow: (cls, position, centre) => {
          const column = columns.get(`0/${cls}/${position}/${centre}`)
          return column === undefined ? 0 : answer.columns[column]!
        },
      }
    },
    dispose: () => held.dispose(),
  }
}

function addClass(
  b: LinearModelBuilder,
  instance: Instance,
  stage: FluidStage,
  s: number,
  cls: number,
  stockRows: readonly number[],
  boxRows: readonly number[],
  demands: { row: number; stage: number; cls: number }[],
  columns: Map<string, number>,
): void {
  const { centres, metros } = instance
  const type = instance.types[Math.floor(cls / metros)]!
  const metro = cls % metros
  const itemRows = type.map(() => b.row(0, 0))
  for (const row of itemRows) demands.push({ row, stage: s, cls })
  for (let k = 0; k <= centres; k++) {
    if (stage.closed.includes(k)) continue
    const has = type.map((item) => k === centres || instance.stock[item * centres + k]! > 0)
    if (!has.includes(true)) continue
    const box = k === centres ? instance.phantomBox : BOX
    const unit = k === centres ? instance.phantomUnit : instance.unit[k * metros + metro]!
    // One item alone needs no box column: its flow is the box.
    const isSingle = type.length === 1
    const boxColumn = isSingle ? -1 : b.column(box)
    if (!isSingle && boxRows[k] !== undefined) b.put(boxRows[k]!, boxColumn, 1)
    type.forEach((item, position) => {
      if (!has[position]) return
      const flow = b.column(isSingle ? unit + box : unit)
      columns.set(`${s}/${cls}/${position}/${k}`, flow)
      b.put(itemRows[position]!, flow, 1)
      if (k < centres) b.put(stockRows[item * centres + k]!, flow, 1)
      if (isSingle && boxRows[k] !== undefined) b.put(boxRows[k]!, flow, 1)
      if (isSingle) return
      const link = b.row(-Infinity, 0)
      b.put(link, flow, 1)
      b.put(link, boxColumn, -1)
    })
  }
}
