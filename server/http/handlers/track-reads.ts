import { presentTrack } from '../../domain/access/present-track.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { toIso } from '../../kernel/time.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import type { TrackLinks } from '../access/track-links.ts'
import type { Handlers } from '../handler.ts'
import type { ReadDeps } from './read-deps.ts'
import { findOrder, orderUnknown } from './show-order.ts'
import { parcelsOf, viewParcels } from './show-parcels.ts'

type TrackDeps = ReadDeps & { readonly trackLinks: TrackLinks }

/** Links to an order for who bought it, and what they show. A wrong link and one that is over are answered alike. */
export function trackReadHandlers(deps: TrackDeps): Pick<Handlers, 'order.trackLink' | 'track.get'> {
  return {
    'order.trackLink': async ({ principal }, { params }) => {
      const order = await findOrder(deps, principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const { token, expiresAt } = deps.trackLinks.make(order.intake.orderId, deps.now())
      return done({ path: `/track#${token}`, expiresAt: toIso(expiresAt) })
    },

    'track.get': async (_, { body }) => {
      const now = deps.now()
      const orderId = deps.trackLinks.open(body.token, now)
      const [order] = orderId === undefined ? [] : await readOrders(deps.pool, [orderKeyOf(orderId)])
      if (order === undefined)
        return refuse('order_unknown', { en: 'the link is not one of this hub, or its time is over', zh: '链接不属于本系统，或已失效' })
      const { memory } = deps
      const channel = memory.channels.get(order.intake.channelId)?.doc
      const names = {
        shop: channel?.name,
        support: channel?.support,
        item: (sku: string) => memory.items.get(sku)?.doc.name,
        node: (nodeId: string) => memory.nodes.get(nodeId)?.doc.name,
        carrier: (carrierId: string) => memory.carriers.get(carrierId)?.doc.name,
      }
      return done(presentTrack(order, await viewParcels(deps, parcelsOf(order)), names, now))
    },
  }
}
