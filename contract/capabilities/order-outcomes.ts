import { checkOutcomes } from '../outcomes/checks.ts'
import { orderOutcomes } from '../outcomes/order.ts'

/** Refusals that placing an order may give, in the order in which they are found. */
export const orderLineOutcomes: readonly string[] = [...Object.keys(orderOutcomes), ...Object.keys(checkOutcomes)].filter(
  (code) => !/^(node_unknown|reservation_expired|void_|refund_|chargeback_)/.test(code),
)
