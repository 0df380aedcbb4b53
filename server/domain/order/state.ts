import type { Attributes, CheckResult, Place } from '../../../contract/entities/basics.ts'
import type { Role } from '../../../contract/access.ts'
import type { ChangeEdits, ChangePreview } from '../../../contract/entities/change-set.ts'
import type { OrderInput } from '../../../contract/entities/order.ts'
import type { ClockName } from '../../../contract/entities/timeline.ts'
import type { TaskKind } from '../../../contract/entities/task.ts'
import type { ParcelStateName } from '../../../contract/entities/scan.ts'
import type { ScanMark } from '../parcel/scan-mark.ts'
import type { FulfillmentOrderId, OrderId, ParcelId, TaskId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Request, Work } from '../fulfillment/work-machine.ts'

/** Tax = net × add/one = gross × add/(one + add). */
export type ExactRate = { readonly add: number; readonly one: number }

/** What a line asked for and costs; amounts in minor units of the order's currency. */
export type LineIntake = {
  readonly lineRef: string
  readonly sku: string
  readonly name?: string
  readonly quantity: number
  readonly unitPrice: number
  readonly discount: number
  readonly tax: number
  /** What the line costs the buyer: gross of tax, net of discount. */
  readonly total: number
  /** What of it is tax, as it was rated; left out where it is not taxed. */
  readonly taxRate?: ExactRate
  /** The discount was granted on so many units: fewer get their share of it. Left out = on all that were ordered. */
  readonly discountFor?: { readonly amount: number; readonly units: number }
  /** As the order said it; left out where the item decides. */
  readonly taxClass?: string
  readonly attributes?: Attributes
  /** Delivered at once when the order is firm: no node, stock or freight. Settled at intake; what the item becomes later changes nothing. */
  readonly isDigital?: true
}

export type OrderTotals = {
  readonly lines: number
  readonly discount: number
  readonly shipping: number
  readonly tax: number
  readonly total: number
}

/**
 * What was ordered; nothing in it identifies a person. What is stored never changes after intake; rules see it with the changes that were
 * made since ({@link currentIntake}).
 */
export type OrderIntake = {
  readonly orderId: OrderId
  readonly shard: number
  readonly channelId: string
  readonly externalRef: string
  readonly placedAt: Instant
  readonly receivedAt: Instant
  readonly currency: string
  readonly accountId?: string
  readonly customerRef?: string
  readonly requiresPayment: boolean
  /** Work waits until the money is captured; left out where an authorisation is enough. */
  readonly captureAt?: 'order'
  readonly totals: OrderTotals
  /** Prices came without tax; left out where they include it. */
  readonly taxesIncluded?: false
  /** Left out where delivery is taxed as the lines. */
  readonly shippingRate?: ExactRate
  readonly isBusiness?: true
  /** Country to city and coordinates rounded to 0.01° (about 1 km); street and names are personal data. */
  readonly shipTo: Place
  readonly lines: readonly LineIntake[]
  readonly promisedBy?: Instant
  /** The buyer collects it at this node: no other serves it, no carrier carries it. */
  readonly pickup?: { readonly nodeId: string }
  readonly requestedService?: { readonly carrierId: string; readonly serviceId: string }
  readonly documents?: readonly string[]
  /** The highest minimum age that a rule asked for and the buyer's birthday met; the birthday itself is personal data. */
  readonly provenAge?: number
  readonly attributes?: OrderInput['attributes']
  /** The channel's own version of the body that made the order. */
  readonly platformVersion?: number
  /** Where changes were made since: the intake as it was. */
  readonly asReceived?: OrderIntake
  /** Taken in by an import: facts of the past, no promises of ours. */
  readonly history?: true
}

/** A line's quantity ledger, units. */
export type LineQuantities = {
  readonly cancelled: number
  readonly reserved: number
  readonly allocated: number
  readonly backordered: number
  readonly released: number
  readonly picked: number
  readonly packed: number
  readonly shipped: number
  readonly delivered: number
}

export type ReservationKind = 'soft' | 'firm' | 'committed' | 'consumed' | 'released' | 'expired'
export type Reservation = {
  readonly lineNo: number
  /** The item held: the line's own or a component of its bundle. */
  readonly sku: string
  readonly nodeId: string
  readonly quantity: number
  readonly kind: ReservationKind
}

export type { Work, Request } from '../fulfillment/work-machine.ts'
/** Units of one item for one line at the node. What is short was taken off `quantity`. */
export type WorkLine = {
  readonly lineNo: number
  readonly sku: string
  readonly quantity: number
  readonly picked?: number
  readonly short?: number
}
/** One package; its state beyond hand-over comes from scans. */
export type ParcelState = {
  readonly parcelId: ParcelId
  readonly carrierId?: string
  readonly serviceId?: string
  readonly trackingNo?: string
  readonly weightGrams?: number
  readonly lengthMm?: number
  readonly widthMm?: number
  readonly heightMm?: number
  readonly packedAt: Instant
  readonly handedOverAt?: Instant
  readonly deliveredAt?: Instant
  /** When it was opened again. */
  readonly voidedAt?: Instant
  /** Where it stands by its scans; none before the first. */
  readonly state?: ParcelStateName
  readonly scans?: readonly ScanMark[]
  readonly lines: readonly { readonly lineNo: number; readonly sku: string; readonly quantity: number }[]
}
export type PlannedOrder = {
  readonly fulfillmentOrderId: FulfillmentOrderId
  readonly nodeId: string
  readonly work: Work
  readonly request: Request
  readonly version: number
  readonly carrierId?: string
  readonly serviceId?: string
  readonly shipBy?: Instant
  readonly deliverBy?: Instant
  readonly capacityDay?: string
  /** Until when the node may answer an offer. */
  readonly acceptBy?: Instant
  /** A hold on this work alone. */
  readonly held?: { readonly reason: string; readonly at: Instant }
  /** Of what the buyer collects: when it was set aside, until when it is kept, the code to show, when it was collected. */
  readonly readyAt?: Instant
  readonly collectBy?: Instant
  readonly code?: string
  readonly collectedAt?: Instant
  /** The one that took it over. */
  readonly mergedInto?: FulfillmentOrderId
  /** Why it was rejected or cancelled, or what the one who asks for it to stop says. */
  readonly reason?: string
  readonly lines: readonly WorkLine[]
  /** What stands packed; left out where nothing does. */
  readonly parcels?: readonly ParcelState[]
  /** Parcels that were opened again: they hold nothing any more, and stay so that scans of their labels find them. */
  readonly voided?: readonly ParcelState[]
}

