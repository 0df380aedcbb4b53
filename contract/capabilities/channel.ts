import { Type, type Static } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, InstantText, Ref, Text } from '../entities/basics.ts'
import { DeliveryIdText, DeliveryStateName, OutboundDelivery, OutboundPlace } from '../entities/webhook.ts'
import { pageOf, pageQuery } from '../entities/page.ts'

const InboxIdText = Type.String({ pattern: '^inb_[0-7][0-9a-hjkmnp-tv-z]{12}$' })

/** Something in a body that is not as the mapping expects; `got` never shows personal data. */
export const BodyIssue = Type.Object({
  code: Type.String(),
  /** notice: recorded only; warning: a person looks; error: no order can be made of it. */
  severity: Type.Enum(['notice', 'warning', 'error']),
  /** Place in the body as it was sent, for example `order.line_items[1].price`; `$` is the whole body. */
  path: Type.String(),
  expected: Type.String(),
  got: Type.String(),
})
export type BodyIssue = Static<typeof BodyIssue>

/**
 * What became of one order in a platform's body. applied: the order stands as the body says; review: it does, and a person must look;
 * same: nothing new; older: a newer body was applied before; inbox: no order could be made of it; ignored: it is no order.
 */
export const IntakeResult = Type.Object({
  state: Type.Enum(['applied', 'review', 'same', 'older', 'inbox', 'ignored']),
  externalRef: Type.Optional(Type.String()),
  orderId: Type.Optional(Type.String()),
  version: Type.Optional(Type.Integer()),
  /** The body made the order. */
  created: Type.Optional(Type.Boolean()),
  /** Names the kept body; replay it with POST /v1/inbox/{inboxId}/replay. */
  inboxId: Type.String(),
  reviewReasons: Type.Optional(Type.Array(Type.String())),
  issues: Type.Optional(Type.Array(BodyIssue)),
})
export type IntakeResult = Static<typeof IntakeResult>
/** One result for each order that the body holds, in its order; one for a body without orders. */
export const IntakeAnswer = Type.Object({ results: Type.Array(IntakeResult) })
export type IntakeAnswer = Static<typeof IntakeAnswer>

export const inboxStates = ['open', 'applied', 'dismissed'] as const
const InboxState = Type.Enum(inboxStates)

/** A channel body that could not become an order as it stands; what it says is kept encrypted and shown by `inbox.body` alone. */
export const InboxEntry = Type.Object({
  inboxId: Type.String(),
  channelId: Ref,
  externalRef: Type.Optional(Type.String()),
  /** open: waits for a fix; applied: a replay took it; dismissed: it is no order. */
  state: InboxState,
  receivedAt: InstantText,
  issues: Type.Array(BodyIssue),
  orderId: Type.Optional(Type.String()),
})
export type InboxEntry = Static<typeof InboxEntry>

/** What a channel sent, as it came: personal data of a buyer included. */
export const InboxBody = Type.Object({
  ...InboxEntry.properties,
  /** Size as it came, bytes. */
  bytes: Type.Integer({ minimum: 0 }),
  /** text: `body` is what came; base64: the bytes are no UTF-8 text. */
  encoding: Type.Enum(['text', 'base64']),
  body: Type.String(),
})
export type InboxBody = Static<typeof InboxBody>

export const channelList = [
  defineCapability({
    name: 'channel.intake',
    method: 'POST',
    path: '/v1/channels/{channelId}/orders',
    kind: 'write',
    permission: 'public',
    summary: { en: "Take in an order in the platform's own body", zh: '按平台原始报文接收订单' },
    description: {
      en: 'Authentic by the platform signature, or by a credential with `channel.intake`. A channel body is a sale that has happened: once authentic it is kept and answered 2xx.',
      zh: '由平台签名或具备 `channel.intake` 权限的凭证认证。渠道报文代表已发生的销售：认证通过即保留并返回 2xx。',
    },
    params: Type.Object({ channelId: Ref }, closed),
    /** Whatever the platform puts there; Taobao signs it. */
    query: Type.Object({}),
    rawBody: true,
    output: { 200: IntakeAnswer, 201: IntakeAnswer, 202: IntakeAnswer },
    outcomes: ['entity_unknown', 'channel_platform_mismatch', 'signature_invalid', 'scope_violation'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'channel.inbox',
    method: 'GET',
    path: '/v1/channels/{channelId}/inbox',
    kind: 'read',
    permission: 'inbox.read',
    summary: { en: 'Bodies that could not become an order', zh: '渠道错误收件箱' },
    params: Type.Object({ channelId: Ref }, closed),
    query: Type.Object({ ...pageQuery(200), state: Type.Optional(InboxState) }, closed),
    output: { 200: pageOf(InboxEntry) },
    outcomes: ['entity_unknown'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'channel.deliveries',
    method: 'GET',
    path: '/v1/channels/{channelId}/deliveries',
    kind: 'read',
    permission: 'inbox.read',
    summary: { en: 'What was written back to the platform, newest first', zh: '回写平台的记录（新的在前）' },
    params: Type.Object({ channelId: Ref }, closed),
    query: Type.Object({ ...pageQuery(200), state: Type.Optional(DeliveryStateName) }, closed),
    output: { 200: Type.Object({ ...pageOf(OutboundDelivery).properties, place: Type.Optional(OutboundPlace) }) },
    outcomes: ['entity_unknown', 'cursor_invalid'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'channel.redeliver',
    method: 'POST',
    path: '/v1/channels/{channelId}/deliveries/{deliveryId}/replay',
    kind: 'write',
    permission: 'inbox.write',
    summary: { en: 'Write one back again', zh: '重新回写单条记录' },
    params: Type.Object({ channelId: Ref, deliveryId: DeliveryIdText }, closed),
    output: { 202: OutboundDelivery },
    outcomes: ['entity_unknown', 'delivery_unknown'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'inbox.body',
    method: 'GET',
    path: '/v1/inbox/{inboxId}/body',
    kind: 'read',
    permission: 'inbox.readBody',
    summary: { en: 'What a channel sent that made no order', zh: '查看未成单的渠道原始报文' },
    description: {
      en: 'As it came, personal data included. Who reads it is written to the log (`body.read`) before it is shown.',
      zh: '按原样返回，包含个人信息。返回之前，查看者会写入日志（`body.read`）。',
    },
    params: Type.Object({ inboxId: InboxIdText }, closed),
    output: { 200: InboxBody },
    outcomes: ['inbox_unknown'],
    slaMs: 200,
  }),
  defineCapability({
    name: 'inbox.replay',
    method: 'POST',
    path: '/v1/inbox/{inboxId}/replay',
    kind: 'write',
    permission: 'inbox.write',
    summary: { en: 'Try a kept body again', zh: '重放收件箱中的报文' },
    description: {
      en: 'As it came, once the cause is gone, or as `correctedBody` says: that takes `inbox.readBody` too, and only an entry that made no order can be corrected. An order made so keeps both texts.',
      zh: '原因消除后按原样重放，或按 `correctedBody` 更正后重放：更正还需 `inbox.readBody` 权限，且仅限未成单的条目。由此产生的订单同时保留两份报文。',
    },
    params: Type.Object({ inboxId: InboxIdText }, closed),
    body: Type.Object(
      { note: Type.Optional(Text), correctedBody: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000_000 })) },
      closed,
    ),
    output: { 200: IntakeAnswer },
    outcomes: ['inbox_unknown', 'inbox_not_open'],
    slaMs: 200,
  }),
] as const
