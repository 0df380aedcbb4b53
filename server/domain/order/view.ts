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

/**
 * The order with everything that is known of it; who may see what of it is the presenter's business. What may be left out is assigned where
 * it is there: every order that is placed is shown, and a spread a field costs three times as much.
 */
export function viewOrder(order: Order, person: PersonSeen, names: OrderNames = {}, parcels: readonly OrderParcel[] = []): OrderFull {
  const { intake, state } = order
  const view: OrderFull = {
    ...headOf(order),
    totals: { ...intake.totals },
    payments: viewPayments(order),
    shipTo: viewPlace(intake, person),
    checks: state.checks ?? uncheckedOf(intake),
    lines: intake.lines.map((line, i) => lineOf(line, state.lines[i], names)),
    promise: promiseOf(state.promise),
    fulfillmentOrders: state.fulfillmentOrders.map((one) => workOf(intake, one, names)),
    parcels: [...parcels],
    holds: state.holds.map(holdOf),
    reviewReasons: [...state.reviewReasons],
    allowedActions: allowedActionsOf(intake, state),
  }
  if (names.channelName !== undefined) view.channelName = names.channelName
  if (intake.taxesIncluded !== undefined) view.taxesIncluded = intake.taxesIncluded
  const customer = customerOf(intake, person)
  if (customer !== undefined) view.customer = customer
  if (intake.accountId !== undefined) Object.assign(view, accountOf(intake, names))
  addSaid(view, intake, person)
  const pickup = pickupOf(order, names)
  if (pickup !== undefined) view.pickup = pickup
  addWhole(view, parcels)
  if (state.changes !== undefined) view.changes = viewChanges(state.changes)
  const due = nextDueAt(state)
  if (due !== undefined) view.nextDueAt = toIso(due)
  if (state.flags.length > 0) view.flags = [...state.flags]
  if (person === 'erased') view.personErased = true
  return view
}

/** What the order, or a later body of its channel, said beside what was sold. */
function addSaid(view: OrderFull, { requestedService, documents, promisedBy, attributes }: OrderIntake, person: PersonSeen): void {
  if (requestedService !== undefined) view.requestedService = requestedService
  if (documents !== undefined) view.documents = [...documents]
  if (promisedBy !== undefined) view.promisedBy = toIso(promisedBy)
  if (typeof person === 'object' && person.note !== undefined) view.note = person.note
  if (attributes !== undefined) view.attributes = attributes
}

function pickupOf({ intake, state }: Order, names: OrderNames): OrderView['pickup'] {
  if (intake.pickup === undefined) return undefined
  const { nodeId } = intake.pickup
  return { nodeId, ...optional('nodeName', names.nodeName?.(nodeId)), ...optional('code', codeOf(state)) }
}

/** When the last of what is on its way is expected, and what all of it emits. */
function addWhole(view: OrderFull, parcels: readonly OrderParcel[]): void {
  if (parcels.length === 0) return
  const etas = parcels.flatMap((parcel) => parcel.eta ?? [])
  const eta = etas.reduce<OrderParcel['eta']>((latest, one) => (latest === undefined || one.at > latest.at ? one : latest), undefined)
  if (eta !== undefined) view.eta = eta
  const emitted = parcels.flatMap((parcel) => parcel.co2eGrams ?? [])
  if (emitted.length > 0) view.co2eGrams = Math.round(emitted.reduce((sum, one) => sum + one, 0) * 10) / 10
}

/** One row of a list; lists and details agree because both are worked out from the same state by the same functions. */
export function viewOrderSummary(order: Order, person: PersonSeen, names: OrderNames = {}): OrderSummary {
  const { intake, state } = order
  const open = state.fulfillmentOrders.filter((one) => one.work !== 'cancelled')
  const name = typeof person === 'object' ? (person.customer.name ?? person.shipTo.name) : person
  return {
    ...headOf(order),
    ...optional('channelName', names.channelName),
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

function headOf({ intake, state }: Order) {
  return {
    orderId: intake.orderId,
    version: state.version,
    channelId: intake.channelId,
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

function customerOf({ customerRef }: OrderIntake, person: PersonSeen): OrderView['customer'] {
  const customer: NonNullable<OrderView['customer']> = {}
  if (customerRef !== undefined) customer.customerRef = customerRef
  if (typeof person === 'object') {
    const { name, phone, email, companyName, taxNumber } = person.customer
    if (name !== undefined) customer.name = name
    if (phone !== undefined) customer.phone = phone
    if (email !== undefined) customer.email = email
    if (companyName !== undefined) customer.companyName = companyName
    if (taxNumber !== undefined) customer.taxNumber = taxNumber
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
  const { lineRef, sku, unitPrice, discount, tax, total, quantity } = line
  const view: Line = { lineRef, sku, unitPrice, discount, tax, total, quantity, ...units }
  const name = line.name ?? names.itemName?.(sku)
  if (name !== undefined) view.name = name
  if (line.isDigital !== undefined) view.isDigital = line.isDigital
  if (line.taxClass !== undefined) view.taxClass = line.taxClass
  if (line.attributes !== undefined) view.attributes = line.attributes
  return view
}

function promiseOf({ basis, service, co2eGrams, deliverBy, shipBy }: OrderState['promise']): OrderView['promise'] {
  const view: OrderView['promise'] = { basis }
  if (service !== undefined) view.service = service
  if (co2eGrams !== undefined) view.co2eGrams = co2eGrams
  if (deliverBy !== undefined) view.deliverBy = toIso(deliverBy)
  if (shipBy !== undefined) view.shipBy = toIso(shipBy)
  return view
}

function workOf(intake: OrderIntake, one: PlannedOrder, names: OrderNames): OrderView['fulfillmentOrders'][number] {
  const { fulfillmentOrderId, nodeId, work, request, carrierId, serviceId, shipBy, deliverBy, collectBy } = one
  const lines = one.lines.map(({ lineNo, sku, quantity }) => ({ lineRef: intake.lines[lineNo]?.lineRef ?? '', sku, quantity }))
  const view: OrderView['fulfillmentOrders'][number] = { fulfillmentOrderId, nodeId, work, request, lines }
  const nodeName = names.nodeName?.(nodeId)
  if (nodeName !== undefined) view.nodeName = nodeName
  if (carrierId !== undefined) view.carrierId = carrierId
  if (serviceId !== undefined) view.serviceId = serviceId
  if (shipBy !== undefined) view.shipBy = toIso(shipBy)
  if (deliverBy !== undefined) view.deliverBy = toIso(deliverBy)
  if (collectBy !== undefined) view.collectBy = toIso(collectBy)
  return view
}

export function holdOf({ placedAt, releasedAt, releasableBy, ...hold }: HoldState): OrderView['holds'][number] {
  return {
    ...hold,
    ...optional('releasableBy', releasableBy === undefined ? undefined : [...releasableBy]),
    placedAt: toIso(placedAt),
    ...optional('releasedAt', isoOf(releasedAt)),
  }
}
