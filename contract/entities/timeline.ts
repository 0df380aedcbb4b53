import { Type, type Static } from 'typebox'
import type { Bilingual } from '../capability.ts'
import { InstantText, Version } from './basics.ts'
import { Phase } from './order.ts'
import { Cursor } from './page.ts'

/** Where an order stands, as people say it. */
export const phaseTitles: Readonly<Record<Phase, Bilingual>> = {
  awaitingReview: { en: 'Awaiting review', zh: '待审核' },
  awaitingPayment: { en: 'Awaiting payment', zh: '待付款' },
  onHold: { en: 'On hold', zh: '已挂起' },
  unroutable: { en: 'Waiting for stock', zh: '待货源' },
  sourcing: { en: 'Sourcing', zh: '寻源中' },
  inviting: { en: 'Inviting offers', zh: '询价中' },
  awaitingAccept: { en: 'Awaiting acceptance', zh: '待接单' },
  inProduction: { en: 'In production', zh: '生产中' },
  inFulfillment: { en: 'In fulfillment', zh: '履约中' },
  partShipped: { en: 'Shipped in part', zh: '部分发货' },
  inTransit: { en: 'In transit', zh: '运输中' },
  delivered: { en: 'Delivered', zh: '已送达' },
  inAfterSales: { en: 'In after-sales', zh: '售后中' },
  complete: { en: 'Complete', zh: '已完结' },
  cancelled: { en: 'Cancelled', zh: '已取消' },
}

/** What an order may wait for, and is measured in. */
export const clockNames = ['review', 'payment', 'hold', 'stock', 'accept', 'fulfil', 'collect', 'close', 'change', 'scan'] as const
export type ClockName = (typeof clockNames)[number]
export const clockTitles: Readonly<Record<ClockName, Bilingual>> = {
  review: { en: 'Review', zh: '审核' },
  payment: { en: 'Payment', zh: '付款' },
  hold: { en: 'Hold', zh: '挂起处理' },
  stock: { en: 'Stock', zh: '补货' },
  accept: { en: 'Acceptance', zh: '接单' },
  fulfil: { en: 'Fulfillment', zh: '履约' },
  collect: { en: 'Pick-up', zh: '自提' },
  close: { en: 'Time to send back', zh: '退货期' },
  change: { en: 'Change to confirm', zh: '变更确认' },
  scan: { en: 'Carrier scan', zh: '物流轨迹' },
}

const Title = Type.Object({ en: Type.String(), zh: Type.String() })
const Milliseconds = Type.Integer({ minimum: 0 })

export const TimelineClock = Type.Object({
  clock: Type.Enum(clockNames),
  title: Title,
  startedAt: InstantText,
  dueAt: InstantText,
  /** As the milestone left it. breached: it ended after its due time had passed. */
  state: Type.Enum(['running', 'met', 'breached']),
  /** Due times that passed until then. */
  breaches: Type.Integer({ minimum: 0 }),
})

/** One thing that happened to the order. */
export const Milestone = Type.Object({
  /** Version of the order that it made; the order at this version: `?at=` its `recordedAt`. */
  version: Version,
  /** Event type; data: GET /v1/orders/{orderId}/events. */
  type: Type.String(),
  title: Title,
  occurredAt: InstantText,
  recordedAt: InstantText,
  actor: Type.Object({ kind: Type.String(), id: Type.String() }),
  cause: Type.Optional(Type.String()),
  /** Since the milestone before, business time. */
  durationMs: Milliseconds,
  phase: Phase,
  /** The clocks that ran up to it. */
  clocks: Type.Array(TimelineClock),
})
export type Milestone = Static<typeof Milestone>

/** A stretch of the order's life; the last has no end. */
export const PhaseSpan = Type.Object({
  phase: Phase,
  title: Title,
  from: InstantText,
  until: Type.Optional(InstantText),
  durationMs: Milliseconds,
})
export type PhaseSpan = Static<typeof PhaseSpan>

/** An order's life: what happened, by whom, how long it took and which clock ran. */
export const Timeline = Type.Object({
  orderId: Type.String(),
  phase: Phase,
  asOf: InstantText,
  phases: Type.Array(PhaseSpan),
  /** The oldest first, a page at a time; the phases are always all of them. */
  milestones: Type.Array(Milestone),
  next: Type.Optional(Cursor),
})
export type Timeline = Static<typeof Timeline>
