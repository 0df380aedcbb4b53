import { dayNumber } from '../../domain/calendar/day.ts'
import { capacityDeltasOf, exposureDeltaOf, type OrderChange, stockDeltasOf, supplyDeltasOf } from '../../domain/order/change.ts'
import { available } from '../../domain/stock/stock.ts'
import { lockAccounts, lockCapacity, lockSupply, moveCapacity, moveExposure, moveSupply } from '../../store/claims.ts'
import { lockStock, moveReserved, type StockRow, stockRowOf } from '../../store/stock.ts'
import type { Write } from '../../store/write.ts'
import type { Row } from '../family.ts'
import { capacityKey, type Memory } from '../memory.ts'

type StockNeed = {
  readonly itemNo: number
  readonly nodeNo: number
  readonly soft: number
  readonly firm: number
  readonly committed: number
  readonly onHand: number
}
type SupplyNeed = { readonly supplyId: string; readonly quantity: number }
type CapacityNeed = { readonly nodeNo: number; readonly day: string; readonly used: number }

/** The rows beside its own that a change moves: stock, credit and capacity, in database numbers. */
export type Touched = {
  readonly stock: readonly StockNeed[]
  /** `mustFit`: the credit check of a new order or of a change passed, so the limit must hold on the locked exposure too; later moves are facts. */
  readonly account: { readonly accountId: string; readonly delta: number; readonly mustFit: boolean } | undefined
  readonly capacity: readonly CapacityNeed[]
  readonly supply?: readonly SupplyNeed[]
}

export function touchedBy(change: OrderChange, memory: Memory): Touched {
  const delta = exposureDeltaOf(change)
  const { accountId } = change.after.intake
  return {
    stock: stockDeltasOf(change).map(({ sku, nodeId, soft, firm, committed, onHand }) => ({
      itemNo: memory.itemNo(sku),
      nodeNo: memory.nodeNo(nodeId),
      soft,
      firm,
      committed,
      onHand,
    })),
    account:
      delta === 0 || accountId === undefined
        ? undefined
        : { accountId, delta, mustFit: delta > 0 && isAsked(change) && change.after.state.checks?.credit.verdict === 'pass' },
    capacity: capacityDeltasOf(change).map(({ nodeId, day, used }) => ({ nodeNo: memory.nodeNo(nodeId), day, used })),
    supply: supplyDeltasOf(change),
  }
}

/** Whoever asks for an order, or for more of one, is asked for credit; what happens to it later is a fact. */
const isAsked = ({ before, events }: OrderChange): boolean =>
  before === undefined || events.some(({ event }) => event.type === 'order.changed')

/** Memory sees what was decided before it is written: units leave availability, credit and capacity are taken. */
export function holdTouched(touched: Touched, memory: Memory, sign: 1 | -1): void {
  for (const { itemNo, nodeNo, soft, firm, committed } of touched.stock) {
    const units = soft + firm + committed
    if (units <= 0) continue
    if (sign > 0) memory.availability.hold(itemNo, nodeNo, units)
    else memory.availability.undo(itemNo, nodeNo, units)
  }
  const account = touched.account === undefined ? undefined : memory.accounts.get(touched.account.accountId)
  if (account !== undefined && touched.account !== undefined) account.pending += sign * touched.account.delta
  for (const { nodeNo, day, used } of touched.capacity) {
    const key = capacityKey(nodeNo, dayNumber(day))
    memory.capacityPending.set(key, (memory.capacityPending.get(key) ?? 0) + sign * used)
  }
  if (touched.supply === undefined) return
  for (const { supplyId, quantity } of touched.supply) {
    const supply = quantity > 0 ? memory.supply.get(supplyId) : undefined
    if (supply !== undefined) supply.pending += sign * quantity
  }
}

const STOCK = 4096 * 1024
const keyOf = (itemNo: number, nodeNo: number): number => itemNo * STOCK + nodeNo

/**
 * The rows of one batch, locked: true quantities against which each decision is checked in turn.
 * A decision that does not fit leaves them as they were.
 */
export class LockedRows {
  private readonly memory: Memory
  private readonly stock = new Map<number, StockRow>()
  /** As locked, for the rows that the batch moves. */
  private readonly before = new Map<number, StockRow>()
  private isTaught = false
  private readonly moved = new Map<number, { -readonly [K in keyof StockNeed]: StockNeed[K] }>()
  private readonly exposure = new Map<string, { now: number; delta: number }>()
  private readonly supply = new Map<string, { readonly free: number; readonly reserved: number; delta: number }>()
  private readonly capacity = new Map<string, { nodeNo: number; day: string; now: number; delta: number }>()

  constructor(memory: Memory) {
    this.memory = memory
  }

  /** Lock statements in lock order: accounts, stock, capacity, supply; a missing kind takes none. */
  static locks(all: readonly Touched[]): Write[] {
    const accounts = [...new Set(all.flatMap((one) => one.account?.accountId ?? []))]
    const stock = new Map<number, { itemNo: number; nodeNo: number }>()
    const capacity = new Map<string, { nodeNo: number; day: string }>()
    const supply = new Set(all.flatMap((one) => one.supply?.map(({ supplyId }) => supplyId) ?? []))
    for (const one of all) {
      for (const need of one.stock) stock.set(keyOf(need.itemNo, need.nodeNo), need)
      for (const need of one.capacity) capacity.set(`${need.nodeNo}:${need.day}`, need)
    }
    return [lockAccounts(accounts), lockStock([...stock.values()]), lockCapacity([...capacity.values()]), lockSupply([...supply])]
  }

