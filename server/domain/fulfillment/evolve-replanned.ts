import type { EventData } from '../../../contract/events.ts'
import { lineNosOf } from '../order/line-nos.ts'
import { plannedOf, promiseAfter } from '../order/planned.ts'
import { addReservations } from '../order/reservation.ts'
import type { OrderIntake, OrderState } from '../order/state.ts'
import { lessen } from './evolve-work.ts'
import { countLines } from './line-progress.ts'

/** Why work ended: its order was planned again together with others, before anybody began. */
export const REPLANNED = 'replanned'

/** All of an order's work goes to the nodes of its new plan, with the stock; its lines stay allocated. */
export function replanned(intake: OrderIntake, state: OrderState, data: EventData<'order.replanned'>): OrderState {
  const lineNos = lineNosOf(intake.lines)
  const gone = new Set(data.works.map((work) => work.fulfillmentOrderId))
  const units = state.fulfillmentOrders
    .filter((work) => gone.has(work.fulfillmentOrderId))
    .flatMap(({ nodeId, lines }) => lines.map(({ lineNo, sku, quantity }) => ({ lineNo, sku, nodeId, quantity })))
  return countLines(intake, {
    ...state,
    decisionNo: data.decisionNo,
    promise: promiseAfter(data.promise),
    reservations: addReservations(lessen(state.reservations, units, 'released'), data.reserved, 'committed', lineNos),
    fulfillmentOrders: [
      ...state.fulfillmentOrders.map((work) =>
        gone.has(work.fulfillmentOrderId) ? { ...work, work: 'cancelled' as const, version: work.version + 1, reason: REPLANNED } : work,
      ),
      ...data.fulfillmentOrders.map((planned) => plannedOf(planned, lineNos)),
    ],
  })
}
