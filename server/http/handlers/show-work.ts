import type { FulfillmentOrderDetail } from '../../../contract/entities/fulfillment-order.ts'
import type { Principal } from '../../domain/access/principal.ts'
import { canSeeWork, presentWork } from '../../domain/access/present-work.ts'
import type { Viewer } from '../../domain/access/sight.ts'
import { viewWork } from '../../domain/fulfillment/view-work.ts'
import type { Order, PlannedOrder } from '../../domain/order/state.ts'
import { idToInt8, parseId } from '../../kernel/ids.ts'
import { refuse } from '../../kernel/outcome.ts'
import { findFulfillmentOrders, type FoundWork } from '../../store/fulfillment-reads.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import { readPersons } from '../../store/person-reads.ts'
import { namesOf, type ReadDeps } from './read-deps.ts'
import { isOrderInScope } from './show-order.ts'

/** The same words for work that is not there and work out of scope. */
export const workUnknown = (fulfillmentOrderId: string) =>
  refuse(
    'fulfillment_order_unknown',
    { en: 'there is no such fulfillment order within your scope', zh: '您的范围内没有该履约单' },
    { got: fulfillmentOrderId },
  )

export type Located = { readonly order: Order; readonly work: PlannedOrder }

/** The work behind each of these ids, where it exists and lies inside the scope. */
export async function findWorks(
  deps: Pick<ReadDeps, 'pool'>,
  principal: Pick<Principal, 'scope'>,
  texts: readonly string[],
): Promise<ReadonlyMap<string, Located>> {
  const ids = [...new Set(texts)].flatMap((text) => parseId('ful', text) ?? [])
  const found = ids.length === 0 ? [] : await findFulfillmentOrders(deps.pool, ids.map(idToInt8))
  return locate(deps, principal, found)
}

/** Reads the orders of found work, in the order of what was found. */
export async function locate(
  deps: Pick<ReadDeps, 'pool'>,
  principal: Pick<Principal, 'scope'>,
  found: readonly FoundWork[],
): Promise<ReadonlyMap<string, Located>> {
  const keys = [...new Set(found.map((one) => one.orderId))].map(orderKeyOf)
  const orders = new Map((keys.length === 0 ? [] : await readOrders(deps.pool, keys)).map((order) => [order.intake.orderId, order]))
  const located = new Map<string, Located>()
  for (const { orderId, fulfillmentOrderId } of found) {
    const order = orders.get(orderId)
    const work = order?.state.fulfillmentOrders.find((one) => one.fulfillmentOrderId === fulfillmentOrderId)
    if (order === undefined || work === undefined) continue
    if (isOrderInScope(principal.scope, order) && canSeeWork(principal, work)) located.set(fulfillmentOrderId, { order, work })
  }
  return located
}

/** Work as the viewer may see it; the people it goes to are read and opened here. */
export async function showWorks(
  deps: Pick<ReadDeps, 'pool' | 'vault' | 'memory'>,
  viewer: Viewer,
  works: readonly Located[],
): Promise<FulfillmentOrderDetail[]> {
  const keys = [...new Set(works.map(({ order }) => order.intake.orderId))].map(orderKeyOf)
  const persons = keys.length === 0 ? new Map() : await readPersons(deps.pool, deps.vault, keys)
  return works.map(({ order, work }) => {
    const person = persons.get(order.intake.orderId)
    const view = viewWork(order, work, person, namesOf(deps.memory, order.intake.channelId))
    return presentWork(viewer, { ...view, ...(person === 'erased' ? { personErased: true } : {}) })
  })
}
