import { events } from '../../../contract/events.ts'
import { permissionsOfRole } from '../../../contract/access.ts'
import { presentEvent } from '../../domain/access/present-event.ts'
import type { Viewer } from '../../domain/access/sight.ts'
import { cloudEventOf } from '../../domain/event/cloud-event.ts'
import { matchesType, wantsEvent } from '../../domain/event/event-filter.ts'
import { isEventInScope, viewEvent } from '../../domain/event/logged-event.ts'
import type { WebhookId } from '../../kernel/ids.ts'
import type { Queryable } from '../../store/database.ts'
import { openSecret } from '../../store/secret-seal.ts'
import { readSubscriptions } from '../../store/subscriptions.ts'
import type { Vault } from '../../store/vault.ts'
import { giveUpWebhook, listWebhooks, type OwnerGrant, type Webhook } from '../../store/webhooks.ts'
import type { WebhookSender } from '../ports/webhook-sender.ts'
import type { Watch } from '../watch.ts'
import type { PlacedEvent, PlacedTarget, Target, TargetSource } from './target.ts'

/** Webhooks of one hub. */
export const WEBHOOKS_MAX = 500

/** Messages under way to one webhook. */
const WINDOW = 16

export const subscriptionOf = (webhookId: WebhookId): string => `webhook:${webhookId}`

/** Names one event to one webhook, at every attempt and replay the same: what receivers deduplicate by. */
export const messageIdOf = (webhookId: WebhookId, event: { readonly logShard: number; readonly position: number }): string =>
  `msg_${webhookId.slice(4)}_${event.logShard}_${event.position}`

/** The secrets that sign now, newest first. */
export const secretsAt = (webhook: Pick<Webhook, 'secrets'>, wallNow: number) =>
  webhook.secrets.filter((secret) => secret.endsAt === undefined || secret.endsAt > wallNow)

/** Who looks when events are sent to the webhook; undefined when nobody may look for it any more. */
export function viewerOf(owner: OwnerGrant | undefined): Viewer | undefined {
  if (owner === undefined) return undefined
  const ofRole = permissionsOfRole[owner.role]
  const permissions = new Set((owner.permissions ?? ofRole).filter((one) => ofRole.includes(one)))
  return permissions.has('event.read') ? { role: owner.role, scope: owner.scope, permissions } : undefined
}

type Deps = {
  readonly pool: Queryable
  readonly vault: Vault
  readonly wallNow: () => number
  readonly sender: WebhookSender
  readonly gauge: Watch['gauge']
}

/** All webhooks as targets, with what their owners may see at this moment. */
export function webhookTargets(deps: Deps): TargetSource {
  const bodies = new SharedBodies()
  const secrets = new OpenedSecrets(deps.vault)
  return async () => {
    const webhooks = await listWebhooks(deps.pool, undefined, WEBHOOKS_MAX, deps.wallNow())
    deps.gauge('goneWebhooks', webhooks.filter((webhook) => webhook.state === 'gone').length)
    const places = await readSubscriptions(
      deps.pool,
      webhooks.map((webhook) => subscriptionOf(webhook.webhookId)),
    )
    return webhooks.flatMap((webhook): PlacedTarget[] => {
      const place = places.get(subscriptionOf(webhook.webhookId))
      return place === undefined ? [] : [{ place, target: targetOf(deps, webhook, bodies, secrets) }]
    })
  }
}

function targetOf({ pool, sender, wallNow }: Deps, webhook: Webhook, bodies: SharedBodies, secrets: OpenedSecrets): Target {
  const viewer = viewerOf(webhook.owner)
  const { filters } = webhook
  return {
    subscription: subscriptionOf(webhook.webhookId),
    isPaused: webhook.state !== 'active' || viewer === undefined,
    types: filters.types === undefined ? undefined : typesOf(filters.types),
    scope: viewer?.scope ?? {},
    window: WINDOW,
    gone: () => giveUpWebhook(pool, webhook),
    wants: (event) => viewer !== undefined && wantsEvent(filters, event) && isEventInScope(viewer.scope, event),
    send: (event, cursor) =>
      viewer === undefined
        ? Promise.resolve({ kind: 'forbidden', problem: 'its owner may see nothing any more' })
        : sender.send({
            url: webhook.url,
            messageId: messageIdOf(webhook.webhookId, event),
            body: bodies.of(event, viewer, cursor),
            secrets: secretsAt(webhook, wallNow()).map(({ sealed }) => secrets.open(webhook.webhookId, sealed)),
          }),
  }
}

const typesOf = (patterns: readonly string[]): string[] =>
  Object.keys(events).filter((type) => patterns.some((pattern) => matchesType(pattern, type)))

/** Webhooks of one role and scope are sent the same text, made once an event. */
class SharedBodies {
  private readonly bodies = new WeakMap<PlacedEvent, Map<string, string>>()
  private readonly rights = new WeakMap<Viewer, string>()

  of(event: PlacedEvent, viewer: Viewer, cursor: string): string {
    let ofEvent = this.bodies.get(event)
    if (ofEvent === undefined) this.bodies.set(event, (ofEvent = new Map()))
    let rights = this.rights.get(viewer)
    if (rights === undefined) this.rights.set(viewer, (rights = JSON.stringify([viewer.role, viewer.scope])))
    const key = `${cursor} ${rights}`
    let body = ofEvent.get(key)
    if (body === undefined) {
      const shown = presentEvent(viewer, viewEvent(event, cursor))
      ofEvent.set(key, (body = JSON.stringify(cloudEventOf(shown, event.logShard, event.position))))
    }
    return body
  }
}

/** Secrets as they are used, kept open while they are; as many as there can be. */
class OpenedSecrets {
  private readonly vault: Vault
  private readonly opened = new Map<string, string>()

  constructor(vault: Vault) {
    this.vault = vault
  }

  open(webhookId: WebhookId, sealed: string): string {
    const known = this.opened.get(sealed)
    if (known !== undefined) return known
    const secret = openSecret(this.vault, webhookId, sealed)
    if (this.opened.size >= 3 * WEBHOOKS_MAX) this.opened.clear()
    this.opened.set(sealed, secret)
    return secret
  }
}
