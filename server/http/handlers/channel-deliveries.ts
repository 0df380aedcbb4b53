import type { Principal } from '../../domain/access/principal.ts'
import { canSeeChannel } from '../../domain/access/scope.ts'
import type { Memory } from '../../engine/memory.ts'
import { channelSubscription } from '../../engine/outbound/channel-targets.ts'
import { present } from '../../kernel/assert.ts'
import { encodeCursor } from '../../kernel/cursor.ts'
import { parseId } from '../../kernel/ids.ts'
import { done, type Refusal, refuse } from '../../kernel/outcome.ts'
import { instant, toIso } from '../../kernel/time.ts'
import type { Pool } from '../../store/database.ts'
import { listDeliveries, replayDelivery } from '../../store/deliveries.ts'
import { readLogHeads } from '../../store/log-reads.ts'
import { type Place, readSubscriptions } from '../../store/subscriptions.ts'
import type { Handlers } from '../handler.ts'
import { lagOf, showDelivery } from '../webhooks/webhook-view.ts'
import { cursorInvalid, pageOfRows } from './read-deps.ts'

type Deps = { readonly memory: Memory; readonly pool: Pool; readonly wallNow: () => number; readonly onChanged: () => void }

/** What was written back to a channel's platform, for those who see the channel. */
export function channelDeliveryHandlers(deps: Deps): Pick<Handlers, 'channel.deliveries' | 'channel.redeliver'> {
  const unseen = ({ scope }: Principal, channelId: string): Refusal | undefined =>
    deps.memory.channels.has(channelId) && canSeeChannel(scope, channelId)
      ? undefined
      : refuse(
          'entity_unknown',
          { en: `there is no channel "${channelId}" within your scope`, zh: `您的范围内没有渠道“${channelId}”` },
          { got: channelId },
        )
  return {
    'channel.deliveries': async ({ principal }, { params: { channelId }, query }) => {
      const refusal = unseen(principal, channelId)
      if (refusal !== undefined) return refusal
      const before = query.cursor === undefined ? undefined : parseId('dlv', query.cursor)
      if (query.cursor !== undefined && before === undefined) return cursorInvalid(query.cursor)
      const limit = query.limit ?? 50
      const subscription = channelSubscription(channelId)
      const { rows, last } = pageOfRows(await listDeliveries(deps.pool, subscription, before, query.state, limit + 1), limit)
      const place = (await readSubscriptions(deps.pool, [subscription])).get(subscription)
      return done({
        items: rows.map(showDelivery),
        ...(last === undefined ? {} : { next: last.deliveryId }),
        ...(place === undefined ? {} : { place: await showPlace(deps, place) }),
      })
    },

    'channel.redeliver': async ({ principal }, { params: { channelId, deliveryId } }) => {
      const refusal = unseen(principal, channelId)
      if (refusal !== undefined) return refusal
      const id = present(parseId('dlv', deliveryId), 'a delivery id that the schema let pass')
      const delivery = await replayDelivery(deps.pool, id, channelSubscription(channelId), instant(deps.wallNow()))
      if (delivery === undefined)
        return refuse('delivery_unknown', {
          en: `the channel ${channelId} has no delivery ${deliveryId}`,
          zh: `渠道 ${channelId} 没有发送记录 ${deliveryId}`,
        })
      deps.onChanged()
      return done(showDelivery(delivery))
    },
  }
}

async function showPlace({ pool, wallNow }: Deps, place: Place) {
  return {
    cursor: encodeCursor(place.positions),
    lag: lagOf(place, await readLogHeads(pool)),
    state: place.state,
    ...(place.blockedUntil > wallNow() ? { restsUntil: toIso(instant(place.blockedUntil)) } : {}),
  }
}
