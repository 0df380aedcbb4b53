/** A small recurring task. `runOnce` does a bounded amount of work and says whether there is more. */
export type Chore = { readonly name: string; readonly everyMs: number; runOnce(): Promise<boolean | void> }

export type ChoreReport = { readonly runs: number; readonly failures: number; readonly lastError: string | undefined }

/**
 * Runs chores, each on its own timer, never twice at once. A failing chore is reported and tried again at its next turn.
 * Modes: stopped → running → stopped.
 */
export class Chores {
  private readonly chores: readonly Chore[]
  private readonly timers = new Map<string, NodeJS.Timeout>()
  private readonly running = new Set<Promise<void>>()
  private readonly reports = new Map<string, ChoreReport>()
  private readonly onFailure: (name: string, error: unknown) => void
  private isRunning = false

  constructor(chores: readonly Chore[], onFailure: (name: string, error: unknown) => void) {
    this.chores = chores
    this.onFailure = onFailure
  }

  start(): void {
    this.isRunning = true
    for (const chore of this.chores) this.schedule(chore, chore.everyMs)
  }

  /** Ends the timers and waits for what is under way. */
  async stop(): Promise<void> {
    this.isRunning = false
    for (const timer of this.timers.values()) clearTimeout(timer)
    await Promise.all(this.running)
  }

  report(name: string): ChoreReport {
    return this.reports.get(name) ?? { runs: 0, failures: 0, lastError: undefined }
  }

  private schedule(chore: Chore, ms: number): void {
    if (!this.isRunning) return
    const timer = setTimeout(() => {
      const turn = this.run(chore).finally(() => this.running.delete(turn))
      this.running.add(turn)
    }, ms)
    timer.unref()
    this.timers.set(chore.name, timer)
  }

  private async run(chore: Chore): Promise<void> {
    const before = this.report(chore.name)
    let hasMore = false
    try {
      hasMore = (await chore.runOnce()) === true
      this.reports.set(chore.name, { ...before, runs: before.runs + 1 })
    } catch (error) {
      this.reports.set(chore.name, { runs: before.runs + 1, failures: before.failures + 1, lastError: String(error) })
      if (this.isRunning) this.onFailure(chore.name, error)
    }
    this.schedule(chore, hasMore ? 0 : chore.everyMs)
  }
}
