import { owedOnCredit } from '../credit/check-credit.ts'
import { balanceOf, capturedNet, due, isCovered, type LedgerEntry } from '../payment/ledger.ts'
import type { OrderIntake, OrderState } from './state.ts'

type Standing = Pick<OrderState, 'payments' | 'reservations'> & Partial<Pick<OrderState, 'lines' | 'preOrder'>>

/**
 * True when the order may be worked on as far as money goes: nothing to pay in advance, or captured and authorised money covers the total
 * (captured alone where the channel captures at order).
 * Once its stock is committed, money that goes back later (a goodwill refund, a chargeback) does not undo the work; a void does.
 */
export function isSettled(intake: OrderIntake, state: Standing): boolean {
  const total = neededOf(intake, state)
  if (!intake.requiresPayment || total <= 0) return true
  if (state.payments.length === 0) return false
  const balance = balanceOf(state.payments)
  const isReady = intake.captureAt === 'order' ? due(balance, total) <= 0 : isCovered(balance, total)
  if (isReady) return true
  const paidOnce = { ...balance, refunded: 0, chargedBack: 0 }
  return isAtWork(intake, state) && (intake.captureAt === 'order' ? due(paidOnce, total) <= 0 : isCovered(paidOnce, total))
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
