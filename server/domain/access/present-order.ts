import type { Permission } from '../../../contract/access.ts'
import type { CheckResult, Place } from '../../../contract/entities/basics.ts'
import type { CancelPreview, ChangeSet } from '../../../contract/entities/change-set.ts'
import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import type { Line, Order } from '../../../contract/entities/order.ts'
import { maskEmail, maskName, maskPhone } from './mask.ts'
import { canSeeParcel, presentParcel } from './present-parcel.ts'
import { canSeeCarrier, canSeeNode } from './scope.ts'
import { sightOfRole, type RoleSight, type Sight, type Viewer } from './sight.ts'

/** The whole order. `personErased`: the key of its person was destroyed, so there is nothing personal to show. */
export type OrderFull = Order & { personErased?: boolean }
type Action = Order['allowedActions'][number]
type FulfillmentOrder = Order['fulfillmentOrders'][number]

/** Stands in a name's place after erasure; the flag `personErased` says the same to programs. */
export const ERASED = 'erased'
/** Stands where a role may know that a check was made, not why it ended so. */
export const HIDDEN_REASON = 'hidden'

export const permissionOfAction: Readonly<Record<Action, Permission>> = {
  approve: 'order.review',
  decline: 'order.review',
  cancel: 'order.cancel',
  hold: 'order.hold',
  release: 'order.hold',
  payments: 'order.pay',
  refund: 'order.refund',
  cancelLines: 'order.cancel',
  change: 'order.change',
}

/**
 * The order as the viewer may see it. Whether it lies in the viewer's scope at all was decided by the read ({@link canSeeOrder}).
 * Field by field: what is not named here is shown to nobody.
 */
export function presentOrder(viewer: Viewer, order: OrderFull): Order {
  const sight = sightOfRole[viewer.role]
  const work = order.fulfillmentOrders.filter((one) => isVisibleWork(viewer, sight, one))
  const parcels = order.parcels.filter((parcel) => canSeeParcel(viewer, parcel))
  const isErased = order.personErased === true
  const shown: Order = {
    orderId: order.orderId,
    version: order.version,
    channelId: order.channelId,
    externalRef: order.externalRef,
    placedAt: order.placedAt,
    receivedAt: order.receivedAt,
    state: order.state,
    phase: order.phase,
    currency: order.currency,
    checks: presentChecks(sight, order.checks),
    promise: viewer.scope.carriers === undefined ? order.promise : withoutService(order.promise),
    lines: presentLines(viewer, sight, order.lines, [...work, ...parcels]),
    fulfillmentOrders: work,
    parcels: parcels.map((parcel) => presentParcel(viewer, parcel)),
    holds: sight.holds ? order.holds.map((hold) => presentHold(sight, hold)) : [],
    reviewReasons: sight.reasons === 'none' ? [] : order.reviewReasons,
    allowedActions: allowed(viewer, order.allowedActions),
  }
  if (order.channelName !== undefined) shown.channelName = order.channelName
  if (order.promisedBy !== undefined) shown.promisedBy = order.promisedBy
  if (sight.amounts) addMoney(shown, viewer, sight, order)
  const customer = order.customer && presentCustomer(sight, order.customer, isErased)
  if (customer !== undefined) shown.customer = customer
  if (order.accountId !== undefined) Object.assign(shown, presentAccount(sight, order.accountId, order.accountName))
  if (order.shipTo !== undefined) shown.shipTo = presentPlace(sight, order.shipTo, isErased)
  if (order.requestedService !== undefined && viewer.scope.carriers === undefined) shown.requestedService = order.requestedService
  if (order.documents !== undefined && sight.attributes) shown.documents = order.documents
  if (order.attributes !== undefined && sight.attributes) shown.attributes = order.attributes
  if (order.note !== undefined && sight.notes) shown.note = order.note
  if (order.pickup !== undefined) shown.pickup = presentPickup(sight, order.pickup)
  // What is worked out over all parcels would tell of those that are not shown.
  const isWhole = parcels.length === order.parcels.length
  if (order.eta !== undefined && isWhole) shown.eta = order.eta
  if (order.co2eGrams !== undefined && isWhole) shown.co2eGrams = order.co2eGrams
  if (order.nextDueAt !== undefined && sight.reasons !== 'none') shown.nextDueAt = order.nextDueAt
  const flags = sight.reasons === 'none' ? [] : (order.flags ?? [])
  if (flags.length > 0 || isErased) shown.flags = isErased ? [...flags, 'personErased'] : flags
  return shown
}