  take(accounts: readonly Row[], stock: readonly Row[], capacity: readonly Row[], supply: readonly Row[] = []): void {
    for (const row of supply)
      this.supply.set(String(row['supply_id']), { free: Number(row['free']), reserved: Number(row['reserved']), delta: 0 })
    for (const row of accounts) this.exposure.set(String(row['account_id']), { now: Number(row['exposure']), delta: 0 })
    for (const row of stock) {
      const one = stockRowOf(row as Record<string, number>)
      this.stock.set(keyOf(one.itemNo, one.nodeNo), one)
    }
    for (const row of capacity) {
      const key = `${String(row['node_no'])}:${String(row['day'])}`
      this.capacity.set(key, { nodeNo: Number(row['node_no']), day: String(row['day']), now: Number(row['used']), delta: 0 })
    }
  }

  /** Takes what a decision needs when all of it is there; false leaves everything as it was. */
  apply(touched: Touched): boolean {
    if (!this.fits(touched)) return false
    for (const need of touched.stock) this.applyStock(need)
    if (touched.account !== undefined) {
      const row = this.exposure.get(touched.account.accountId)
      if (row !== undefined) row.delta += touched.account.delta
    }
    for (const { nodeNo, day, used } of touched.capacity) this.capacityRow(nodeNo, day).delta += used
    for (const { supplyId, quantity } of touched.supply ?? []) {
      const row = this.supply.get(supplyId)
      if (row !== undefined) row.delta += quantity
    }
    return true
  }

  private fits({ stock, account, capacity, supply = [] }: Touched): boolean {
    if (!supply.every((need) => this.fitsSupply(need))) return false
    for (const { itemNo, nodeNo, soft, firm, committed } of stock) {
      const row = this.stock.get(keyOf(itemNo, nodeNo))
      const units = soft + firm + committed
      if (row === undefined || (units > 0 && available(row) < units)) return false
    }
    if (account?.mustFit && !this.fitsCredit(account.accountId, account.delta)) return false
    return capacity.every(({ nodeNo, day, used }) => {
      const limit = this.memory.nodeByNo[nodeNo]?.doc.capacityPerDay
      const row = this.capacityRow(nodeNo, day)
      return used <= 0 || limit === undefined || row.now + row.delta + used <= limit
    })
  }

  private fitsSupply({ supplyId, quantity }: SupplyNeed): boolean {
    const row = this.supply.get(supplyId)
    return quantity <= 0 || (row !== undefined && row.free - row.delta >= quantity)
  }

  private fitsCredit(accountId: string, delta: number): boolean {
    const row = this.exposure.get(accountId)
    const limit = this.memory.accounts.get(accountId)?.doc.creditLimit
    return row !== undefined && limit !== undefined && row.now + row.delta + delta <= limit
  }

  private applyStock({ itemNo, nodeNo, soft, firm, committed, onHand }: StockNeed): void {
    const key = keyOf(itemNo, nodeNo)
    const row = this.stock.get(key)
    if (row === undefined) return
    this.stock.set(key, {
      ...row,
      soft: row.soft + soft,
      firm: row.firm + firm,
      committed: row.committed + committed,
      onHand: row.onHand + onHand,
    })
    const moved = this.moved.get(key)
    if (moved === undefined) this.before.set(key, row)
    if (moved === undefined) this.moved.set(key, { itemNo, nodeNo, soft, firm, committed, onHand })
    else {
      moved.soft += soft
      moved.firm += firm
      moved.committed += committed
      moved.onHand += onHand
    }
  }

  private capacityRow(nodeNo: number, day: string): { nodeNo: number; day: string; now: number; delta: number } {
    const key = `${nodeNo}:${day}`
    let row = this.capacity.get(key)
    if (row === undefined) this.capacity.set(key, (row = { nodeNo, day, now: 0, delta: 0 }))
    return row
  }

  /** Updates in the same order as the locks; `stockRows` says how many the first must touch. */
  writes(): Write[] {
    const accounts = [...this.exposure].filter(([, row]) => row.delta !== 0).map(([accountId, row]) => ({ accountId, delta: row.delta }))
    const capacity = [...this.capacity.values()].filter((row) => row.delta !== 0)
    const supply = [...this.supply].filter(([, row]) => row.delta !== 0).map(([supplyId, row]) => ({ supplyId, quantity: row.delta }))
    return [
      moveReserved([...this.moved.values()]),
      ...(accounts.length > 0 ? [moveExposure(accounts)] : []),
      ...(capacity.length > 0 ? [moveCapacity(capacity)] : []),
      ...(supply.length > 0 ? [moveSupply(supply)] : []),
    ]
  }

  get stockRows(): number {
    return this.moved.size
  }

  /** Memory takes over what was locked, once: as the batch left it, or as it was, so that a new decision stands on it. */
  teach(isCommitted: boolean): void {
    if (this.isTaught) return
    this.isTaught = true
    for (const [key, row] of this.stock)
      this.memory.setStock(isCommitted && this.moved.has(key) ? { ...row, revision: row.revision + 1 } : (this.before.get(key) ?? row))
    for (const [accountId, row] of this.exposure) {
      const account = this.memory.accounts.get(accountId)
      if (account !== undefined) account.exposure = row.now + (isCommitted ? row.delta : 0)
    }
    for (const [supplyId, row] of this.supply) {
      const known = this.memory.supply.get(supplyId)
      if (known !== undefined) known.reserved = row.reserved + (isCommitted ? row.delta : 0)
    }
    for (const { nodeNo, day, now, delta } of this.capacity.values())
      this.memory.capacityUsed.set(capacityKey(nodeNo, dayNumber(day)), now + (isCommitted ? delta : 0))
  }
}
