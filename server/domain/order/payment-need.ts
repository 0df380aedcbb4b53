import type { OrderIntake, OrderState } from './state.ts'

/** True when the order may be worked on as far as money goes: nothing to pay in advance, or authorised and captured amounts cover the total. */
export function isSettled(intake: OrderIntake, state: Pick<OrderState, 'payments'>): boolean {
  if (!intake.requiresPayment) return true
  let covered = 0
  for (const entry of state.payments) {
    if (entry.kind === 'authorise' || entry.kind === 'adjust') covered += entry.amount
    else if (entry.kind === 'void') covered -= entry.amount
    else if (entry.kind === 'capture') covered += entry.amount - authorisedFor(state, entry.paymentRef, entry.amount)
    else covered -= entry.amount
  }
  return covered >= intake.totals.total
}

/** A capture of an authorised amount moves money that was counted already. */
function authorisedFor(state: Pick<OrderState, 'payments'>, paymentRef: string | undefined, amount: number): number {
  let authorised = 0
  for (const entry of state.payments) if (entry.kind === 'authorise' && entry.paymentRef === paymentRef) authorised += entry.amount
  return Math.min(authorised, amount)
}
