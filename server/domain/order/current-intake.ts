import type { Order, OrderIntake, OrderState } from './state.ts'

/**
 * The order as it stands after the changes that were confirmed and what its channel said since; given it again, or what was received,
 * it answers the same.
 */
export function currentIntake(intake: OrderIntake, { sale, told }: Pick<OrderState, 'sale' | 'told'>): OrderIntake {
  const received = intake.asReceived ?? intake
  if (sale === undefined) return told === undefined ? received : { ...received, ...told }
  const { requestedService: _, shippingRate: __, ...rest } = received
  return { ...rest, ...sale, ...told, asReceived: received }
}

/** As stored, to what rules see. */
export function currentOrder(order: Order): Order {
  const intake = currentIntake(order.intake, order.state)
  return intake === order.intake ? order : { ...order, intake }
}
