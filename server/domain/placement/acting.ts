import type { Role } from '../../../contract/access.ts'
import type { PaymentInput } from '../../../contract/entities/order.ts'
import type { TaskKind } from '../../../contract/entities/task.ts'
import type { EventData, NewEvent } from '../../../contract/events.ts'
import type { Refusal } from '../../kernel/outcome.ts'
import { HOUR, instant, MINUTE, type Instant, parseInstant, toIso } from '../../kernel/time.ts'
import { owedOnCredit } from '../credit/check-credit.ts'
import { decideWork, expireOffer } from '../fulfillment/decide-work.ts'
import type { DecidedWork, WorkFacts } from '../fulfillment/work-command.ts'
import { expiredChanges } from '../change-set/expired-changes.ts'
import { deliverDigital } from '../fulfillment/deliver-digital.ts'
import { openOffersOf } from '../fulfillment/open-offers.ts'
import { decideScans, parcelOf, type ScanCommand } from '../parcel/decide-scans.ts'
import { impliedWork } from '../parcel/implied-work.ts'
import { awaitedBack, awaitedMoves, changeOf, type OrderChange, type OrderEvent } from '../order/change.ts'
import { currentOrder } from '../order/current-intake.ts'
import { isHeldUp } from '../order/clock.ts'
import { allowedActionsOf } from '../order/derive.ts'
import { heldStock, isHeld, movedStock } from '../order/reservation.ts'
import { isSettled, owedOf, paidOf } from '../order/payment-need.ts'
import type { Order, OrderState, PlannedOrder } from '../order/state.ts'
import { isGone } from '../parcel/silence.ts'
import { decideTask, mootTasks, type TaskCommand } from '../task/decide-task.ts'
import { tasksDue } from '../task/tasks-due.ts'
import { awaitSupply } from './await-supply.ts'
import { countedOn, notAwaited } from './awaited-units.ts'
import { rulesFor } from './compliance-of.ts'
import { demandsOf } from './demand.ts'
import type { PlacementFacts } from './facts.ts'
import { type NewEntry, paymentEntries } from './intake-of.ts'
import { withoutTaken } from './own-units.ts'
import { nodesHeldOtherwise, noNodeFits, planMove, unfitNodes } from './move-work.ts'
import { acceptByOf, decisionDoc, sourcedData } from './plan-event.ts'
import { balanceDue } from './pre-order.ts'
import { isSupplyLate } from './late-supply.ts'
import { type Replan, replanOrder } from './replan-order.ts'
import { sourceDemands } from './source.ts'
import type { SourcingQuestion } from './sourcing-question.ts'

type Decision = { readonly decisionNo: number; readonly doc: string }
/** `decisions`: of the plans that were made, one for each event that reserves by one. */
export type Acted = { readonly change: OrderChange; readonly decisions: readonly Decision[] }

export type Amendment = {
  readonly changed: readonly string[]
  readonly reasons: readonly string[]
  readonly entries: readonly PaymentInput[]
  /** As the event keeps it; personal data is none of it. */
  readonly told?: Pick<EventData<'order.amended'>, 'platformVersion' | 'promisedBy' | 'attributes' | 'documents'>
  /** The channel wants the sale undone: done where nothing was handed over yet, otherwise a person decides. */
  readonly isCancelled?: boolean
}

const HOLD_MINUTES = 30
/** Within which somebody should have seen to a task. */
const TASK_HOURS = 4
/** How often an unpaid order is checked again before it is cancelled all the same. */
const RECHECKS_MAX = 10

/** Collects the events of one action; every step sees the state that the events before it led to. */
export class Acting {
  private readonly before: OrderState
  private order: Order
  private readonly facts: PlacementFacts
  private readonly now: Instant
  private readonly events: OrderEvent[] = []
  private state: OrderState
  private readonly decisions: Decision[] = []

  constructor(order: Order, facts: PlacementFacts, now: Instant) {
    this.before = order.state
    this.order = order
    this.facts = facts
    this.now = now
    this.state = order.state
  }

  /** The order as the events so far have left it. */
  get standing(): Order {
    return { intake: this.order.intake, state: this.state }
  }

  /** The facts as the plans so far have left them. */
  private get factsNow(): PlacementFacts {
    return withoutTaken(this.facts, this.before, this.state)
  }

