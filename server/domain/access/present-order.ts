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
export type OrderFull = Order & { readonly personErased?: boolean }
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

/** The order as the viewer may see it. Whether it lies in the viewer's scope at all was decided by the read ({@link canSeeOrder}). */
export function presentOrder(viewer: Viewer, order: OrderFull): Order {
  const sight = sightOfRole[viewer.role]
  const {
    personErased,
    customer,
    shipTo,
    totals,
    payments,
    accountId,
    accountName,
    flags,
    nextDueAt,
    promise,
    changes,
    eta,
    co2eGrams,
    pickup,
    taxesIncluded,
    requestedService,
    documents,
    note,
    attributes,
    ...rest
  } = order
  const work = order.fulfillmentOrders.filter((one) => isVisibleWork(viewer, sight, one))
  const parcels = order.parcels.filter((parcel) => canSeeParcel(viewer, parcel))
  const erased = personErased === true
  const shownFlags = [...(sight.reasons === 'none' ? [] : (flags ?? [])), ...(erased ? ['personErased'] : [])]
  return {
    ...rest,
    ...(sight.amounts && totals !== undefined ? { totals } : {}),
    ...(sight.amounts && payments !== undefined ? { payments: presentPayments(sight, payments) } : {}),
    ...(customer === undefined ? {} : optional('customer', presentCustomer(sight, customer, erased))),
    ...presentAccount(sight, accountId, accountName),
    ...(shipTo === undefined ? {} : { shipTo: presentPlace(sight, shipTo, erased) }),
    ...(sight.amounts ? optional('taxesIncluded', taxesIncluded) : {}),
    ...(viewer.scope.carriers === undefined ? optional('requestedService', requestedService) : {}),
    ...(sight.attributes ? { ...optional('documents', documents), ...optional('attributes', attributes) } : {}),
    ...(sight.notes ? optional('note', note) : {}),
    ...(pickup === undefined ? {} : { pickup: presentPickup(sight, pickup) }),
    checks: presentChecks(sight, order.checks),
    promise: viewer.scope.carriers === undefined ? promise : withoutService(promise),
    lines: presentLines(viewer, sight, order.lines, [...work, ...parcels]),
    fulfillmentOrders: work,
    // What is worked out over all parcels would tell of those that are not shown.
    ...(parcels.length === order.parcels.length ? { ...optional('eta', eta), ...optional('co2eGrams', co2eGrams) } : {}),
    parcels: parcels.map((parcel) => presentParcel(viewer, parcel)),
    holds: sight.holds ? order.holds.map(({ note, ...hold }) => (sight.notes && note !== undefined ? { ...hold, note } : hold)) : [],
    ...(sight.amounts && changes !== undefined ? { changes: changes.map((one) => presentChange(viewer, sight, one)) } : {}),
    reviewReasons: sight.reasons === 'none' ? [] : order.reviewReasons,
    allowedActions: allowed(viewer, order.allowedActions),
    ...(nextDueAt === undefined || sight.reasons === 'none' ? {} : { nextDueAt }),
    ...(shownFlags.length > 0 ? { flags: shownFlags } : {}),
  }
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

function presentCustomer(sight: RoleSight, customer: NonNullable<Order['customer']>, erased: boolean): Order['customer'] {
  const reference = sight.references === 'all' ? optional('customerRef', customer.customerRef) : {}
  const shown = erased
    ? { ...reference, ...optional('name', show(sight.buyerName, ERASED, maskName)) }
    : {
        ...reference,
        ...optional('name', show(sight.buyerName, customer.name, maskName)),
        ...optional('phone', show(sight.phone, sight.buyerName === 'hidden' ? undefined : customer.phone, maskPhone)),
        ...optional('email', show(sight.email, customer.email, maskEmail)),
        ...optional('companyName', show(sight.companyName, customer.companyName, maskName)),
        ...optional('taxNumber', show(sight.companyName, customer.taxNumber, maskName)),
      }
  return Object.keys(shown).length === 0 ? undefined : shown
}

/** A place as far as a role may know it. */
export function presentPlace(sight: RoleSight, place: NonNullable<Order['shipTo']>, erased: boolean): NonNullable<Order['shipTo']> {
  const { countryCode, region, city } = place
  const known = { countryCode, ...optional('region', region), ...optional('city', city) }
  if (erased) return { ...known, ...optional('name', show(sight.recipientName, ERASED, maskName)) }
  const person = {
    ...optional('name', show(sight.recipientName, place.name, maskName)),
    ...optional('phone', show(sight.phone, place.phone, maskPhone)),
  }
  if (sight.address === 'city') return { ...known, ...person }
  const { name, phone, ...address } = place
  return { ...address, ...person }
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

const cityOnly = ({ countryCode, region, city }: Place): Place => ({
  countryCode,
  ...optional('region', region),
  ...optional('city', city),
})

/** The four verdicts, each with as much of its reason as the role may know. */
export function presentChecks(sight: RoleSight, checks: Order['checks']): Order['checks'] {
  const one = (check: CheckResult, aboutMoney: boolean): CheckResult => {
    const { detail, ...rest } = check
    if (sight.reasons === 'none') return { ...rest, reason: check.verdict === 'default' ? check.reason : HIDDEN_REASON }
    const detailed = sight.reasons === 'all' || (sight.reasons === 'money' && aboutMoney)
    return detailed && detail !== undefined ? { ...rest, detail } : rest
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
