import type { Delivery, Headers } from '../../engine/ports/channel-mapper.ts'
import { parseInstant } from '../../kernel/time.ts'
import { defined } from './fields.ts'
import { headerOf } from './signatures.ts'

type Names = { readonly topic: string; readonly deliveryId: readonly string[]; readonly triggeredAt?: string; readonly test?: string }

/** Headers by which platforms describe a delivery. */
const names: Readonly<Record<string, Names>> = {
  shopify: {
    topic: 'x-shopify-topic',
    deliveryId: ['x-shopify-webhook-id', 'x-shopify-event-id'],
    triggeredAt: 'x-shopify-triggered-at',
    test: 'x-shopify-test',
  },
  woocommerce: { topic: 'x-wc-webhook-topic', deliveryId: ['x-wc-webhook-delivery-id'] },
  douyin: { topic: 'event-tag', deliveryId: ['event-id', 'msg-id'] },
  taobao: { topic: 'topic', deliveryId: ['msg-id'] },
}
const cancellations = /(?:^|[./_])(?:orders?|trade)[./_]?(?:cancelled|canceled|deleted?|close[d]?)$/i

/** What the headers say: topic (`orders/create`, `order.updated`), the delivery's id, a test call. */
export function readDelivery(platform: string, headers: Headers): Delivery {
  const name = Object.hasOwn(names, platform) ? names[platform] : undefined
  const read = (header: string | undefined): string | undefined => (header === undefined ? undefined : headerOf(headers, header))
  const topic = read(name?.topic)
  const triggeredAt = read(name?.triggeredAt)
  return {
    ...defined({
      topic,
      deliveryId: name?.deliveryId.map(read).find((id) => id !== undefined),
      triggeredAt: triggeredAt === undefined ? undefined : parseInstant(triggeredAt),
    }),
    isTest: read(name?.test) === 'true',
    isCancellation: topic !== undefined && cancellations.test(topic),
  }
}
