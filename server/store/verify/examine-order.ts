import { isDeepStrictEqual } from 'node:util'
import type { EventData, NewEvent } from '../../../contract/events.ts'
import { deliverDigital } from '../../domain/fulfillment/deliver-digital.ts'
import { nextDueAt, stageOf } from '../../domain/order/clock.ts'
import { priceSale } from '../../domain/money/price-sale.ts'
import { currentIntake } from '../../domain/order/current-intake.ts'
import { phaseOf } from '../../domain/order/derive.ts'
import { evolve, initialState, PAYMENTS_CONTRADICTORY } from '../../domain/order/evolve.ts'
import { isHeld } from '../../domain/order/reservation.ts'
import type { OrderIntake, OrderState } from '../../domain/order/state.ts'
import { balanceOf } from '../../domain/payment/ledger.ts'
import { idToInt8 } from '../../kernel/ids.ts'
import type { ArchivedOrder } from '../archived-orders.ts'
import { parcelDocOf, parcelsOf } from '../order-writes.ts'
import type { EventRow, StoredOrder } from './order-page.ts'
import type { CheckName } from './report.ts'

/** What is wrong with one order; `expected` is the state its log leads to, where the log is whole. */
export type Examined = {
  readonly problems: readonly { readonly check: CheckName; readonly says: string }[]
  readonly expected: OrderState | undefined
}

/** The invariants that one order can be asked about. */
export const orderChecks = [
  'order.received',
  'order.state',
  'order.phase',
  'order.reservations',
  'order.fulfillmentOrders',
  'order.parcels',
  'order.clocks',
  'order.tasks',
  'order.payments',
  'order.holds',
  'order.decisions',
  'order.quantities',
  'order.totals',
  'order.refunds',
  'order.clockRuns',
] as const satisfies readonly CheckName[]

/** Compares one order's rows with its log and with the rules; pure. */
export function examineOrder(stored: StoredOrder): Examined {
  const problems: { check: CheckName; says: string }[] = []
  const { row, events, archived } = stored
  const wrong = (check: CheckName, says: string) => problems.push({ check, says: `order ${row.order_id}: ${says}` })
  if (row.version === null) return { problems, expected: undefined }
  const gap = gapIn(events, archived)
  if (gap !== undefined) wrong('log.subjects', gap)
  const received = archived === undefined ? receivedProblem(row, events) : undefined
  if (received !== undefined) wrong('order.received', received)
  const whole = gap === undefined && received === undefined
  const expected = whole ? replayed(row.intake, stored, (says) => wrong('order.state', says)) : undefined
  const state = stateOf(row, expected, (says) => wrong('order.state', says))
  if (expected !== undefined) compareRows(stored, expected, wrong)
  if (state !== undefined) compareRules(stored, state, wrong)
  return { problems, expected }
}

type Wrong = (check: CheckName, says: string) => void

function gapIn(events: readonly EventRow[], archived: ArchivedOrder | undefined): string | undefined {
  let [version, recordedAt] = [archived?.version ?? 0, archived?.recordedAt ?? -Infinity]
  for (const event of events) {
    version += 1
    if (event.subject_version !== version) return `event ${event.type} has version ${event.subject_version}, expected ${version}`
    if (event.recorded_at < recordedAt) return `version ${version} was recorded before the one it follows`
    recordedAt = event.recorded_at
  }
  return undefined
}

function receivedProblem(row: StoredOrder['row'], events: readonly EventRow[]): string | undefined {
  const { intake } = row
  const first = events[0]
  if (first?.type !== 'order.received') return `expected order.received first, got ${first?.type ?? 'no event'}`
  const data = first.data as EventData<'order.received'>
  const columns = [
    row.channel_id,
    row.external_ref,
    row.placed_at,
    row.received_at,
    row.currency,
    Number(row.total),
    row.account_id ?? undefined,
    row.customer_ref ?? undefined,
    row.order_id,
  ]
  const own = [
    intake.channelId,
    intake.externalRef,
    intake.placedAt,
    intake.receivedAt,
    intake.currency,
    intake.totals.total,
    intake.accountId,
    intake.customerRef,
    idToInt8(intake.orderId),
  ]
  if (!isDeepStrictEqual(columns, own)) return `columns ${JSON.stringify(columns)} differ from intake ${JSON.stringify(own)}`
  const told = {
    channelId: data.channelId,
    externalRef: data.externalRef,
    currency: data.currency,
    total: data.totals.total,
    lines: data.lines.map((line) => [line.lineRef, line.sku, line.quantity, line.unitPrice]),
  }
  const kept = {
    channelId: intake.channelId,
    externalRef: intake.externalRef,
    currency: intake.currency,
    total: intake.totals.total,
    lines: intake.lines.map((line) => [line.lineRef, line.sku, line.quantity, line.unitPrice]),
  }
  return isDeepStrictEqual(told, kept) ? undefined : 'intake is not what order.received told'
}