  add(event: NewEvent): void {
    const { after, events } = changeOf(this.order.intake, undefined, this.state, [event], this.now)
    this.order = after
    this.state = after.state
    this.events.push(...events)
  }

  approve(): void {
    const { checks } = this.state
    if (checks === undefined) return
    if (!this.releaseExpired()) this.sourceOpen()
    this.add({ type: 'order.accepted', occurredAt: this.now, data: { checks, ...this.creditMoved(this.state.payments) } })
    this.commitIfReady('approved')
  }

  end(type: 'order.declined' | 'order.cancelled', reason: string): void {
    const { accountId } = this.order.intake
    const credit = this.state.exposure !== 0 && accountId !== undefined ? { credit: { accountId, exposure: -this.state.exposure } } : {}
    this.add({ type, occurredAt: this.now, data: { reason, ...credit, stock: heldStock(this.state), ...awaitedBack(this.state) } })
  }

  pay(inputs: readonly NewEntry[]): void {
    const hasExpired = this.releaseExpired()
    const entries = paymentEntries(inputs, this.now)
    this.add({ type: 'order.paymentRecorded', occurredAt: this.now, data: { entries, ...this.effectOf(entries) } })
    if (this.isEnded()) return
    if (!hasExpired) this.sourceOpen()
    this.commitIfReady('paid')
  }

  amend(command: Amendment): void {
    const { changed, told, isCancelled } = command
    if (command.entries.length > 0) this.releaseExpired()
    const entries = paymentEntries(command.entries, this.now)
    const canCancel = allowedActionsOf(this.order.intake, this.state).includes('cancel')
    const isUndone = this.state.state === 'cancelled' || this.state.state === 'rejected'
    const reasons = isCancelled === true && !canCancel && !isUndone ? [...command.reasons, 'cancelled_by_channel'] : command.reasons
    this.add({
      type: 'order.amended',
      occurredAt: this.now,
      data: { changed: [...changed], reasons: [...reasons], entries, ...told, ...(entries.length > 0 ? this.effectOf(entries) : {}) },
    })
    if (isCancelled === true && canCancel) this.end('order.cancelled', 'cancelled_by_channel')
    else if (entries.length > 0) this.commitIfReady('paid')
  }

  /** A confirmed change of the sale: what it gives up is free, what it adds is looked for at once, all of it where it goes elsewhere. */
  changeSale(data: Omit<NewEvent<'order.changed'>['data'], 'credit'>, isRelocated: boolean): void {
    const hasExpired = this.releaseExpired()
    const credit = this.creditMoved(this.state.payments, data.totals.total)
    this.add({ type: 'order.changed', occurredAt: this.now, data: { ...data, ...credit, ...notAwaited(this.state, data) } })
    if (isRelocated && this.state.reservations.some((one) => isHeld(one.kind)))
      this.add({ type: 'order.stockReleased', occurredAt: this.now, data: { reason: 'changed', stock: heldStock(this.state) } })
    if (hasExpired) return
    this.sourceOpen()
    this.commitIfReady('changed')
  }

  /** What happened at a node; units that it does not ship are looked for elsewhere at once. */
  work({ events, isOpenAgain }: DecidedWork): void {
    for (const event of events) this.add(event)
    if (isOpenAgain) this.resource()
  }

  /** What nodes gave up is looked for elsewhere at once; what nobody has is a person's to see to. */
  private resource(): void {
    this.sourceOpen()
    this.commitIfReady('resourced')
    if (this.state.lines.some((line) => line.backordered > 0)) this.openTask('stockMissing', 'agent')
  }

  /** All of a node's part goes elsewhere, or nothing does. */
  move(work: PlannedOrder, wanted: { readonly reason: string; readonly toNodeId?: string | undefined }): Refusal | undefined {
    const moved = planMove(this.standing, work, wanted, this.factsNow, this.now)
    if (moved === undefined) return noNodeFits(wanted.toNodeId ?? work.nodeId)
    this.add(moved.event)
    this.decisions.push(moved.decision)
    return undefined
  }

  /** What a window found for the order, where that still holds; otherwise it stays as it is. */
  replan(wanted: Replan): void {
    const found = replanOrder(this.standing, wanted, this.facts, this.now)
    if (found === undefined) return
    this.add(found.event)
    this.decisions.push(found.decision)
  }

