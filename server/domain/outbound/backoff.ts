import { HOUR, MINUTE, SECOND } from '../../kernel/time.ts'

/** Waits between attempts, ms: nine attempts over 21 hours, as the Standard Webhooks specification advises (about a day). */
const WAITS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR] as const
export const ATTEMPTS_MAX = WAITS.length + 1
/** Each wait is moved by up to this share either way, so that what failed together does not come back together. */
const JITTER = 0.2

/** Wait after so many failed attempts, ms; undefined when it was the last. `dice` is from 0 to below 1. */
export function waitAfter(attempts: number, dice: number): number | undefined {
  const wait = WAITS[attempts - 1]
  return wait === undefined ? undefined : Math.round(wait * (1 - JITTER + 2 * JITTER * dice))
}
