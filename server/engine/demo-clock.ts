import { DAY, instant, MINUTE, SECOND, type Instant } from '../kernel/time.ts'
import type { Queryable } from '../store/database.ts'
import { moveClock } from '../store/demo.ts'
import type { BusinessClock } from './business-clock.ts'

/** How far back the demo's time starts. */
const HISTORY = 5 * DAY
const STEP = 30 * MINUTE
/** Rounds of due orders that one step waits for; what is left is handled by the clock's chore. */
const ROUNDS_MAX = 50

/** Where business time starts in a new demo: five days back, on a full half hour. */
export const demoStart = (wallNow: number): Instant => instant(Math.floor((wallNow - HISTORY) / STEP) * STEP)

export type DemoClockMove = {
  /** Business seconds a wall second; 0 stands still. */
  readonly rate?: number
  /** Steps ahead at once. */
  readonly advanceSeconds?: number
}

type Deps = {
  readonly pool: Queryable
  readonly clock: BusinessClock
  readonly wallNow: () => number
  /** Handles what is due, a bounded number at a time; how much there was. */
  readonly handleDue: () => Promise<number>
}

/** The demo's hand on business time: it can stand still, run faster and step ahead, and never goes back. */
export class DemoClock {
  private readonly deps: Deps

  constructor(deps: Deps) {
    this.deps = deps
  }

  read(): { readonly at: Instant; readonly rate: number } {
    const { clock } = this.deps
    return { at: clock.now(), rate: clock.rate }
  }

  /** Moves time and answers when the orders that came due by it have been handled. */
  async move({ rate, advanceSeconds = 0 }: DemoClockMove): Promise<{ readonly at: Instant; readonly rate: number }> {
    const { pool, clock, wallNow, handleDue } = this.deps
    const to = instant(clock.now() + advanceSeconds * SECOND)
    clock.set(await moveClock(pool, to, instant(wallNow()), rate ?? clock.rate))
    for (let round = 0; advanceSeconds > 0 && round < ROUNDS_MAX; round++) if ((await handleDue()) === 0) break
    return this.read()
  }
}
