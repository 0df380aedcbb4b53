import { Type, type Static } from 'typebox'
import {
  Amount,
  AmountNotNegative,
  Attributes,
  CheckResult,
  closed,
  CountryCode,
  Currency,
  InstantText,
  Lat,
  Lng,
  Name,
  Ref,
  Text,
  Units,
  Version,
} from './basics.ts'
import { ChangeSet } from './change-set.ts'
import { Hold } from './hold.ts'
import { AddressInput, CustomerInput, LineInput } from './order-input.ts'
import { ReservationName } from './reservation.ts'

import { Eta, OrderParcel } from './parcel.ts'

export const paymentKinds = ['authorise', 'capture', 'void', 'refund', 'chargeback', 'adjust'] as const
export const PaymentKind = Type.Enum(paymentKinds)
export const PaymentInput = Type.Object(
  {
    kind: PaymentKind,
    method: Type.String({ minLength: 1, maxLength: 64 }),
    /** Minor units, positive except for adjust. */
    amount: Amount,
    paymentRef: Type.Optional(Ref),
    occurredAt: Type.Optional(InstantText),
  },
  closed,
)
export type PaymentInput = Static<typeof PaymentInput>

const sale = {
  channelId: Ref,
  externalRef: Ref,
  placedAt: Type.Optional(InstantText),
  currency: Currency,
  customer: Type.Optional(CustomerInput),
  /** Business account: credit limit and exposure are checked on it. */
  accountId: Type.Optional(Ref),
  /** Where the buyer collects it: a node with `pickup`. */
  pickup: Type.Optional(Type.Object({ nodeId: Ref }, closed)),
  lines: Type.Array(LineInput, { minItems: 1, maxItems: 500 }),
  /** Stock held for the buyer's cart that the order takes over, each whole and where it is held. */
  reservations: Type.Optional(Type.Array(ReservationName, { minItems: 1, maxItems: 200 })),
  taxesIncluded: Type.Optional(Type.Boolean()),
  /**
   * Amount for delivery, minor units, with or without tax as the lines. A shop that works out its own tax says it on the lines and here
   * (left out of one of them = 0): these amounts are taken, and compared with what the tax rules give.
   */
  shipping: Type.Optional(
    Type.Object(
      {
        amount: AmountNotNegative,
        service: Type.Optional(Type.String({ maxLength: 128 })),
        tax: Type.Optional(AmountNotNegative),
      },
      closed,
    ),
  ),
  /** Discount on the order, spread over the lines by value. */
  discount: Type.Optional(AmountNotNegative),
  payments: Type.Optional(Type.Array(PaymentInput, { maxItems: 50 })),
  /** Papers the buyer has given: prescription, exportLicence, … */
  documents: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 50 })),
  requestedService: Type.Optional(Type.Object({ carrierId: Ref, serviceId: Ref }, closed)),
  /** Latest delivery the buyer was told; sourcing treats later plans as late. */
  promisedBy: Type.Optional(InstantText),
  note: Type.Optional(Text),
  attributes: Type.Optional(Attributes),
}
/** An order as the hub takes it: its place is known. One that is collected lies where it is collected. */
export const OrderInput = Type.Object({ ...sale, shipTo: AddressInput }, closed)
export type OrderInput = Static<typeof OrderInput>
/** An order as a channel hands it in: with an address, or with the node where the buyer collects it instead. */
export const OrderRequest = Type.Object({ ...sale, shipTo: Type.Optional(AddressInput) }, closed)
export type OrderRequest = Static<typeof OrderRequest>

export const orderStates = ['received', 'review', 'accepted', 'closed', 'cancelled', 'rejected'] as const
export const OrderStored = Type.Enum(orderStates)
export const phases = [
  'awaitingReview',
  'awaitingPayment',
  'onHold',
  'unroutable',
  'sourcing',
  'inviting',
  'awaitingAccept',
  'inProduction',
  'inFulfillment',
  'partShipped',
  'inTransit',
  'delivered',
  'inAfterSales',
  'complete',
  'cancelled',
] as const
export const Phase = Type.Enum(phases)
export type Phase = (typeof phases)[number]
export const paymentStates = [
  'unpaid',
  'authorised',
  'partPaid',
  'paid',
  'overpaid',
  'partRefunded',
  'refunded',
  'chargedBack',
  'notRequired',
] as const
export const PaymentState = Type.Enum(paymentStates)
export const orderActions = ['approve', 'decline', 'cancel', 'hold', 'release', 'payments', 'refund', 'cancelLines', 'change'] as const
export const OrderAction = Type.Enum(orderActions)

/** A line's price and quantity ledger. Units; amounts in minor units of the order's currency. */
export const Line = Type.Object({
  lineRef: Ref,
  sku: Ref,
  name: Type.Optional(Name),
  /** It needs no node, stock or carrier: delivered at once when the order is firm. */
  isDigital: Type.Optional(Type.Literal(true)),
  taxClass: Type.Optional(Type.String()),
  attributes: Type.Optional(Attributes),
  unitPrice: Type.Optional(Amount),
  discount: Type.Optional(Amount),
  tax: Type.Optional(Amount),
  total: Type.Optional(Amount),
  quantity: Units,
  cancelled: Units,
  reserved: Units,
  allocated: Units,
  backordered: Units,
  released: Units,
  picked: Units,
  packed: Units,
  shipped: Units,
  delivered: Units,
})
export type Line = Static<typeof Line>

