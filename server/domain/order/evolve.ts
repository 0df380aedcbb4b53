import type { EventData, NewEvent } from '../../../contract/events.ts'
import { assert } from '../../kernel/assert.ts'
import { instant, type Instant, parseInstant } from '../../kernel/time.ts'
import { evolveChange, isChangeEvent } from '../change-set/evolve-change.ts'
import { breach, rearm } from './clock.ts'
import { currentIntake } from './current-intake.ts'
import { afterDigital } from '../fulfillment/deliver-digital.ts'
import { evolveWork, isWorkEvent } from '../fulfillment/evolve-work.ts'
import { replanned } from '../fulfillment/evolve-replanned.ts'
import { evolveParcel, isParcelEvent } from '../parcel/evolve-parcel.ts'
import { countLines } from '../fulfillment/line-progress.ts'
import { voidedWithWork } from '../fulfillment/void-parcels.ts'
import { isMovable } from '../fulfillment/work-machine.ts'
import { isContradictory } from '../payment/entry-limits.ts'
import { evolveTasks, isTaskEvent } from '../task/evolve-tasks.ts'
import { evolveHistory } from './history.ts'
import { lineNosOf } from './line-nos.ts'
import { NO_UNITS } from './no-units.ts'
import { atOf, dated, offered, plannedOf, promiseAfter, putOff } from './planned.ts'
import { addReservations, isHeld } from './reservation.ts'
import { waive } from './waive.ts'
import type { LineQuantities, Moved, OrderIntake, OrderState, PaymentEntry, Told } from './state.ts'

/** Entries of the ledger do not follow from each other. */
export const PAYMENTS_CONTRADICTORY = 'payments_contradictory'

/** The order before its first event. */
export function initialState(given: OrderIntake): OrderState {
  const intake = given.asReceived ?? given
  return {
    version: 0,
    state: 'received',
    recordedAt: intake.receivedAt,
    lines: intake.lines.map(() => NO_UNITS),
    reviewReasons: [],
    promise: { basis: 'none' },
    decisionNo: 0,
    reservations: [],
    fulfillmentOrders: [],
    holds: [],
    payments: [],
    clocks: [],
    exposure: 0,
    flags: [],
    ...(intake.platformVersion === undefined ? {} : { platformVersion: intake.platformVersion }),
  }
}

/**
 * The state after an event. Pure and total over the order's event types: replaying an order's events from {@link initialState}
 * gives the stored state exactly. `at` is when the hub recorded it; it never goes back within an order.
 */
export function evolve(intake: OrderIntake, state: OrderState, event: NewEvent, at: Instant): OrderState {
  const recordedAt = at > state.recordedAt ? at : state.recordedAt
  const next = withAwaited(applied(currentIntake(intake, state), state, event, recordedAt), event)
  // What was made for this event alone is finished in place: a copy for each field that moves costs more than the event.
  const moved: Moved = next === state ? { ...state } : next
  expireOpenChanges(moved)
  moved.version = state.version + 1
  moved.recordedAt = recordedAt
  waive(intake, state, moved)
  moved.clocks = rearm(currentIntake(intake, moved), state, moved, recordedAt)
  return moved
}

/** No proposal outlives its order. */
function expireOpenChanges(moved: Moved): void {
  if (moved.changes === undefined || moved.state === 'accepted' || moved.state === 'review') return
  moved.changes = moved.changes.map((one) => (one.state === 'proposed' ? { ...one, state: 'expired' as const } : one))
}

