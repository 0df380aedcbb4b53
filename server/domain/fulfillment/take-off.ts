import type { EventData } from '../../../contract/events.ts'
import type { Order, PlannedOrder } from '../order/state.ts'
import { packedUnits } from './line-progress.ts'
import { isMovable } from './work-machine.ts'

type TakenOff = Pick<EventData<'fulfillment.rejected'>, 'taken' | 'open'>
/** Units of one item of one line that a node will not ship. */
export type Missing = { readonly lineNo: number; readonly sku: string; readonly quantity: number }

/**
 * What leaves fulfillment orders when a node does not ship some units, and which units of lines are open again. A bundle is given up by
 * whole sets: parts of the same sets that this or another node still holds, not packed yet, leave with them.
 */
export function takeOff({ intake, state }: Order, work: PlannedOrder, missing: readonly Missing[]): TakenOff {
  const taken: TakenOff['taken'] = []
  const open: TakenOff['open'] = []
  for (const lineNo of new Set(missing.map((one) => one.lineNo))) {
    const lineRef = intake.lines[lineNo]?.lineRef ?? ''
    const own = missing.filter((one) => one.lineNo === lineNo)
    const parts = partsOf(state.fulfillmentOrders, lineNo)
    // What stands for the line is what is reserved for it, be it committed by now or not.
    const reserved = state.lines[lineNo]?.reserved ?? 0
    const perSet = (sku: string) => (parts.get(sku) ?? 0) / Math.max(1, reserved)
    const sets = Math.min(reserved, Math.max(...own.map((one) => Math.ceil(one.quantity / Math.max(perSet(one.sku), 1e-9)))))
    for (const sku of parts.keys()) {
      const wanted = Math.max(own.find((one) => one.sku === sku)?.quantity ?? 0, Math.round(sets * perSet(sku)))
      const missed = own.find((one) => one.sku === sku)?.quantity ?? 0
      for (const [from, units] of holdersOf(state.fulfillmentOrders, work, lineNo, sku, wanted, missed))
        taken.push({ fulfillmentOrderId: from.fulfillmentOrderId, lineRef, sku, quantity: units })
    }
    if (sets > 0) open.push({ lineRef, quantity: sets })
  }
  return { taken, open }
}

/** Units of each item that stand for a line, over all nodes. */
function partsOf(all: readonly PlannedOrder[], lineNo: number): Map<string, number> {
  const parts = new Map<string, number>()
  for (const work of all) {
    if (work.work === 'cancelled') continue
    for (const line of work.lines) if (line.lineNo === lineNo) parts.set(line.sku, (parts.get(line.sku) ?? 0) + line.quantity)
  }
  return parts
}

/** Who gives up how many: the node itself first, then others that have not packed theirs. */
function holdersOf(
  all: readonly PlannedOrder[],
  work: PlannedOrder,
  lineNo: number,
  sku: string,
  wanted: number,
  missed: number,
): [PlannedOrder, number][] {
  const found: [PlannedOrder, number][] = []
  let left = wanted
  for (const one of [work, ...all.filter((other) => other !== work && isMovable(other.work))]) {
    const line = one.lines.find((candidate) => candidate.lineNo === lineNo && candidate.sku === sku)
    if (line === undefined || left <= 0) continue
    const spare = one === work ? Math.max(missed, line.quantity - packedUnits(one, line)) : line.quantity - packedUnits(one, line)
    const units = Math.min(left, spare, line.quantity)
    if (units <= 0) continue
    found.push([one, units])
    left -= units
  }
  return found
}
