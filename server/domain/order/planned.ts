import type { EventData } from '../../../contract/events.ts'
import type { FulfillmentOrderId } from '../../kernel/ids.ts'
import { parseInstant, type Instant } from '../../kernel/time.ts'
import type { PlannedOrder } from './state.ts'

/** The instant that an event's text means. */
export function atOf(text: string | undefined): Instant | undefined {
  return text === undefined ? undefined : parseInstant(text)
}

/** The field with its instant, or no field at all. */
export function dated<K extends string>(key: K, text: string | undefined): { [P in K]?: Instant } {
  const value = atOf(text)
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: Instant }
}

/** A fulfillment order as its event plans it. */
export function plannedOf(
  planned: EventData<'order.sourced'>['fulfillmentOrders'][number],
  lineNos: ReadonlyMap<string, number>,
): PlannedOrder {
  return {
    fulfillmentOrderId: planned.fulfillmentOrderId as FulfillmentOrderId,
    nodeId: planned.nodeId,
    work: 'planned',
    request: 'none',
    version: 1,
    ...(planned.carrierId === undefined ? {} : { carrierId: planned.carrierId }),
    ...(planned.serviceId === undefined ? {} : { serviceId: planned.serviceId }),
    ...dated('shipBy', planned.shipBy),
    ...dated('deliverBy', planned.deliverBy),
    ...(planned.capacityDay === undefined ? {} : { capacityDay: planned.capacityDay }),
    lines: planned.lines.map((line) => ({ lineNo: lineNos.get(line.lineRef) ?? -1, sku: line.sku, quantity: line.quantity })),
  }
}
