import { LinearModelBuilder } from '../../server/domain/sourcing/linear-model.ts'
import type { HeldProgram, LinearProgramSolver } from '../../server/connect/solver/linear-program.ts'
import { BOX, type Instance } from './instance.ts'

/** A whole plan of one class: which centre each item of the type ships from, by position; `centres` = unfilled. */
export type ClassPlan = { readonly cls: number; readonly from: readonly number[] }

export type MasterAnswer = {
  readonly cost: number
  /** item × centres + centre. */
  readonly stockPrice: Float64Array
  /** By centre. */
  readonly boxPrice: Float64Array
  /** By class: what an order of it costs at these prices. */
  readonly classPrice: Float64Array
  /** Planned orders of each plan, in the order in which plans were added. */
  readonly counts: Float64Array
}

/**
 * The LP over whole plans (column generation): orders of a class choose among integer plans, so its duals price what an order can really
 * do, where the fluid LP lets a box be half opened. The planner itself makes the columns: at given prices it returns the class's
 * cheapest plan, and when no class has a cheaper one left the LP is solved over all plans.
 */
export type PlanMaster = {
  readonly plans: readonly ClassPlan[]
  /** false when the plan is known. */
  add(plan: ClassPlan): boolean
  solve(counts: Float64Array, stock: ArrayLike<number>, boxes: ArrayLike<number>): MasterAnswer
  dispose(): void
}

const TIME_LIMIT_MS = 20_000

export function costOfPlan(instance: Instance, { cls, from }: ClassPlan): number {
  const { centres, metros, unit, phantomBox, phantomUnit } = instance
  let cost = 0
  for (const k of new Set(from)) cost += k === centres ? phantomBox : BOX
  for (const k of from) cost += k === centres ? phantomUnit : unit[k * metros + (cls % metros)]!
  return cost
}

export function createPlanMaster(instance: Instance, solver: LinearProgramSolver): PlanMaster {
  const { centres, items, metros } = instance
  const b = new LinearModelBuilder()
  for (let at = 0; at < items * centres + centres; at++) b.row(-Infinity, 0)
  const classRow = items * centres + centres
  for (let cls = 0; cls < instance.chance.length; cls++) b.row(0, 0)
  // Leaving a whole order unfilled is always a plan, so every class can be met.
  const plans: ClassPlan[] = []
  const known = new Set<string>()
  const held: HeldProgram = solver.hold(b.build())
  const rows = Int32Array.from({ length: classRow + instance.chance.length }, (_, r) => r)
  const pending: ClassPlan[] = []
  const master: PlanMaster = {
    plans,
    add(plan) {
      const key = `${plan.cls}:${plan.from.join(',')}`
      if (known.has(key)) return false
      known.add(key)
      plans.push(plan)
      pending.push(plan)
      return true
    },
    solve(counts, stock, boxes) {
      append(held, instance, pending, classRow)
      pending.length = 0
      const upper = Float64Array.from(rows, (r) =>
        r < items * centres ? stock[r]! : r < classRow ? boxes[r - items * centres]! : counts[r - classRow]!,
      )
      const lower = Float64Array.from(rows, (r) => (r < classRow ? -Infinity : counts[r - classRow]!))
      held.changeRows(rows, lower, upper)
      const answer = held.solve(TIME_LIMIT_MS)
      if (answer.status !== 'optimal') throw new Error(`the plan LP was not solved: ${answer.status}`)
      const dual = (row: number): number => Math.max(0, -answer.rowDuals[row]!)
      return {
        cost: answer.objective,
        stockPrice: Float64Array.from({ length: items * centres }, (_, at) => dual(at)),
        boxPrice: Float64Array.from({ length: centres }, (_, k) => dual(items * centres + k)),
        classPrice: answer.rowDuals.slice(classRow),
        counts: answer.columns,
      }
    },
    dispose: () => held.dispose(),
  }
  for (let cls = metros; cls < instance.chance.length; cls++)
    master.add({ cls, from: instance.types[Math.floor(cls / metros)]!.map(() => centres) })
  return master
}

function append(held: HeldProgram, instance: Instance, plans: readonly ClassPlan[], classRow: number): void {
  if (plans.length === 0) return
  const { centres, items, metros } = instance
  const starts = [0]
  const indices: number[] = []
  for (const plan of plans) {
    const type = instance.types[Math.floor(plan.cls / metros)]!
    const rows = plan.from.flatMap((k, position) => (k === centres ? [] : [type[position]! * centres + k]))
    const boxes = [...new Set(plan.from)].filter((k) => k !== centres).map((k) => items * centres + k)
    indices.push(...rows, ...boxes, classRow + plan.cls)
    starts.push(indices.length)
  }
  held.addColumns(
    Float64Array.from(plans, (plan) => costOfPlan(instance, plan)),
    Int32Array.from(starts),
    Int32Array.from(indices),
    new Float64Array(indices.length).fill(1),
  )
}
