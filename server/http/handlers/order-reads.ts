import type { Order as OrderView } from '../../../contract/entities/order.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { presentEvent } from '../../domain/access/present-event.ts'
import { presentTimeline } from '../../domain/access/present-timeline.ts'
import { canSeeChannel } from '../../domain/access/scope.ts'
import { sightOfRole } from '../../domain/access/sight.ts'
import { viewEvent } from '../../domain/event/logged-event.ts'
import { timelineOf } from '../../domain/order/timeline.ts'
import { encodeCursor, encodePageKey } from '../../kernel/cursor.ts'
import { idToInt8, parseId, shardOfRef } from '../../kernel/ids.ts'
import { done } from '../../kernel/outcome.ts'
import type { SearchIndexes } from '../../store/blind-index.ts'
import { readOrderEvents } from '../../store/log-reads.ts'
import { readOrderAt, readOrderLog } from '../../store/order-history.ts'
import { listOrders, type OrderFilters } from '../../store/order-list.ts'
import { findRefs, orderKeyOf } from '../../store/order-reads.ts'
import { findParcels, type FoundParcel, listParcels } from '../../store/parcel-reads.ts'
import type { Handlers } from '../handler.ts'
import { cursorInvalid, instantIn, pageKeyOf, pageOfRows, type ReadDeps } from './read-deps.ts'
import { findOrder, orderArchived, orderUnknown, showOrder, showSummaries } from './show-order.ts'

