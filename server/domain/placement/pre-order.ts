import type { NewEvent } from '../../../contract/events.ts'
import { HOUR, instant, type Instant, toIso } from '../../kernel/time.ts'
import type { Order, OrderIntake } from '../order/state.ts'
import { balanceOf, due, isCovered } from '../payment/ledger.ts'
import type { Awaited } from './await-supply.ts'
import type { ChannelPolicy } from './facts.ts'

const BALANCE_HOURS = 72

/** The order is sold for a deposit: it must be paid for, waits as a whole, and dated supply covers what is short; minor units. */
export function depositFor(intake: OrderIntake, channel: ChannelPolicy, awaited: Awaited | undefined): number | undefined {
  const { preOrder, shortage } = channel
  if (preOrder === undefined || shortage !== 'backorder' || awaited?.leg === undefined || !intake.requiresPayment) return undefined
  const { total } = intake.totals
  return total <= 0 ? undefined : Math.ceil((total * preOrder.depositPercent) / 100)
}

/**
 * The balance that is asked for now that all of a pre-order is kept for it; undefined where it was asked for already, something is still short, or
 * nothing is owed.
 */
export function balanceDue(
  { intake, state }: Order,
  channel: ChannelPolicy | undefined,
  now: Instant,
): NewEvent<'payment.due'> | undefined {
  if (state.preOrder === undefined || state.preOrder.askedAt !== undefined) return undefined
  if (state.lines.some((line) => line.backordered > 0)) return undefined
  const balance = balanceOf(state.payments)
  const { total } = intake.totals
  if (intake.captureAt === 'order' ? due(balance, total) <= 0 : isCovered(balance, total)) return undefined
  const dueBy = toIso(instant(now + (channel?.preOrder?.balanceHours ?? BALANCE_HOURS) * HOUR))
  return { type: 'payment.due', occurredAt: now, data: { amount: due(balance, total), dueBy } }
}
