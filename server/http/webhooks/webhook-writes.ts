import { events } from '../../../contract/events.ts'
import { CLOUD_EVENT_SOURCE, type CloudEvent } from '../../../contract/cloud-event.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { type EventFilter, matchesType } from '../../domain/event/event-filter.ts'
import { judgeAnswer } from '../../domain/outbound/answer.ts'
import { secretsAt, subscriptionOf, viewerOf, WEBHOOKS_MAX } from '../../engine/outbound/webhook-targets.ts'
import { present } from '../../kernel/assert.ts'
import { encodeCursor } from '../../kernel/cursor.ts'
import { parseId, type WebhookId } from '../../kernel/ids.ts'
import { done, type Refusal, refuse } from '../../kernel/outcome.ts'
import { HOUR, instant, toIso } from '../../kernel/time.ts'
import { transaction } from '../../store/database.ts'
import { replayDelivery } from '../../store/deliveries.ts'
import { readLogHeads } from '../../store/log-reads.ts'
import { openSecret, sealSecret } from '../../store/secret-seal.ts'
import { endSubscription, rewindSubscription, startSubscription } from '../../store/subscriptions.ts'
import {
  changeWebhook,
  countWebhooks,
  deleteWebhook,
  insertWebhook,
  readWebhook,
  type Webhook,
  type WebhookState,
} from '../../store/webhooks.ts'
import { once } from '../access/once.ts'
import type { RequestContext } from '../context.ts'
import type { Handlers } from '../handler.ts'
import { positionsOf } from '../handlers/event-reads.ts'
import type { WebhookDeps } from './webhook-deps.ts'
import { managed, showWebhookDelivery, showWebhooks } from './webhook-view.ts'

type Names =
  | 'webhook.create'
  | 'webhook.change'
  | 'webhook.delete'
  | 'webhook.test'
  | 'webhook.rotate'
  | 'webhook.pause'
  | 'webhook.resume'
  | 'webhook.replay'
  | 'webhook.redeliver'
type Wanted = { readonly url: string; readonly filters?: EventFilter | undefined }

/** Secrets that may sign at once: the newest and two that end. */
const SECRETS_MAX = 3

/** Webhooks made, changed, tried and ended by those who may see all that they are sent. */
export function webhookWriteHandlers(deps: WebhookDeps): Pick<Handlers, Names> {
  const now = () => instant(deps.wallNow())
  /** The webhook as it is after a write of this request. */
  const shown = async (webhookId: WebhookId) => {
    const webhook = present(await readWebhook(deps.pool, webhookId, deps.wallNow()), 'the webhook just written')
    deps.onChanged()
    return present((await showWebhooks(deps.pool, [webhook], deps.wallNow()))[0], 'the subscription of a webhook')
  }
  const setState =
    (state: WebhookState) =>
    async ({ principal }: RequestContext<Principal>, { params }: { params: { webhookId: string } }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      if (found.value.state !== state) await changeWebhook(deps.pool, found.value.webhookId, { state })
      return done(await shown(found.value.webhookId))
    }
  return {
    'webhook.create': async (context, { body }) => {
      const { principal } = context
      const made = await once({ pool: deps.pool, wallMs: deps.wallNow }, context, async (client) => {
        const refusal = refusalOf(deps, principal, body)
        if (refusal !== undefined) return refusal
        const heads = await readLogHeads(client)
        const from = body.after === undefined ? done(heads.map((head) => head.position)) : positionsOf(heads, body.after)
        if (from.status === 'refused') return from
        if ((await countWebhooks(client)) >= WEBHOOKS_MAX)
          return refuse(
            'webhook_limit_reached',
            { en: `there are ${WEBHOOKS_MAX} webhooks already`, zh: `已有 ${WEBHOOKS_MAX} 个 Webhook` },
            { expected: `fewer than ${WEBHOOKS_MAX}` },
          )
        const webhookId = deps.ids.next('whk', 0)
        const sealed = sealSecret(deps.vault, webhookId, deps.sender.newSecret())
        const { name, url, filters = {} } = body
        const ownerId = principal.credentialId
        await insertWebhook(client, { webhookId, name, url, filters, ownerId, secrets: [{ sealed }], createdAt: now() })
        await startSubscription(client, subscriptionOf(webhookId), from.value, now())
        return { status: 'done', id: webhookId, sealed }
      })
      if ('status' in made) return made
      const webhookId = present(parseId('whk', made.kept.id), 'the id of the new webhook')
      const secret = openSecret(deps.vault, webhookId, present(made.kept.sealed, 'the secret of the new webhook'))
      return { status: 'done', value: { ...(await shown(webhookId)), secret }, location: `/v1/webhooks/${webhookId}` }
    },

    'webhook.change': async ({ principal, ifMatch }, { params, body }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      const refusal = refusalOf(deps, principal, { ...found.value, ...body })
      if (refusal !== undefined) return refusal
      if (!(await changeWebhook(deps.pool, found.value.webhookId, body, ifMatch)))
        return refuse(
          'version_conflict',
          { en: 'the webhook was changed since it was read', zh: '该 Webhook 在读取之后已被更改' },
          { expected: ifMatch, got: found.value.version },
        )
      const value = await shown(found.value.webhookId)
      return { status: 'done', value, version: value.version }
    },

    'webhook.delete': async ({ principal }, { params }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      await transaction(deps.pool, async (client) => {
        await endSubscription(client, subscriptionOf(found.value.webhookId))
        await deleteWebhook(client, found.value.webhookId)
      })
      deps.onChanged()
      return done({ deleted: true as const })
    },

    'webhook.test': async ({ principal }, { params }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      const startedAt = deps.wallNow()
      const answer = await deps.sender.send(testMessage(deps, found.value, await headCursor(deps)))
      const verdict = judgeAnswer(answer)
      return done({
        delivered: verdict.kind === 'delivered',
        ...(answer.kind === 'answered' ? { answer: answer.status } : {}),
        ...(verdict.kind === 'delivered' ? {} : { problem: verdict.problem }),
        tookMs: Math.max(0, deps.wallNow() - startedAt),
      })
    },

    'webhook.rotate': async (context, { params, body }) => {
      const found = await managed(deps, context.principal, params.webhookId)
      if (found.status === 'refused') return found
      const { webhookId } = found.value
      const endsAt = deps.wallNow() + (body.overlapHours ?? 24) * HOUR
      const made = await once({ pool: deps.pool, wallMs: deps.wallNow }, context, async (client) => {
        const sealed = sealSecret(deps.vault, webhookId, deps.sender.newSecret())
        const older = secretsAt(found.value, deps.wallNow()).map((one) => ({ ...one, endsAt: Math.min(one.endsAt ?? endsAt, endsAt) }))
        await changeWebhook(client, webhookId, { secrets: [{ sealed }, ...older].slice(0, SECRETS_MAX) })
        return { status: 'done', id: webhookId, sealed }
      })
      if ('status' in made) return made
      const secret = openSecret(deps.vault, webhookId, present(made.kept.sealed, 'the new secret'))
      return done({ ...(await shown(webhookId)), secret })
    },

    'webhook.pause': setState('paused'),
    'webhook.resume': setState('active'),

    'webhook.replay': async ({ principal }, { params, body }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      const from = positionsOf(await readLogHeads(deps.pool), body.after)
      if (from.status === 'refused') return from
      await rewindSubscription(deps.pool, subscriptionOf(found.value.webhookId), from.value, now())
      return done(await shown(found.value.webhookId))
    },

    'webhook.redeliver': async ({ principal }, { params }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      const deliveryId = present(parseId('dlv', params.deliveryId), 'a delivery id that the schema let pass')
      const delivery = await replayDelivery(deps.pool, deliveryId, subscriptionOf(found.value.webhookId), now())
      if (delivery === undefined)
        return refuse('delivery_unknown', {
          en: `this webhook has no delivery ${params.deliveryId}`,
          zh: `该 Webhook 没有发送记录 ${params.deliveryId}`,
        })
      deps.onChanged()
      return done(showWebhookDelivery(found.value, delivery))
    },
  }
}

