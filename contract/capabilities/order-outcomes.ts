import { checkOutcomes } from '../outcomes/checks.ts'
import { orderOutcomes } from '../outcomes/order.ts'
import { reservationOutcomes } from '../outcomes/reservation.ts'

/** Refusals that placing an order may give, in the order in which they are found. */
export const orderLineOutcomes: readonly string[] = [
  ...Object.keys(reservationOutcomes),
  ...Object.keys(orderOutcomes),
  ...Object.keys(checkOutcomes),
].filter((code) => !/^(bundle_not_reservable|reservation_key_conflict|void_|refund_|chargeback_)/.test(code))
