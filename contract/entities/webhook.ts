import { Type, type Static } from 'typebox'
import { closed, InstantText, Name, Ref, Version } from './basics.ts'
import { Cursor } from './page.ts'

export const WebhookIdText = Type.String({ pattern: '^whk_[0-7][0-9a-hjkmnp-tv-z]{12}$' })
export const DeliveryIdText = Type.String({ pattern: '^dlv_[0-7][0-9a-hjkmnp-tv-z]{12}$' })
const Url = Type.String({ minLength: 8, maxLength: 2000, pattern: '^https?://\\S+$' })
const Refs = Type.Optional(Type.Array(Ref, { minItems: 1, maxItems: 500 }))

/** Which events are sent; each list that is given must hold the event. Left out = everything that its owner may see. */
export const WebhookFilters = Type.Object(
  {
    /** Event types, or `order.*` for all that begin so. */
    types: Type.Optional(
      Type.Array(Type.String({ maxLength: 64, pattern: '^[a-z][A-Za-z]*\\.(?:[a-z][A-Za-z]*|\\*)$' }), { minItems: 1, maxItems: 100 }),
    ),
    channels: Refs,
    nodes: Refs,
    carriers: Refs,
  },
  closed,
)
export type WebhookFilters = Static<typeof WebhookFilters>

export const WebhookInput = Type.Object(
  {
    name: Name,
    /** Its host must be one that the operator allows. */
    url: Url,
    filters: Type.Optional(WebhookFilters),
    /** Starts behind this cursor; left out = with what happens from now on. */
    after: Type.Optional(Cursor),
  },
  closed,
)
/** What is left out stays; `filters` are replaced whole. */
export const WebhookChangeInput = Type.Object(
  { name: Type.Optional(Name), url: Type.Optional(Url), filters: Type.Optional(WebhookFilters) },
  { ...closed, minProperties: 1 },
)

export const webhookStates = ['active', 'paused', 'gone', 'expired', 'ownerless'] as const

export const Webhook = Type.Object({
  webhookId: WebhookIdText,
  name: Name,
  url: Type.String(),
  filters: WebhookFilters,
  /** paused: by a person; gone: its target answered 410, resume it once it is there again; expired: what it has not been sent is archived, replay it from a newer cursor; ownerless: its owner may read no events any more. */
  state: Type.Enum(webhookStates),
  /** Credential whose role and scope decide what it is sent. */
  ownerId: Type.String(),
  version: Version,
  createdAt: InstantText,
  /** Behind this everything was sent, or waits among the deliveries for another attempt. */
  cursor: Cursor,
  /** Events of the log behind the cursor, wanted or not. */
  lag: Type.Integer({ minimum: 0 }),
  /** Its target failed and rests until then. */
  restsUntil: Type.Optional(InstantText),
  /** Of each secret that signs now: when it ends. The newest has no end. */
  secrets: Type.Array(Type.Object({ endsAt: Type.Optional(InstantText) })),
})
export type Webhook = Static<typeof Webhook>
/** `secret` is shown this once; the hub keeps it sealed. */
export const WebhookWithSecret = Type.Interface([Webhook], { secret: Type.String() })

export const DeliveryStateName = Type.Enum(['delivered', 'waiting', 'dead'])
/** One event on its way to one subscriber. */
export const OutboundDelivery = Type.Object({
  deliveryId: DeliveryIdText,
  type: Type.String(),
  orderId: Type.Optional(Type.String()),
  /** waiting: tried again at `nextAt`; dead: not tried any more, unless replayed. */
  state: DeliveryStateName,
  attempts: Type.Integer({ minimum: 0 }),
  /** HTTP status of the last answer. */
  answer: Type.Optional(Type.Integer()),
  problem: Type.Optional(Type.String()),
  tookMs: Type.Integer({ minimum: 0 }),
  triedAt: InstantText,
  nextAt: Type.Optional(InstantText),
})
export type OutboundDelivery = Static<typeof OutboundDelivery>

/** How far a subscriber has come. */
export const OutboundPlace = Type.Object({
  /** Behind this everything was sent, or waits for another attempt. */
  cursor: Cursor,
  /** Events of the log behind the cursor, wanted or not. */
  lag: Type.Integer({ minimum: 0 }),
  state: Type.Enum(['live', 'expired']),
  /** The target failed and rests until then. */
  restsUntil: Type.Optional(InstantText),
})

export const WebhookDelivery = Type.Interface([OutboundDelivery], {
  /** `webhook-id` of the message: the same at every attempt and replay. */
  messageId: Type.String(),
})
export type WebhookDelivery = Static<typeof WebhookDelivery>

export const WebhookTestResult = Type.Object({
  delivered: Type.Boolean(),
  answer: Type.Optional(Type.Integer()),
  problem: Type.Optional(Type.String()),
  tookMs: Type.Integer({ minimum: 0 }),
})
