import { Type, type Static } from 'typebox'
import { type Role, roles } from './access.ts'
import { Attributes, CheckResult, InstantText, Place, Ref, Units } from './entities/basics.ts'
import { PaymentKind, Promise_, Totals } from './entities/order.ts'
import { define, Delta, effects, supplyEffects, type EventDefinition } from './event-definition.ts'
import { reservationEvents } from './reservation-events.ts'
import { PlannedFulfillment, ReservedUnits } from './planned-fulfillment.ts'
import { taskEvents } from './task-events.ts'
import { bodyEvents } from './body-events.ts'
import { changeEvents } from './change-events.ts'
import { parcelEvents, scanEvents } from './parcel-events.ts'
import { planEvents } from './plan-events.ts'
import { serviceEvents } from './service-events.ts'
import { workEvents } from './work-events.ts'

const Checks = Type.Object({ stock: CheckResult, credit: CheckResult, tax: CheckResult, compliance: CheckResult })

/** Work that a node is asked to take on, and by when. */
const Offer = Type.Object({ fulfillmentOrderId: Type.String(), acceptBy: InstantText })

const noMoney = [
  'channelId',
  'externalRef',
  'lines',
  'shipTo',
  'placedAt',
  'promise',
  'fulfillmentOrders',
  'decisionNo',
  'reserved',
  'backordered',
  'kind',
  'reason',
  'holdId',
  'scope',
  'reasons',
] as const
const hidden = { floor: noMoney, carrier: noMoney, customer: noMoney } as const