/** The state itself, or a new one that nobody else holds. */
function applied(intake: OrderIntake, state: OrderState, event: NewEvent, at: Instant): OrderState {
  if (isChangeEvent(event)) return evolveChange(intake, state, event, at)
  if (isWorkEvent(event)) return evolveWork(intake, state, event, at)
  if (isTaskEvent(event)) return evolveTasks(state, event, at)
  if (isParcelEvent(event)) return evolveParcel(intake, state, event)
  switch (event.type) {
    case 'order.received':
      return state
    case 'order.accepted':
      return {
        ...state,
        state: 'accepted',
        checks: event.data.checks,
        reviewReasons: [],
        exposure: state.exposure + (event.data.credit?.exposure ?? 0),
      }
    case 'order.reviewRequired':
      return {
        ...state,
        state: 'review',
        checks: event.data.checks,
        reviewReasons: event.data.reasons,
        exposure: state.exposure + (event.data.credit?.exposure ?? 0),
      }
    case 'order.sourced':
      return sourced(intake, state, event.data)
    case 'order.replanned':
      return replanned(intake, state, event.data)
    case 'order.committed':
      return committed(state, event.data.offers)
    case 'order.stockReleased':
      return countLines(intake, {
        ...freed(state, 'expired', at),
        sourceAgainAt: at,
        lines: state.lines.map((line, i) =>
          intake.lines[i]?.isDigital ? line : { ...line, reserved: 0, allocated: 0, backordered: openUnits(intake, line, i) },
        ),
      })
    case 'order.preOrdered':
      return { ...state, preOrder: { deposit: event.data.deposit } }
    case 'payment.due':
      return { ...state, preOrder: { deposit: 0, ...state.preOrder, askedAt: at, ...dated('balanceBy', event.data.dueBy) } }
    case 'order.digitalDelivered':
      return afterDigital(intake, state, event.data)
    case 'order.paymentRecorded':
      return paid(state, event.data)
    case 'order.amended':
      return amended(intake, state, event.data)
    case 'order.held': {
      return { ...state, holds: [...state.holds, { ...event.data, state: 'open', placedAt: at }] }
    }
    case 'order.holdReleased': {
      const { holdId } = event.data
      return {
        ...state,
        holds: state.holds.map((hold) => (hold.holdId === holdId ? { ...hold, state: 'released', releasedAt: at } : hold)),
        fulfillmentOrders: putOff(state.fulfillmentOrders, at - (state.holds.find((hold) => hold.holdId === holdId)?.placedAt ?? at)),
      }
    }
    case 'order.declined':
      return { ...ended(intake, state, at), state: 'rejected', exposure: state.exposure + (event.data.credit?.exposure ?? 0) }
    case 'order.cancelled':
      return { ...ended(intake, state, at), state: 'cancelled', exposure: state.exposure + (event.data.credit?.exposure ?? 0) }
    case 'order.closed':
      return { ...state, state: 'closed' }
    case 'order.clockBreached': {
      const { clock } = event.data
      return { ...state, clocks: state.clocks.map((one) => (one.clock === clock && one.state === 'running' ? breach(one, at) : one)) }
    }
    case 'order.historyRecorded':
      return evolveHistory(intake, state, event.data)
    default:
      assert(false, `${event.type} is no event of an order`)
  }
}

/** Supply that the order counts on, moved by what its event says; none where nothing is left. */
function withAwaited(state: OrderState, event: NewEvent): OrderState {
  if (event.type === 'order.received') return state
  const { data } = event
  const moves = 'supply' in data ? data.supply : undefined
  if (moves === undefined || moves.length === 0) return state
  const { awaiting: before = [], ...rest } = state
  const units = new Map(before.map((one) => [one.supplyId, one.quantity]))
  for (const { supplyId, quantity } of moves) units.set(supplyId, (units.get(supplyId) ?? 0) + quantity)
  const awaiting = [...units].filter(([, quantity]) => quantity !== 0).map(([supplyId, quantity]) => ({ supplyId, quantity }))
  return { ...rest, ...(awaiting.length === 0 ? {} : { awaiting }) }
}

function openUnits(intake: OrderIntake, line: LineQuantities, lineNo: number): number {
  return (intake.lines[lineNo]?.quantity ?? 0) - line.cancelled
}

/** A decision adds to what is held: the first covers the order, later ones what was left open. */
function sourced(intake: OrderIntake, state: OrderState, data: EventData<'order.sourced'>): OrderState {
  const lineNos = lineNosOf(intake.lines)
  const standing = new Map(data.lines.map((line) => [lineNos.get(line.lineRef) ?? -1, line]))
  const lines = state.lines.map((line, i) => {
    const now = standing.get(i)
    if (now === undefined) return line
    return {
      ...line,
      reserved: now.reserved,
      allocated: data.kind === 'committed' ? now.reserved : line.allocated,
      backordered: now.backordered,
    }
  })
  const until = atOf(data.expiresAt)
  return {
    ...withoutSourceAgain(state),
    ...dated('sourceAgainAt', data.sourceAgainAt),
    lines,
    reservations: addReservations(state.reservations, data.reserved, data.kind, lineNos),
    decisionNo: data.decisionNo,
    promise: promiseAfter(data.promise),
    fulfillmentOrders: [...state.fulfillmentOrders, ...data.fulfillmentOrders.map((planned) => plannedOf(planned, lineNos))],
    ...(until === undefined ? {} : { reservedUntil: until }),
  }
}

/** NOTE: to leave a field out costs more than a whole copy; mostly it is not there. */
function withoutSourceAgain(state: OrderState): OrderState {
  if (state.sourceAgainAt === undefined) return state
  const { sourceAgainAt: _, ...rest } = state
  return rest
}

function withoutReservedUntil(state: OrderState): OrderState {
  if (state.reservedUntil === undefined) return state
  const { reservedUntil: _, ...rest } = state
  return rest
}

