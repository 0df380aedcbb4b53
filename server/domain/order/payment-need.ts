import { owedOnCredit } from '../credit/check-credit.ts'
import { balanceOf, capturedNet, due, type LedgerBalance, type LedgerEntry } from '../payment/ledger.ts'
import type { OrderIntake, OrderState } from './state.ts'

type Standing = Pick<OrderState, 'payments' | 'reservations'> & Partial<Pick<OrderState, 'lines' | 'preOrder' | 'waived'>>

/**
 * True when the order may be worked on as far as money goes: nothing to pay in advance, or captured and authorised money covers the total
 * (captured alone where the channel captures at order).
 * Once its stock is committed, money that goes back later (a goodwill refund, a chargeback) does not undo the work; a void does.
 */
export const isSettled = (intake: OrderIntake, state: Standing): boolean => missingOf(intake, state) <= 0

/** The least that has to be captured (or authorised, where that is enough) before the order may be worked on; 0 or less: it is settled. */
export function missingOf(intake: OrderIntake, state: Standing): number {
  const total = neededOf(intake, state)
  if (!intake.requiresPayment || total <= 0) return 0
  if (state.payments.length === 0) return total
  const balance = balanceOf(state.payments)
  const promised = intake.captureAt === 'order' ? 0 : balance.authorised
  const open = due(balance, total) - promised - waivedOf(intake, state, balance, intake.totals.total)
  return open > 0 && balance.chargedBack > 0 && isAtWork(intake, state) ? open - balance.chargedBack : open
}

/**
 * What of refunded money is not asked for again; minor units. NOTE: an order that was refunded before this was kept does not say it: where it
 * is at work, what went back counts.
 */
export function waivedOf(intake: OrderIntake, state: Standing, balance: LedgerBalance, total: number): number {
  if (balance.refunded === 0) return 0
  if (state.waived !== undefined) return state.waived
  return isAtWork(intake, state) ? Math.min(balance.refunded, Math.max(0, due(balance, total))) : 0
}

/** True once its stock is committed or given: the money was there, and what goes back from then on does not stop it. */
export const isAtWork = (intake: OrderIntake, state: Standing): boolean =>
  state.reservations.some((one) => one.kind === 'committed' || one.kind === 'consumed') || hasDelivered(intake, state)

/** What must be paid for the order to go on: its total, or the deposit of a pre-order until its balance is asked for; minor units. */
export function neededOf({ totals }: OrderIntake, { preOrder }: Pick<OrderState, 'preOrder'>): number {
  return preOrder === undefined || preOrder.askedAt !== undefined ? totals.total : Math.min(preOrder.deposit, totals.total)
}

/** Digital goods cannot be taken back. */
const hasDelivered = ({ lines }: OrderIntake, state: Standing): boolean =>
  state.lines?.some((line, i) => line.delivered > 0 && lines[i]?.isDigital) === true

/** What the buyer does not owe any more: captured net of what went back, and what was written off; minor units. */
export function paidOf(entries: readonly LedgerEntry[]): number {
  if (entries.length === 0) return 0
  const balance = balanceOf(entries)
  return balance.adjusted + capturedNet(balance)
}

/** What the order owes on its account's credit after these payments. */
export function owedOf(intake: OrderIntake, entries: readonly LedgerEntry[]): number {
  return owedOnCredit(intake.totals.total, paidOf(entries))
}
