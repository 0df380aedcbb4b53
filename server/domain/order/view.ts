import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import type { Line, Order as OrderView } from '../../../contract/entities/order.ts'
import { viewChanges } from '../change-set/view-changes.ts'
import { type Instant, toIso } from '../../kernel/time.ts'
import type { OrderFull } from '../access/present-order.ts'
import type { OrderParcel } from '../../../contract/entities/parcel.ts'
import { derivePaymentState } from '../payment/payment-state.ts'
import { isPaymentAsked, owedTotal, viewPayments } from '../payment/view-payments.ts'
import { nextDueAt } from './clock.ts'
import { allowedActionsOf, phaseOf } from './derive.ts'
import { codeOf } from './pickup.ts'
import { NO_UNITS } from './no-units.ts'
import type { HoldState, LineIntake, LineQuantities, Order, OrderIntake, OrderState, PlannedOrder } from './state.ts'
import { type PersonSeen, viewPlace } from './view-place.ts'

/** Names that people know things by; they belong to facts, not to orders. */
export type OrderNames = {
  readonly channelName?: string | undefined
  nodeName?(nodeId: string): string | undefined
  accountName?(accountId: string): string | undefined
  itemName?(sku: string): string | undefined
  barcodes?(sku: string): readonly string[] | undefined
}

/** The order with everything that is known of it; who may see what of it is the presenter's business. */
export function viewOrder(order: Order, person: PersonSeen, names: OrderNames = {}, parcels: readonly OrderParcel[] = []): OrderFull {
  const { intake, state } = order
  return {
    ...headOf(order, names),
    totals: { ...intake.totals },
    ...optional('taxesIncluded', intake.taxesIncluded),
    payments: viewPayments(order),
    ...optional('customer', customerOf(intake, person)),
    ...accountOf(intake, names),
    shipTo: viewPlace(intake, person),
    ...saidOf(intake, person),
    ...optional('pickup', pickupOf(order, names)),
    checks: state.checks ?? uncheckedOf(intake),
    lines: intake.lines.map((line, i) => lineOf(line, state.lines[i], names)),
    promise: promiseOf(state.promise),
    fulfillmentOrders: state.fulfillmentOrders.map((one) => workOf(intake, one, names)),
    parcels: [...parcels],
    ...wholeOf(parcels),
    holds: state.holds.map(holdOf),
    ...viewChanges(state),
    reviewReasons: [...state.reviewReasons],
    allowedActions: allowedActionsOf(intake, state),
    ...optional('nextDueAt', isoOf(nextDueAt(state))),
    ...(state.flags.length === 0 ? {} : { flags: [...state.flags] }),
    ...(person === 'erased' ? { personErased: true } : {}),
  }
}

/** What the order, or a later body of its channel, said beside what was sold. */
function saidOf({ requestedService, documents, promisedBy, attributes }: OrderIntake, person: PersonSeen): Partial<OrderView> {
  return {
    ...optional('requestedService', requestedService),
    ...optional('documents', documents && [...documents]),
    ...optional('promisedBy', isoOf(promisedBy)),
    ...optional('note', typeof person === 'object' ? person.note : undefined),
    ...optional('attributes', attributes),
  }
}

function pickupOf({ intake, state }: Order, names: OrderNames): OrderView['pickup'] {
  if (intake.pickup === undefined) return undefined
  const { nodeId } = intake.pickup
  return { nodeId, ...optional('nodeName', names.nodeName?.(nodeId)), ...optional('code', codeOf(state)) }
}

/** When the last of what is on its way is expected, and what all of it emits. */
function wholeOf(parcels: readonly OrderParcel[]): Pick<OrderView, 'eta' | 'co2eGrams'> {
  const etas = parcels.flatMap((parcel) => parcel.eta ?? [])
  const eta = etas.reduce<OrderParcel['eta']>((latest, one) => (latest === undefined || one.at > latest.at ? one : latest), undefined)
  const emitted = parcels.flatMap((parcel) => parcel.co2eGrams ?? [])
  const co2eGrams = emitted.length === 0 ? undefined : Math.round(emitted.reduce((sum, one) => sum + one, 0) * 10) / 10
  return { ...optional('eta', eta), ...optional('co2eGrams', co2eGrams) }
}

