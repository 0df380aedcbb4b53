import type { OrderInput } from '../../../contract/entities/order.ts'
import { canonicalJson } from '../../kernel/lossless-json.ts'
import type { Instant } from '../../kernel/time.ts'
import { keepReadable } from './masked.ts'
import type { AppendedField, ReplacedField } from './ownership.ts'
import { isPaymentWithdrawn, knownPayments, newPayments } from './payment-changes.ts'

/** One mapped body of a channel. */
export type IncomingBody = {
  readonly order: OrderInput
  readonly bodyHash: string
  readonly platformVersion?: Instant
  readonly cancelled?: { readonly at?: string; readonly reason?: string }
  /** Codes of the mapper's warnings. */
  readonly warnings: readonly string[]
}
/** What is kept of the last body that was applied. */
export type AppliedBody = IncomingBody

/** New values for channel-owned fields alone; `payments` and `documents` hold only what is new. */
export type ChannelPatch = Pick<Partial<OrderInput>, ReplacedField | AppendedField>

export type IntakeDecision =
  | { readonly kind: 'create'; readonly reviewReasons: readonly string[] }
  | { readonly kind: 'sameBody'; readonly platformVersion?: Instant }
  | { readonly kind: 'olderRecorded' }
  | {
      readonly kind: 'newVersion'
      readonly patch: ChannelPatch
      /** Names of channel-owned fields that changed, for the event. */
      readonly changed: readonly string[]
      readonly cancellationRequested?: { readonly at?: string; readonly reason?: string }
      readonly reviewReasons: readonly string[]
    }

const isEqual = (one: unknown, other: unknown): boolean => canonicalJson(one) === canonicalJson(other)

/** Codes about where the platform's order stands, not about what was sold: no reason to stop an order that is already worked on. */
const lifecycleCodes: ReadonlySet<string> = new Set(['already_fulfilled', 'test_order', 'final_payment_due'])

/**
 * Decides what a body means for an order. `applied` is the last body applied to it, undefined for an order not seen yet.
 * Precedence: create, sameBody, olderRecorded, newVersion. A body is older only when both say when they were written.
 */
export function decideIntake(applied: AppliedBody | undefined, incoming: IncomingBody): IntakeDecision {
  if (!applied) return { kind: 'create', reviewReasons: [...incoming.warnings, ...(incoming.cancelled ? ['cancelled_by_channel'] : [])] }
  if (applied.bodyHash === incoming.bodyHash) return { kind: 'sameBody', ...latest(applied.platformVersion, incoming.platformVersion) }
  if (isOlder(incoming.platformVersion, applied.platformVersion)) return { kind: 'olderRecorded' }
  return newVersion(applied, incoming)
}

const isOlder = (one: Instant | undefined, other: Instant | undefined): boolean => one !== undefined && other !== undefined && one < other

/** A repeated body may carry a later time; keeping it lets a late, older body be told apart. */
function latest(one: Instant | undefined, other: Instant | undefined): { readonly platformVersion?: Instant } {
  const platformVersion = one === undefined || (other !== undefined && other > one) ? other : one
  return platformVersion === undefined ? {} : { platformVersion }
}

function newVersion(applied: AppliedBody, incoming: IncomingBody): IntakeDecision {
  const patch = { ...replacements(applied.order, incoming.order), ...additions(applied.order, incoming.order) }
  const isNewlyCancelled = incoming.cancelled !== undefined && applied.cancelled === undefined
  const freshWarnings = incoming.warnings.filter((code) => !applied.warnings.includes(code) && !lifecycleCodes.has(code))
  const back = applied.cancelled !== undefined && incoming.cancelled === undefined ? ['cancellation_withdrawn'] : []
  return {
    kind: 'newVersion',
    patch,
    changed: Object.keys(patch),
    ...(isNewlyCancelled ? { cancellationRequested: incoming.cancelled } : {}),
    reviewReasons: [
      ...identityReasons(applied.order, incoming.order),
      ...saleReasons(applied.order, incoming.order),
      ...back,
      ...freshWarnings,
    ],
  }
}

/** Values that take the old one's place. What the new body leaves out or masks never erases what is known. */
function replacements(old: OrderInput, now: OrderInput): ChannelPatch {
  const customer = keepReadable(old.customer, now.customer)
  const shipTo = keepReadable(old.shipTo, now.shipTo)
  return {
    ...(customer !== undefined && !isEqual(customer, old.customer) ? { customer } : {}),
    ...(shipTo !== undefined && !isEqual(shipTo, old.shipTo) ? { shipTo } : {}),
    ...(now.note !== undefined && now.note !== old.note ? { note: now.note } : {}),
    ...(now.promisedBy !== undefined && now.promisedBy !== old.promisedBy ? { promisedBy: now.promisedBy } : {}),
    ...(now.attributes !== undefined && !isEqual(now.attributes, old.attributes) ? { attributes: now.attributes } : {}),
  }
}

