import { present } from '../../kernel/assert.ts'
import { hasLeft, isReady } from './work-machine.ts'
import type { LineQuantities, OrderIntake, OrderState, ParcelState, PlannedOrder, WorkLine } from '../order/state.ts'

/** Units, or sets of them, that have come to each stage. */
type Progress = { released: number; picked: number; packed: number; shipped: number; delivered: number }

export function packedUnits(work: Pick<PlannedOrder, 'parcels'>, line: Pick<WorkLine, 'lineNo' | 'sku'>): number {
  return work.parcels === undefined ? 0 : unitsIn(work.parcels, line)
}

function deliveredUnits({ parcels }: PlannedOrder, line: WorkLine): number {
  let units = 0
  if (parcels === undefined) return units
  for (const parcel of parcels) if (parcel.deliveredAt !== undefined) units += unitsOf(parcel, line)
  return units
}

function unitsIn(parcels: NonNullable<PlannedOrder['parcels']>, line: Pick<WorkLine, 'lineNo' | 'sku'>): number {
  let units = 0
  for (const parcel of parcels) units += unitsOf(parcel, line)
  return units
}

function unitsOf(parcel: Pick<ParcelState, 'lines'>, line: Pick<WorkLine, 'lineNo' | 'sku'>): number {
  let units = 0
  for (const one of parcel.lines) if (one.lineNo === line.lineNo && one.sku === line.sku) units += one.quantity
  return units
}

/**
 * The ledgers of the lines, counted from the work that stands. A bundle has come as far as the part that came least far: its
 * whole sets count. What did not move stays the object that it was.
 */
export function countLines(intake: OrderIntake, state: OrderState): OrderState {
  const lines = countedLines(intake, state)
  return lines === state.lines ? state : { ...state, lines }
}

/** As {@link countLines}, the ledgers alone: the same where none moved. */
export function countedLines(intake: OrderIntake, state: Pick<OrderState, 'lines' | 'fulfillmentOrders'>): OrderState['lines'] {
  if (intake.history) return state.lines
  let moved: LineQuantities[] | undefined
  for (let lineNo = 0; lineNo < state.lines.length; lineNo++) {
    const line = present(state.lines[lineNo], 'a line')
    const counted = intake.lines[lineNo]?.isDigital ? line : countLine(line, lineNo, state.fulfillmentOrders)
    if (counted !== line) (moved ??= [...state.lines])[lineNo] = counted
  }
  return moved ?? state.lines
}

function countLine(line: LineQuantities, lineNo: number, works: readonly PlannedOrder[]): LineQuantities {
  const skus = skusOf(lineNo, works)
  let least: Progress | undefined
  for (const sku of skus) {
    // The parts that stand are those of what is reserved, committed or not.
    const sets = setsOf(sku, lineNo, line.reserved, works)
    least = least === undefined ? sets : leastOf(least, sets)
  }
  const { released, picked, packed, shipped, delivered } = least ?? NOTHING_DONE
  const isSame =
    line.released === released &&
    line.picked === picked &&
    line.packed === packed &&
    line.shipped === shipped &&
    line.delivered === delivered
  return isSame ? line : { ...line, released, picked, packed, shipped, delivered }
}

const NOTHING_DONE: Readonly<Progress> = { released: 0, picked: 0, packed: 0, shipped: 0, delivered: 0 }

const leastOf = (a: Progress, b: Progress): Progress => ({
  released: Math.min(a.released, b.released),
  picked: Math.min(a.picked, b.picked),
  packed: Math.min(a.packed, b.packed),
  shipped: Math.min(a.shipped, b.shipped),
  delivered: Math.min(a.delivered, b.delivered),
})

/** What a line consists of at the nodes that work on it. */
function skusOf(lineNo: number, works: readonly PlannedOrder[]): readonly string[] {
  const skus: string[] = []
  for (const work of works)
    if (work.work !== 'cancelled')
      for (const one of work.lines) if (one.lineNo === lineNo && one.quantity > 0 && !skus.includes(one.sku)) skus.push(one.sku)
  return skus
}

/** How many of a line's sets have come to each stage, as far as one of their parts says. */
function setsOf(sku: string, lineNo: number, reserved: number, works: readonly PlannedOrder[]): Progress {
  let planned = 0
  const come: Progress = { released: 0, picked: 0, packed: 0, shipped: 0, delivered: 0 }
  for (const work of works) {
    if (work.work === 'cancelled') continue
    for (const one of work.lines) {
      if (one.lineNo !== lineNo || one.sku !== sku || one.quantity === 0) continue
      planned += one.quantity
      addUnits(come, work, one)
    }
  }
  const setsOfUnits = (units: number): number => Math.floor((reserved * units) / planned)
  come.released = setsOfUnits(come.released)
  come.picked = setsOfUnits(come.picked)
  come.packed = setsOfUnits(come.packed)
  come.shipped = setsOfUnits(come.shipped)
  come.delivered = setsOfUnits(come.delivered)
  return come
}

/** How many of a line's units at a node have come to each stage. */
function addUnits(come: Progress, work: PlannedOrder, line: WorkLine): void {
  if (work.work !== 'planned') come.released += line.quantity
  come.picked += line.picked ?? 0
  come.packed += isReady(work.work) || work.collectedAt !== undefined ? line.quantity : packedUnits(work, line)
  if (!hasLeft(work.work)) return
  come.shipped += line.quantity
  come.delivered += work.work === 'done' ? line.quantity : deliveredUnits(work, line)
}