/** What tells of prices: for those who may know amounts. */
function addMoney(shown: Order, viewer: Viewer, sight: RoleSight, { totals, payments, taxesIncluded, changes }: OrderFull): void {
  if (totals !== undefined) shown.totals = totals
  if (payments !== undefined) shown.payments = presentPayments(sight, payments)
  if (taxesIncluded !== undefined) shown.taxesIncluded = taxesIncluded
  if (changes !== undefined) shown.changes = changes.map((one) => presentChange(viewer, sight, one))
}

function presentHold(sight: RoleSight, hold: Order['holds'][number]): Order['holds'][number] {
  if (sight.notes || hold.note === undefined) return hold
  const { note: _, ...rest } = hold
  return rest
}

/** One row of a list as the viewer may see it. */
export function presentOrderSummary(viewer: Viewer, summary: OrderSummary): OrderSummary {
  const sight = sightOfRole[viewer.role]
  const { customerName, paymentState, total, accountId, accountName, nextDueAt, ...rest } = summary
  return {
    ...rest,
    ...(sight.amounts && paymentState !== undefined ? { paymentState } : {}),
    ...(sight.amounts && total !== undefined ? { total } : {}),
    ...optional('customerName', show(sight.buyerName, customerName, maskName)),
    ...presentAccount(sight, accountId, accountName),
    nodeIds: summary.nodeIds.filter((nodeId) => canSeeNode(viewer.scope, nodeId)),
    openHolds: sight.holds ? summary.openHolds : 0,
    reviewReasons: sight.reasons === 'none' ? [] : summary.reviewReasons,
    ...(nextDueAt === undefined || sight.reasons === 'none' ? {} : { nextDueAt }),
    allowedActions: allowed(viewer, summary.allowedActions),
  }
}

/** An account is named to whom it is told. */
function presentAccount(
  sight: RoleSight,
  accountId: string | undefined,
  accountName: string | undefined,
): Pick<OrderSummary, 'accountId' | 'accountName'> {
  return accountId === undefined || sight.references === 'none' ? {} : { accountId, ...optional('accountName', accountName) }
}

/** Who gives goods out is shown the code by the buyer, not by the hub. */
function presentPickup(sight: RoleSight, { code, ...pickup }: NonNullable<Order['pickup']>): NonNullable<Order['pickup']> {
  return code === undefined || !sight.pickupCode ? pickup : { ...pickup, code }
}

/** The service of a plan names its carrier, which may be another one than the viewer's. */
const withoutService = ({ service, ...promise }: Order['promise']): Order['promise'] => promise

const allowed = (viewer: Viewer, actions: readonly Action[]): Action[] =>
  actions.filter((action) => viewer.permissions.has(permissionOfAction[action]))

function show(sight: Sight, value: string | undefined, mask: (value: string) => string): string | undefined {
  if (value === undefined || sight === 'hidden') return undefined
  return sight === 'masked' && value !== ERASED ? mask(value) : value
}

function optional<const K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}

function presentCustomer(sight: RoleSight, customer: NonNullable<Order['customer']>, isErased: boolean): Order['customer'] {
  const shown: NonNullable<Order['customer']> = {}
  if (customer.customerRef !== undefined && sight.references === 'all') shown.customerRef = customer.customerRef
  const name = show(sight.buyerName, isErased ? ERASED : customer.name, maskName)
  if (name !== undefined) shown.name = name
  if (!isErased) addContact(shown, sight, customer)
  return Object.keys(shown).length === 0 ? undefined : shown
}

function addContact(shown: NonNullable<Order['customer']>, sight: RoleSight, customer: NonNullable<Order['customer']>): void {
  const phone = show(sight.phone, sight.buyerName === 'hidden' ? undefined : customer.phone, maskPhone)
  if (phone !== undefined) shown.phone = phone
  const email = show(sight.email, customer.email, maskEmail)
  if (email !== undefined) shown.email = email
  const companyName = show(sight.companyName, customer.companyName, maskName)
  if (companyName !== undefined) shown.companyName = companyName
  const taxNumber = show(sight.companyName, customer.taxNumber, maskName)
  if (taxNumber !== undefined) shown.taxNumber = taxNumber
}

