import type { TSchema } from 'typebox'
import { Key, KeyCreated, KeyInput, ScopeInput, SessionView, User, UserChangeInput, UserInput } from './capabilities/access.ts'
import { BodyIssue, InboxEntry, IntakeAnswer, IntakeResult } from './capabilities/channel.ts'
import { OrderLineResult, SourcingDecision } from './capabilities/order.ts'
import { Overview } from './capabilities/overview.ts'
import { Availability } from './capabilities/stock.ts'
import { Account, AccountInput } from './entities/account.ts'
import { Attributes, CheckResult, Place } from './entities/basics.ts'
import { Calendar, CalendarInput } from './entities/calendar.ts'
import { Carrier, CarrierInput, ServiceInput } from './entities/carrier.ts'
import { Channel, ChannelInput, WriteBack } from './entities/channel.ts'
import { Closure, ClosureInput, ClosurePreview } from './entities/closure.ts'
import { ComplianceRule, ComplianceRuleInput } from './entities/compliance-rule.ts'
import { EmissionFactor, EmissionFactorInput } from './entities/emission-factor.ts'
import { FulfillmentOrderDetail, ParcelInput, WorkRow } from './entities/fulfillment-order.ts'
import { ChangeInput, ChangeSet } from './entities/change-set.ts'
import { HeldOrder, Hold, HoldInput } from './entities/hold.ts'
import { Eta, OrderParcel, Parcel, ParcelDetail, ScanAnswer, ScanResult } from './entities/parcel.ts'
import { Scan } from './entities/scan.ts'
import { Item, ItemInput } from './entities/item.ts'
import { Lane, LaneInput } from './entities/lane.ts'
import { Node, NodeInput } from './entities/node.ts'
import { OrderSummary } from './entities/order-summary.ts'
import { AddressInput, CustomerInput, LineInput } from './entities/order-input.ts'
import { FulfillmentOrder, Line, Order, OrderInput, PaymentInput, Payments, Phase, Promise_, Totals } from './entities/order.ts'
import { BulkResult, Problem, ProblemItem, RowResult } from './entities/page.ts'
import { PromiseInput, PromiseOption, PromiseOptions } from './entities/promise.ts'
import { Rate, RateInput } from './entities/rate.ts'
import { Reservation, ReservationInput } from './entities/reservation.ts'
import { Stock, StockAdjustmentInput, StockCountInput, Supply, SupplyInput } from './entities/stock.ts'
import { Track, TrackLink } from './entities/track.ts'
import { Task } from './entities/task.ts'
import { TaxRule, TaxRuleInput } from './entities/tax-rule.ts'
import { Milestone, PhaseSpan, Timeline, TimelineClock } from './entities/timeline.ts'
import {
  Webhook,
  WebhookChangeInput,
  WebhookDelivery,
  WebhookFilters,
  WebhookInput,
  WebhookWithSecret,
  OutboundDelivery,
  OutboundPlace,
} from './entities/webhook.ts'
import { CloudEvent } from './cloud-event.ts'
import { Event } from './events.ts'

/** Schemas that are documented under their own name; everything else stands where it is used. */
export const schemas: Readonly<Record<string, TSchema>> = {
  Problem,
  ProblemItem,
  RowResult,
  BulkResult,
  Place,
  Attributes,
  CheckResult,
  ItemInput,
  Item,
  NodeInput,
  Node,
  ChannelInput,
  Channel,
  CalendarInput,
  Calendar,
  ServiceInput,
  CarrierInput,
  Carrier,
  LaneInput,
  Lane,
  RateInput,
  Rate,
  EmissionFactorInput,
  EmissionFactor,
  AccountInput,
  Account,
  TaxRuleInput,
  TaxRule,
  ComplianceRuleInput,
  ComplianceRule,
  SupplyInput,
  Supply,
  StockCountInput,
  ReservationInput,
  Reservation,
  StockAdjustmentInput,
  Stock,
  Availability,
  PromiseInput,
  PromiseOption,
  PromiseOptions,
  CustomerInput,
  AddressInput,
  LineInput,
  PaymentInput,
  ChangeInput,
  ChangeSet,
  HoldInput,
  HeldOrder,
  OrderInput,
  Phase,
  Line,
  Promise: Promise_,
  Parcel,
  ParcelInput,
  Scan,
  Eta,
  OrderParcel,
  ParcelDetail,
  ScanResult,
  ScanAnswer,
  FulfillmentOrder,
  FulfillmentOrderDetail,
  WorkRow,
  Task,
  ClosureInput,
  Closure,
  ClosurePreview,
  Hold,
  Totals,
  Payments,
  Order,
  OrderSummary,
  TimelineClock,
  Milestone,
  PhaseSpan,
  Timeline,
  OrderLineResult,
  SourcingDecision,
  Overview,
  Track,
  TrackLink,
  Event,
  CloudEvent,
  WebhookFilters,
  WebhookInput,
  WebhookChangeInput,
  Webhook,
  WebhookWithSecret,
  WebhookDelivery,
  OutboundDelivery,
  OutboundPlace,
  WriteBack,
  BodyIssue,
  IntakeResult,
  IntakeAnswer,
  InboxEntry,
  ScopeInput,
  KeyInput,
  Key,
  KeyCreated,
  SessionView,
  UserInput,
  UserChangeInput,
  User,
}
