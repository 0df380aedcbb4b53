import { DAY, HOUR, instant, MINUTE, type Instant } from '../../kernel/time.ts'
import { isSettled } from './payment-need.ts'
import type { Clock, ClockName, OrderIntake, OrderState } from './state.ts'

/** How long each stage may take before somebody is told, where the order itself does not say. */
const limits: Record<ClockName, number> = { review: 4 * HOUR, payment: 30 * MINUTE, hold: DAY, stock: 30 * MINUTE, fulfil: DAY }
const BREACHES_MAX = 10

/** The one stage whose clock runs now; undefined when nothing is owed any more. */
export function stageOf(intake: OrderIntake, state: OrderState): ClockName | undefined {
  if (state.state === 'cancelled' || state.state === 'rejected' || state.state === 'closed' || state.state === 'received' || intake.history)
    return undefined
  if (state.state === 'review') return 'review'
  if (state.holds.some((hold) => hold.state === 'open')) return 'hold'
  if (!isSettled(intake, state)) return 'payment'
  if (state.lines.some((line) => line.backordered > 0)) return 'stock'
  const open = intake.lines.some((line, i) => line.quantity - (state.lines[i]?.cancelled ?? 0) > (state.lines[i]?.delivered ?? 0))
  return open ? 'fulfil' : undefined
}

function dueOf(stage: ClockName, state: OrderState, at: Instant): Instant {
  if (stage === 'payment' && state.reservedUntil !== undefined) return state.reservedUntil
  if (stage === 'fulfil') {
    let latest = 0
    for (const order of state.fulfillmentOrders) if (order.work !== 'cancelled' && (order.shipBy ?? 0) > latest) latest = order.shipBy ?? 0
    if (latest > at) return instant(latest)
  }
  return instant(at + limits[stage])
}

/** Ends the clock of a stage that is over and starts the one that begins; called after every event. Invariant: a non-terminal order has a running clock. */
export function rearm(intake: OrderIntake, state: OrderState, at: Instant): readonly Clock[] {
  const stage = stageOf(intake, state)
  const running = state.clocks.find((clock) => clock.state === 'running')
  if (running?.clock === stage) {
    if (stage !== 'payment' || state.reservedUntil === undefined || running?.dueAt === state.reservedUntil || running === undefined)
      return state.clocks
    return state.clocks.map((clock) => (clock === running ? { ...clock, dueAt: dueOf('payment', state, at) } : clock))
  }
  const rest = state.clocks.map((clock) =>
    clock === running ? { ...clock, state: clock.breaches > 0 ? ('breached' as const) : ('met' as const), endedAt: at } : clock,
  )
  if (stage === undefined) return rest
  const fresh: Clock = { clock: stage, state: 'running', startedAt: at, dueAt: dueOf(stage, state, at), breaches: 0 }
  return [...rest.filter((clock) => clock.clock !== stage), fresh]
}

/** After a breach the clock runs on with a doubled wait, at most 2^10 times its limit, so that it is never forgotten and never floods. */
export function breach(clock: Clock, at: Instant): Clock {
  const breaches = Math.min(clock.breaches + 1, BREACHES_MAX)
  return { ...clock, breaches, dueAt: instant(at + limits[clock.clock] * 2 ** (breaches - 1)) }
}

/** When the order must be looked at next: the minimum over its running clocks. */
export function nextDueAt(state: OrderState): Instant | undefined {
  let next: Instant | undefined
  for (const clock of state.clocks) if (clock.state === 'running' && (next === undefined || clock.dueAt < next)) next = clock.dueAt
  return next
}
