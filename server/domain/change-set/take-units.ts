import type { EventData } from '../../../contract/events.ts'
import type { StockEffect } from '../../../contract/event-definition.ts'
import { isAtWork, isMovable } from '../fulfillment/work-machine.ts'
import { packedUnits } from '../fulfillment/line-progress.ts'
import { isHeld } from '../order/reservation.ts'
import type { LineQuantities, Order, PlannedOrder } from '../order/state.ts'

type Changed = EventData<'order.changed'>
/** What one unit of a line is made of: itself, or the parts of its bundle. */
export type Part = { readonly sku: string; readonly perUnit: number }
export type Given = {
  readonly standing: Pick<LineQuantities, 'cancelled' | 'reserved' | 'allocated' | 'backordered'>
  readonly taken: Changed['taken']
  readonly stock: StockEffect[]
}

/**
 * Units of a line that nobody wants any more: those that wait for stock go first, then those of nodes, work that has not begun before work
 * that has. Units that are packed stay. Undefined where that is not enough.
 */
export function takeUnits({ intake, state }: Order, lineNo: number, units: number, parts: readonly Part[]): Given | undefined {
  const line = state.lines[lineNo]
  const lineRef = intake.lines[lineNo]?.lineRef ?? ''
  if (line === undefined) return undefined
  const waiting = Math.min(units, line.backordered)
  const held = units - waiting
  const taken: Given['taken'] = []
  const stock: StockEffect[] = []
  let committed = held
  if (held > 0 && parts.length === 0) return undefined
  for (const { sku, perUnit } of held === 0 ? [] : parts) {
    let left = held * perUnit
    let own = 0
    for (const { work, quantity } of spareOf(state.fulfillmentOrders, lineNo, sku)) {
      const now = Math.min(left, quantity)
      if (now <= 0) continue
      left -= now
      const kind = state.reservations.find(
        (one) => one.lineNo === lineNo && one.sku === sku && one.nodeId === work.nodeId && isHeld(one.kind),
      )
      if (kind === undefined) return undefined
      if (kind.kind === 'committed') own += now
      taken.push({ fulfillmentOrderId: work.fulfillmentOrderId, lineRef, sku, quantity: now })
      stock.push({ sku, nodeId: work.nodeId, [kind.kind]: -now })
    }
    if (left > 0) return undefined
    committed = Math.min(committed, Math.floor(own / perUnit))
  }
  const standing = {
    cancelled: line.cancelled + units,
    reserved: line.reserved - held,
    allocated: Math.min(line.reserved - held, Math.max(0, line.allocated - committed)),
    backordered: line.backordered - waiting,
  }
  return { standing, taken, stock }
}

/** Units that a node has not packed, the least disturbing first. */
function spareOf(all: readonly PlannedOrder[], lineNo: number, sku: string): { work: PlannedOrder; quantity: number }[] {
  return all
    .filter((work) => isMovable(work.work))
    .toSorted((a, b) => Number(isAtWork(a.work)) - Number(isAtWork(b.work)))
    .flatMap((work) =>
      work.lines
        .filter((line) => line.lineNo === lineNo && line.sku === sku)
        .map((line) => ({ work, quantity: line.quantity - packedUnits(work, line) })),
    )
}