/** The catalogue of events, in the order of an order's life. */
export const events = {
  'order.received': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order received', zh: '收到订单' },
    trigger: {
      en: 'A channel hands in an order that is kept.',
      zh: '渠道送达的订单被留存。',
    },
    data: Type.Object({
      channelId: Ref,
      externalRef: Ref,
      placedAt: InstantText,
      currency: Type.String(),
      totals: Totals,
      shipTo: Place,
      requiresPayment: Type.Boolean(),
      lines: Type.Array(Type.Object({ lineRef: Ref, sku: Ref, quantity: Units, unitPrice: Type.Integer() })),
    }),
    fields: hidden,
  }),
  'order.accepted': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order accepted', zh: '订单已接受' },
    trigger: {
      en: 'All four checks passed, or a person approved it.',
      zh: '四项检查全部通过，或由人工批准。',
    },
    data: Type.Object({ checks: Checks, credit: Type.Optional(Type.Object({ accountId: Ref, exposure: Delta })) }),
    fields: { floor: [], carrier: [], customer: [] },
  }),
  'order.reviewRequired': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order needs review', zh: '订单待审核' },
    trigger: {
      en: 'A check did not pass and the channel asks for review, or a channel body was incomplete.',
      zh: '检查未通过且渠道要求审核，或渠道报文不完整。',
    },
    data: Type.Object({
      checks: Checks,
      reasons: Type.Array(Type.String()),
      credit: Type.Optional(Type.Object({ accountId: Ref, exposure: Delta })),
    }),
    fields: { floor: [], carrier: [], customer: [] },
  }),
  'order.sourced': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order sourced', zh: '订单已寻源' },
    trigger: {
      en: 'Nodes were chosen and stock reserved.',
      zh: '已选定节点并预留库存。',
    },
    data: Type.Object({
      decisionNo: Type.Integer(),
      /** soft: the order is not paid; firm: it waits for a person or for stock; committed: it belongs to fulfillment orders. */
      kind: Type.Union([Type.Literal('soft'), Type.Literal('firm'), Type.Literal('committed')]),
      /** Units taken by this decision; for a bundle its components. */
      reserved: Type.Array(ReservedUnits),
      /** Where the lines it touched stand now, units. */
      lines: Type.Array(Type.Object({ lineRef: Ref, reserved: Units, backordered: Units })),
      fulfillmentOrders: Type.Array(PlannedFulfillment),
      promise: Promise_,
      expiresAt: Type.Optional(InstantText),
      /** When what is still open is looked for again: dated supply covers it from then on. */
      sourceAgainAt: Type.Optional(InstantText),
      ...supplyEffects,
    }),
    fields: hidden,
  }),
  'order.committed': define({
    version: 1,
    subject: 'order',
    title: { en: 'Reservations committed', zh: '预占转为占用' },
    trigger: {
      en: 'The order was paid or approved: its held stock now belongs to fulfillment orders.',
      zh: '订单已付款或已批准：所占库存归属履约单。',
    },
    data: Type.Object({ reason: Type.String(), offers: Type.Optional(Type.Array(Offer)), ...effects }),
    fields: hidden,
  }),
  ...serviceEvents,
  ...planEvents,
  'order.stockReleased': define({
    version: 1,
    subject: 'order',
    title: { en: 'Stock released', zh: '释放库存' },
    trigger: {
      en: 'The hold on stock ran out, or the order is sourced anew.',
      zh: '库存占用到期，或订单重新寻源。',
    },
    data: Type.Object({ reason: Type.String(), ...effects }),
    fields: hidden,
  }),
  'order.paymentRecorded': define({
    version: 1,
    subject: 'order',
    title: { en: 'Payment recorded', zh: '记录收付款' },
    trigger: {
      en: 'A payment entry was taken into the ledger.',
      zh: '一笔收付款记入流水。',
    },
    data: Type.Object({
      entries: Type.Array(
        Type.Object({
          kind: PaymentKind,
          method: Type.String(),
          amount: Type.Integer(),
          paymentRef: Type.Optional(Ref),
          crossMethod: Type.Optional(Type.Literal(true)),
          occurredAt: InstantText,
        }),
      ),
      /** What it changed of the credit that the order takes. */
      credit: Type.Optional(Type.Object({ accountId: Ref, exposure: Delta })),
      /** Units held for an unpaid order that are firm now. */
      ...effects,
    }),
    fields: { floor: [], carrier: [], executive: [] },
  }),
  'order.held': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order held', zh: '订单已挂起' },
    trigger: {
      en: 'A person or a policy placed a hold.',
      zh: '人工或策略挂起订单。',
    },
    data: Type.Object({
      holdId: Type.String(),
      reason: Type.String(),
      scope: Type.String(),
      lineRef: Type.Optional(Ref),
      fulfillmentOrderId: Type.Optional(Type.String()),
      releasableBy: Type.Optional(Type.Array(Type.Enum(roles))),
      note: Type.Optional(Type.String()),
    }),
    fields: hidden,
  }),
  'order.holdReleased': define({
    version: 1,
    subject: 'order',
    title: { en: 'Hold released', zh: '解除挂起' },
    trigger: {
      en: 'Who may release the hold did so.',
      zh: '有权者解除了挂起。',
    },
    data: Type.Object({ holdId: Type.String(), reason: Type.Optional(Type.String()) }),
    fields: hidden,
  }),
  'order.declined': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order declined', zh: '订单被拒绝' },
    trigger: {
      en: 'A person declined an order in review.',
      zh: '人工拒绝了审核中的订单。',
    },
    data: Type.Object({ reason: Type.String(), credit: Type.Optional(Type.Object({ accountId: Ref, exposure: Delta })), ...effects }),
    fields: hidden,
  }),
  'order.cancelled': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order cancelled', zh: '订单已取消' },
    trigger: {
      en: 'Cancelled before anything was handed over.',
      zh: '在任何货物交出之前取消。',
    },
    data: Type.Object({ reason: Type.String(), credit: Type.Optional(Type.Object({ accountId: Ref, exposure: Delta })), ...effects }),
    fields: hidden,
  }),
  ...changeEvents,
  'order.closed': define({
    version: 1,
    subject: 'order',
    title: { en: 'Order closed', zh: '订单已完结' },
    trigger: {
      en: 'Everything was delivered and paid, and the time to send it back is over.',
      zh: '全部送达并结清，且退货期已过。',
    },
    data: Type.Object({ reason: Type.String() }),
  }),
  'order.amended': define({
    version: 1,
    subject: 'order',
    title: { en: 'Channel data changed', zh: '渠道信息更新' },
    trigger: {
      en: 'A newer body of the channel changed what the channel owns.',
      zh: '渠道的新报文更改了归渠道所有的信息。',
    },
    data: Type.Object({
      platformVersion: Type.Optional(Type.Integer()),
      changed: Type.Array(Type.String()),
      promisedBy: Type.Optional(InstantText),
      attributes: Type.Optional(Attributes),
      /** Papers given since. */
      documents: Type.Optional(Type.Array(Type.String())),
      reasons: Type.Array(Type.String()),
      entries: Type.Array(
        Type.Object({
          kind: PaymentKind,
          method: Type.String(),
          amount: Type.Integer(),
          paymentRef: Type.Optional(Ref),
          crossMethod: Type.Optional(Type.Literal(true)),
          occurredAt: InstantText,
        }),
      ),
      credit: Type.Optional(Type.Object({ accountId: Ref, exposure: Delta })),
      ...effects,
    }),
    fields: { floor: [], carrier: [], customer: [] },
  }),
  'order.clockBreached': define({
    version: 1,
    subject: 'order',
    title: { en: 'Clock breached', zh: '时限已超' },
    trigger: {
      en: 'A clock of the order passed its due time.',
      zh: '订单的某个时限到期未完成。',
    },
    data: Type.Object({ clock: Type.String(), dueAt: InstantText, next: Type.Optional(InstantText) }),
  }),
  'order.historyRecorded': define({
    version: 1,
    subject: 'order',
    title: { en: 'History recorded', zh: '历史事实入库' },
    trigger: {
      en: 'An import recorded a past fact.',
      zh: '导入任务记录了一条历史事实。',
    },
    data: Type.Object({
      fact: Type.String(),
      flags: Type.Array(Type.String()),
      detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      /** Who does the work, on the fact `placed`. */
      fulfillmentOrders: Type.Optional(Type.Array(PlannedFulfillment)),
    }),
    fields: { floor: ['fact', 'flags'], carrier: ['fact', 'flags'], customer: ['fact'], executive: ['fact', 'flags', 'fulfillmentOrders'] },
  }),
  'order.refused': define({
    version: 1,
    subject: 'audit',
    title: { en: 'Order refused', zh: '订单被拒收' },
    trigger: {
      en: 'POST /v1/orders was answered with a refusal; nothing else was kept.',
      zh: 'POST /v1/orders 被拒绝；除此之外未留存任何内容。',
    },
    data: Type.Object({ channelId: Ref, externalRef: Ref, code: Type.String(), detail: Type.String() }),
    fields: { floor: [], carrier: [], customer: [] },
  }),
  ...workEvents,
  ...taskEvents,
  ...parcelEvents,
  ...scanEvents,
  'stock.counted': define({
    version: 1,
    subject: 'stock',
    title: { en: 'Stock counted', zh: '库存盘点' },
    trigger: {
      en: 'An absolute count or a setting of one item at one node.',
      zh: '对某节点某商品的绝对盘点或设置。',
    },
    data: Type.Object({
      sku: Ref,
      nodeId: Ref,
      onHand: Type.Integer(),
      safety: Units,
      backorderLimit: Units,
      delta: Delta,
      reason: Type.String(),
      shortBy: Units,
    }),
  }),
  'stock.adjusted': define({
    version: 1,
    subject: 'stock',
    title: { en: 'Stock adjusted', zh: '库存调整' },
    trigger: {
      en: 'A relative change of what is on hand.',
      zh: '在手库存的相对变更。',
    },
    data: Type.Object({
      sku: Ref,
      nodeId: Ref,
      onHand: Type.Integer(),
      safety: Units,
      backorderLimit: Units,
      delta: Delta,
      reason: Type.String(),
      ref: Type.Optional(Ref),
      shortBy: Units,
    }),
  }),
  ...reservationEvents,
  'fact.changed': define({
    version: 1,
    subject: 'fact',
    title: { en: 'Reference data changed', zh: '基础资料变更' },
    trigger: {
      en: 'An item, node, channel, carrier, lane, rate, calendar, account, rule, supply or factor was created or changed.',
      zh: '商品、节点、渠道、承运商、线路、运价、日历、账户、规则、在途供应或排放因子被创建或更改。',
    },
    data: Type.Object({ kind: Type.String(), key: Type.String() }),
    fields: { carrier: [], customer: [] },
  }),
  ...bodyEvents,
  'person.erased': define({
    version: 1,
    subject: 'audit',
    title: { en: 'Person erased', zh: '个人信息已删除' },
    trigger: {
      en: 'The key of a person was destroyed on request.',
      zh: '应请求销毁了个人的密钥。',
    },
    data: Type.Object({ personId: Type.String() }),
    fields: { floor: [], carrier: [], customer: [] },
  }),
} as const