/**
 * What is known of the sale once a new version was applied: the new body, with the readable values of earlier ones where it
 * masks or leaves them out. The next body is compared with this.
 */
export function knownAfter(applied: AppliedBody, incoming: IncomingBody): AppliedBody {
  const { order: old } = applied
  const { order: now } = incoming
  const customer = keepReadable(old.customer, now.customer) ?? old.customer
  const note = now.note ?? old.note
  const payments = knownPayments(old.payments ?? [], now.payments ?? [])
  const documents = [...new Set([...(old.documents ?? []), ...(now.documents ?? [])])]
  return {
    ...incoming,
    order: {
      ...now,
      shipTo: keepReadable(old.shipTo, now.shipTo) ?? now.shipTo,
      ...(customer === undefined ? {} : { customer }),
      ...(note === undefined ? {} : { note }),
      ...(payments.length > 0 ? { payments } : {}),
      ...(documents.length > 0 ? { documents } : {}),
    },
  }
}

/** Payments and papers that the earlier body did not have. */
function additions(old: OrderInput, now: OrderInput): ChannelPatch {
  const payments = newPayments(old.payments ?? [], now.payments ?? [])
  const documents = (now.documents ?? []).filter((document) => !(old.documents ?? []).includes(document))
  return { ...(payments.length > 0 ? { payments } : {}), ...(documents.length > 0 ? { documents } : {}) }
}

function identityReasons(old: OrderInput, now: OrderInput): readonly string[] {
  const reasons: string[] = []
  if (now.currency !== old.currency) reasons.push('currency_changed')
  if (now.externalRef !== old.externalRef || now.channelId !== old.channelId) reasons.push('reference_changed')
  return reasons
}

/** What a change of the sale itself asks a person: lines, prices and amounts are never changed by a body. */
function saleReasons(old: OrderInput, now: OrderInput): readonly string[] {
  const reasons: string[] = []
  const before = new Map(old.lines.map((line) => [line.lineRef, line]))
  const after = new Map(now.lines.map((line) => [line.lineRef, line]))
  if (now.lines.some((line) => !before.has(line.lineRef))) reasons.push('lines_added')
  if (old.lines.some((line) => !after.has(line.lineRef))) reasons.push('lines_removed')
  const kept = now.lines.map((line) => ({ line, was: before.get(line.lineRef) })).filter(({ was }) => was !== undefined)
  if (kept.some(({ line, was }) => line.sku !== was?.sku)) reasons.push('sku_changed')
  if (kept.some(({ line, was }) => line.quantity !== was?.quantity)) reasons.push('quantity_changed')
  if (kept.some(({ line, was }) => line.unitPrice !== was?.unitPrice || (line.discount ?? 0) !== (was?.discount ?? 0)))
    reasons.push('price_changed')
  if (kept.some(({ line, was }) => isOther(line.tax, was?.tax)) || isOther(now.shipping?.tax, old.shipping?.tax))
    reasons.push('tax_changed')
  if ((now.shipping?.amount ?? 0) !== (old.shipping?.amount ?? 0)) reasons.push('shipping_changed')
  if ((now.discount ?? 0) !== (old.discount ?? 0)) reasons.push('discount_changed')
  if (isElsewhere(old.shipTo, keepReadable(old.shipTo, now.shipTo) ?? now.shipTo)) reasons.push('destination_changed')
  if ((now.taxesIncluded ?? true) !== (old.taxesIncluded ?? true)) reasons.push('tax_basis_changed')
  if (isPaymentWithdrawn(old.payments ?? [], now.payments ?? [])) reasons.push('payment_withdrawn')
  return reasons
}

/** Of amounts that both say; a body that says nothing of tax takes none away. */
const isOther = (one: number | undefined, other: number | undefined): boolean => one !== undefined && other !== undefined && one !== other

/** Checks, promise and sourcing stand on the place: a street may change, a city may not without a person. */
export const isElsewhere = (old: OrderInput['shipTo'], now: OrderInput['shipTo']): boolean =>
  now.countryCode !== old.countryCode || now.region !== old.region || now.city !== old.city
