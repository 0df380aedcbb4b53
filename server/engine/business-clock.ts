import { instant, type Instant } from '../kernel/time.ts'
import type { ClockRow } from '../store/hub-settings.ts'

/**
 * Business time: one database row (anchor, rate), the same in every process, never backwards.
 * Wall time stays for ids, leases, timeouts and metrics.
 */
export class BusinessClock {
  private readonly wallNow: () => number
  private anchor: ClockRow
  private last = 0

  constructor(wallNow: () => number, anchor: ClockRow) {
    this.wallNow = wallNow
    this.anchor = anchor
  }

  now(): Instant {
    const { anchor_business: business, anchor_wall: wall, rate } = this.anchor
    const now = Math.floor(business + (this.wallNow() - wall) * rate)
    if (now > this.last) this.last = now
    return instant(this.last)
  }

  /** Business seconds a wall second. */
  get rate(): number {
    return this.anchor.rate
  }

  /** Takes a newer row; an older version is ignored. */
  set(anchor: ClockRow): void {
    if (Number(anchor.version) >= Number(this.anchor.version)) this.anchor = anchor
  }
}