function committed(state: OrderState, offers: EventData<'order.committed'>['offers']): OrderState {
  return {
    ...withoutReservedUntil(state),
    reservations: state.reservations.map((one) => (isHeld(one.kind) ? { ...one, kind: 'committed' as const } : one)),
    lines: state.lines.map((line) => ({ ...line, allocated: line.reserved })),
    ...(offers === undefined ? {} : { fulfillmentOrders: offered(state.fulfillmentOrders, offers) }),
  }
}

function freed(state: OrderState, kind: 'expired' | 'released', at: Instant): OrderState {
  return {
    ...withoutReservedUntil(state),
    reservations: state.reservations.map((one) => (isHeld(one.kind) ? { ...one, kind } : one)),
    fulfillmentOrders: voidedWithWork(
      state.fulfillmentOrders.map((order) =>
        isMovable(order.work) ? { ...order, work: 'cancelled' as const, version: order.version + 1 } : order,
      ),
      at,
    ),
  }
}

function ended(intake: OrderIntake, state: OrderState, at: Instant): OrderState {
  return {
    ...freed(withoutSourceAgain(state), 'released', at),
    // Nothing has left a node yet: what was picked goes back to the shelf.
    lines: state.lines.map((_line, i) => ({ ...NO_UNITS, cancelled: intake.lines[i]?.quantity ?? 0 })),
  }
}

type Paid = Pick<EventData<'order.paymentRecorded'>, 'entries' | 'credit' | 'stock'>

/** `stock` says that the payment turned what was held for an unpaid order into firm reservations. */
function paid(state: OrderState, { entries, credit, stock }: Paid): OrderState {
  const added: PaymentEntry[] = entries.map((entry) => ({
    kind: entry.kind,
    method: entry.method,
    amount: entry.amount,
    ...(entry.paymentRef === undefined ? {} : { paymentRef: entry.paymentRef }),
    ...(entry.crossMethod === undefined ? {} : { crossMethod: entry.crossMethod }),
    occurredAt: atOf(entry.occurredAt) ?? instant(0),
  }))
  const held = stock === undefined ? state : firmed(state)
  return {
    ...held,
    payments: [...state.payments, ...added],
    exposure: state.exposure + (credit?.exposure ?? 0),
    flags: flaggedPayments(state, added),
  }
}

/** Late, doubled or contradictory entries of a platform are facts too: kept, and the order says so. */
function flaggedPayments({ payments, flags }: OrderState, added: readonly PaymentEntry[]): readonly string[] {
  if (flags.includes(PAYMENTS_CONTRADICTORY)) return flags
  const isOdd = added.some((entry, i) => isContradictory([...payments, ...added.slice(0, i)], entry))
  return isOdd ? [...flags, PAYMENTS_CONTRADICTORY] : flags
}

function firmed(state: OrderState): OrderState {
  const reservations = state.reservations.map((one) => (one.kind === 'soft' ? { ...one, kind: 'firm' as const } : one))
  return { ...withoutReservedUntil(state), reservations }
}

function amended(intake: OrderIntake, state: OrderState, data: EventData<'order.amended'>): OrderState {
  const moved = paid(state, data)
  const told = toldAnew(intake, state, data)
  const reasons = [...new Set([...state.reviewReasons, ...data.reasons])]
  return {
    ...moved,
    reviewReasons: reasons,
    state: data.reasons.length > 0 && state.state === 'accepted' ? 'review' : state.state,
    ...(data.platformVersion === undefined ? {} : { platformVersion: data.platformVersion }),
    ...(told === undefined ? {} : { told }),
  }
}

/** Papers come on top of those that were given; the rest takes the place of what was said before. */
function toldAnew(intake: OrderIntake, { told }: OrderState, data: EventData<'order.amended'>): Told | undefined {
  const { attributes, documents } = data
  const promisedBy = data.promisedBy === undefined ? undefined : parseInstant(data.promisedBy)
  if (promisedBy === undefined && attributes === undefined && documents === undefined) return told
  return {
    ...told,
    ...(promisedBy === undefined ? {} : { promisedBy }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(documents === undefined ? {} : { documents: [...new Set([...(intake.documents ?? []), ...documents])] }),
  }
}

/** The state after events of an order, oldest first: after all, or after those that follow a `base`. */
export function replay(
  intake: OrderIntake,
  happened: readonly { readonly event: NewEvent; readonly recordedAt: Instant }[],
  base: OrderState = initialState(intake),
): OrderState {
  return happened.reduce((state, one) => evolve(intake, state, one.event, one.recordedAt), base)
}
