import type { Order, OrderIntake, OrderState } from './state.ts'

/** The order as it stands after the changes that were confirmed; given it again, or what was received, it answers the same. */
export function currentIntake(intake: OrderIntake, { sale }: Pick<OrderState, 'sale'>): OrderIntake {
  const received = intake.asReceived ?? intake
  if (sale === undefined) return received
  const { requestedService: _, shippingRate: __, ...rest } = received
  return { ...rest, ...sale, asReceived: received }
}

/** As stored, to what rules see. */
export function currentOrder(order: Order): Order {
  const intake = currentIntake(order.intake, order.state)
  return intake === order.intake ? order : { ...order, intake }
}