/** A place as far as a role may know it. */
export function presentPlace(sight: RoleSight, place: NonNullable<Order['shipTo']>, isErased: boolean): NonNullable<Order['shipTo']> {
  const { name, phone, ...address } = place
  const shown: NonNullable<Order['shipTo']> = isErased || sight.address === 'city' ? cityOnly(place) : address
  const shownName = show(sight.recipientName, isErased ? ERASED : name, maskName)
  if (shownName !== undefined) shown.name = shownName
  const shownPhone = show(sight.phone, isErased ? undefined : phone, maskPhone)
  if (shownPhone !== undefined) shown.phone = shownPhone
  return shown
}

/** Who may not follow references to a person sees entries without them. */
function presentPayments(sight: RoleSight, payments: NonNullable<Order['payments']>): NonNullable<Order['payments']> {
  if (sight.references === 'all') return payments
  return { ...payments, entries: payments.entries.map(({ paymentRef, ...entry }) => entry) }
}

/** A change tells of money, of a place and of nodes: each as far as the role may know. */
function presentChange(viewer: Viewer, sight: RoleSight, { note, edits, preview, ...change }: ChangeSet): ChangeSet {
  const { shipTo, ...rest } = edits
  const stock = preview.stock.filter((one) => sight.reasons !== 'none' && canSeeNode(viewer.scope, one.nodeId))
  return {
    ...change,
    ...(note !== undefined && sight.notes ? { note } : {}),
    edits: { ...rest, ...(shipTo === undefined ? {} : { shipTo: sight.address === 'city' ? cityOnly(shipTo) : shipTo }) },
    preview: { ...preview, stock },
  }
}

/** What a cancellation would come to, as far as the role may know. */
export function presentCancelPreview(viewer: Viewer, { total, due, dueBack, stock, ...rest }: CancelPreview): CancelPreview {
  const sight = sightOfRole[viewer.role]
  return {
    ...rest,
    ...(sight.amounts ? { ...optional('total', total), ...optional('due', due), ...optional('dueBack', dueBack) } : {}),
    stock: stock.filter((one) => sight.reasons !== 'none' && canSeeNode(viewer.scope, one.nodeId)),
  }
}

const cityOnly = ({ countryCode, region, city }: Pick<Place, 'countryCode' | 'region' | 'city'>): Place => ({
  countryCode,
  ...optional('region', region),
  ...optional('city', city),
})

/** The four verdicts, each with as much of its reason as the role may know. */
export function presentChecks(sight: RoleSight, checks: Order['checks']): Order['checks'] {
  const one = (check: CheckResult, aboutMoney: boolean): CheckResult => {
    const { verdict, reason, at, detail } = check
    if (sight.reasons === 'none') return { verdict, reason: verdict === 'default' ? reason : HIDDEN_REASON, at }
    const isDetailed = sight.reasons === 'all' || (sight.reasons === 'money' && aboutMoney)
    return isDetailed && detail !== undefined ? { verdict, reason, at, detail } : { verdict, reason, at }
  }
  return {
    stock: one(checks.stock, false),
    credit: one(checks.credit, true),
    tax: one(checks.tax, true),
    compliance: one(checks.compliance, false),
  }
}

function isVisibleWork(viewer: Viewer, sight: RoleSight, work: FulfillmentOrder): boolean {
  if (!canSeeNode(viewer.scope, work.nodeId)) return false
  if (viewer.scope.carriers === undefined) return true
  return work.carrierId === undefined ? sight.work === 'all' : canSeeCarrier(viewer.scope, work.carrierId)
}

function presentLines(viewer: Viewer, sight: RoleSight, lines: readonly Line[], work: readonly Pick<FulfillmentOrder, 'lines'>[]): Line[] {
  const limited = sight.work === 'own' && (viewer.scope.nodes !== undefined || viewer.scope.carriers !== undefined)
  const own = new Set(work.flatMap((one) => one.lines.map((line) => line.lineRef)))
  const shown = limited ? lines.filter((line) => own.has(line.lineRef)) : lines
  const said = sight.attributes ? shown : shown.map(({ attributes, ...line }) => line)
  return sight.amounts ? [...said] : said.map(({ unitPrice, discount, tax, total, taxClass, ...line }) => line)
}
