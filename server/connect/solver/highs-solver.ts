import { Worker } from 'node:worker_threads'
import type { LinearModel, LinearSolution } from '../../domain/sourcing/linear-model.ts'
import type { Solver } from '../../engine/ports/solver.ts'
import { Fault } from '../../kernel/fault.ts'
import type { SolverReply, SolverRequest } from './solver-worker.ts'

/** Beyond the solver's own limit: loading it, copying the model, and a limit that it only looks at between iterations. */
const GRACE_MS = 5000
const WAITING_MAX = 64

type Job = {
  readonly model: LinearModel
  readonly timeLimitMs: number
  readonly resolve: (solution: LinearSolution) => void
  readonly reject: (fault: Fault) => void
}

export type SolverOptions = { readonly graceMs?: number; readonly entry?: URL }

/** HiGHS in a worker thread, started by the first model and again after a crash. It never keeps the process alive. */
export function createHighsSolver(options: SolverOptions = {}): Solver {
  return new WorkerSolver(options)
}

/**
 * Modes: idle (no thread or a waiting one) → solving (one job, a deadline) → idle; a crash or a missed deadline fails the job at hand,
 * drops the thread and goes on with the next job in a fresh one; closed refuses everything.
 */
class WorkerSolver implements Solver {
  private readonly waiting: Job[] = []
  private readonly entry: URL
  private readonly graceMs: number
  private worker: Worker | undefined
  private current: Job | undefined
  private deadline: NodeJS.Timeout | undefined
  private jobs = 0
  private isClosed = false

  constructor(options: SolverOptions) {
    this.entry = options.entry ?? new URL('./solver-worker.ts', import.meta.url)
    this.graceMs = options.graceMs ?? GRACE_MS
  }

  solve(model: LinearModel, timeLimitMs: number): Promise<LinearSolution> {
    return new Promise((resolve, reject) => {
      if (this.isClosed) return reject(failed('the solver is closed'))
      if (this.waiting.length >= WAITING_MAX) return reject(failed(`${WAITING_MAX} models are waiting already`))
      this.waiting.push({ model, timeLimitMs, resolve, reject })
      this.next()
    })
  }

  async close(): Promise<void> {
    this.isClosed = true
    const { worker } = this
    for (const job of this.waiting.splice(0)) job.reject(failed('the solver is closed'))
    this.fail('the solver was closed')
    await worker?.terminate()
  }

  private next(): void {
    if (this.current || this.isClosed) return
    const job = this.waiting.shift()
    if (!job) return
    this.current = job
    const worker = (this.worker ??= this.start())
    worker.ref()
    this.deadline = setTimeout(
      () => this.drop(worker, `no answer within ${job.timeLimitMs + this.graceMs} ms`),
      job.timeLimitMs + this.graceMs,
    )
    worker.postMessage({ job: ++this.jobs, model: job.model, timeLimitMs: job.timeLimitMs } satisfies SolverRequest)
  }

  private start(): Worker {
    const worker = new Worker(this.entry)
    worker.on('message', (reply: SolverReply) => this.answer(worker, reply))
    worker.on('error', (error) => this.drop(worker, String(error)))
    worker.on('exit', (code) => this.drop(worker, `its thread ended with code ${code}`))
    return worker
  }

  private answer(worker: Worker, reply: SolverReply): void {
    if (worker !== this.worker || reply.job !== this.jobs || !this.current) return
    const job = this.current
    this.settle()
    worker.unref()
    if (reply.solution) job.resolve(reply.solution)
    else job.reject(failed(reply.error ?? 'no answer'))
    this.next()
  }

  /** The thread crashed, ended or hung: only the first report of it counts. */
  private drop(worker: Worker, reason: string): void {
    if (worker !== this.worker) return
    this.worker = undefined
    void worker.terminate()
    this.fail(reason)
    this.next()
  }

  private fail(reason: string): void {
    const job = this.current
    this.settle()
    job?.reject(failed(reason))
  }

  private settle(): void {
    clearTimeout(this.deadline)
    this.deadline = undefined
    this.current = undefined
  }
}

const failed = (reason: string): Fault => new Fault('solver_failed', `The solver failed: ${reason}`, 'later')
