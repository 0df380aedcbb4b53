import type { PaymentInput } from '../../../contract/entities/order.ts'
import type { NewEvent } from '../../../contract/events.ts'
import { done, type Outcome, type Refusal, refuse } from '../../kernel/outcome.ts'
import { instant, MINUTE, type Instant, toIso } from '../../kernel/time.ts'
import { allowedActionsOf, type OrderActionName } from '../order/derive.ts'
import { changeOf, type OrderChange } from '../order/change.ts'
import { isHeld } from '../order/evolve.ts'
import { isSettled } from '../order/payment-need.ts'
import type { Order, OrderState, PaymentEntry } from '../order/state.ts'
import { demandsOf } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { decisionDoc, sourcedData } from './plan-event.ts'
import { paymentEntries } from './place-order.ts'
import { sourceDemands } from './source.ts'

export type OrderAction =
  | { readonly action: 'approve'; readonly note?: string }
  | { readonly action: 'decline' | 'cancel'; readonly reason: string }
  | { readonly action: 'hold'; readonly reason: string; readonly scope: string; readonly note?: string; readonly holdId: string }
  | { readonly action: 'release'; readonly holdId?: string; readonly reason?: string }
  | { readonly action: 'payments'; readonly entries: readonly PaymentInput[] }
  | { readonly action: 'tick' }
  | {
      readonly action: 'amend'
      readonly changed: readonly string[]
      readonly reasons: readonly string[]
      readonly entries: readonly PaymentInput[]
      readonly platformVersion?: number
      /** The channel wants the sale undone: done where nothing was handed over yet, otherwise a person decides. */
      readonly isCancelled?: boolean
    }

export type Acted = { readonly change: OrderChange; readonly decision: { readonly decisionNo: number; readonly doc: string } | undefined }

const HOLD_MINUTES = 30
/** How often an unpaid order is checked again before it is cancelled all the same. */
const RECHECKS_MAX = 10

/**
 * Decides an action on an order that is there. Refuses `action_not_allowed` by the same rule that reads serve as allowedActions, then what
 * the action itself does not allow. A tick with nothing due changes nothing: its change has no events.
 */
export function actOnOrder(order: Order, command: OrderAction, facts: PlacementFacts, now: Instant): Outcome<Acted> {
  const refusal = notAllowed(order, command)
  if (refusal !== undefined) return refusal
  const acting = new Acting(order, facts, now)
  switch (command.action) {
    case 'approve':
      acting.approve()
      break
    case 'decline':
      acting.end('order.declined', command.reason)
      break
    case 'cancel':
      acting.end('order.cancelled', command.reason)
      break
    case 'hold': {
      const { holdId, reason, scope, note } = command
      acting.add({ type: 'order.held', occurredAt: now, data: { holdId, reason, scope, ...(note === undefined ? {} : { note }) } })
      break
    }
    case 'release': {
      const wrong = acting.release(command.holdId, command.reason)
      if (wrong !== undefined) return wrong
      break
    }
    case 'payments': {
      const wrong = paymentRefusal(order.state.payments, command.entries)
      if (wrong !== undefined) return wrong
      acting.pay(command.entries)
      break
    }
    case 'tick':
      acting.tick()
      break
    case 'amend':
      acting.amend(command)
      break
  }
  return done(acting.finish())
}

function notAllowed(order: Order, { action }: OrderAction): Refusal | undefined {
  if (action === 'tick' || action === 'amend') return undefined
  const allowed = allowedActionsOf(order.intake, order.state)
  if (allowed.includes(action as OrderActionName)) return undefined
  return refuse('action_not_allowed', `${action} is not possible now; allowed: ${allowed.join(', ') || 'nothing'}`, {
    expected: allowed,
    got: action,
  })
}

