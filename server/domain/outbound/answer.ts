/** What came of one attempt to hand something to an outside system. */
export type Answer =
  /** It answered, with this status of its protocol (HTTP). */
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs?: number | undefined }
  /** It did not answer in time, or could not be reached. */
  | { readonly kind: 'silent'; readonly problem: string }
  /** It was not asked: the address is not one that may be asked. */
  | { readonly kind: 'forbidden'; readonly problem: string }

export type Verdict =
  | { readonly kind: 'delivered' }
  /** Worth another try, not before `retryAfterMs` where the other side said so. */
  | { readonly kind: 'later'; readonly problem: string; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'never'; readonly problem: string }

/** The other side says that the address is gone for good (Standard Webhooks): not this message alone, nothing more is wanted. */
export const saysGone = (answer: Answer): boolean => answer.kind === 'answered' && answer.status === 410

/** An outside system may ask for a pause of this length at most, ms. */
const PAUSE_MS_MAX = 3_600_000

/**
 * Only what can change by itself is tried again: no answer, 429, and every 5xx. Any other answer is the target's decision about this
 * message (a redirect too: it is not followed).
 */
export function judgeAnswer(answer: Answer): Verdict {
  if (answer.kind === 'silent') return { kind: 'later', problem: answer.problem }
  if (answer.kind === 'forbidden') return { kind: 'never', problem: answer.problem }
  const { status } = answer
  if (status >= 200 && status < 300) return { kind: 'delivered' }
  const problem = `answered ${status}`
  if (status !== 429 && status < 500) return { kind: 'never', problem }
  const retryAfterMs = answer.retryAfterMs === undefined ? undefined : Math.min(PAUSE_MS_MAX, Math.max(0, answer.retryAfterMs))
  return { kind: 'later', problem, retryAfterMs }
}
