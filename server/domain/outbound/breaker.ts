import { MINUTE, SECOND } from '../../kernel/time.ts'

/** How one target has answered lately. `blockedUntil`: nothing is sent before; then one message tries it. */
export type Breaker = { readonly failures: number; readonly blockedUntil: number }

export const healthy: Breaker = { failures: 0, blockedUntil: 0 }
const FAILURES_MAX = 5
const FIRST_MS = 10 * SECOND
const LONGEST_MS = 10 * MINUTE

/** After a failure that may pass by itself: from the fifth in a row the target rests, longer each time. */
export function afterFailure(breaker: Breaker, now: number, dice: number, retryAfterMs = 0): Breaker {
  const failures = breaker.failures + 1
  const rests = failures - FAILURES_MAX
  const rest = rests < 0 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(rests, 16)) * (0.8 + 0.4 * dice)
  return { failures, blockedUntil: Math.max(breaker.blockedUntil, now + Math.max(rest, retryAfterMs)) }
}

export const isBlocked = (breaker: Breaker, now: number): boolean => now < breaker.blockedUntil

/** Messages that may be under way at once: a target that has just failed is asked one at a time. */
export const windowOf = (breaker: Breaker, most: number): number => (breaker.failures === 0 ? most : 1)