export type EventType = keyof typeof events
/** The names of the catalogue, in its order. */
export const eventTypes = Object.keys(events) as EventType[]
export type EventData<T extends EventType> = Static<(typeof events)[T]['data']>

/** Who did it: a credential (person or integration), a channel, a policy, or a clock of the hub. */
export type Actor = { readonly kind: 'person' | 'channel' | 'policy' | 'clock' | 'import'; readonly id: string }

/** An event as rules produce it; the log adds position and the times. */
export type NewEvent<T extends EventType = EventType> = {
  [K in T]: { readonly type: K; readonly data: EventData<K>; readonly occurredAt: number }
}[T]

export const Event = Type.Object({
  cursor: Type.String(),
  type: Type.String(),
  version: Type.Integer(),
  subject: Type.Object({ kind: Type.String(), id: Type.String(), version: Type.Integer() }),
  orderId: Type.Optional(Type.String()),
  channelId: Type.Optional(Ref),
  occurredAt: InstantText,
  recordedAt: InstantText,
  actor: Type.Object({ kind: Type.String(), id: Type.String() }),
  cause: Type.Optional(Type.String()),
  traceId: Type.Optional(Type.String()),
  data: Type.Record(Type.String(), Type.Unknown()),
})
export type Event = Static<typeof Event>

/** The data fields a role may see of an event type; undefined = all. */
export function visibleFields(type: string, role: Role): readonly string[] | undefined {
  const definition = (events as Record<string, EventDefinition>)[type]
  return definition === undefined ? [] : definition.fields?.[role]
}
