import { parentPort } from 'node:worker_threads'
import { present } from '../../kernel/assert.ts'
import type { LinearModel, LinearSolution } from '../../domain/sourcing/linear-model.ts'
import { loadLinearProgramSolver } from './linear-program.ts'

export type SolverRequest = { readonly job: number; readonly model: LinearModel; readonly timeLimitMs: number }
export type SolverReply = { readonly job: number; readonly solution?: LinearSolution; readonly error?: string }

/** The solver's thread: one model in, one answer out. An error is answered; a crash of the solver ends the thread, which its owner sees. */
const port = present(parentPort, 'the parent port of the solver thread')
const solver = await loadLinearProgramSolver()
port.on('message', ({ job, model, timeLimitMs }: SolverRequest) => {
  let reply: SolverReply
  try {
    reply = { job, solution: solver.solve(model, timeLimitMs) }
  } catch (error) {
    reply = { job, error: String(error) }
  }
  port.postMessage(reply)
})
