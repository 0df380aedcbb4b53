import type { NewEvent } from '../../../contract/events.ts'
import type { Place } from '../../../contract/entities/basics.ts'
import { assert } from '../../kernel/assert.ts'
import type { FulfillmentOrderId, OrderId } from '../../kernel/ids.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import { type OrderMoney } from '../money/totals.ts'
import { changeOf, type OrderChange } from './change.ts'
import { initialState } from './evolve.ts'
import { type HistoryFact, historyFacts } from './history.ts'
import { ledgerViolations } from './line-ledger.ts'
import type { OrderIntake } from './state.ts'

export type PastLine = {
  readonly lineRef: string
  readonly sku: string
  readonly name?: string
  readonly quantity: number
  /** Minor units. */
  readonly unitPrice: number
  /** Who shipped it; left out where the history does not know. */
  readonly nodeId?: string
  readonly shipBy?: Instant
}

/** `at` is left out where the history knows that it happened and not when. */
export type PastFact = { readonly fact: HistoryFact; readonly at?: Instant }

/** An order of the past as its source tells it. */
export type PastOrder = {
  readonly shard: number
  readonly channelId: string
  readonly externalRef: string
  readonly placedAt: Instant
  readonly currency: string
  readonly customerRef?: string
  readonly shipTo: Place
  readonly lines: readonly PastLine[]
  readonly money: OrderMoney
  readonly payments: readonly { readonly method: string; readonly amount: number; readonly paymentRef?: string }[]
  readonly promisedBy?: Instant
  readonly facts: readonly PastFact[]
  /** What the reader found contradictory or missing. */
  readonly flags: readonly string[]
}

const PAID_BY: readonly HistoryFact[] = ['approved', 'invoiced', 'processing', 'handedOver', 'delivered']

/**
 * The order as its past facts leave it, with an event for each at the time it happened. Nothing is checked, reserved, promised or
 * told to anybody. Facts are taken in the order in which orders live; times that contradict it are kept and flagged.
 * Throws a defect when the quantities that result break an invariant.
 */
export function recordHistory(past: PastOrder, orderId: OrderId, nextWorkId: () => FulfillmentOrderId, now: Instant): OrderChange {
  const intake = intakeOf(past, orderId, now)
  const facts = past.facts.toSorted((a, b) => historyFacts.indexOf(a.fact) - historyFacts.indexOf(b.fact))
  const events = [...placedEvents(past, intake, facts, nextWorkId), ...factEvents(past.placedAt, facts)]
  const change = changeOf(intake, undefined, initialState(intake), events, now)
  const violations = ledgerViolations(change.after)
  assert(violations.length === 0, `the history of ${past.externalRef} breaks the line ledger: ${violations.join('; ')}`)
  return change
}

/** Flags for times that run against the order of things, as `delivered_before_handed_over`. */
export function contradictionsOf(placedAt: Instant, facts: readonly PastFact[]): readonly string[] {
  const known: PastFact[] = [{ fact: 'placed', at: placedAt }, ...facts]
  const flags: string[] = []
  for (const later of known)
    for (const earlier of known) {
      if (later.at === undefined || earlier.at === undefined) continue
      if (historyFacts.indexOf(later.fact) > historyFacts.indexOf(earlier.fact) && later.at < earlier.at)
        flags.push(`${snake(later.fact)}_before_${snake(earlier.fact)}`)
    }
  return flags
}

const snake = (fact: HistoryFact): string => fact.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

