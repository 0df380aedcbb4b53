import type { FailurePolicy, Finding } from '../check/finding.ts'

/** The terms of an account that the check needs; exposure is passed beside it, because the engine reads it under a lock. */
export type CreditAccount = {
  readonly accountId: string
  readonly currency: string
  readonly creditLimit: number
  readonly blocked?: boolean | undefined
}

export type CreditRequest = {
  /** Undefined: the order is on nobody's account. */
  readonly accountId: string | undefined
  readonly currency: string
  /** Minor units of `currency`. */
  readonly total: number
  /** Captured payments net of refunds and chargebacks: what the order does not owe any more. */
  readonly captured: number
}

/** `exposure`: what to add to the account's exposure when the order is kept, minor units of the account's currency. */
export type CreditFinding = Finding & { readonly exposure: number }

/** What an order owes on credit: its total minus captured payments, never negative. */
export const owedOnCredit = (total: number, captured: number): number => Math.max(0, total - captured)

/**
 * May the account owe this much more? Fails with, in this order, `account_unknown`, `account_blocked`, `currency_mismatch`,
 * `credit_limit_exceeded` (exposure now + what the order owes > limit). An order that owes nothing never exceeds a limit.
 * An order kept for review is reserved in full, also beyond the limit, so that the next order sees it.
 */
export function checkCredit(
  request: CreditRequest,
  account: CreditAccount | undefined,
  exposureNow: number,
  onFailure: FailurePolicy,
): CreditFinding {
  if (request.accountId === undefined) return { verdict: 'notApplicable', reason: 'no_account', exposure: 0 }
  const { accountId } = request
  if (account === undefined) return { verdict: onFailure, reason: 'account_unknown', detail: { accountId }, exposure: 0 }
  if (account.currency !== request.currency) {
    // Blocked is said first, but without a common currency nothing can be reserved either way.
    const reason = account.blocked ? 'account_blocked' : 'currency_mismatch'
    return { verdict: onFailure, reason, detail: { accountId, expected: account.currency, got: request.currency }, exposure: 0 }
  }
  const exposure = owedOnCredit(request.total, request.captured)
  const detail = { accountId, creditLimit: account.creditLimit, exposureBefore: exposureNow, exposure }
  if (account.blocked) return { verdict: onFailure, reason: 'account_blocked', detail, exposure }
  if (exposure > 0 && exposureNow + exposure > account.creditLimit) {
    return { verdict: onFailure, reason: 'credit_limit_exceeded', detail, exposure }
  }
  return { verdict: 'pass', reason: 'credit_within_limit', detail, exposure }
}
