import type { Instant } from '../kernel/time.ts'

/** A small recurring task. `runOnce` does a bounded amount of work and says whether there is more. */
export type Chore = {
  readonly name: string
  readonly everyMs: number
  runOnce(): Promise<boolean | void>
  /** Of a chore that goes by business time: done before a step of the demo's time is over. */
  readonly byBusinessTime?: true
  /** Business time of its next turn, where it knows it. */
  dueAt?(): Instant | undefined
}

export type ChoreReport = { readonly runs: number; readonly failures: number; readonly lastError: string | undefined }

/**
 * Runs chores, each on its own timer, never twice at once. A failing chore is reported and tried again at its next turn.
 * Modes: stopped → running → stopped.
 */
export class Chores {
  private readonly chores: readonly Chore[]
  private readonly timers = new Map<string, NodeJS.Timeout>()
  /** The last turn of each, under way or over. */
  private readonly turns = new Map<string, Promise<boolean>>()
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
    await Promise.all(this.turns.values())
  }

  report(name: string): ChoreReport {
    return this.reports.get(name) ?? { runs: 0, failures: 0, lastError: undefined }
  }

  /** The earliest business time at which one of them has its turn. */
  dueAt(): Instant | undefined {
    const times = this.chores.flatMap((chore) => chore.dueAt?.() ?? [])
    return times.length === 0 ? undefined : times.reduce((least, at) => (at < least ? at : least))
  }

  /** Lets those that go by business time work until none has more to do, so many turns each at most; a turn under way is waited for. */
  async settle(turnsMax: number): Promise<void> {
    for (const chore of this.chores)
      for (let turn = 0; chore.byBusinessTime === true && this.isRunning && turn < turnsMax; turn++) if (!(await this.turn(chore))) break
  }

  private schedule(chore: Chore, ms: number): void {
    if (!this.isRunning) return
    const timer = setTimeout(() => {
      void this.turn(chore).then((hasMore) => this.schedule(chore, hasMore ? 0 : chore.everyMs))
    }, ms)
    timer.unref()
    this.timers.set(chore.name, timer)
  }

  /** A turn after the one before; whether there is more to do. */
  private turn(chore: Chore): Promise<boolean> {
    const turn = (this.turns.get(chore.name) ?? Promise.resolve(false)).then(() => this.run(chore))
    this.turns.set(chore.name, turn)
    return turn
  }

  private async run(chore: Chore): Promise<boolean> {
    if (!this.isRunning) return false
    const before = this.report(chore.name)
    try {
      const hasMore = (await chore.runOnce()) === true
      this.reports.set(chore.name, { ...before, runs: before.runs + 1 })
      return hasMore
    } catch (error) {
      this.reports.set(chore.name, { runs: before.runs + 1, failures: before.failures + 1, lastError: String(error) })
      if (this.isRunning) this.onFailure(chore.name, error)
      return false
    }
  }
}