/** One order now or as it was, lists and search, and what happened to an order. */
export function orderReadHandlers(deps: ReadDeps): Pick<Handlers, 'order.get' | 'order.list' | 'order.events' | 'order.timeline'> {
  return {
    'order.get': async ({ principal }, { params, query }) => {
      const order = await findOrder(deps, principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      if (query.at === undefined) return { ...done(await showOrder(deps, principal, order)), version: order.state.version }
      const then = await readOrderAt(deps.pool, order.intake, deps.logShards, instantIn('at', query.at), query.by ?? 'recorded')
      if (then === 'archived') return orderArchived(params.orderId, query.at)
      return then === undefined ? orderUnknown(params.orderId) : done(asPast(await showOrder(deps, principal, then)))
    },

    'order.list': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      // A cursor goes on in the direction it came from.
      const direction = query.sort === 'oldest' ? 'up' : 'down'
      const list = direction === 'up' ? 'ordersUp' : 'orders'
      const key = pageKeyOf(list, ['string'], query.cursor, [''])
      if (key.status === 'refused') return key
      const [orderId] = key.value
      const seen = orderId === '' ? undefined : parseId('ord', orderId)
      if (orderId !== '' && seen === undefined) return cursorInvalid(query.cursor ?? '')
      const filters: OrderFilters = {
        phase: query.phase,
        state: query.state,
        channelId: query.channelId,
        accountId: query.accountId,
        nodeId: query.nodeId,
        placedAfter: query.placedAfter === undefined ? undefined : instantIn('placedAfter', query.placedAfter),
        placedBefore: query.placedBefore === undefined ? undefined : instantIn('placedBefore', query.placedBefore),
        among: query.q === undefined ? undefined : await searched(deps, principal, query.q.trim()),
      }
      const found = await listOrders(deps.pool, principal.scope, filters, {
        seen: seen === undefined ? undefined : idToInt8(seen),
        limit: limit + 1,
        direction,
      })
      const { rows, last } = pageOfRows(found, limit)
      const items = await showSummaries(deps, principal, rows)
      return done({ items, ...(last === undefined ? {} : { next: encodePageKey(list, [last.intake.orderId]) }) })
    },

    'order.timeline': async ({ principal }, { params, query }) => {
      const order = await findOrder(deps, principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const key = pageKeyOf('timeline', ['string', 'number'], query.cursor, [params.orderId, 0])
      if (key.status === 'refused') return key
      const [orderId, after] = key.value
      if (orderId !== params.orderId) return cursorInvalid(query.cursor ?? '')
      const { from, events } = await readOrderLog(deps.pool, order.intake, deps.logShards)
      const timeline = presentTimeline(principal, timelineOf(order.intake, events, deps.now(), from))
      const later = timeline.milestones.filter((one) => one.version > after)
      const { rows: milestones, last } = pageOfRows(later, query.limit ?? 50)
      return done({
        ...timeline,
        milestones: [...milestones],
        ...(last === undefined ? {} : { next: encodePageKey('timeline', [orderId, last.version]) }),
      })
    },

    'order.events': async ({ principal }, { params, query }) => {
      const order = await findOrder(deps, principal.scope, params.orderId)
      if (order === undefined) return orderUnknown(params.orderId)
      const limit = query.limit ?? 50
      const key = pageKeyOf('orderEvents', ['string', 'number'], query.cursor, [params.orderId, 0])
      if (key.status === 'refused') return key
      const [orderId, after] = key.value
      if (orderId !== params.orderId || after < 0) return cursorInvalid(query.cursor ?? '')
      const { shard } = order.intake
      const found = await readOrderEvents(deps.pool, orderKeyOf(order.intake.orderId), deps.logShards, after, limit + 1)
      const { rows, last } = pageOfRows(found, limit)
      const place = new Array<number>(deps.logShards).fill(0)
      const items = rows.map((event) => {
        place[shard % deps.logShards] = event.position
        return presentEvent(principal, viewEvent(event, encodeCursor(place)))
      })
      return done({ items, ...(last === undefined ? {} : { next: encodePageKey('orderEvents', [orderId, last.position]) }) })
    },
  }
}

/** What was is not what may be done, nor what is expected now: only the present has actions and estimates. */
function asPast({ eta: _, ...order }: OrderView): OrderView {
  return { ...order, parcels: order.parcels.map(({ eta: __, ...parcel }) => parcel), allowedActions: [] }
}

/**
 * What a search text may name: an order by its id, a channel's reference or a parcel's tracking number or id, or people by phone, e-mail
 * or full name. Only those who see such a field unmasked may search by it: else guessing would read what the mask hides.
 */
async function searched(deps: ReadDeps, principal: Principal, text: string): Promise<NonNullable<OrderFilters['among']>> {
  const orderId = parseId('ord', text)
  const channels = [...deps.memory.channels.keys()].filter((channelId) => canSeeChannel(principal.scope, channelId))
  const refs = channels.map((channelId) => ({ shard: shardOfRef(channelId, text), channelId, externalRef: text }))
  const [found, parcels] = await Promise.all([
    text === '' || refs.length === 0 ? [] : findRefs(deps.pool, refs),
    text === '' ? [] : parcelsNamed(deps, principal, text),
  ])
  const orderIds = [...(orderId === undefined ? [] : [orderId]), ...found.map((ref) => ref.orderId), ...parcels.map((one) => one.orderId)]
  const keys = [...new Set(orderIds)].map(orderKeyOf)
  return { keys, persons: allowedIndexes(deps, principal, text) }
}

/** Carriers use their numbers again after a while: the latest parcels that have it. */
const PARCELS_MAX = 50

function parcelsNamed(deps: ReadDeps, principal: Principal, text: string): Promise<FoundParcel[]> {
  const parcelId = parseId('par', text)
  if (parcelId !== undefined) return findParcels(deps.pool, [idToInt8(parcelId)])
  return listParcels(deps.pool, principal.scope, { trackingNo: text }, undefined, PARCELS_MAX)
}

function allowedIndexes(deps: ReadDeps, principal: Principal, text: string): SearchIndexes | undefined {
  const sight = sightOfRole[principal.role]
  const found = deps.blindIndex.ofSearch(text)
  return {
    phones: sight.phone === 'full' ? found.phones : [],
    emails: sight.email === 'full' ? found.emails : [],
    names: sight.buyerName === 'full' && sight.recipientName === 'full' ? found.names : [],
  }
}
