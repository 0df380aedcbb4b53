import { done, refuse, type Outcome, type Refusal } from '../../kernel/outcome.ts'
import { AMOUNT_MAX } from '../money/totals.ts'
import { entryLimits } from './entry-limits.ts'
import type { LedgerEntry } from './ledger.ts'

/**
 * The ledger with one more entry, or why it may not have it: `payment_amount_invalid`, then the limit of its kind ({@link entryLimits}).
 * What a platform reports as happened is not asked here: it is a fact.
 */
export function appendPayment<E extends LedgerEntry>(entries: readonly E[], entry: E): Outcome<readonly E[]> {
  const refusal = invalidAmount(entries, entry) ?? beyondLimit(entries, entry)
  return refusal ?? done([...entries, entry])
}

/** As {@link appendPayment} for several entries in turn: all of them or none; the pointer of a refusal names the entry. */
export function appendPayments<E extends LedgerEntry>(entries: readonly E[], added: readonly E[]): Outcome<readonly E[]> {
  let ledger = entries
  for (const [i, entry] of added.entries()) {
    const appended = appendPayment(ledger, entry)
    if (appended.status === 'refused') return { ...appended, pointer: `/${i}${appended.pointer ?? ''}` }
    ledger = appended.value
  }
  return done(ledger)
}

function invalidAmount(entries: readonly LedgerEntry[], { kind, amount }: LedgerEntry): Refusal | undefined {
  const isValid = Number.isSafeInteger(amount) && (kind === 'adjust' ? amount !== 0 : amount > 0)
  // Bounded as a whole too, so that sums stay exact.
  const moved = entries.reduce((sum, one) => sum + Math.abs(one.amount), Math.abs(amount))
  if (isValid && moved <= AMOUNT_MAX) return undefined
  const expected = kind === 'adjust' ? 'an integer other than 0' : 'a positive integer'
  const detail = {
    en: `the amount of ${kind} must be ${expected}, all entries together at most ${AMOUNT_MAX}`,
    zh: `${kind} 的金额须为${kind === 'adjust' ? '不为 0 的' : '正'}整数，全部记录合计不超过 ${AMOUNT_MAX}`,
  }
  return refuse('payment_amount_invalid', detail, { expected, got: amount, pointer: '/amount' })
}

function beyondLimit(entries: readonly LedgerEntry[], entry: LedgerEntry): Refusal | undefined {
  const limit = entryLimits[entry.kind]
  const max = limit?.max(entries, entry)
  if (limit === undefined || max === undefined || entry.amount <= max) return undefined
  return refuse(limit.code, limit.says, { expected: { max }, got: entry.amount, pointer: '/amount' })
}