/** Money may not come back that never came in: refund, void and chargeback stay within what their method took. */
function paymentRefusal(ledger: readonly PaymentEntry[], entries: readonly PaymentInput[]): Refusal | undefined {
  const sums = new Map<string, { authorised: number; captured: number }>()
  const sumOf = (method: string) => {
    let sum = sums.get(method)
    if (sum === undefined) sums.set(method, (sum = { authorised: 0, captured: 0 }))
    return sum
  }
  const apply = (entry: Pick<PaymentEntry, 'kind' | 'method' | 'amount'>) => {
    const sum = sumOf(entry.method)
    if (entry.kind === 'authorise') sum.authorised += entry.amount
    else if (entry.kind === 'void') sum.authorised -= entry.amount
    else if (entry.kind === 'capture') sum.captured += entry.amount
    else if (entry.kind === 'refund' || entry.kind === 'chargeback') sum.captured -= entry.amount
    return sum
  }
  for (const entry of ledger) apply(entry)
  for (const [i, entry] of entries.entries()) {
    const pointer = `/entries/${i}/amount`
    if (entry.amount <= 0 && entry.kind !== 'adjust')
      return refuse('payment_amount_invalid', 'expected a positive amount', { got: entry.amount, pointer })
    const before = { ...sumOf(entry.method) }
    const sum = apply(entry)
    if (entry.kind === 'void' && sum.authorised < 0)
      return refuse('void_exceeds_authorised', 'more is voided than was authorised', {
        expected: { max: before.authorised },
        got: entry.amount,
        pointer,
      })
    if ((entry.kind === 'refund' || entry.kind === 'chargeback') && sum.captured < 0)
      return refuse('refund_exceeds_captured', 'more is returned than this method captured', {
        expected: { max: before.captured },
        got: entry.amount,
        pointer,
      })
  }
  return undefined
}

/** Collects the events of one action; every step sees the state that the events before it led to. */
class Acting {
  private readonly order: Order
  private readonly facts: PlacementFacts
  private readonly now: Instant
  private readonly events: NewEvent[] = []
  private state: OrderState
  private decision: Acted['decision']

  constructor(order: Order, facts: PlacementFacts, now: Instant) {
    this.order = order
    this.facts = facts
    this.now = now
    this.state = order.state
  }

  add(event: NewEvent): void {
    this.events.push(event)
    this.state = changeOf(this.order.intake, undefined, this.state, [event], this.now).after.state
  }

  approve(): void {
    const { checks } = this.state
    if (checks === undefined) return
    this.sourceOpen()
    this.add({ type: 'order.accepted', occurredAt: this.now, data: { checks } })
    this.commitIfReady('approved')
  }

  end(type: 'order.declined' | 'order.cancelled', reason: string): void {
    const { accountId } = this.order.intake
    const credit = this.state.exposure !== 0 && accountId !== undefined ? { credit: { accountId, exposure: -this.state.exposure } } : {}
    this.add({ type, occurredAt: this.now, data: { reason, ...credit, stock: this.heldStock(-1) } })
  }

  release(holdId: string | undefined, reason: string | undefined): Refusal | undefined {
    const open = this.state.holds.filter((hold) => hold.state === 'open' && (holdId === undefined || hold.holdId === holdId))
    if (open.length === 0)
      return refuse('hold_unknown', 'no open hold has this id', {
        expected: this.state.holds.filter((hold) => hold.state === 'open').map((hold) => hold.holdId),
        got: holdId,
      })
    for (const hold of open)
      this.add({
        type: 'order.holdReleased',
        occurredAt: this.now,
        data: { holdId: hold.holdId, ...(reason === undefined ? {} : { reason }) },
      })
    return undefined
  }

  pay(entries: readonly PaymentInput[]): void {
    this.add({ type: 'order.paymentRecorded', occurredAt: this.now, data: { entries: paymentEntries(entries, this.now) } })
    if (this.state.state === 'cancelled' || this.state.state === 'rejected') return
    this.sourceOpen()
    this.commitIfReady('paid')
  }

  amend(command: Extract<OrderAction, { action: 'amend' }>): void {
    const { changed, platformVersion } = command
    const entries = paymentEntries(command.entries, this.now)
    const canCancel = allowedActionsOf(this.order.intake, this.state).includes('cancel')
    const isEnded = this.state.state === 'cancelled' || this.state.state === 'rejected'
    const reasons = command.isCancelled === true && !canCancel && !isEnded ? [...command.reasons, 'cancelled_by_channel'] : command.reasons
    this.add({
      type: 'order.amended',
      occurredAt: this.now,
      data: { changed: [...changed], reasons: [...reasons], entries, ...(platformVersion === undefined ? {} : { platformVersion }) },
    })
    if (command.isCancelled === true && canCancel) this.end('order.cancelled', 'cancelled_by_channel')
    else if (entries.length > 0) this.commitIfReady('paid')
  }