  task(command: TaskCommand): Refusal | undefined {
    const decided = decideTask(this.state, command, this.now)
    if (decided.status === 'refused') return decided
    this.add(decided.value)
    return undefined
  }

  openTask(kind: TaskKind, owner: Role, work?: PlannedOrder): void {
    const fulfillmentOrderId = work?.fulfillmentOrderId
    const known = this.state.tasks?.some(
      (one) => one.kind === kind && one.fulfillmentOrderId === fulfillmentOrderId && one.doneAt === undefined,
    )
    if (known === true) return
    const taskId = this.facts.nextId('tsk', this.order.intake.shard)
    const on = work === undefined ? {} : { fulfillmentOrderId: work.fulfillmentOrderId, nodeId: work.nodeId }
    const dueAt = toIso(instant(this.now + TASK_HOURS * HOUR))
    this.add({ type: 'task.opened', occurredAt: this.now, data: { taskId, kind, owner, dueAt, ...on } })
  }

  /** Scans of one parcel; what they say of the node's work as a whole follows at once: it has left, it is done. */
  scan(command: ScanCommand, facts: WorkFacts): Refusal | undefined {
    const decided = decideScans(this.standing, command, this.now)
    if (decided.status === 'refused') return decided
    for (const event of decided.value) this.add(event)
    if (decided.value.length === 0) return undefined
    // At most two steps: it leaves, then it is done.
    for (let step = 0; step < 2; step++) {
      const found = parcelOf(this.standing, command.parcelId)
      const implied = impliedWork(this.standing, command.parcelId)
      if (found === undefined || implied === undefined) break
      const work = decideWork(this.standing, found.work, implied, facts, this.now)
      if (work.status !== 'done') break
      this.work(work.value)
    }
    const now = parcelOf({ intake: this.order.intake, state: this.state }, command.parcelId)
    if (now !== undefined && isGone(now.parcel) && decided.value.some((event) => event.type === 'parcel.moved'))
      this.openTask('parcelLost', 'agent', now.work)
    return undefined
  }

  tick(): void {
    const due = this.dueClocks()
    if (due.length === 0) return
    if (due.includes('payment')) this.unpaid()
    if (due.includes('stock')) this.sourceOpen()
    if (due.includes('accept')) this.expireOffers()
    if (due.includes('change')) for (const event of expiredChanges(this.state, this.now)) this.add(event)
    this.commitIfReady('restocked')
    if (due.includes('close') && this.owed() === 0) this.add({ type: 'order.closed', occurredAt: this.now, data: { reason: 'settled' } })
    // What was given up just now is looked for again at the next tick, which is due at once.
    if (this.events.some(({ event }) => event.type === 'order.stockReleased')) return
    for (const { clock, state, dueAt } of this.state.clocks)
      if (due.includes(clock) && state === 'running' && dueAt <= this.now)
        this.add({ type: 'order.clockBreached', occurredAt: this.now, data: { clock, dueAt: toIso(dueAt) } })
    if (due.includes('stock') && isSupplyLate(this.standing, this.facts, this.now)) this.openTask('supplyLate', 'agent')
    for (const { kind, owner, work } of tasksDue(this.state, due, this.now)) this.openTask(kind, owner, work)
  }

  /** Stock of an item that it waits for has come: it need not wait for its clock. */
  restock(): void {
    if (!this.state.clocks.some((clock) => clock.clock === 'stock' && clock.state === 'running')) return
    this.sourceOpen()
    this.commitIfReady('restocked')
  }

  private expireOffers(): void {
    for (const { fulfillmentOrderId } of openOffersOf(this.state)) {
      // One node's answer may have moved another's part, where a set was broken.
      const work = openOffersOf(this.state).find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
      if (work?.acceptBy === undefined || work.acceptBy > this.now) continue
      const { events } = expireOffer({ intake: this.order.intake, state: this.state }, work, work.acceptBy, this.now)
      for (const event of events) this.add(event)
    }
    this.resource()
  }

  private dueClocks(): string[] {
    return this.state.clocks.filter((clock) => clock.state === 'running' && clock.dueAt <= this.now).map((clock) => clock.clock)
  }

