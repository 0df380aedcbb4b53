import type { OrderInput } from '../../../contract/entities/order.ts'
import type { Instant } from '../../kernel/time.ts'

/** error: the order cannot be made, the body goes to the error inbox; warning: a person reviews it; notice: recorded only. */
export const severities = ['notice', 'warning', 'error'] as const
export type Severity = (typeof severities)[number]

/** What a body said, against what the mapping expected. `got` never shows personal data, only its kind and length. */
export type MappingIssue = {
  /** Catalogue: contract/body-issues.ts (English and Chinese). */
  readonly code: string
  readonly severity: Severity
  /** Place in the body as sent, for example `order.line_items[1].price`; `$` is the whole body. */
  readonly path: string
  readonly expected: string
  readonly got: string
}

export const mappingVerdicts = ['clean', 'review', 'inbox', 'ignored'] as const
/** The worst issue decides; `ignored` is a body that is no order (a ping, a product, a refund …): kept, nothing to do. */
export type MappingVerdict = (typeof mappingVerdicts)[number]

export type MappedOrder = {
  readonly verdict: MappingVerdict
  /** Absent exactly when the verdict is `inbox` or `ignored`. */
  readonly order?: OrderInput
  /** The platform's id where it could be read, also when the rest could not. */
  readonly externalRef?: string
  /** When the platform last changed the order; an older one never replaces a newer one. */
  readonly platformVersion?: Instant
  /** The platform's own word for the order's state. */
  readonly platformStatus?: string
  readonly cancelled?: { readonly at?: string; readonly reason?: string }
  /** What the platform says the order costs, minor units; the hub works out its own totals. */
  readonly stated: { readonly total?: number; readonly tax?: number }
  /** Fields that no rule reads, in the shape of the body. May hold personal data: store encrypted. */
  readonly unmapped: Readonly<Record<string, unknown>>
  readonly issues: readonly MappingIssue[]
  /** The order alone, as read: what is kept of it where a body holds several. */
  readonly source: unknown
  /** SHA-256 (hex) of the order's canonical JSON without volatile fields: equal for the same content. */
  readonly bodyHash: string
}

export type MappedBody = {
  readonly orders: readonly MappedOrder[]
  /** Issues of the whole body: not JSON, not an order, a gateway's error. */
  readonly issues: readonly MappingIssue[]
  /** The worst over the body and its orders. */
  readonly verdict: MappingVerdict
  /** The order that a notice with an id alone is about: what platforms send when one is deleted. */
  readonly names?: string
}

export type ChannelFacts = { readonly channelId: string; readonly platform: string; readonly zone?: string; readonly currency?: string }

export const signatureVerdicts = ['valid', 'invalid', 'absent', 'unsigned'] as const
/** `absent`: the platform signs, this request carries no signature; `unsigned`: nothing to verify (platform without signatures, or no secret). */
export type SignatureVerdict = (typeof signatureVerdicts)[number]

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a delivery says about itself. */
export type Delivery = {
  readonly topic?: string
  readonly deliveryId?: string
  readonly triggeredAt?: Instant
  readonly isTest: boolean
  /** The topic says that the order was cancelled or deleted. */
  readonly isCancellation: boolean
}

/** Translates a platform's own bodies; implemented by server/connect/channels, given to the engine by main. */
export type ChannelMapper = {
  readonly platforms: readonly string[]
  mapBody(channel: ChannelFacts, bodyText: string): MappedBody
  verifySignature(platform: string, request: SignedRequest): SignatureVerdict
  readDelivery(platform: string, headers: Headers): Delivery
}

export type SignedRequest = {
  readonly headers: Headers
  readonly rawBody: Uint8Array
  readonly secret: string | undefined
  /** Query of the URL; Taobao's SPI signs it. */
  readonly query?: Readonly<Record<string, string | undefined>>
}