  tick(): void {
    const due = this.state.clocks.find((clock) => clock.state === 'running' && clock.dueAt <= this.now)
    if (due === undefined) return
    if (due.clock === 'payment') return this.unpaid()
    if (due.clock === 'stock') this.sourceOpen()
    this.commitIfReady('restocked')
    if (this.state.clocks.some((clock) => clock.clock === due.clock && clock.state === 'running' && clock.dueAt <= this.now))
      this.add({ type: 'order.clockBreached', occurredAt: this.now, data: { clock: due.clock, dueAt: toIso(due.dueAt) } })
  }

  /** The hold on an unpaid order ran out: its stock is freed, and it ends or is checked again, as the channel wants. */
  private unpaid(): void {
    const channel = this.facts.channel(this.order.intake.channelId)
    if (channel?.unpaid?.onExpiry !== 'recheck' || this.state.decisionNo >= RECHECKS_MAX)
      return this.end('order.cancelled', 'payment_expired')
    this.add({ type: 'order.stockReleased', occurredAt: this.now, data: { reason: 'payment_expired', stock: this.heldStock(-1) } })
    this.sourceOpen()
    if (this.state.lines.some((line) => line.backordered > 0)) this.end('order.cancelled', 'stock_short')
  }

  /** Looks for stock for whatever is open and not reserved. */
  private sourceOpen(): void {
    const { intake } = this.order
    const channel = this.facts.channel(intake.channelId)
    const open = intake.lines.map((line, lineNo) => ({
      lineNo,
      sku: line.sku,
      units: line.quantity - (this.state.lines[lineNo]?.cancelled ?? 0) - (this.state.lines[lineNo]?.reserved ?? 0),
    }))
    const demands = demandsOf(open, this.facts, intake.channelId)
    if (demands.length === 0 || channel === undefined) return
    const question = {
      demands,
      shipTo: intake.shipTo,
      channel,
      constraints: [],
      promisedBy: intake.promisedBy,
      requestedService: intake.requestedService,
      partial: true,
      now: this.now,
    }
    const sourced = sourceDemands(question, this.facts)
    if (sourced.plan.assignments.length === 0 && this.state.decisionNo > 0 && this.state.lines.some((line) => line.backordered > 0)) return
    const settled = isSettled(intake, this.state)
    const kind = settled ? 'firm' : 'soft'
    const expiresAt = settled ? undefined : instant(this.now + (channel.unpaid?.holdMinutes ?? HOLD_MINUTES) * MINUTE)
    const data = sourcedData({ intake, state: this.state }, demands, sourced, kind, this.facts, expiresAt)
    this.add({ type: 'order.sourced', occurredAt: this.now, data })
    this.decision = { decisionNo: data.decisionNo, doc: decisionDoc(sourced, demands, this.facts, this.now) }
  }

  /** Held stock goes to the fulfillment orders once the order is accepted, paid, and complete as far as its channel waits for that. */
  private commitIfReady(reason: string): void {
    const { intake } = this.order
    if (this.state.state !== 'accepted' || !isSettled(intake, this.state)) return
    if (!this.state.reservations.some((one) => one.kind === 'soft' || one.kind === 'firm')) return
    const waits = this.facts.channel(intake.channelId)?.shortage === 'backorder' && this.state.lines.some((line) => line.backordered > 0)
    if (!waits) this.add({ type: 'order.committed', occurredAt: this.now, data: { reason, stock: this.movedStock() } })
  }

  private heldStock(sign: 1 | -1) {
    return this.state.reservations
      .filter((one) => isHeld(one.kind))
      .map((one) => ({ sku: one.sku, nodeId: one.nodeId, [one.kind]: sign * one.quantity }))
  }

  private movedStock() {
    return this.state.reservations
      .filter((one) => one.kind === 'soft' || one.kind === 'firm')
      .map((one) => ({ sku: one.sku, nodeId: one.nodeId, [one.kind]: -one.quantity, committed: one.quantity }))
  }

  finish(): Acted {
    return { change: changeOf(this.order.intake, this.order.state, this.order.state, this.events, this.now), decision: this.decision }
  }
}
