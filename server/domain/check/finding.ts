import type { CheckReason } from '../../../contract/check-reasons.ts'
import type { CheckResult } from '../../../contract/entities/basics.ts'

export type Verdict = CheckResult['verdict']

/** What a check found; the composer adds the time. `reason` is what contract/check-reasons.ts has words for. */
export type Finding = {
  readonly verdict: Verdict
  readonly reason: CheckReason
  readonly detail?: Readonly<Record<string, unknown>>
}

/** What the channel's owner wants done with an order that a check does not pass. */
export type FailurePolicy = 'refuse' | 'review'

/** A finding as the order keeps it; `at` is ISO text of business time. */
export function resultOf(finding: Finding, at: string): CheckResult {
  const { verdict, reason, detail } = finding
  return detail === undefined ? { verdict, reason, at } : { verdict, reason, at, detail: { ...detail } }
}
