import type { LinearModel, LinearSolution } from '../../domain/sourcing/linear-model.ts'

/** Optimisation outside the event loop. Solves one model at a time, in the order asked. */
export type Solver = {
  /**
   * Solves within `timeLimitMs` of solver time. `none` when there is no solution in time.
   * Fault `solver_failed` (retry later) when the solver crashed or hung; the next call starts a fresh one.
   */
  solve(model: LinearModel, timeLimitMs: number): Promise<LinearSolution>
  close(): Promise<void>
}
