import type { Order as OrderView } from '../../../contract/entities/order.ts'
import { toIso } from '../../kernel/time.ts'
import { neededOf, waivedOf } from '../order/payment-need.ts'
import type { Order, OrderIntake, OrderState } from '../order/state.ts'
import { balanceOf, due, type LedgerBalance, refundable, refundableBy } from './ledger.ts'
import { derivePaymentState } from './payment-state.ts'

/** What the buyer owes for the order: nothing once it was cancelled or rejected, whatever its lines had cost. */
export function owedTotal({ totals, history }: OrderIntake, { state }: Pick<OrderState, 'state'>): number {
  return history === undefined && (state === 'cancelled' || state === 'rejected') ? 0 : totals.total
}

/** Nothing more is asked of the buyer of an order that ended before money moved. */
export const isPaymentAsked = (intake: OrderIntake, state: Pick<OrderState, 'state'>): boolean =>
  intake.requiresPayment && (intake.history === true || (state.state !== 'cancelled' && state.state !== 'rejected'))

/** The money of an order as it stands: everything is worked out from the ledger, nothing of it is stored. */
export function viewPayments(order: Order): NonNullable<OrderView['payments']> {
  const { intake, state } = order
  const balance = balanceOf(state.payments)
  const total = owedTotal(intake, state)
  return {
    state: derivePaymentState(state.payments, total, isPaymentAsked(intake, state)),
    authorised: balance.authorised,
    captured: balance.captured,
    refunded: balance.refunded,
    chargedBack: balance.chargedBack,
    due: dueOf(order, balance),
    refundable: refundable(balance),
    captureDue: captureDue(order, balance),
    ...preOrderOf(order, balance),
    methods: balance.methods.map((one) => ({
      method: one.method,
      authorised: one.authorised,
      captured: one.captured,
      refunded: one.refunded,
      chargedBack: one.chargedBack,
      refundable: Math.min(refundableBy(one), refundable(balance)),
    })),
    entries: state.payments.map(({ occurredAt, ...entry }) => ({ ...entry, occurredAt: toIso(occurredAt) })),
  }
}

/** What the buyer is asked for; negative: due back. What a bank took back is owed; of what was refunded only what is not waived. */
export function dueOf({ intake, state }: Order, balance: LedgerBalance): number {
  const total = owedTotal(intake, state)
  return due(balance, total) - waivedOf(intake, state, balance, total)
}

/** Authorised money that is to be captured by now: of the whole order, or of what was handed over (delivery with the first of it). */
export function captureDue({ intake, state }: Order, balance: LedgerBalance): number {
  if (balance.authorised === 0 || state.state !== 'accepted') return 0
  const earned = intake.captureAt === 'order' ? neededOf(intake, state) : worthShipped(intake, state)
  const waived = waivedOf(intake, state, balance, owedTotal(intake, state))
  return Math.max(0, Math.min(balance.authorised, due(balance, earned) - waived))
}

function preOrderOf({ intake, state }: Order, balance: LedgerBalance): Pick<NonNullable<OrderView['payments']>, 'preOrder'> {
  const { preOrder } = state
  if (preOrder === undefined) return {}
  const isOver = state.state === 'cancelled' || state.state === 'rejected'
  const dueNow = isOver
    ? 0
    : Math.max(0, due(balance, neededOf(intake, state)) - waivedOf(intake, state, balance, owedTotal(intake, state)))
  const { deposit, balanceBy } = preOrder
  return { preOrder: { deposit, dueNow, ...(balanceBy === undefined ? {} : { balanceBy: toIso(balanceBy) }) } }
}

function worthShipped({ lines, totals }: OrderIntake, state: OrderState): number {
  let worth = 0
  let isWhole = true
  for (const [i, line] of lines.entries()) {
    const { cancelled = 0, shipped = 0 } = state.lines[i] ?? {}
    const live = line.quantity - cancelled
    if (shipped < live) isWhole = false
    if (live > 0) worth += Math.floor((line.total * Math.min(shipped, live)) / live)
  }
  if (isWhole) return totals.total
  // What is not of the lines (delivery and its tax) is earned with the first of them.
  return worth === 0 ? 0 : worth + totals.total - lines.reduce((sum, line) => sum + line.total, 0)
}