function replayed(intake: OrderIntake, { archived, events }: StoredOrder, fail: (says: string) => void): OrderState | undefined {
  let state = archived?.state ?? initialState(intake)
  try {
    for (const { type, data, occurred_at, recorded_at } of events)
      state = evolve(intake, state, { type, data, occurredAt: occurred_at } as NewEvent, recorded_at)
    return state
  } catch (error) {
    fail(`version ${state.version + 1} cannot be replayed: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** The stored state; reports where it is not what the log leads to. */
function stateOf(row: StoredOrder['row'], expected: OrderState | undefined, fail: (says: string) => void): OrderState | undefined {
  if (expected !== undefined && JSON.stringify(expected) === row.doc) {
    const columns = [row.version, row.state, row.recorded_at, row.state_channel_id]
    const own = [expected.version, expected.state, expected.recordedAt, row.channel_id]
    if (!isDeepStrictEqual(columns, own)) fail(`state row has ${JSON.stringify(columns)}, its log leads to ${JSON.stringify(own)}`)
    return expected
  }
  const stored = JSON.parse(row.doc) as OrderState
  if (expected !== undefined && !isDeepStrictEqual(stored, JSON.parse(JSON.stringify(expected)))) fail(difference(stored, expected))
  return stored
}

function difference(stored: OrderState, expected: OrderState): string {
  const names = new Set([...Object.keys(stored), ...Object.keys(expected)]) as Set<keyof OrderState>
  const parts = [...names].flatMap((name) => {
    const [got, wanted] = [JSON.stringify(stored[name]), JSON.stringify(expected[name])]
    return got === wanted ? [] : [`${name} is ${short(got)}, its log leads to ${short(wanted)}`]
  })
  return parts.join('; ')
}

const short = (text: string | undefined): string => (text === undefined ? 'nothing' : text.length > 120 ? `${text.slice(0, 120)}…` : text)

/** The rows derived from the state, each as one comparable line. */
function compareRows(stored: StoredOrder, state: OrderState, wrong: Wrong): void {
  const { row } = stored
  const listed = [row.phase, row.next_due_at ?? undefined]
  const derived = [phaseOf(currentIntake(row.intake, state), state), nextDueAt(state)]
  if (!isDeepStrictEqual(listed, derived))
    wrong('order.phase', `lists say ${JSON.stringify(listed)}, the state says ${JSON.stringify(derived)}`)
  compare(
    'order.reservations',
    wrong,
    stored.reservations.map((one) => [one.line_no, one.sku, one.node_id, one.quantity, one.kind, one.expires_at]),
    state.reservations.map((one) => [
      one.lineNo,
      one.sku,
      one.nodeId,
      one.quantity,
      one.kind,
      one.kind === 'soft' ? (state.reservedUntil ?? null) : null,
    ]),
  )
  compare(
    'order.fulfillmentOrders',
    wrong,
    stored.fulfillmentOrders.map((one) => [
      one.fulfillment_order_id,
      one.node_id,
      one.work,
      one.request,
      one.ship_by,
      one.version,
      one.doc,
    ]),
    state.fulfillmentOrders.map((one) => [
      idToInt8(one.fulfillmentOrderId),
      one.nodeId,
      one.work,
      one.request,
      one.shipBy ?? null,
      one.version,
      JSON.stringify(one.lines),
    ]),
  )
  compare(
    'order.parcels',
    wrong,
    stored.parcels.map(({ order_id: _, doc, ...one }) => [...Object.values(one), ...fieldsOf(JSON.parse(doc) as object)]),
    state.fulfillmentOrders.flatMap((work) =>
      parcelsOf(work).map((one) => [
        idToInt8(one.parcelId),
        idToInt8(work.fulfillmentOrderId),
        one.carrierId ?? null,
        one.serviceId ?? null,
        one.trackingNo ?? null,
        one.packedAt,
        one.handedOverAt ?? null,
        one.deliveredAt ?? null,
        one.state ?? 'created',
        ...fieldsOf(parcelDocOf(one)),
      ]),
    ),
  )
  compare(
    'order.clocks',
    wrong,
    stored.clocks.map((one) => [one.clock, one.state, one.started_at, one.due_at, one.ended_at]),
    state.clocks.map((one) => [one.clock, one.state, one.startedAt, one.dueAt, one.endedAt ?? null]),
  )
  compare(
    'order.tasks',
    wrong,
    stored.tasks.map((one) => [one.task_id, one.kind, one.owner, one.node_id, one.assignee, one.opened_at, one.due_at, one.done_at]),
    (state.tasks ?? []).map((one) => [
      idToInt8(one.taskId),
      one.kind,
      one.owner,
      one.nodeId ?? null,
      one.assignee ?? null,
      one.openedAt,
      one.dueAt,
      one.doneAt ?? null,
    ]),
  )
  compare(
    'order.payments',
    wrong,
    stored.payments.map((one) => [one.entry_no, one.kind, one.method, Number(one.amount), one.payment_ref, one.occurred_at]),
    state.payments.map((one, i) => [i, one.kind, one.method, one.amount, one.paymentRef ?? null, one.occurredAt]),
  )
  compare(
    'order.holds',
    wrong,
    stored.holds.map((one) => [one.hold_id, one.scope, one.reason, one.state, one.releasable_by, one.placed_at]),
    state.holds.map((one) => [one.holdId, one.scope, one.reason, one.state, one.releasableBy?.join(' ') ?? null, one.placedAt]),
  )
  compareDecisions(stored, wrong)
}

/** In one order, whichever way they came together. */
const fieldsOf = (doc: object): readonly unknown[] => Object.entries(doc).toSorted(([a], [b]) => (a < b ? -1 : 1))

function compare(check: CheckName, wrong: Wrong, rows: readonly unknown[], wanted: readonly unknown[]): void {
  const lines = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).toSorted()
  const got = lines(rows)
  const own = lines(wanted)
  if (got.join('\n') === own.join('\n')) return
  const extra = got.find((line) => !own.includes(line))
  const missing = own.find((line) => !got.includes(line))
  wrong(check, `${rows.length} rows, expected ${wanted.length}; missing ${missing ?? 'none'}, unexpected ${extra ?? 'none'}`)
}

/** Events that stand on a kept decision. */
const DECIDED: ReadonlySet<string> = new Set(['order.sourced', 'fulfillment.moved', 'order.replanned'])

function compareDecisions({ archived, events, decisions }: StoredOrder, wrong: Wrong): void {
  const told = new Map<number, boolean>()
  for (const event of events) {
    if (!DECIDED.has(event.type)) continue
    const data = event.data as EventData<'order.sourced' | 'fulfillment.moved' | 'order.replanned'>
    told.set(data.decisionNo, data.reserved.length > 0)
  }
  const kept = new Set(decisions.map((one) => one.decision_no))
  const archivedNo = archived?.state.decisionNo ?? 0
  for (const no of kept) if (no > archivedNo && !told.has(no)) wrong('order.decisions', `decision ${no} has no event`)
  for (const [no, reserves] of told) if (reserves && !kept.has(no)) wrong('order.decisions', `decision ${no} has no row`)
}

function compareRules({ row }: StoredOrder, state: OrderState, wrong: Wrong): void {
  const intake = currentIntake(row.intake, state)
  for (const [i, line] of intake.lines.entries()) {
    const says = lineProblem(intake, state, i)
    if (says !== undefined) wrong('order.quantities', `line ${line.lineRef}: ${says}`)
  }
  if (state.lines.length !== intake.lines.length)
    wrong('order.quantities', `${state.lines.length} ledgers for ${intake.lines.length} lines`)
  const total = totalsProblem(intake, state)
  if (total !== undefined) wrong('order.totals', total)
  const refunds = refundsProblem(state)
  if (refunds !== undefined) wrong('order.refunds', refunds)
  const stage = stageOf(intake, state)
  if (stage !== undefined && !state.clocks.some((clock) => clock.state === 'running' && clock.clock === stage))
    wrong('order.clockRuns', `no clock runs for ${stage}`)
  if (state.state === 'received' && intake.history === undefined) wrong('order.clockRuns', 'received, but neither accepted nor in review')
}

/** Only what a platform reported may go beyond what was captured, and then the order says so. */
function refundsProblem({ payments, flags }: OrderState): string | undefined {
  if (flags.includes(PAYMENTS_CONTRADICTORY)) return undefined
  const { methods, captured, refunded } = balanceOf(payments)
  for (const one of methods) {
    const back = one.refunded - one.refundedAcross
    if (back > one.captured) return `${one.method} captured ${one.captured} and gave back ${back}`
    if (one.chargedBack > one.captured) return `${one.method} captured ${one.captured}, charged back ${one.chargedBack}`
  }
  return refunded > captured ? `captured ${captured}, refunded ${refunded}` : undefined
}

/** A digital line either was delivered or holds nothing; a firm order keeps no buyer waiting for one. */
function digitalProblem(intake: OrderIntake, state: OrderState, lineNo: number): string | undefined {
  const line = state.lines[lineNo]
  if (line === undefined) return undefined
  const { reserved, allocated, shipped, delivered, backordered } = line
  if (backordered !== 0 || [reserved, allocated, shipped].some((units) => units !== delivered))
    return `digital, but neither waiting nor delivered: ${JSON.stringify(line)}`
  const due = deliverDigital({ intake, state }, state.recordedAt)?.data.lines.find((one) => one.lineRef === intake.lines[lineNo]?.lineRef)
  return due === undefined ? undefined : `${due.quantity} digital units of a firm order are not delivered`
}

function lineProblem(intake: OrderIntake, state: OrderState, lineNo: number): string | undefined {
  const ordered = intake.lines[lineNo]?.quantity ?? 0
  const line = state.lines[lineNo]
  if (line === undefined) return undefined
  const chain = [line.allocated, line.released, line.picked, line.packed, line.shipped, line.delivered]
  if (Object.values(line).some((units) => units < 0)) return `negative units in ${JSON.stringify(line)}`
  if (chain.some((units, i) => units > (chain[i - 1] ?? Infinity)))
    return `delivered ≤ shipped ≤ packed ≤ picked ≤ released ≤ allocated is broken: ${chain.toReversed().join(', ')}`
  if (line.cancelled + line.allocated > ordered) return `cancelled ${line.cancelled} + allocated ${line.allocated} > ordered ${ordered}`
  if (intake.history) return undefined
  if (intake.lines[lineNo]?.isDigital) return digitalProblem(intake, state, lineNo)
  if (line.allocated > line.reserved) return `allocated ${line.allocated} > reserved ${line.reserved}`
  if (state.decisionNo > 0 && line.cancelled + line.reserved + line.backordered !== ordered)
    return `cancelled ${line.cancelled} + reserved ${line.reserved} + backordered ${line.backordered} ≠ ordered ${ordered}`
  return heldProblem(intake, state, lineNo, line.reserved - line.shipped)
}

/** A line that holds its own item holds exactly what its ledger says and did not leave yet; a bundle holds components instead. */
function heldProblem(intake: OrderIntake, state: OrderState, lineNo: number, reserved: number): string | undefined {
  const held = state.reservations.filter((one) => one.lineNo === lineNo && isHeld(one.kind))
  const own = held.filter((one) => one.sku === intake.lines[lineNo]?.sku).reduce((sum, one) => sum + one.quantity, 0)
  if (held.length === 0) return reserved === 0 ? undefined : `reserved ${reserved}, holds nothing`
  return own === 0 || own === reserved ? undefined : `reserved ${reserved}, holds ${own}`
}

/**
 * The totals worked out from scratch: from prices, discounts and rates of the lines and the units that are not cancelled. An order that was
 * cancelled as a whole keeps what it had cost; imported ones have no rates, only sums.
 */
function totalsProblem(intake: OrderIntake, state: OrderState): string | undefined {
  if (intake.history) return sumsProblem(intake)
  const isEnded = state.state === 'cancelled' || state.state === 'rejected'
  const live = intake.lines.map((line, i) => line.quantity - (isEnded ? 0 : (state.lines[i]?.cancelled ?? 0)))
  if (isEnded && intake.asReceived !== undefined) return undefined
  const priced = priceSale(intake, live)
  if (priced.status === 'refused') return `cannot be worked out: ${priced.code}`
  const amounts = ({ lines, totals }: Pick<OrderIntake, 'lines' | 'totals'>) =>
    JSON.stringify([
      totals.lines,
      totals.discount,
      totals.shipping,
      totals.tax,
      totals.total,
      ...lines.map((one) => [one.discount, one.tax, one.total]),
    ])
  const [kept, wanted] = [amounts(intake), amounts(priced.value)]
  return kept === wanted ? undefined : `stored ${kept}, from scratch ${wanted}`
}

function sumsProblem({ lines, totals }: OrderIntake): string | undefined {
  const sum = (pick: (line: OrderIntake['lines'][number]) => number) => lines.reduce((all, line) => all + pick(line), 0)
  if (sum((line) => line.unitPrice * line.quantity) !== totals.lines)
    return `lines add up to ${sum((line) => line.unitPrice * line.quantity)}, stored ${totals.lines}`
  if (sum((line) => line.discount) !== totals.discount)
    return `discounts add up to ${sum((line) => line.discount)}, stored ${totals.discount}`
  const shippingTax = totals.tax - sum((line) => line.tax)
  if (shippingTax < 0 || (totals.shipping === 0 && shippingTax !== 0))
    return `taxes of the lines add up to ${sum((line) => line.tax)}, stored ${totals.tax}`
  const fits = (added: 0 | 1) =>
    lines.every((line) => line.total === line.unitPrice * line.quantity - line.discount + added * line.tax) &&
    totals.total === totals.lines - totals.discount + totals.shipping + added * totals.tax
  return fits(0) || fits(1)
    ? undefined
    : `total ${totals.total} is not lines ${totals.lines} − discount ${totals.discount} + shipping ${totals.shipping} with or without tax ${totals.tax}`
}
