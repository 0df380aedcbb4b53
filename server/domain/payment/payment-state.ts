import type { paymentStates } from '../../../contract/entities/order.ts'
import { balanceOf, type LedgerEntry } from './ledger.ts'

export type PaymentState = (typeof paymentStates)[number]

/**
 * Where the money of an order stands. First that holds: a chargeback; refunds (all of what was captured, or part); captured more than owed,
 * exactly, or part; authorised for all that is owed; nothing owed. `requiresPayment` false (invoice, cash on delivery) says notRequired until money moves.
 */
export function derivePaymentState(entries: readonly LedgerEntry[], total: number, requiresPayment: boolean): PaymentState {
  const { captured, refunded, chargedBack, authorised, adjusted } = balanceOf(entries)
  const owed = total - adjusted
  if (chargedBack > 0) return 'chargedBack'
  if (refunded > 0) return refunded >= captured ? 'refunded' : 'partRefunded'
  if (captured > 0) {
    if (captured > owed) return 'overpaid'
    if (captured === owed) return 'paid'
    return captured + authorised >= owed ? 'authorised' : 'partPaid'
  }
  if (authorised > 0 && authorised >= owed) return 'authorised'
  if (!requiresPayment) return 'notRequired'
  return owed <= 0 ? 'paid' : 'unpaid'
}
