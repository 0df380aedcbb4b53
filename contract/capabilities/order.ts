import { Type, type TSchema } from 'typebox'
import { defineCapability, type Bilingual } from '../capability.ts'
import type { Permission } from '../access.ts'
import { Timeline } from '../entities/timeline.ts'
import { closed, Currency, InstantText, Ref, Text } from '../entities/basics.ts'
import { Event } from '../events.ts'
import { Order, OrderRequest, OrderStored, PaymentInput, Phase } from '../entities/order.ts'
import { HoldInput } from '../entities/hold.ts'
import { OrderSummary } from '../entities/order-summary.ts'
import { pageOf, pageQuery, Problem } from '../entities/page.ts'
import { orderLineOutcomes } from './order-outcomes.ts'

export const OrderIdText = Type.String({ pattern: '^ord_[0-7][0-9a-hjkmnp-tv-z]{12}$' })
const orderParams = Type.Object({ orderId: OrderIdText }, closed)

/** By the time they came in. */
export const orderSorts = ['newest', 'oldest'] as const

/** One answer line of a bulk intake; `index` counts the input lines from 0. */
export const OrderLineResult = Type.Object({
  index: Type.Integer({ minimum: 0 }),
  status: Type.Union([Type.Literal('created'), Type.Literal('existing'), Type.Literal('refused')]),
  externalRef: Type.Optional(Type.String()),
  orderId: Type.Optional(Type.String()),
  version: Type.Optional(Type.Integer({ minimum: 1 })),
  phase: Type.Optional(Phase),
  problem: Type.Optional(Problem),
})

/** Why each line went where it went: the plan, its cost, the best candidates and one reason for each remaining node. */
export const SourcingDecision = Type.Object({
  decisionId: Type.String(),
  state: Type.Enum(['computed', 'shadow', 'applied', 'superseded', 'failed']),
  decidedAt: InstantText,
  policyVersion: Type.String(),
  pricesVersion: Type.String(),
  exact: Type.Boolean(),
  cost: Type.Optional(Type.Record(Type.String(), Type.Number())),
  co2eGrams: Type.Optional(Type.Number()),
  /** The order was planned again together with others before anybody began: why, and what that saved. */
  replanned: Type.Optional(
    Type.Object({
      fromNodes: Type.Array(Type.String()),
      costBefore: Type.Number(),
      costAfter: Type.Number(),
      /** Orders that were looked at together. */
      together: Type.Integer(),
      /** It moved so that another order could be served better. */
      makesRoom: Type.Boolean(),
    }),
  ),
  weights: Type.Record(Type.String(), Type.Number()),
  plan: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  candidates: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  /** Reason code by node that is not part of the plan. */
  rejected: Type.Record(Type.String(), Type.String()),
  /** What a person reads for each code that occurs here. */
  reasonTexts: Type.Optional(Type.Record(Type.String(), Type.Object({ en: Type.String(), zh: Type.String() }))),
})

/** A write on one order: `If-Match` takes the version the caller has seen. */
function orderAction<const N extends string, const P extends string, const R extends Permission, const B extends TSchema>(
  action: N,
  segment: P,
  permission: R,
  summary: Bilingual,
  body: B,
  outcomes: readonly string[],
) {
  return defineCapability({
    name: `order.${action}` as `order.${N}`,
    method: 'POST',
    path: `/v1/orders/{orderId}/${segment}` as `/v1/orders/{orderId}/${P}`,
    kind: 'write',
    permission,
    summary,
    params: orderParams,
    body,
    versioned: true,
    output: { 200: Order },
    outcomes: ['order_unknown', 'version_conflict', 'action_not_allowed', ...outcomes],
    slaMs: 100,
  })
}

const Note = Type.Object({ note: Type.Optional(Text) }, closed)
/** Left out = `requested`. */
const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }))
const Reasoned = Type.Object({ reason: Reason, note: Type.Optional(Text) }, closed)
const ReleaseInput = Type.Object({ holdId: Type.Optional(Ref), note: Type.Optional(Text) }, closed)

