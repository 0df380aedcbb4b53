import type { Order } from '../../domain/order/state.ts'
import type { OrderId } from '../../kernel/ids.ts'
import { TransientMap } from '../../kernel/transient-map.ts'

const RECENT_MAX = 4096

/**
 * Orders as this process last committed them: what follows soon (the next step at a node, the next scan) is decided without reading them
 * back. They are a guess: another process may have moved one since. A change is guarded by the version of its locked row; an answer that
 * changes nothing has no such guard, so it is given on an order that was read.
 */
export class RecentOrders {
  /** The one used longest ago comes first. */
  private readonly orders = new TransientMap<OrderId, Order>()

  get(orderId: OrderId): Order | undefined {
    const order = this.orders.get(orderId)
    if (order !== undefined) this.keep(order)
    return order
  }

  /** The orders of these attempts that need no reading: they are not under way, and nobody was taken out of a batch because of them. */
  among(
    acts: readonly { readonly attempt: { readonly lookUp: boolean }; readonly orderId: OrderId }[],
    isUnderWay: (orderId: OrderId) => boolean,
  ): ReadonlyMap<OrderId, Order> {
    const found = new Map<OrderId, Order>()
    for (const { attempt, orderId } of acts) {
      const order = attempt.lookUp || isUnderWay(orderId) ? undefined : this.get(orderId)
      if (order !== undefined) found.set(orderId, order)
    }
    return found
  }

  keep(order: Order): void {
    const { orderId } = order.intake
    this.orders.set(orderId, order)
    if (this.orders.size <= RECENT_MAX) return
    const [oldest] = this.orders.keys()
    if (oldest !== undefined) this.orders.delete(oldest)
  }

  forget(orderId: OrderId): void {
    this.orders.delete(orderId)
  }
}
