import type { EventData } from '../../../contract/events.ts'
import type { FulfillmentOrderId } from '../../kernel/ids.ts'
import { instant, parseInstant, type Instant } from '../../kernel/time.ts'
import type { LineNos } from './line-nos.ts'
import type { PlannedOrder, PromiseState } from './state.ts'

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
export function plannedOf(planned: EventData<'order.sourced'>['fulfillmentOrders'][number], lineNos: LineNos): PlannedOrder {
  return {
    fulfillmentOrderId: planned.fulfillmentOrderId as FulfillmentOrderId,
    nodeId: planned.nodeId,
    work: 'planned',
    request: planned.acceptBy === undefined ? 'none' : 'offered',
    version: 1,
    ...(planned.carrierId === undefined ? {} : { carrierId: planned.carrierId }),
    ...(planned.serviceId === undefined ? {} : { serviceId: planned.serviceId }),
    ...dated('shipBy', planned.shipBy),
    ...dated('deliverBy', planned.deliverBy),
    ...dated('acceptBy', planned.acceptBy),
    ...(planned.capacityDay === undefined ? {} : { capacityDay: planned.capacityDay }),
    lines: planned.lines.map((line) => ({ lineNo: lineNos.get(line.lineRef) ?? -1, sku: line.sku, quantity: line.quantity })),
  }
}

/** The promise as an event gives it. */
export function promiseAfter(promise: EventData<'order.sourced'>['promise']): PromiseState {
  const { deliverBy, shipBy, ...rest } = promise
  return { ...rest, ...dated('deliverBy', deliverBy), ...dated('shipBy', shipBy) }
}

/** Work that nodes are now asked to take on. */
export function offered(
  all: readonly PlannedOrder[],
  offers: NonNullable<EventData<'order.committed'>['offers']>,
): readonly PlannedOrder[] {
  const byId = new Map(offers.map((one) => [one.fulfillmentOrderId, one.acceptBy]))
  return all.map((one) => {
    const acceptBy = byId.get(one.fulfillmentOrderId)
    return acceptBy === undefined ? one : { ...one, request: 'offered' as const, version: one.version + 1, ...dated('acceptBy', acceptBy) }
  })
}

/** Nodes that could not answer for a while have that much longer. */
export function putOff(all: readonly PlannedOrder[], ms: number): readonly PlannedOrder[] {
  if (!all.some((one) => one.request === 'offered')) return all
  return all.map((one) =>
    one.request === 'offered' && one.acceptBy !== undefined ? { ...one, acceptBy: instant(one.acceptBy + ms) } : one,
  )
}
