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
 * whole sets count. What did not move stays the object that it was.
 */
export function countLines(intake: OrderIntake, state: OrderState): OrderState {
  if (intake.history) return state
  let isMoved = false
  const lines = state.lines.map((line, lineNo) => {
    const counted = intake.lines[lineNo]?.isDigital ? line : countLine(line, lineNo, state.fulfillmentOrders)
    isMoved ||= counted !== line
    return counted
  })
  return isMoved ? { ...state, lines } : state
}

function countLine(line: LineQuantities, lineNo: number, works: readonly PlannedOrder[]): LineQuantities {
  const skus = skusOf(lineNo, works)
  const counted = { released: 0, picked: 0, packed: 0, shipped: 0, delivered: 0 }
  for (const stage of stages) {
    // The parts that stand are those of what is reserved, committed or not.
    let whole = skus.length === 0 ? 0 : Infinity
    for (const sku of skus) whole = Math.min(whole, setsAt(stage, sku, lineNo, line.reserved, works))
    counted[stage] = whole
  }
  return stages.every((stage) => line[stage] === counted[stage]) ? line : { ...line, ...counted }
}

/** What a line consists of at the nodes that work on it. */
function skusOf(lineNo: number, works: readonly PlannedOrder[]): readonly string[] {
  const skus: string[] = []
  for (const work of works)
    if (work.work !== 'cancelled')
      for (const one of work.lines) if (one.lineNo === lineNo && one.quantity > 0 && !skus.includes(one.sku)) skus.push(one.sku)
  return skus
}

/** How many of a line's sets have come to a stage, as far as one of their parts says. */
function setsAt(stage: Stage, sku: string, lineNo: number, reserved: number, works: readonly PlannedOrder[]): number {
  let planned = 0
  let come = 0
  for (const work of works) {
    if (work.work === 'cancelled') continue
    for (const one of work.lines) {
      if (one.lineNo !== lineNo || one.sku !== sku || one.quantity === 0) continue
      planned += one.quantity
      come += unitsAt(work, one, stage)
    }
  }
  return Math.floor((reserved * come) / planned)
}
