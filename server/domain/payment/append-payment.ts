import { done, refuse, type Outcome, type Refusal } from '../../kernel/outcome.ts'
import { AMOUNT_MAX } from '../money/totals.ts'
import { balanceOf, refundable, refundableBy, voidable, type LedgerEntry } from './ledger.ts'

/**
 * The ledger with one more entry, or why it may not have it: `payment_amount_invalid`, `void_exceeds_authorised`,
 * `refund_exceeds_captured` (per method; over all methods where the caller has the permission for cross-method refunds), `chargeback_exceeds_captured`.
 * A refund never depends on what the order still costs. What a platform reports as happened is not asked here: it is a fact.
 */
export function appendPayment<E extends LedgerEntry>(
  entries: readonly E[],
  entry: E,
  allow: { readonly crossMethodRefund?: boolean } = {},
): Outcome<readonly E[]> {
  const refusal = invalidAmount(entries, entry) ?? beyondLedger(entries, entry, allow.crossMethodRefund ?? false)
  return refusal ?? done([...entries, entry])
}

/** As {@link appendPayment} for several entries in turn: all of them or none; the pointer of a refusal names the entry. */
export function appendPayments<E extends LedgerEntry>(
  entries: readonly E[],
  added: readonly E[],
  allow: { readonly crossMethodRefund?: boolean } = {},
): Outcome<readonly E[]> {
  let ledger = entries
  for (const [i, entry] of added.entries()) {
    const appended = appendPayment(ledger, entry, allow)
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
  return refuse('payment_amount_invalid', `the amount of ${kind} must be ${expected}, all entries together at most ${AMOUNT_MAX}`, {
    expected,
    got: amount,
    pointer: '/amount',
  })
}

function beyondLedger(entries: readonly LedgerEntry[], entry: LedgerEntry, crossMethod: boolean): Refusal | undefined {
  const { kind, method, amount, paymentRef } = entry
  if (kind !== 'void' && kind !== 'refund' && kind !== 'chargeback') return undefined
  if (kind === 'void') {
    const max = voidable(entries, method, paymentRef)
    return amount > max ? exceeds('void_exceeds_authorised', 'more than is authorised and open', max, amount) : undefined
  }
  const balance = balanceOf(entries)
  const own = balance.methods.find((one) => one.method === method)
  if (kind === 'chargeback') {
    // A bank may take back what was refunded already: only captured money limits it.
    const max = own === undefined ? 0 : own.captured - own.chargedBack
    return amount > max ? exceeds('chargeback_exceeds_captured', `more than was captured by ${method}`, max, amount) : undefined
  }
  const max = crossMethod ? refundable(balance) : own === undefined ? 0 : Math.min(refundableBy(own), refundable(balance))
  return amount > max ? exceeds('refund_exceeds_captured', `more than can be given back by ${method}`, max, amount) : undefined
}

const exceeds = (code: string, detail: string, max: number, got: number): Refusal =>
  refuse(code, detail, { expected: { max }, got, pointer: '/amount' })