export const orderList = [
  defineCapability({
    name: 'order.place',
    method: 'POST',
    path: '/v1/orders',
    kind: 'write',
    permission: 'order.place',
    summary: { en: 'Place an order', zh: '下单' },
    description: {
      en: 'Runs the checks on stock, credit, tax and compliance, promises, reserves and sources in one transaction. 200 when (channelId, externalRef) already made this order.',
      zh: '在同一事务内完成库存、信用、税务与合规检查、承诺、预留与寻源。(channelId, externalRef) 已生成同一订单时返回 200。',
    },
    body: OrderRequest,
    output: { 200: Order, 201: Order },
    outcomes: orderLineOutcomes,
    slaMs: 25,
  }),
  defineCapability({
    name: 'order.placeMany',
    method: 'POST',
    path: '/v1/orders/bulk',
    kind: 'write',
    permission: 'order.place',
    summary: { en: 'Place many orders, one JSON object a line', zh: '批量下单，每行一个 JSON 对象' },
    description: {
      en: 'NDJSON in and out, one answer line for each input line in the same order. A line that fails does not stop the others.',
      zh: '输入与输出均为 NDJSON，每个输入行按原顺序对应一个结果行。单行失败不影响其他行。',
    },
    body: OrderRequest,
    output: { 200: OrderLineResult },
    streaming: 'ndjson',
    outcomes: orderLineOutcomes,
    slaMs: 1000,
  }),
  defineCapability({
    name: 'order.list',
    method: 'GET',
    path: '/v1/orders',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'List and search orders', zh: '列出和搜索订单' },
    query: Type.Object(
      {
        ...pageQuery(200),
        phase: Type.Optional(Phase),
        state: Type.Optional(OrderStored),
        channelId: Type.Optional(Ref),
        nodeId: Type.Optional(Ref),
        accountId: Type.Optional(Ref),
        /** External reference, order id, tracking number or parcel id, or a phone, e-mail or full name (matched exactly by blind index). */
        q: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
        placedAfter: Type.Optional(InstantText),
        placedBefore: Type.Optional(InstantText),
        /** Left out = newest. */
        sort: Type.Optional(Type.Enum(orderSorts)),
      },
      closed,
    ),
    output: { 200: pageOf(OrderSummary) },
    outcomes: [],
    slaMs: 100,
  }),
  defineCapability({
    name: 'order.get',
    method: 'GET',
    path: '/v1/orders/{orderId}',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'Read an order, now or as it was', zh: '读取订单，当前或历史时刻' },
    description: {
      en: '`at` shows what the hub knew then (recordedAt); with `by=occurred` what had happened by then. Permissions and erasures of today apply.',
      zh: '`at` 表示当时系统所知（recordedAt）；加 `by=occurred` 表示当时已发生的事实。权限与擦除按当前规则执行。',
    },
    params: orderParams,
    query: Type.Object(
      { at: Type.Optional(InstantText), by: Type.Optional(Type.Union([Type.Literal('recorded'), Type.Literal('occurred')])) },
      closed,
    ),
    output: { 200: Order },
    outcomes: ['order_unknown', 'history_archived'],
    slaMs: 25,
  }),
  defineCapability({
    name: 'order.events',
    method: 'GET',
    path: '/v1/orders/{orderId}/events',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'What happened to an order', zh: '订单的事件记录' },
    params: orderParams,
    query: Type.Object(pageQuery(200), closed),
    output: { 200: pageOf(Event) },
    outcomes: ['order_unknown'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'order.timeline',
    method: 'GET',
    path: '/v1/orders/{orderId}/timeline',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'The life of an order: milestones, phases and clocks', zh: '订单的时间线：里程碑、阶段与时限' },
    params: orderParams,
    query: Type.Object(pageQuery(1000), closed),
    output: { 200: Timeline },
    outcomes: ['order_unknown', 'cursor_invalid'],
    slaMs: 50,
  }),
  defineCapability({
    name: 'order.sourcing',
    method: 'GET',
    path: '/v1/orders/{orderId}/sourcing',
    kind: 'read',
    permission: 'order.read',
    summary: { en: 'Why these nodes were chosen', zh: '寻源决策的说明' },
    params: orderParams,
    /** `currency`: of every cost and score, which are minor units of it. */
    output: { 200: Type.Object({ decisions: Type.Array(SourcingDecision), currency: Currency }) },
    outcomes: ['order_unknown'],
    slaMs: 50,
  }),
  orderAction('approve', 'approve', 'order.review', { en: 'Approve an order in review', zh: '审核通过' }, Note, orderLineOutcomes),
  orderAction('decline', 'decline', 'order.review', { en: 'Decline an order in review', zh: '审核拒绝' }, Reasoned, []),
  orderAction('cancel', 'cancel', 'order.cancel', { en: 'Cancel an order', zh: '取消订单' }, Reasoned, []),
  orderAction('hold', 'hold', 'order.hold', { en: 'Put a hold on an order', zh: '挂起订单' }, HoldInput, ['hold_target_unknown']),
  orderAction('release', 'release', 'order.hold', { en: 'Release holds of an order', zh: '解除挂起' }, ReleaseInput, [
    'hold_unknown',
    'hold_not_yours',
  ]),
  orderAction('pay', 'payments', 'order.pay', { en: 'Record a payment entry', zh: '登记支付流水' }, PaymentInput, [
    'payment_amount_invalid',
    'capture_exceeds_authorised',
    'void_exceeds_authorised',
    'refund_exceeds_captured',
    'chargeback_exceeds_captured',
  ]),
  defineCapability({
    name: 'person.erase',
    method: 'POST',
    path: '/v1/persons/{personId}/erase',
    kind: 'write',
    permission: 'hub.write',
    summary: { en: 'Erase the personal data of a person', zh: '擦除个人数据' },
    description: {
      en: 'Deletes the key and the search indexes of the person; orders, amounts and events stay.',
      zh: '删除该人的密钥与检索索引；订单、金额与事件保留。',
    },
    params: Type.Object({ personId: Type.String({ pattern: '^per_[0-7][0-9a-hjkmnp-tv-z]{12}$' }) }, closed),
    body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
    output: { 200: Type.Object({ personId: Type.String(), erasedAt: InstantText }) },
    outcomes: ['person_unknown'],
    slaMs: 200,
  }),
] as const
