import { balanceOf } from '../payment/ledger.ts'
import { owedTotal } from '../payment/view-payments.ts'
import { waivedAfter } from '../payment/waived.ts'
import { currentIntake } from './current-intake.ts'
import { isAtWork, waivedOf } from './payment-need.ts'
import type { Moved, OrderIntake, OrderState } from './state.ts'

/** Keeps what is not asked for again in step with the ledger and with what the order costs; an order without refunds does not carry it. */
export function waive(intake: OrderIntake, state: OrderState, moved: Moved): void {
  if (moved.payments === state.payments && moved.sale === state.sale && moved.state === state.state) return
  if (!moved.payments.some((one) => one.kind === 'refund')) return
  const before = currentIntake(intake, state)
  const was = { total: owedTotal(before, state), isAtWork: isAtWork(before, state) }
  const known = waivedOf(before, state, balanceOf(state.payments), was.total)
  const added = moved.payments.slice(state.payments.length)
  moved.waived = waivedAfter(known, state.payments, added, was, owedTotal(currentIntake(intake, moved), moved))
}