/** What is wrong with a webhook as it would be, or undefined. */
function refusalOf(deps: WebhookDeps, principal: Principal, { url, filters }: Wanted): Refusal | undefined {
  if (viewerOf({ ...principal, permissions: [...principal.permissions] }) === undefined)
    return refuse(
      'permission_exceeds_own',
      { en: 'you do not have the permission event.read yourself', zh: '您自己没有权限 event.read' },
      { expected: 'event.read' },
    )
  const unknown = filters?.types?.find((pattern) => !Object.keys(events).some((type) => matchesType(pattern, type)))
  if (unknown !== undefined)
    return refuse(
      'event_type_unknown',
      { en: `no event is called ${unknown}`, zh: `没有名为 ${unknown} 的事件` },
      { pointer: '/filters/types', got: unknown },
    )
  const problem = deps.sender.refusalOf(url)
  return problem === undefined ? undefined : refuse('webhook_target_refused', problem, { pointer: '/url', got: url })
}

const headCursor = async (deps: WebhookDeps): Promise<string> => encodeCursor((await readLogHeads(deps.pool)).map((head) => head.position))

/** A message that looks like any other and changes nothing: it is not of the log, so its id names the moment. */
function testMessage(deps: WebhookDeps, webhook: Webhook, cursor: string) {
  const wallNow = deps.wallNow()
  const at = toIso(instant(wallNow))
  const event: CloudEvent = {
    specversion: '1.0',
    id: `test-${wallNow}`,
    source: CLOUD_EVENT_SOURCE,
    type: 'webhook.test',
    subject: webhook.webhookId,
    time: at,
    datacontenttype: 'application/json',
    dataversion: 1,
    subjectkind: 'webhook',
    subjectversion: webhook.version,
    recordedtime: at,
    cursor,
    actorkind: 'person',
    actorid: webhook.ownerId,
    data: {},
  }
  return {
    url: webhook.url,
    messageId: `msg_${webhook.webhookId.slice(4)}_test_${wallNow}`,
    body: JSON.stringify(event),
    secrets: secretsAt(webhook, wallNow).map(({ sealed }) => openSecret(deps.vault, webhook.webhookId, sealed)),
  }
}
