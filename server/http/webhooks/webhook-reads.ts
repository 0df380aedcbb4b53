import { subscriptionOf } from '../../engine/outbound/webhook-targets.ts'
import { present } from '../../kernel/assert.ts'
import { parseId } from '../../kernel/ids.ts'
import { done } from '../../kernel/outcome.ts'
import { listDeliveries } from '../../store/deliveries.ts'
import { listWebhooks } from '../../store/webhooks.ts'
import type { Handlers } from '../handler.ts'
import { cursorInvalid, pageOfRows } from '../handlers/read-deps.ts'
import type { WebhookDeps } from './webhook-deps.ts'
import { managed, mayManage, showWebhookDelivery, showWebhooks } from './webhook-view.ts'

type Names = 'webhook.list' | 'webhook.get' | 'webhook.deliveries'

/** Webhooks and what was sent to them, for those who may see it all. */
export function webhookReadHandlers(deps: WebhookDeps): Pick<Handlers, Names> {
  return {
    'webhook.list': async ({ principal }, { query }) => {
      const after = query.cursor === undefined ? undefined : parseId('whk', query.cursor)
      if (query.cursor !== undefined && after === undefined) return cursorInvalid(query.cursor)
      const limit = query.limit ?? 50
      const { rows, last } = pageOfRows(await listWebhooks(deps.pool, after, limit + 1, deps.wallNow()), limit)
      const mine = rows.filter((webhook) => mayManage(principal, webhook))
      const items = await showWebhooks(deps.pool, mine, deps.wallNow())
      return done({ items, ...(last === undefined ? {} : { next: last.webhookId }) })
    },

    'webhook.get': async ({ principal }, { params }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      const [shown] = await showWebhooks(deps.pool, [found.value], deps.wallNow())
      const value = present(shown, 'the subscription of a webhook')
      return { status: 'done', value, version: value.version }
    },

    'webhook.deliveries': async ({ principal }, { params, query }) => {
      const found = await managed(deps, principal, params.webhookId)
      if (found.status === 'refused') return found
      const before = query.cursor === undefined ? undefined : parseId('dlv', query.cursor)
      if (query.cursor !== undefined && before === undefined) return cursorInvalid(query.cursor)
      const limit = query.limit ?? 50
      const all = await listDeliveries(deps.pool, subscriptionOf(found.value.webhookId), before, query.state, limit + 1)
      const { rows, last } = pageOfRows(all, limit)
      const items = rows.map((delivery) => showWebhookDelivery(found.value, delivery))
      return done({ items, ...(last === undefined ? {} : { next: last.deliveryId }) })
    },
  }
}
