import { DAY, instant, MINUTE, SECOND, type Instant } from '../kernel/time.ts'
import type { Queryable } from '../store/database.ts'
import { moveClock } from '../store/demo.ts'
import type { BusinessClock } from './business-clock.ts'

/** How far back the demo's time starts. */
const HISTORY = 5 * DAY
const STEP = 30 * MINUTE
/** Rounds of due orders, and turns of keepers, that one step waits for; what is left is handled by the chores. */
const ROUNDS_MAX = 50
/** Times at which keepers are due, that a step stops at: two days of half hours; what is due beyond is done at its end. */
const STOPS_MAX = 96
/** Wall time in which the world tells what it did in a step of its history; what is due is then handled all the same. */
const LIVED_MS_MAX = 20_000

/** Where business time starts in a new demo: five days back, on a full half hour. */
export const demoStart = (wallNow: number): Instant => instant(Math.floor((wallNow - HISTORY) / STEP) * STEP)

export type DemoClockMove = {
  /** Business seconds a wall second; 0 stands still. */
  readonly rate?: number | undefined
  /** Steps ahead at once. */
  readonly advanceSeconds?: number | undefined
  /** The step belongs to the history that is lived until then. */
  readonly historyUntil?: Instant | undefined
}
/** The days that the world lives through before it is in the present. */
export type DemoHistory = { readonly from: Instant; readonly until: Instant }
export type DemoTime = { readonly at: Instant; readonly rate: number; readonly history?: DemoHistory }

type Deps = {
  readonly pool: Queryable
  readonly clock: BusinessClock
  readonly wallNow: () => number
  /** Handles what is due, a bounded number at a time; how much there was. */
  readonly handleDue: () => Promise<number>
  /** Keepers that go by business time: when the next one is due, and their work until then, so many turns at most. */
  readonly keepers: { dueAt(): Instant | undefined; settle(turnsMax: number): Promise<void> }
}

/**
 * The demo's hand on business time: it can stand still, run faster and step ahead, and never goes back. History: none → living (the world
 * steps through it) → over, when it has come to its end or a visitor has said how fast time is to run.
 *
 * Of a step of history the world tells only when time has passed it: what is due by then is handled with the next move. Else everybody
 * would be late who does their work within a step, and each of these breaches would be opened and ended again.
 */
export class DemoClock {
  private readonly deps: Deps
  private history: DemoHistory | 'none' | 'over' = 'none'
  /** Until then on the wall the world has still to tell of the last step; 0: of none. */
  private toldBy = 0

  constructor(deps: Deps) {
    this.deps = deps
  }

  read(): DemoTime {
    const { clock } = this.deps
    const { history } = this
    return { at: clock.now(), rate: clock.rate, ...(typeof history === 'object' ? { history } : {}) }
  }

  /** Whether what is due waits until the world has told of the step that time has just passed. */
  get isUntold(): boolean {
    return this.deps.wallNow() < this.toldBy
  }

  /**
   * Moves time, and answers when the orders that came due by it have been handled and keepers have done what they do at that time; orders
   * that come due by a step of history are handled by the next move. A step of a history that is over is not taken.
   */
  async move({ rate, advanceSeconds = 0, historyUntil }: DemoClockMove): Promise<DemoTime> {
    const { clock, wallNow, keepers } = this.deps
    if (rate !== undefined) this.history = 'over'
    else if (historyUntil !== undefined && this.history !== 'over')
      this.history = { from: this.history === 'none' ? clock.now() : this.history.from, until: historyUntil }
    const isTaken = (): boolean => historyUntil === undefined || this.history !== 'over'
    if (this.toldBy > 0) {
      this.toldBy = 0
      await this.handleDue()
    }
    const waits = (): void => void (historyUntil !== undefined && isTaken() && (this.toldBy = wallNow() + LIVED_MS_MAX))
    const to = instant(clock.now() + advanceSeconds * SECOND)
    if (advanceSeconds === 0) await this.set(to, rate)
    else
      for (let stop = 1; isTaken() && clock.now() < to && stop <= STOPS_MAX; stop++) {
        waits()
        await this.set(stop === STOPS_MAX ? to : this.nextStop(to), stop === 1 ? rate : undefined)
        if (!this.isUntold) await this.handleDue()
        await keepers.settle(ROUNDS_MAX)
        waits()
      }
    if (typeof this.history === 'object' && clock.now() >= this.history.until) this.history = 'over'
    return this.read()
  }

  private async set(at: Instant, rate: number | undefined): Promise<void> {
    const { pool, clock, wallNow } = this.deps
    clock.set(await moveClock(pool, at, instant(wallNow()), rate))
  }

  /** The time at which a keeper is due on the way, or the end of it. */
  private nextStop(to: Instant): Instant {
    const dueAt = this.deps.keepers.dueAt() ?? to
    return instant(Math.min(to, Math.max(dueAt, this.deps.clock.now())))
  }

  private async handleDue(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round++) if ((await this.deps.handleDue()) === 0) break
  }
}
