import { hasLeft, isReady } from './work-machine.ts'
import type { LineQuantities, OrderIntake, OrderState, PlannedOrder, WorkLine } from '../order/state.ts'

type Stage = 'released' | 'picked' | 'packed' | 'shipped' | 'delivered'
const stages = ['released', 'picked', 'packed', 'shipped', 'delivered'] as const

/** How many of a line's units at a node have come to a stage. */
function unitsAt(work: PlannedOrder, line: WorkLine, stage: Stage): number {
  switch (stage) {
    case 'released':
      return work.work === 'planned' ? 0 : line.quantity
    case 'picked':
      return line.picked ?? 0
    case 'packed':
      return isReady(work.work) || work.collectedAt !== undefined ? line.quantity : packedUnits(work, line)
    case 'shipped':
      return hasLeft(work.work) ? line.quantity : 0
    case 'delivered':
      return work.work === 'done' ? line.quantity : hasLeft(work.work) ? unitsIn(deliveredParcels(work), line) : 0
  }
}

export function packedUnits(work: Pick<PlannedOrder, 'parcels'>, line: Pick<WorkLine, 'lineNo' | 'sku'>): number {
  return unitsIn(work.parcels ?? [], line)
}

const deliveredParcels = (work: PlannedOrder) => (work.parcels ?? []).filter((parcel) => parcel.deliveredAt !== undefined)

function unitsIn(parcels: NonNullable<PlannedOrder['parcels']>, line: Pick<WorkLine, 'lineNo' | 'sku'>): number {
  let units = 0
  for (const parcel of parcels)
    for (const one of parcel.lines) if (one.lineNo === line.lineNo && one.sku === line.sku) units += one.quantity
  return units
}

/**
 * The ledgers of the lines, counted from the work that stands. A bundle has come as far as the part that came least far: its
 * whole sets count.
 */
export function countLines(intake: OrderIntake, state: OrderState): OrderState {
  const standing = state.fulfillmentOrders.filter((one) => one.work !== 'cancelled')
  return {
    ...state,
    lines: state.lines.map((line, lineNo) =>
      intake.history || intake.lines[lineNo]?.isDigital ? line : countLine(line, lineNo, standing),
    ),
  }
}

function countLine(line: LineQuantities, lineNo: number, standing: readonly PlannedOrder[]): LineQuantities {
  const bySku = new Map<string, { work: PlannedOrder; line: WorkLine }[]>()
  for (const work of standing)
    for (const one of work.lines) {
      if (one.lineNo !== lineNo || one.quantity === 0) continue
      const own = bySku.get(one.sku)
      if (own === undefined) bySku.set(one.sku, [{ work, line: one }])
      else own.push({ work, line: one })
    }
  const counted = { released: 0, picked: 0, packed: 0, shipped: 0, delivered: 0 }
  for (const stage of stages) {
    // The parts that stand are those of what is reserved, committed or not.
    let whole = bySku.size === 0 ? 0 : Infinity
    for (const parts of bySku.values()) {
      const planned = parts.reduce((sum, part) => sum + part.line.quantity, 0)
      const come = parts.reduce((sum, part) => sum + unitsAt(part.work, part.line, stage), 0)
      whole = Math.min(whole, Math.floor((line.reserved * come) / planned))
    }
    counted[stage] = whole
  }
  return { ...line, ...counted }
}
