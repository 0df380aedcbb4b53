import { Type, type Static } from 'typebox'
import { closed, Currency, Name, Ref, Units, Version, Zone } from './basics.ts'

export const platforms = ['direct', 'shopify', 'woocommerce', 'douyin', 'taobao'] as const
export const Platform = Type.Enum(platforms)

const RefuseOrReview = Type.Union([Type.Literal('refuse'), Type.Literal('review')])

export const writtenStates = ['shipped', 'cancelled', 'stock'] as const
export const WriteBack = Type.Object(
  {
    /** `https://<shop>.myshopify.com/admin/api/<version>` or `https://<shop>/wp-json/wc/v3`; its host must be one that the operator allows. */
    url: Type.String({ minLength: 8, maxLength: 500, pattern: '^https?://[^\\s?#]+$' }),
    /** What is written; left out = all that it can. */
    states: Type.Optional(Type.Array(Type.Enum(writtenStates), { minItems: 1, maxItems: writtenStates.length })),
    /** Shopify's location whose levels are set; without it no stock is written there. */
    locationId: Type.Optional(Ref),
  },
  closed,
)
export type WriteBack = Static<typeof WriteBack>

/** Where the channel's shoppers may turn; shown on the page that a link to their order leads to. */
export const Support = Type.Object(
  {
    email: Type.Optional(Type.String({ maxLength: 254, pattern: '^[^\\s@<>"]+@[^\\s@<>"]+$' })),
    phone: Type.Optional(Type.String({ maxLength: 40, pattern: '^\\+?[0-9][0-9 ()-]{2,38}$' })),
    /** https only: a page that shoppers are sent to. */
    url: Type.Optional(Type.String({ maxLength: 500, pattern: '^https:/{2}[^\\s/?#@]+(?:[/?#][^\\s]*)?$' })),
  },
  { ...closed, minProperties: 1 },
)
export type Support = Static<typeof Support>

/** Where orders come from, and what the channel's owner wants done when a check does not pass. */
export const ChannelInput = Type.Object(
  {
    channelId: Ref,
    /** `direct` has no body of its own: orders come by POST /v1/orders. */
    platform: Platform,
    name: Name,
    support: Type.Optional(Support),
    currency: Type.Optional(Currency),
    /** Zone of times that the platform sends without one. */
    zone: Type.Optional(Zone),
    /** Shared secret of the platform's webhook signature. Write only: reads say `hasSecret`. */
    secret: Type.Optional(Type.String({ minLength: 8, maxLength: 512 })),
    /** Where the state of its orders is written back to: the platform's own API. Left out: nowhere. */
    writeBack: Type.Optional(WriteBack),
    /** What the platform's API takes as proof: Shopify's access token, WooCommerce's `key:secret`. Write only: reads say `hasWriteBackToken`. */
    writeBackToken: Type.Optional(Type.String({ minLength: 8, maxLength: 512, pattern: '^[\\x21-\\x7e]+$' })),
    /** What happens when stock does not cover the order; default refuse. */
    shortage: Type.Optional(
      Type.Union([Type.Literal('refuse'), Type.Literal('review'), Type.Literal('backorder'), Type.Literal('partial')]),
    ),
    /** What a failed check does; default refuse. */
    checks: Type.Optional(
      Type.Object(
        { credit: Type.Optional(RefuseOrReview), tax: Type.Optional(RefuseOrReview), compliance: Type.Optional(RefuseOrReview) },
        closed,
      ),
    ),
    /** Unpaid orders hold soft reservations this long (minutes, default 30), then are cancelled or checked again. */
    unpaid: Type.Optional(
      Type.Object(
        {
          holdMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
          onExpiry: Type.Optional(Type.Union([Type.Literal('cancel'), Type.Literal('recheck')])),
        },
        closed,
      ),
    ),
    /** false: orders are accepted unpaid (invoice, cash on delivery); default true. */
    requiresPayment: Type.Optional(Type.Boolean()),
    /** When money is to be captured: `order`, before any work begins; `handOver` (default): an authorisation is enough, goods that leave are captured. */
    captureAt: Type.Optional(Type.Union([Type.Literal('order'), Type.Literal('handOver')])),
    /**
     * Orders that wait for dated supply (`shortage: backorder`) are sold for a deposit; the balance is asked for when all of it is there. Counts
     * where payment is required.
     */
    preOrder: Type.Optional(
      Type.Object(
        {
          /** Share of the total that makes the order firm, in per cent; rounded up. */
          depositPercent: Type.Integer({ minimum: 1, maximum: 99 }),
          /** How long the goods are kept for the balance; default 72. */
          balanceHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
          /** What becomes of an order whose balance did not come: `cancel` (default), or `task`, for a person to decide. */
          onExpiry: Type.Optional(Type.Union([Type.Literal('cancel'), Type.Literal('task')])),
        },
        closed,
      ),
    ),
    /** For so many minutes after its receipt an order may be planned again together with others, as long as nobody has taken its work up; left out: never. */
    replanMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
    /** Units this channel must leave for the others, per item and node. */
    buffer: Type.Optional(Units),
    /** The same for single items: [{"sku":"tea-500","units":5}]. */
    buffers: Type.Optional(Type.Array(Type.Object({ sku: Ref, units: Units }, closed), { maxItems: 1000 })),
    /** true: it takes no new orders. Those it has go on; a platform's body is still kept, for a person to decide. */
    closed: Type.Optional(Type.Boolean()),
    /** Nodes that serve it; left out = all. */
    nodes: Type.Optional(Type.Array(Ref, { maxItems: 5000 })),
  },
  closed,
)
export type ChannelInput = Static<typeof ChannelInput>
export const Channel = Type.Interface([Type.Omit(ChannelInput, ['secret', 'writeBackToken'])], {
  hasSecret: Type.Boolean(),
  hasWriteBackToken: Type.Optional(Type.Literal(true)),
  version: Version,
})
export type Channel = Static<typeof Channel>
