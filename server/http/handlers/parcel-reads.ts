import type { ParcelDetail } from '../../../contract/entities/parcel.ts'
import { canSeeParcel, presentParcel } from '../../domain/access/present-parcel.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { encodePageKey } from '../../kernel/cursor.ts'
import { idToInt8, parseId } from '../../kernel/ids.ts'
import { done, refuse } from '../../kernel/outcome.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import { findParcels, type FoundParcel, listParcels } from '../../store/parcel-reads.ts'
import type { Handlers } from '../handler.ts'
import { cursorInvalid, pageKeyOf, pageOfRows, type ReadDeps } from './read-deps.ts'
import { isOrderInScope } from './show-order.ts'
import { parcelsOf, type PlacedParcel, viewParcels } from './show-parcels.ts'

/** The same words for a parcel that is not there and one out of scope. */
const parcelUnknown = (parcelId: string) =>
  refuse('parcel_unknown', { en: 'there is no such parcel within your scope', zh: '您的范围内没有该包裹' }, { got: parcelId })

/** Parcels by themselves. */
export function parcelReadHandlers(deps: ReadDeps): Pick<Handlers, 'parcel.list' | 'parcel.get'> {
  return {
    'parcel.get': async ({ principal }, { params }) => {
      const parcelId = parseId('par', params.parcelId)
      const found = parcelId === undefined ? [] : await findParcels(deps.pool, [idToInt8(parcelId)])
      const [shown] = await show(deps, principal, found)
      return shown === undefined ? parcelUnknown(params.parcelId) : done(shown)
    },

    'parcel.list': async ({ principal }, { query }) => {
      const limit = query.limit ?? 50
      const key = pageKeyOf('parcels', ['string'], query.cursor, [''])
      if (key.status === 'refused') return key
      const [text] = key.value
      const before = text === '' ? undefined : parseId('par', text)
      if (text !== '' && before === undefined) return cursorInvalid(query.cursor ?? '')
      const { carrierId, trackingNo, state } = query
      const found = await listParcels(deps.pool, principal.scope, { carrierId, trackingNo, state }, before && idToInt8(before), limit + 1)
      const { rows, last } = pageOfRows(found, limit)
      const items = await show(deps, principal, rows)
      return done({ items, ...(last === undefined ? {} : { next: encodePageKey('parcels', [last.parcelId]) }) })
    },
  }
}

/** Found parcels as the viewer may see them, in the order found. */
async function show(deps: ReadDeps, principal: Principal, found: readonly FoundParcel[]): Promise<ParcelDetail[]> {
  const keys = [...new Set(found.map((one) => one.orderId))].map(orderKeyOf)
  const orders = keys.length === 0 ? [] : await readOrders(deps.pool, keys)
  const seen = orders.filter((order) => isOrderInScope(principal.scope, order))
  const byId = new Map(seen.flatMap((order) => parcelsOf(order).map((placed) => [placed.parcel.parcelId, placed])))
  const placed = found
    .flatMap(({ parcelId }): PlacedParcel[] => [byId.get(parcelId)].flatMap((one) => one ?? []))
    .filter(({ work, parcel }) => canSeeParcel(principal, { nodeId: work.nodeId, ...carrierOf(parcel) }))
  const views = await viewParcels(deps, placed)
  return views.flatMap((view, i) => {
    const intake = placed[i]?.order.intake
    if (intake === undefined) return []
    const { orderId, channelId, externalRef } = intake
    return [presentParcel(principal, { orderId, channelId, externalRef, ...view })]
  })
}

const carrierOf = ({ carrierId }: { readonly carrierId?: string }) => (carrierId === undefined ? {} : { carrierId })
