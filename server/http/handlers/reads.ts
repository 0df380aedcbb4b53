import type { Handlers } from '../handler.ts'
import { availabilityReadHandlers } from './availability-reads.ts'
import { eventReadHandlers } from './event-reads.ts'
import { factReadHandlers } from './fact-reads.ts'
import { holdReadHandlers } from './hold-reads.ts'
import { orderReadHandlers } from './order-reads.ts'
import { overviewReadHandlers } from './overview-reads.ts'
import { parcelReadHandlers } from './parcel-reads.ts'
import type { ReadDeps } from './read-deps.ts'
import { reportReadHandlers } from './report-reads.ts'
import { reservationReadHandlers } from './reservation-reads.ts'
import { sourcingReadHandlers } from './sourcing-reads.ts'
import { stockReadHandlers } from './stock-reads.ts'
import { workReadHandlers } from './work-reads.ts'

export type ReadHandlerName = Extract<
  keyof Handlers,
  | 'order.get'
  | 'order.list'
  | 'order.events'
  | 'order.timeline'
  | 'order.sourcing'
  | 'fulfillment.list'
  | 'fulfillment.get'
  | 'overview.get'
  | 'report.overview'
  | 'parcel.list'
  | 'parcel.get'
  | 'hold.list'
  | 'event.list'
  | 'stock.list'
  | 'reservation.get'
  | 'reservation.list'
  | 'availability.get'
  | 'promise.options'
  | `${'item' | 'node' | 'channel' | 'carrier' | 'lane' | 'rate' | 'calendar' | 'account' | 'taxRule' | 'complianceRule' | 'emissionFactor' | 'supply'}.${'list' | 'get'}`
>

/** Every read of the trade, each within the scope and as the role of who asks. */
export function readHandlers(deps: ReadDeps): Pick<Handlers, ReadHandlerName> {
  return {
    ...orderReadHandlers(deps),
    ...sourcingReadHandlers(deps),
    ...workReadHandlers(deps),
    ...overviewReadHandlers(deps),
    ...reportReadHandlers(deps),
    ...parcelReadHandlers(deps),
    ...holdReadHandlers(deps),
    ...eventReadHandlers(deps),
    ...stockReadHandlers(deps),
    ...reservationReadHandlers(deps),
    ...availabilityReadHandlers(deps),
    ...factReadHandlers(deps),
  }
}