export type PaymentEntry = {
  readonly kind: 'authorise' | 'capture' | 'void' | 'refund' | 'chargeback' | 'adjust'
  readonly method: string
  readonly amount: number
  readonly paymentRef?: string
  readonly crossMethod?: true
  readonly occurredAt: Instant
}

export type HoldState = {
  readonly holdId: string
  readonly reason: string
  readonly scope: string
  readonly lineRef?: string
  readonly fulfillmentOrderId?: string
  readonly releasableBy?: readonly Role[]
  readonly state: 'open' | 'released'
  readonly placedAt: Instant
  readonly releasedAt?: Instant
  readonly note?: string
}

export type { ClockName } from '../../../contract/entities/timeline.ts'
/** Work for a person; it ends by a person, or when its reason is gone. */
export type TaskState = {
  readonly taskId: TaskId
  readonly kind: TaskKind
  readonly owner: Role
  readonly fulfillmentOrderId?: FulfillmentOrderId
  readonly nodeId?: string
  readonly assignee?: string
  readonly openedAt: Instant
  readonly dueAt: Instant
  readonly doneAt?: Instant
  readonly reason?: string
}

export type Clock = {
  readonly clock: ClockName
  readonly state: 'running' | 'paused' | 'met' | 'breached'
  readonly startedAt: Instant
  readonly dueAt: Instant
  readonly endedAt?: Instant
  /** How often it was passed; each passing doubles the wait for the next reminder. */
  readonly breaches: number
}

export type Checks = {
  readonly stock: CheckResult
  readonly credit: CheckResult
  readonly tax: CheckResult
  readonly compliance: CheckResult
}
export type PromiseState = {
  readonly deliverBy?: Instant
  readonly shipBy?: Instant
  readonly service?: string
  readonly co2eGrams?: number
  readonly basis: 'configured' | 'default' | 'none'
}

export type StoredState = 'received' | 'review' | 'accepted' | 'closed' | 'cancelled' | 'rejected'

/** What confirmed changes made of the sale; discount, tax and total of its lines count for the units that are not cancelled. */
export type Sale = Pick<OrderIntake, 'lines' | 'totals' | 'shipTo' | 'shippingRate' | 'requestedService'>
export type ChangeState = {
  readonly changeId: string
  readonly state: 'proposed' | 'confirmed' | 'declined' | 'expired'
  readonly proposedAt: Instant
  readonly expiresAt: Instant
  readonly reason?: string
  readonly note?: string
  readonly edits: ChangeEdits
  readonly preview: ChangePreview
}
/** Sold for a deposit before all of it is there, minor units; once it is, the balance is asked for. */
export type PreOrder = { readonly deposit: number; readonly askedAt?: Instant; readonly balanceBy?: Instant }
export type AwaitedUnits = { readonly supplyId: string; readonly quantity: number }

/** What later bodies of the channel said anew. */
export type Told = Pick<OrderIntake, 'promisedBy' | 'attributes' | 'documents'>

/** The part of an order that moves; every field comes from its events through evolve(). */
export type OrderState = {
  readonly version: number
  readonly state: StoredState
  readonly recordedAt: Instant
  readonly lines: readonly LineQuantities[]
  readonly checks?: Checks
  readonly reviewReasons: readonly string[]
  readonly promise: PromiseState
  readonly decisionNo: number
  readonly reservations: readonly Reservation[]
  readonly reservedUntil?: Instant
  /** When open units are looked for again: the date of the supply that covers them, or at once after held stock was given up. */
  readonly sourceAgainAt?: Instant
  /** Units of dated supply that are kept for what is open. */
  readonly awaiting?: readonly AwaitedUnits[]
  readonly preOrder?: PreOrder
  readonly fulfillmentOrders: readonly PlannedOrder[]
  readonly holds: readonly HoldState[]
  readonly payments: readonly PaymentEntry[]
  /** What of refunded money the buyer is not asked for again, minor units; left out until something was refunded. */
  readonly waived?: number
  /** Left out until a change was made. */
  readonly sale?: Sale
  /** Left out until a later body said one of it. */
  readonly told?: Told
  /** Left out until one is proposed. */
  readonly changes?: readonly ChangeState[]
  readonly clocks: readonly Clock[]
  /** Left out until the first is opened. */
  readonly tasks?: readonly TaskState[]
  /** Units of the account's credit that this order holds, minor units of the account's currency. */
  readonly exposure: number
  readonly flags: readonly string[]
  /** The channel's own version of the body applied last. */
  readonly platformVersion?: number
}

/** A state that was made for one event and that nobody else holds yet: it may be finished in place. */
export type Moved = { -readonly [Field in keyof OrderState]: OrderState[Field] }

/** An order as rules see it. */
export type Order = { readonly intake: OrderIntake; readonly state: OrderState }
