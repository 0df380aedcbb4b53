import type { OutboundDelivery, Webhook as WebhookShown, WebhookDelivery } from '../../../contract/entities/webhook.ts'
import { canManage } from '../../domain/access/grant.ts'
import type { Principal } from '../../domain/access/principal.ts'
import type { EventFilter } from '../../domain/event/event-filter.ts'
import { messageIdOf, secretsAt, subscriptionOf, viewerOf } from '../../engine/outbound/webhook-targets.ts'
import { encodeCursor } from '../../kernel/cursor.ts'
import { parseId } from '../../kernel/ids.ts'
import { done, type Outcome, refuse } from '../../kernel/outcome.ts'
import { instant, toIso } from '../../kernel/time.ts'
import type { Queryable } from '../../store/database.ts'
import type { Delivery } from '../../store/deliveries.ts'
import { type LogHead, readLogHeads } from '../../store/log-reads.ts'
import { type Place, readSubscriptions } from '../../store/subscriptions.ts'
import { readWebhook, type Webhook } from '../../store/webhooks.ts'
import type { WebhookDeps } from './webhook-deps.ts'

/** A webhook is seen and managed by its owner and by those who may see all that it is sent; one without an owner by who gives out access. */
export function mayManage(principal: Principal, webhook: Webhook): boolean {
  if (webhook.ownerId === principal.credentialId) return true
  const viewer = viewerOf(webhook.owner)
  if (viewer === undefined) return principal.permissions.has('access.write')
  return canManage(principal, { ...viewer, permissions: [...viewer.permissions] })
}

/** The webhook of that id, if the principal may manage it; refusal `webhook_unknown`. */
export async function managed(deps: WebhookDeps, principal: Principal, text: string): Promise<Outcome<Webhook>> {
  const webhookId = parseId('whk', text)
  const webhook = webhookId === undefined ? undefined : await readWebhook(deps.pool, webhookId, deps.wallNow())
  if (webhook === undefined || !mayManage(principal, webhook))
    return refuse('webhook_unknown', { en: `there is no webhook ${text} that you may manage`, zh: `没有您可管理的 Webhook ${text}` })
  return done(webhook)
}

/** Webhooks as their managers see them, each with where it stands. */
export async function showWebhooks(db: Queryable, webhooks: readonly Webhook[], wallNow: number): Promise<WebhookShown[]> {
  const places = await readSubscriptions(
    db,
    webhooks.map((webhook) => subscriptionOf(webhook.webhookId)),
  )
  const heads = await readLogHeads(db)
  return webhooks.flatMap((webhook) => {
    const place = places.get(subscriptionOf(webhook.webhookId))
    return place === undefined ? [] : [show(webhook, place, heads, wallNow)] // ended between the two reads
  })
}

function show(webhook: Webhook, place: Place, heads: readonly LogHead[], wallNow: number): WebhookShown {
  return {
    webhookId: webhook.webhookId,
    name: webhook.name,
    url: webhook.url,
    filters: mutable(webhook.filters),
    state: place.state === 'expired' ? 'expired' : viewerOf(webhook.owner) === undefined ? 'ownerless' : webhook.state,
    ownerId: webhook.ownerId,
    version: webhook.version,
    createdAt: toIso(webhook.createdAt),
    cursor: encodeCursor(place.positions),
    lag: lagOf(place, heads),
    ...(place.blockedUntil > wallNow ? { restsUntil: toIso(instant(place.blockedUntil)) } : {}),
    secrets: secretsAt(webhook, wallNow).map(({ endsAt }) => (endsAt === undefined ? {} : { endsAt: toIso(instant(endsAt)) })),
  }
}

function mutable({ types, channels, nodes, carriers }: EventFilter): WebhookShown['filters'] {
  return {
    ...(types === undefined ? {} : { types: [...types] }),
    ...(channels === undefined ? {} : { channels: [...channels] }),
    ...(nodes === undefined ? {} : { nodes: [...nodes] }),
    ...(carriers === undefined ? {} : { carriers: [...carriers] }),
  }
}

/** A delivery as those see it who may see its subscriber. */
export const showDelivery = (delivery: Delivery): OutboundDelivery => ({
  deliveryId: delivery.deliveryId,
  type: delivery.type,
  ...(delivery.orderId === undefined ? {} : { orderId: delivery.orderId }),
  state: delivery.state,
  attempts: delivery.attempts,
  ...(delivery.answer === undefined ? {} : { answer: delivery.answer }),
  ...(delivery.problem === undefined ? {} : { problem: delivery.problem }),
  tookMs: delivery.tookMs,
  triedAt: toIso(delivery.triedAt),
  ...(delivery.nextAt === undefined ? {} : { nextAt: toIso(delivery.nextAt) }),
})

export const showWebhookDelivery = (webhook: Webhook, delivery: Delivery): WebhookDelivery => ({
  ...showDelivery(delivery),
  messageId: messageIdOf(webhook.webhookId, delivery),
})

/** Events of the log behind a place. */
export const lagOf = (place: Place, heads: readonly LogHead[]): number =>
  heads.reduce((sum, head, i) => sum + Math.max(0, head.position - (place.positions[i] ?? 0)), 0)
