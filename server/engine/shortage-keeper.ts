import { stockAt, type StockRow } from '../store/stock.ts'
import type { Pool } from '../store/database.ts'
import { type UnbegunUnits, unbegunUnitsAt } from '../store/uncovered-work.ts'
import type { Chore } from './chores.ts'
import type { Engine } from './engine.ts'
import type { ActOnOrder } from './families/order-command.ts'
import type { Memory } from './memory.ts'

const PLACES = 50
const ORDERS = 200
const SEEN_MAX = 10_000
const LOOK_MS = 2000
const FORGET_MS = 600_000
const POLICY = { actor: { kind: 'policy', id: 'shortage' }, lane: 'bulk' } as const

type Deps = {
  readonly engine: Engine
  readonly pool: Pool
  readonly memory: Memory
  readonly wallNow: () => number
  readonly watch: { warn(data: object, message: string): void }
}

const keyOf = ({ itemNo, nodeNo }: { readonly itemNo: number; readonly nodeNo: number }): string => `${itemNo}:${nodeNo}`
/** Units that are held and neither there nor to be backordered; safety stock is there for this. */
const uncovered = (row: StockRow): number => row.soft + row.firm + row.committed - row.onHand - row.backorderLimit

/**
 * Finds positions where a count or a loss left less than is held, and has the orders that can wait longest sourced anew until the rest is
 * covered. Memory says where to look, the rows say how much. What cannot be freed (begun work, carts) is looked at again when the row changes, or after a while.
 */
export class ShortageKeeper implements Chore {
  readonly name = 'shortages'
  readonly everyMs = LOOK_MS
  private readonly deps: Deps
  private readonly seen = new Map<string, number>()
  private forgetAt = 0

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** One bounded step; whether there is more to do at once. */
  async runOnce(): Promise<boolean> {
    const { pool, memory } = this.deps
    this.forget()
    const places = belowNothing(memory)
    if (places.length === 0) return false
    const rows = (await stockAt(pool, places))
      .filter((row) => this.seen.get(keyOf(row)) !== row.revision && uncovered(row) > 0)
      .slice(0, PLACES)
    if (rows.length === 0) return false
    for (const row of rows) this.seen.set(keyOf(row), row.revision)
    const units = await unbegunUnitsAt(pool, rows, ORDERS)
    const byPlace = Map.groupBy(units, keyOf)
    const relieved = await Promise.all(rows.map((row) => this.relieve(row, enough(byPlace.get(keyOf(row)) ?? [], uncovered(row)))))
    return relieved.includes(true)
  }

  /** What failed or could not be freed is worth another look now and then. */
  private forget(): void {
    const now = this.deps.wallNow()
    if (this.seen.size <= SEEN_MAX && now < this.forgetAt) return
    this.seen.clear()
    this.forgetAt = now + FORGET_MS
  }

  private async relieve(row: StockRow, units: readonly UnbegunUnits[]): Promise<boolean> {
    const { engine, memory, watch } = this.deps
    const [sku, nodeId] = [memory.skuOf(row.itemNo), memory.nodeIdOf(row.nodeNo)]
    const commands = units.map(({ orderId }): ActOnOrder => ({
      kind: 'actOnOrder',
      orderId,
      action: { action: 'relieve', nodeId, sku },
    }))
    const results = await Promise.allSettled(commands.map((command) => engine.submit(command, POLICY)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined)
      watch.warn(
        { sku, nodeId, error: String(failed.reason) },
        'work that is short could not leave its node; it is tried again in ten minutes, or when its stock changes',
      )
    return units.length > 0
  }
}

/** Positions that promise less than nothing in memory; no more than are looked at in a few turns. */
function belowNothing({ items, availability }: Memory): { itemNo: number; nodeNo: number }[] {
  const { nodes, available } = availability
  const found: { itemNo: number; nodeNo: number }[] = []
  for (const { itemNo } of items.values()) {
    const start = availability.start(itemNo)
    for (let slot = start; slot < start + availability.count(itemNo); slot++)
      if ((available[slot] ?? 0) < 0) found.push({ itemNo, nodeNo: nodes[slot] ?? 0 })
    if (found.length >= SEEN_MAX) break
  }
  return found
}

/** As many of them as free so many units. */
function enough(units: readonly UnbegunUnits[], need: number): readonly UnbegunUnits[] {
  let freed = 0
  return units.filter(({ quantity }) => {
    const isNeeded = freed < need
    if (isNeeded) freed += quantity
    return isNeeded
  })
}
