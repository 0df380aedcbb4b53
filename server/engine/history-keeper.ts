import { DAY, type Instant, instant } from '../kernel/time.ts'
import { archiveEvents, openOrdersOf, partPastRetention, snapshotOrders } from '../store/archive-events.ts'
import { archiveMoves, movesPastRetention } from '../store/archive-moves.ts'
import type { Pool } from '../store/database.ts'
import { type ArchivedAfter, forgetEnded } from '../store/ended-reservations.ts'
import type { Partition } from '../store/partitions.ts'
import type { Chore } from './chores.ts'

/** Orders whose snapshot is taken in one turn. */
const PAGE = 200
/** Archived reservations that are looked at in one turn. */
const RESERVATIONS_PAGE = 1000
const FROM_THE_FIRST: ArchivedAfter = { logShard: -1, subjectId: '' }

export type HistoryDeps = {
  readonly pool: Pool
  /** Business time: what is kept was recorded in it. */
  readonly now: () => Instant
  readonly wallNow: () => number
  readonly keptDays: number
  readonly warn: (data: object, message: string) => void
  readonly gauge: (name: 'historyHeldOrders', value: number) => void
}

/**
 * Puts away the oldest part of the log and of the stock moves, one at a time, when all of it is past retention and its orders are over.
 * Modes: looking → snapshotting (a page of orders a turn) → detached → forgetting (bare reservations that ended in what is archived, a page
 * a turn), and looking again. A stop loses nothing: snapshots count only once their part is detached, taking one again changes nothing, and
 * a process begins with forgetting.
 */
export class HistoryKeeper implements Chore {
  readonly name = 'history'
  readonly everyMs = 600_000
  private readonly deps: HistoryDeps
  private part: Partition | undefined
  private after = '0'
  private forgetting: ArchivedAfter | undefined = FROM_THE_FIRST

  constructor(deps: HistoryDeps) {
    this.deps = deps
  }

  /** One bounded step; whether there is more to do at once. */
  async runOnce(): Promise<boolean> {
    if (this.forgetting !== undefined) {
      this.forgetting = (await forgetEnded(this.deps.pool, this.forgetting, RESERVATIONS_PAGE))?.after
      return true
    }
    const cutoff = instant(this.deps.now() - this.deps.keptDays * DAY)
    if (this.part === undefined) {
      this.part = await this.next(cutoff)
      this.after = '0'
      return this.part !== undefined || this.moves(cutoff)
    }
    const last = await snapshotOrders(this.deps.pool, this.part, this.after, PAGE)
    if (last === undefined) await this.detach(this.part)
    else this.after = last
    return true
  }

  /** The part of the log that goes next; orders that are still open keep theirs. */
  private async next(cutoff: Instant): Promise<Partition | undefined> {
    const { pool, warn, gauge } = this.deps
    const part = await partPastRetention(pool, cutoff)
    const { open, first } = part === undefined ? { open: 0, first: null } : await openOrdersOf(pool, part)
    gauge('historyHeldOrders', open)
    if (open === 0) return part
    warn(
      { partition: part?.name, orders: open, orderNo: first },
      `${part?.name} is past retention, but ${open} of its orders are still open: close or cancel them, the oldest first`,
    )
    return undefined
  }

  private async detach(part: Partition): Promise<void> {
    const { pool, wallNow } = this.deps
    this.part = undefined
    await archiveEvents(pool, part, instant(wallNow())) // the watch tells of subscriptions that this left behind
    this.forgetting = FROM_THE_FIRST
  }

  private async moves(cutoff: Instant): Promise<boolean> {
    const part = await movesPastRetention(this.deps.pool, cutoff)
    if (part === undefined) return false
    await archiveMoves(this.deps.pool, part)
    return true
  }
}