/** One row of a list; lists and details agree because both are worked out from the same state by the same functions. */
export function viewOrderSummary(order: Order, person: PersonSeen, names: OrderNames = {}): OrderSummary {
  const { intake, state } = order
  const open = state.fulfillmentOrders.filter((one) => one.work !== 'cancelled')
  const name = typeof person === 'object' ? (person.customer.name ?? person.shipTo.name) : person
  return {
    ...headOf(order, names),
    paymentState: derivePaymentState(state.payments, owedTotal(intake, state), isPaymentAsked(intake, state)),
    total: intake.totals.total,
    ...optional('customerName', name),
    ...accountOf(intake, names),
    countryCode: intake.shipTo.countryCode,
    ...optional('city', intake.shipTo.city),
    lineCount: intake.lines.length,
    unitCount: intake.lines.reduce((sum, line) => sum + line.quantity, 0),
    nodeIds: [...new Set(open.map((one) => one.nodeId))],
    openHolds: state.holds.filter((hold) => hold.state === 'open').length,
    reviewReasons: [...state.reviewReasons],
    ...optional('deliverBy', isoOf(state.promise.deliverBy)),
    ...optional('nextDueAt', isoOf(nextDueAt(state))),
    allowedActions: allowedActionsOf(intake, state),
  }
}

function accountOf({ accountId }: OrderIntake, names: OrderNames): Pick<OrderSummary, 'accountId' | 'accountName'> {
  return accountId === undefined ? {} : { accountId, ...optional('accountName', names.accountName?.(accountId)) }
}

function headOf({ intake, state }: Order, names: OrderNames) {
  return {
    orderId: intake.orderId,
    version: state.version,
    channelId: intake.channelId,
    ...optional('channelName', names.channelName),
    externalRef: intake.externalRef,
    placedAt: toIso(intake.placedAt),
    receivedAt: toIso(intake.receivedAt),
    state: state.state,
    phase: phaseOf(intake, state),
    currency: intake.currency,
  }
}

function optional<const K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}

const isoOf = (at: Instant | undefined): string | undefined => (at === undefined ? undefined : toIso(at))

function customerOf(intake: OrderIntake, person: PersonSeen): OrderView['customer'] {
  const { name, phone, email, companyName, taxNumber } = typeof person === 'object' ? person.customer : {}
  const customer = {
    ...optional('customerRef', intake.customerRef),
    ...optional('name', name),
    ...optional('phone', phone),
    ...optional('email', email),
    ...optional('companyName', companyName),
    ...optional('taxNumber', taxNumber),
  }
  // An erased buyer keeps the place where the presenter says so.
  return Object.keys(customer).length > 0 || person === 'erased' ? customer : undefined
}

/** Orders whose checks have not run (history, or not yet) say so instead of looking checked. */
function uncheckedOf(intake: OrderIntake): OrderView['checks'] {
  const none = { verdict: 'notApplicable', reason: 'not_checked', at: toIso(intake.receivedAt) } as const
  return { stock: none, credit: none, tax: none, compliance: none }
}

function lineOf(line: LineIntake, units: LineQuantities = NO_UNITS, names: OrderNames): Line {
  return {
    lineRef: line.lineRef,
    sku: line.sku,
    ...optional('name', line.name ?? names.itemName?.(line.sku)),
    ...optional('isDigital', line.isDigital),
    ...optional('taxClass', line.taxClass),
    ...optional('attributes', line.attributes),
    unitPrice: line.unitPrice,
    discount: line.discount,
    tax: line.tax,
    total: line.total,
    quantity: line.quantity,
    ...units,
  }
}

function promiseOf({ deliverBy, shipBy, ...rest }: OrderState['promise']): OrderView['promise'] {
  return { ...rest, ...optional('deliverBy', isoOf(deliverBy)), ...optional('shipBy', isoOf(shipBy)) }
}

function workOf(intake: OrderIntake, one: PlannedOrder, names: OrderNames): OrderView['fulfillmentOrders'][number] {
  return {
    fulfillmentOrderId: one.fulfillmentOrderId,
    nodeId: one.nodeId,
    ...optional('nodeName', names.nodeName?.(one.nodeId)),
    work: one.work,
    request: one.request,
    ...optional('carrierId', one.carrierId),
    ...optional('serviceId', one.serviceId),
    ...optional('shipBy', isoOf(one.shipBy)),
    ...optional('deliverBy', isoOf(one.deliverBy)),
    ...optional('collectBy', isoOf(one.collectBy)),
    lines: one.lines.map(({ lineNo, sku, quantity }) => ({ lineRef: intake.lines[lineNo]?.lineRef ?? '', sku, quantity })),
  }
}

export function holdOf({ placedAt, releasedAt, releasableBy, ...hold }: HoldState): OrderView['holds'][number] {
  return {
    ...hold,
    ...optional('releasableBy', releasableBy === undefined ? undefined : [...releasableBy]),
    placedAt: toIso(placedAt),
    ...optional('releasedAt', isoOf(releasedAt)),
  }
}
