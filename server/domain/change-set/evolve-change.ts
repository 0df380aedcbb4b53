import { changeEvents } from '../../../contract/change-events.ts'
import type { EventData, NewEvent } from '../../../contract/events.ts'
import type { FulfillmentOrderId } from '../../kernel/ids.ts'
import { type Instant, parseInstant } from '../../kernel/time.ts'
import { lessen } from '../fulfillment/evolve-work.ts'
import { countLines } from '../fulfillment/line-progress.ts'
import { currentIntake } from '../order/current-intake.ts'
import { type LineNos, lineNosOf } from '../order/line-nos.ts'
import { NO_UNITS } from '../order/no-units.ts'
import type { ChangeState, LineQuantities, OrderIntake, OrderState, PlannedOrder } from '../order/state.ts'

type ChangeEvent = NewEvent<keyof typeof changeEvents>
type Changed = EventData<'order.changed'>
export const isChangeEvent = (event: NewEvent): event is ChangeEvent => event.type in changeEvents

/** Finished change sets that an order keeps for reading; the log keeps all. */
const KEPT_MAX = 20

export function evolveChange(intake: OrderIntake, state: OrderState, event: ChangeEvent, at: Instant): OrderState {
  switch (event.type) {
    case 'order.changeProposed': {
      const { expiresAt, ...rest } = event.data
      const proposed: ChangeState = { ...rest, state: 'proposed', proposedAt: at, expiresAt: parseInstant(expiresAt) ?? at }
      return { ...state, changes: [...(state.changes ?? []), proposed].slice(-KEPT_MAX) }
    }
    case 'order.changeDeclined':
      return ended(state, event.data.changeId, event.data.state)
    case 'order.changeExpired':
      return ended(state, event.data.changeId, 'expired')
    case 'order.changed': {
      const { changeId } = event.data
      const moved = changed(intake, state, event.data)
      return changeId === undefined ? moved : ended(moved, changeId, 'confirmed')
    }
  }
}

function ended(state: OrderState, changeId: string, end: ChangeState['state']): OrderState {
  return { ...state, changes: (state.changes ?? []).map((one) => (one.changeId === changeId ? { ...one, state: end } : one)) }
}

function changed(before: OrderIntake, state: OrderState, data: Changed): OrderState {
  const service = data.service ?? before.requestedService
  const shippingRate = data.shippingRate ?? before.shippingRate
  const sale = {
    lines: data.sold,
    totals: data.totals,
    shipTo: data.shipTo ?? before.shipTo,
    ...(service === undefined ? {} : { requestedService: service }),
    ...(shippingRate === undefined ? {} : { shippingRate }),
  }
  const lineNos = lineNosOf(data.sold)
  const nodeIds = new Map(state.fulfillmentOrders.map((one) => [one.fulfillmentOrderId, one.nodeId]))
  const units = data.taken.map(({ fulfillmentOrderId, lineRef, sku, quantity }) => ({
    lineNo: lineNos.get(lineRef) ?? -1,
    sku,
    nodeId: nodeIds.get(fulfillmentOrderId as FulfillmentOrderId) ?? '',
    quantity,
  }))
  const moved: OrderState = {
    ...state,
    sale,
    lines: standing(state.lines, data, lineNos),
    reservations: lessen(state.reservations, units, 'released'),
    fulfillmentOrders: state.fulfillmentOrders.map((one) => withLess(one, data.taken, lineNos)),
    exposure: state.exposure + (data.credit?.exposure ?? 0),
  }
  return countLines(currentIntake(before, moved), moved)
}

function standing(lines: readonly LineQuantities[], data: Changed, lineNos: LineNos): LineQuantities[] {
  const all = data.sold.map((_, i) => lines[i] ?? NO_UNITS)
  for (const { lineRef, ...units } of data.lines) {
    const lineNo = lineNos.get(lineRef)
    if (lineNo !== undefined) all[lineNo] = { ...(all[lineNo] ?? NO_UNITS), ...units }
  }
  return all
}

/** Less to do for a node; what it had picked of it goes back to the shelf. */
function withLess(one: PlannedOrder, taken: Changed['taken'], lineNos: LineNos): PlannedOrder {
  const own = taken.filter((units) => units.fulfillmentOrderId === one.fulfillmentOrderId)
  if (own.length === 0) return one
  const lines = one.lines.map((line) => {
    const units = own.find((taking) => lineNos.get(taking.lineRef) === line.lineNo && taking.sku === line.sku)?.quantity ?? 0
    if (units === 0) return line
    const quantity = line.quantity - units
    return { ...line, quantity, ...(line.picked === undefined ? {} : { picked: Math.min(line.picked, quantity) }) }
  })
  // No reason: the node did nothing wrong and may be asked again.
  const isEmpty = lines.every((line) => line.quantity === 0)
  return { ...one, version: one.version + 1, lines, ...(isEmpty ? { work: 'cancelled' as const } : {}) }
}
