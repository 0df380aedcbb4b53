import { Type } from 'typebox'
import { defineCapability } from '../capability.ts'
import { closed, InstantText, Ref, Text } from '../entities/basics.ts'
import { pageOf, pageQuery, ProblemItem } from '../entities/page.ts'

const InboxIdText = Type.String({ pattern: '^inb_[0-7][0-9a-hjkmnp-tv-z]{12}$' })

/** What the hub did with a platform's body. */
export const IntakeResult = Type.Object({
  status: Type.Enum(['created', 'updated', 'unchanged', 'older', 'inbox']),
  inboxId: Type.Optional(Type.String()),
  orderId: Type.Optional(Type.String()),
  externalRef: Type.Optional(Type.String()),
  version: Type.Optional(Type.Integer()),
  errors: Type.Optional(Type.Array(ProblemItem)),
})

/** A channel body that could not become an order as it stands; the raw body is kept encrypted and never shown here. */
export const InboxEntry = Type.Object({
  inboxId: Type.String(),
  channelId: Ref,
  externalRef: Type.Optional(Type.String()),
  state: Type.Union([Type.Literal('open'), Type.Literal('applied'), Type.Literal('dismissed')]),
  receivedAt: InstantText,
  attempts: Type.Integer({ minimum: 1 }),
  errors: Type.Array(ProblemItem),
  orderId: Type.Optional(Type.String()),
})

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
    rawBody: true,
    output: { 200: IntakeResult, 201: IntakeResult, 202: IntakeResult },
    outcomes: ['channel_unknown', 'signature_invalid'],
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
    query: Type.Object(
      { ...pageQuery(200), state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('applied'), Type.Literal('dismissed')])) },
      closed,
    ),
    output: { 200: pageOf(InboxEntry) },
    outcomes: ['channel_unknown'],
    slaMs: 100,
  }),
  defineCapability({
    name: 'inbox.replay',
    method: 'POST',
    path: '/v1/inbox/{inboxId}/replay',
    kind: 'write',
    permission: 'inbox.write',
    summary: { en: 'Try a kept body again', zh: '重放收件箱中的报文' },
    params: Type.Object({ inboxId: InboxIdText }, closed),
    body: Type.Object({ note: Type.Optional(Text) }, closed),
    output: { 200: IntakeResult },
    outcomes: ['inbox_unknown'],
    slaMs: 200,
  }),
] as const