function placedEvents(past: PastOrder, intake: OrderIntake, facts: readonly PastFact[], nextWorkId: () => FulfillmentOrderId): NewEvent[] {
  const { placedAt, payments } = past
  const paid = facts.find((one) => PAID_BY.includes(one.fact))
  const paidAt = paid?.fact === 'approved' ? (paid.at ?? placedAt) : placedAt
  const flags = [...past.flags, ...contradictionsOf(placedAt, facts)]
  if (paid !== undefined && paid.at !== paidAt && payments.length > 0) flags.push('payment_time_missing')
  const works = worksOf(past, nextWorkId)
  const announced = paid === undefined && payments.length > 0 ? { detail: { announcedPayments: payments } } : {}
  const events: NewEvent[] = [
    { type: 'order.received', occurredAt: placedAt, data: receivedOf(intake) },
    {
      type: 'order.historyRecorded',
      occurredAt: placedAt,
      data: { fact: 'placed', flags: [...new Set(flags)], ...announced, ...(works.length === 0 ? {} : { fulfillmentOrders: works }) },
    },
  ]
  if (paid !== undefined && payments.length > 0) {
    const entries = payments.map((one) => ({ kind: 'capture' as const, ...one, occurredAt: toIso(paidAt) }))
    events.push({ type: 'order.paymentRecorded', occurredAt: paidAt, data: { entries } })
  }
  return events
}

/** Each fact at its time; one without a time happened, as far as anybody knows, with the last one before it. */
function factEvents(placedAt: Instant, facts: readonly PastFact[]): NewEvent[] {
  let last = placedAt
  return facts.map(({ fact, at }): NewEvent => {
    if (at !== undefined && at > last) last = at
    const detail = at === undefined ? { detail: { time: 'unknown' } } : {}
    return { type: 'order.historyRecorded', occurredAt: at ?? last, data: { fact, flags: [], ...detail } }
  })
}

/** One fulfillment order for each node that shipped lines of the order. */
function worksOf({ lines, promisedBy }: PastOrder, nextWorkId: () => FulfillmentOrderId) {
  const byNode = new Map<string, PastLine[]>()
  for (const line of lines) {
    if (line.nodeId === undefined) continue
    const known = byNode.get(line.nodeId)
    if (known === undefined) byNode.set(line.nodeId, [line])
    else known.push(line)
  }
  return [...byNode].map(([nodeId, own]) => {
    const limits = own.flatMap((line) => line.shipBy ?? []).toSorted((a, b) => a - b)
    return {
      fulfillmentOrderId: nextWorkId(),
      nodeId,
      ...(limits[0] === undefined ? {} : { shipBy: toIso(limits[0]) }),
      ...(promisedBy === undefined ? {} : { deliverBy: toIso(promisedBy) }),
      lines: own.map(({ lineRef, sku, quantity }) => ({ lineRef, sku, quantity })),
    }
  })
}

function intakeOf(past: PastOrder, orderId: OrderId, now: Instant): OrderIntake {
  return {
    orderId,
    shard: past.shard,
    channelId: past.channelId,
    externalRef: past.externalRef,
    placedAt: past.placedAt,
    receivedAt: now,
    currency: past.currency,
    ...(past.customerRef === undefined ? {} : { customerRef: past.customerRef }),
    requiresPayment: true,
    totals: past.money.totals,
    shipTo: past.shipTo,
    lines: past.lines.map(({ lineRef, sku, name, quantity, unitPrice }, i) => ({
      lineRef,
      sku,
      ...(name === undefined ? {} : { name }),
      quantity,
      unitPrice,
      discount: past.money.lines[i]?.discount ?? 0,
      tax: past.money.lines[i]?.tax ?? 0,
      total: past.money.lines[i]?.gross ?? 0,
    })),
    ...(past.promisedBy === undefined ? {} : { promisedBy: past.promisedBy }),
    history: true,
  }
}

function receivedOf(intake: OrderIntake) {
  const { channelId, externalRef, placedAt, currency, totals, shipTo, requiresPayment } = intake
  const lines = intake.lines.map(({ lineRef, sku, quantity, unitPrice }) => ({ lineRef, sku, quantity, unitPrice }))
  return { channelId, externalRef, placedAt: toIso(placedAt), currency, totals: { ...totals }, shipTo, requiresPayment, lines }
}