  /**
   * The time to pay is over. While a person is at work on the order its stock is freed and the rest is theirs; otherwise the order ends, or
   * is checked again as its channel wants: first what it held is free for all, and the next tick takes what is there then.
   */
  private unpaid(): void {
    const { state } = this
    if (state.preOrder?.askedAt !== undefined && !isHeldUp(state) && state.reservedUntil === undefined) return this.balanceUnpaid()
    const isHolding = state.reservations.some((one) => isHeld(one.kind))
    const isRechecked = this.facts.channel(this.order.intake.channelId)?.unpaid?.onExpiry === 'recheck' && state.decisionNo < RECHECKS_MAX
    if (isHeldUp(state) || (isHolding && isRechecked)) return this.giveUpStock()
    if (!isHolding && state.sourceAgainAt !== undefined && state.sourceAgainAt <= this.now && state.reservedUntil === undefined) {
      this.sourceOpen()
      if (this.state.lines.every((line) => line.backordered === 0)) return
      return this.cancel('stock_short')
    }
    this.cancel('payment_expired')
  }

  private balanceUnpaid(): void {
    const { onExpiry } = this.facts.channel(this.order.intake.channelId)?.preOrder ?? {}
    return onExpiry === 'task' ? this.openTask('balanceOverdue', 'agent') : this.cancel('balance_unpaid')
  }

  private cancel(reason: string): void {
    if (allowedActionsOf(this.order.intake, this.state).includes('cancel')) this.end('order.cancelled', reason)
  }

  private giveUpStock(): void {
    this.add({
      type: 'order.stockReleased',
      occurredAt: this.now,
      data: { reason: 'payment_expired', stock: heldStock(this.state), ...awaitedBack(this.state) },
    })
  }

  /** A reservation past its time is never allocated, also when the money comes before the tick that frees it: what is open is sourced anew. */
  releaseExpired(): boolean {
    const { reservedUntil } = this.state
    if (this.isEnded() || reservedUntil === undefined || reservedUntil > this.now) return false
    this.giveUpStock()
    return true
  }

  /** Looks for stock for whatever is open and not reserved. */
  private sourceOpen(): void {
    const { intake, state } = this.standing
    const question = this.openQuestion()
    if (question === undefined) return
    const facts = this.factsNow
    const sourced = sourceDemands(question, facts)
    const awaited = awaitSupply(question, sourced, facts, state.awaiting)
    const settled = isSettled(intake, state)
    const isFound = sourced.plan.assignments.length > 0 || awaitedMoves(state.awaiting, awaited?.takes).length > 0
    const isNews = isFound || state.decisionNo === 0 || awaited?.sourceAgainAt !== countedOn(state, this.now)
    const needsTime = !settled && state.reservedUntil === undefined
    if (!isNews && !needsTime && state.lines.some((line) => line.backordered > 0)) return
    const kind = settled ? 'firm' : 'soft'
    const expiresAt = settled ? undefined : instant(this.now + (question.channel.unpaid?.holdMinutes ?? HOLD_MINUTES) * MINUTE)
    const data = sourcedData({ intake, state }, question.demands, sourced, kind, this.facts, { now: this.now, expiresAt, awaited })
    this.add({ type: 'order.sourced', occurredAt: this.now, data })
    this.decisions.push({ decisionNo: data.decisionNo, doc: decisionDoc(sourced, question.demands, this.facts, this.now) })
  }

  /** What is open, within the rules as they are now; undefined when there is nothing to ask. */
  private openQuestion(): SourcingQuestion | undefined {
    const { intake, state } = this.standing
    const channel = this.facts.channel(intake.channelId)
    const { constraints, refused } = rulesFor({ intake, state }, this.facts, this.now)
    const open = intake.lines.map((line, lineNo) => ({
      lineNo,
      sku: line.sku,
      units:
        refused.has(line.lineRef) || line.isDigital
          ? 0
          : line.quantity - (state.lines[lineNo]?.cancelled ?? 0) - (state.lines[lineNo]?.reserved ?? 0),
    }))
    const demands = demandsOf(open, this.facts, intake.channelId)
    if (demands.length === 0 || channel === undefined) return undefined
    const { shipTo, lines, promisedBy, requestedService, pickup } = intake
    // Where an order waits for all of its lines, what is found now stays firm beside what is committed already.
    const waits = channel.shortage === 'backorder' ? nodesHeldOtherwise(state, isSettled(intake, state) ? 'firm' : 'soft') : []
    const excluded = new Set([...unfitNodes(state), ...waits])
    const asked = { demands, shipTo, channel, constraints, excluded, lines, promisedBy, requestedService, pickup: pickup?.nodeId }
    return { ...asked, partial: true, now: this.now }
  }

