import { Type, type Static } from 'typebox'
import { Amount, CountryCode, Currency, InstantText, Name, Ref, Units, Version } from './basics.ts'
import { OrderAction, OrderStored, PaymentState, Phase } from './order.ts'

/** One order in a list, as one role sees it. */
export const OrderSummary = Type.Object({
  orderId: Type.String(),
  version: Version,
  channelId: Ref,
  channelName: Type.Optional(Name),
  externalRef: Ref,
  placedAt: InstantText,
  receivedAt: InstantText,
  state: OrderStored,
  phase: Phase,
  paymentState: Type.Optional(PaymentState),
  currency: Currency,
  total: Type.Optional(Amount),
  customerName: Type.Optional(Type.String()),
  accountId: Type.Optional(Ref),
  accountName: Type.Optional(Name),
  countryCode: Type.Optional(CountryCode),
  city: Type.Optional(Type.String()),
  lineCount: Units,
  unitCount: Units,
  nodeIds: Type.Array(Ref),
  openHolds: Units,
  reviewReasons: Type.Array(Type.String()),
  deliverBy: Type.Optional(InstantText),
  nextDueAt: Type.Optional(InstantText),
  allowedActions: Type.Array(OrderAction),
})
export type OrderSummary = Static<typeof OrderSummary>
