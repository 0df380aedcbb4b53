import type { OrderSummary } from '../../../contract/entities/order-summary.ts'
import type { Order as OrderView } from '../../../contract/entities/order.ts'
import type { Scope } from '../../domain/access/principal.ts'
import { presentOrder, presentOrderSummary } from '../../domain/access/present-order.ts'
import { canSeeOrder } from '../../domain/access/scope.ts'
import type { Viewer } from '../../domain/access/sight.ts'
import { carriersOf } from '../../domain/order/carriers-of.ts'
import type { Order } from '../../domain/order/state.ts'
import { viewOrder, viewOrderSummary } from '../../domain/order/view.ts'
import { type OrderId, parseId } from '../../kernel/ids.ts'
import { refuse } from '../../kernel/outcome.ts'
import { readOrderAtVersion } from '../../store/order-history.ts'
import { orderKeyOf, readOrders } from '../../store/order-reads.ts'
import { readPersons } from '../../store/person-reads.ts'
import { namesOf, type ReadDeps } from './read-deps.ts'
import { type ParcelDeps, parcelsOf, viewParcels } from './show-parcels.ts'

/** The same words for an order that is not there and one out of scope: an answer must not tell them apart. */
export const orderUnknown = (orderId: string) =>
  refuse('order_unknown', { en: 'there is no such order within your scope', zh: '您的范围内没有该订单' }, { got: orderId })

/** Its events of then are archived: the hub no longer knows how it was. */
export const orderArchived = (orderId: string, at: string) =>
  refuse(
    'history_archived',
    { en: `the events that tell how ${orderId} was at that time are archived`, zh: `能说明 ${orderId} 当时状态的事件已归档` },
    { pointer: '/at', got: at },
  )

/** The order, or undefined where it does not exist or lies outside the scope. */
export async function findOrder(deps: Pick<ReadDeps, 'pool'>, scope: Scope, text: string): Promise<Order | undefined> {
  const orderId = parseId('ord', text)
  if (orderId === undefined) return undefined
  const [order] = await readOrders(deps.pool, [orderKeyOf(orderId)])
  return order !== undefined && isOrderInScope(scope, order) ? order : undefined
}

/** Asked of every node and carrier that ever worked on it. */
export function isOrderInScope(scope: Scope, { intake, state }: Order): boolean {
  return canSeeOrder(scope, {
    channelId: intake.channelId,
    nodeIds: state.fulfillmentOrders.map((one) => one.nodeId),
    carrierIds: carriersOf(state),
    customerRef: intake.customerRef,
    accountId: intake.accountId,
  })
}

export type ShowDeps = ParcelDeps & Pick<ReadDeps, 'vault'>

/** An order as the viewer may see it; its person is read and opened here, and what its parcels have beside it. */
export async function showOrder(deps: ShowDeps, viewer: Viewer, order: Order): Promise<OrderView> {
  const { orderId, channelId } = order.intake
  const [persons, parcels] = await Promise.all([
    readPersons(deps.pool, deps.vault, [orderKeyOf(orderId)]),
    viewParcels(deps, parcelsOf(order)),
  ])
  return presentOrder(viewer, viewOrder(order, persons.get(orderId), namesOf(deps.memory, channelId), parcels))
}

/** The order at the version that a stored answer holds; as it is now where the log no longer tells. */
export async function readAnswered(
  deps: Pick<ReadDeps, 'pool' | 'logShards'>,
  orderId: OrderId,
  version: number | undefined,
): Promise<Order | undefined> {
  const [now] = await readOrders(deps.pool, [orderKeyOf(orderId)])
  if (now === undefined || version === undefined || now.state.version === version) return now
  const then = await readOrderAtVersion(deps.pool, now.intake, deps.logShards, version)
  return then === undefined || then === 'archived' ? now : then
}

/** Rows of a list as the viewer may see them. */
export async function showSummaries(
  deps: Pick<ReadDeps, 'pool' | 'vault' | 'memory'>,
  viewer: Viewer,
  orders: readonly Order[],
): Promise<OrderSummary[]> {
  const persons = await readPersons(
    deps.pool,
    deps.vault,
    orders.map((order) => orderKeyOf(order.intake.orderId)),
  )
  return orders.map((order) => {
    const { orderId, channelId } = order.intake
    return presentOrderSummary(viewer, viewOrderSummary(order, persons.get(orderId), namesOf(deps.memory, channelId)))
  })
}