  /** Held stock goes to the fulfillment orders once the order is accepted, paid, and complete as far as its channel waits for that. */
  private commitIfReady(reason: string): void {
    const { intake } = this.order
    if (this.state.state !== 'accepted' || !isSettled(intake, this.state)) return
    if (!this.state.reservations.some((one) => one.kind === 'soft' || one.kind === 'firm')) return
    const waits = this.facts.channel(intake.channelId)?.shortage === 'backorder' && this.state.lines.some((line) => line.backordered > 0)
    if (waits) return
    const balance = balanceDue({ intake, state: this.state }, this.facts.channel(intake.channelId), this.now)
    if (balance !== undefined) return this.add(balance)
    const offers = this.state.fulfillmentOrders.flatMap(({ fulfillmentOrderId, nodeId, work, request }) => {
      const acceptBy = work === 'planned' && request === 'none' ? acceptByOf(this.facts.nodeCalled(nodeId)?.doc, this.now) : undefined
      return acceptBy === undefined ? [] : [{ fulfillmentOrderId, acceptBy }]
    })
    const data = { reason, ...(offers.length === 0 ? {} : { offers }), stock: movedStock(this.state) }
    this.add({ type: 'order.committed', occurredAt: this.now, data })
  }

  /** What payments move beside the ledger: the credit that the order takes, and stock that is firm once the order is paid. */
  private effectOf(entries: ReturnType<typeof paymentEntries>): Pick<NewEvent<'order.paymentRecorded'>['data'], 'credit' | 'stock'> {
    const { state } = this
    const added = entries.map((entry) => ({ ...entry, occurredAt: parseInstant(entry.occurredAt) ?? this.now }))
    const payments = [...state.payments, ...added]
    const soft = state.reservations.filter((one) => one.kind === 'soft')
    const isFirm = (soft.length > 0 || state.reservedUntil !== undefined) && isSettled(this.order.intake, { ...state, payments })
    const stock = soft.map((one) => ({ sku: one.sku, nodeId: one.nodeId, soft: -one.quantity, firm: one.quantity }))
    return { ...this.creditMoved(payments), ...(isFirm && !this.isEnded() ? { stock } : {}) }
  }

  /** The credit that an order takes follows what it owes, wherever its account counts in the order's currency; an ended order takes none. */
  private creditMoved(
    payments: OrderState['payments'],
    total = this.order.intake.totals.total,
  ): { credit?: { accountId: string; exposure: number } } {
    const { accountId, currency } = this.order.intake
    const account = accountId === undefined ? undefined : this.facts.account(accountId)
    if (accountId === undefined || account?.doc.currency !== currency || this.isEnded()) return {}
    const exposure = owedOnCredit(total, paidOf(payments)) - this.state.exposure
    return exposure === 0 ? {} : { credit: { accountId, exposure } }
  }

  /** What an account still has to pay; orders without one were paid before they were worked on, or need no payment. */
  private owed(): number {
    const { intake } = this.order
    return intake.accountId === undefined ? 0 : owedOf(intake, this.state.payments)
  }

  private isEnded(): boolean {
    return this.state.state === 'cancelled' || this.state.state === 'rejected' || this.state.state === 'closed'
  }

  finish(): Acted {
    const digital = deliverDigital({ intake: this.order.intake, state: this.state }, this.now)
    if (digital !== undefined) this.add(digital)
    for (const { taskId } of mootTasks(this.state, () => isSupplyLate(this.standing, this.facts, this.now)))
      this.add({ type: 'task.done', occurredAt: this.now, data: { taskId, reason: 'resolved' } })
    return { change: { before: this.before, after: currentOrder(this.order), events: this.events }, decisions: this.decisions }
  }
}