export const Promise_ = Type.Object({
  /** The dated commitment; left out while nothing can be promised. */
  deliverBy: Type.Optional(InstantText),
  shipBy: Type.Optional(InstantText),
  service: Type.Optional(Type.String()),
  /** Grams of CO2e for the whole plan. */
  co2eGrams: Type.Optional(Type.Number()),
  /** `default` when it stands on the default service and calendar. */
  basis: Type.Union([Type.Literal('configured'), Type.Literal('default'), Type.Literal('none')]),
})

export const FulfillmentOrder = Type.Object({
  fulfillmentOrderId: Type.String(),
  nodeId: Ref,
  nodeName: Type.Optional(Name),
  work: Type.String(),
  request: Type.String(),
  carrierId: Type.Optional(Ref),
  serviceId: Type.Optional(Ref),
  shipBy: Type.Optional(InstantText),
  deliverBy: Type.Optional(InstantText),
  /** Until when it is kept for the buyer who collects it. */
  collectBy: Type.Optional(InstantText),
  lines: Type.Array(Type.Object({ lineRef: Ref, sku: Ref, quantity: Units })),
})

export const Totals = Type.Object({ lines: Amount, discount: Amount, shipping: Amount, tax: Amount, total: Amount })
export const Payments = Type.Object({
  state: PaymentState,
  authorised: Amount,
  captured: Amount,
  refunded: Amount,
  chargedBack: Amount,
  /** What the buyer is asked for (goodwill is not asked for again, what a change adds is in full); negative = due back to the buyer. */
  due: Amount,
  /** Captured − refunded − charged back, whatever the order costs. */
  refundable: Amount,
  /** Authorised money that the channel wants captured by now. */
  captureDue: Amount,
  /** Sold for a deposit before it is there: what is to be paid now, and until when once the balance was asked for. */
  preOrder: Type.Optional(Type.Object({ deposit: Amount, dueNow: Amount, balanceBy: Type.Optional(InstantText) })),
  methods: Type.Array(
    Type.Object({
      method: Type.String(),
      authorised: Amount,
      captured: Amount,
      refunded: Amount,
      chargedBack: Amount,
      refundable: Amount,
    }),
  ),
  entries: Type.Array(
    Type.Object({
      kind: PaymentKind,
      method: Type.String(),
      amount: Amount,
      paymentRef: Type.Optional(Ref),
      /** The refund went back by another method than the money came. */
      crossMethod: Type.Optional(Type.Literal(true)),
      occurredAt: InstantText,
    }),
  ),
})

/** The order as one role sees it: masked fields are shortened, fields a role may not see are left out. */
export const Order = Type.Object({
  orderId: Type.String(),
  version: Version,
  channelId: Ref,
  channelName: Type.Optional(Name),
  externalRef: Ref,
  placedAt: InstantText,
  receivedAt: InstantText,
  state: OrderStored,
  phase: Phase,
  currency: Currency,
  totals: Type.Optional(Totals),
  /** Prices came without tax; left out where they include it. */
  taxesIncluded: Type.Optional(Type.Literal(false)),
  payments: Type.Optional(Payments),
  customer: Type.Optional(
    Type.Object({
      customerRef: Type.Optional(Ref),
      name: Type.Optional(Type.String()),
      phone: Type.Optional(Type.String()),
      email: Type.Optional(Type.String()),
      companyName: Type.Optional(Type.String()),
      taxNumber: Type.Optional(Type.String()),
    }),
  ),
  accountId: Type.Optional(Ref),
  accountName: Type.Optional(Name),
  shipTo: Type.Optional(
    Type.Object({
      countryCode: CountryCode,
      region: Type.Optional(Type.String()),
      city: Type.Optional(Type.String()),
      district: Type.Optional(Type.String()),
      postalCode: Type.Optional(Type.String()),
      line1: Type.Optional(Type.String()),
      line2: Type.Optional(Type.String()),
      name: Type.Optional(Type.String()),
      phone: Type.Optional(Type.String()),
      lat: Type.Optional(Lat),
      lng: Type.Optional(Lng),
    }),
  ),
  /** As the order or its channel last said it. */
  requestedService: Type.Optional(Type.Object({ carrierId: Ref, serviceId: Ref })),
  documents: Type.Optional(Type.Array(Type.String())),
  promisedBy: Type.Optional(InstantText),
  note: Type.Optional(Text),
  attributes: Type.Optional(Attributes),
  /** The buyer collects it there. */
  pickup: Type.Optional(Type.Object({ nodeId: Ref, nodeName: Type.Optional(Name), code: Type.Optional(Type.String()) })),
  checks: Type.Object({ stock: CheckResult, credit: CheckResult, tax: CheckResult, compliance: CheckResult }),
  lines: Type.Array(Line),
  promise: Promise_,
  fulfillmentOrders: Type.Array(FulfillmentOrder),
  parcels: Type.Array(OrderParcel),
  /** When everything that is on its way is expected: the latest of its parcels. */
  eta: Type.Optional(Eta),
  /** Of all parcels together, g CO2e. */
  co2eGrams: Type.Optional(Type.Number()),
  holds: Type.Array(Hold),
  /** Proposed edits and what became of them, oldest first. */
  changes: Type.Optional(Type.Array(ChangeSet)),
  reviewReasons: Type.Array(Type.String()),
  allowedActions: Type.Array(OrderAction),
  nextDueAt: Type.Optional(InstantText),
  flags: Type.Optional(Type.Array(Type.String())),
})
export type Order = Static<typeof Order>
