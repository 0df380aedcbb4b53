import { dayNumber } from '../domain/calendar/day.ts'
import type { Queryable } from '../store/database.ts'
import { readAllFacts } from '../store/facts.ts'
import { readCapacityFrom, readCapacityOf } from '../store/hub-settings.ts'
import type { StoredLogRow } from '../store/log-pages.ts'
import { stockPages } from '../store/stock-pages.ts'
import { stockAt } from '../store/stock.ts'
import { DAY, type Instant } from '../kernel/time.ts'
import { reloadFacts } from './families/fact-family.ts'
import { capacityKey, type FactKind, type Memory } from './memory.ts'

const STOCK_PAGE = 20_000

/** Fills memory from the tables; the follower must have noted the log heads before. */
export async function loadMemory(memory: Memory, pool: Queryable, now: Instant): Promise<void> {
  const facts = await readAllFacts(pool)
  for (const row of facts.items) memory.put('item', row.sku, row.item_no, row.doc, row.version)
  for (const row of facts.nodes) memory.put('node', row.node_id, row.node_no, row.doc, row.version)
  for (const row of facts.accounts) memory.put('account', row.account_id, null, row.doc, row.version, { exposure: Number(row.exposure) })
  for (const row of facts.facts) memory.put(row.kind as FactKind, row.fact_key, null, row.doc, row.version)
  for (const row of facts.supply) memory.put('supply', row.supply_id, null, row.doc, row.version, { reserved: row.reserved })
  await loadStock(memory, pool)
  for (const row of await readCapacityFrom(pool, yesterday(now)))
    memory.capacityUsed.set(capacityKey(row.node_no, dayNumber(row.day)), row.used)
}

/** Two ranges of items at a time: PostgreSQL takes ten times as long to read a page as memory to take it in. */
async function loadStock(memory: Memory, pool: Queryable): Promise<void> {
  const middle = memory.itemByNo.length >> 1
  const load = async (after: number, lastItemNo: number): Promise<void> => {
    const range = { itemNo: after, nodeNo: ITEM_NO_MAX, lastItemNo }
    for await (const page of stockPages(pool, range, STOCK_PAGE)) memory.takeStock(page)
  }
  await Promise.all([load(0, middle), load(middle, ITEM_NO_MAX)])
}
const ITEM_NO_MAX = 2_147_483_647

/** Whatever its zone, a node's day that still counts is not before this one. */
const yesterday = (now: Instant): string => new Date(now - DAY).toISOString().slice(0, 10)

type Effect = { sku: string; nodeId: string }

/**
 * Keeps memory up to date with what other processes did: events name the rows that changed, and those rows are read anew.
 * Reading rows instead of adding differences makes it harmless to hear of a change twice or late.
 */
export class MemoryKeeper {
  private readonly memory: Memory
  private readonly pool: Queryable
  /** NOTE: by name, not by number: the item may be as new here as its stock. */
  private readonly stock = new Map<string, { readonly sku: string; readonly nodeId: string }>()
  private readonly facts = new Map<FactKind, Set<string>>()
  /** Nodes whose days may have filled up or become free. */
  private readonly capacity = new Set<string>()
  private readonly now: () => Instant
  private running: Promise<void> | undefined

  constructor(memory: Memory, pool: Queryable, now: () => Instant) {
    this.memory = memory
    this.pool = pool
    this.now = now
  }

  /** Notes what rows of another process touched. */
  note(rows: readonly StoredLogRow[]): void {
    for (const row of rows) {
      const data = row.data as {
        kind?: FactKind
        key?: string
        sku?: string
        nodeId?: string
        reserved?: Effect[]
        stock?: Effect[]
        supply?: { supplyId: string }[]
      }
      if (row.subjectKind === 'fact' && data.kind !== undefined && data.key !== undefined) this.noteFact(data.kind, data.key)
      if (row.subjectKind === 'stock' || row.subjectKind === 'reservation')
        this.noteStock({ sku: data.sku ?? '', nodeId: data.nodeId ?? '' })
      for (const effect of [...(data.reserved ?? []), ...(data.stock ?? [])]) this.noteStock(effect)
      for (const { supplyId } of data.supply ?? []) this.noteFact('supply', supplyId)
      if (row.accountId !== null) this.noteFact('account', row.accountId)
      // Which events take or give back a node's day is the order's business: any may, at the nodes that it names.
      if (row.subjectKind === 'order') for (const nodeId of row.nodeIds ?? []) this.capacity.add(nodeId)
    }
  }

  private noteFact(kind: FactKind, key: string): void {
    const known = this.facts.get(kind)
    if (known === undefined) this.facts.set(kind, new Set([key]))
    else known.add(key)
  }

  private noteStock({ sku, nodeId }: Effect): void {
    this.stock.set(`${sku}\u0000${nodeId}`, { sku, nodeId })
  }

  /** Reads the noted rows, and those noted meanwhile; one reading at a time. What could not be read stays noted. */
  refresh(): Promise<void> {
    this.running ??= this.readAll().finally(() => (this.running = undefined))
    return this.running
  }

  private async readAll(): Promise<void> {
    while (this.facts.size > 0 || this.stock.size > 0 || this.capacity.size > 0) {
      // Items and nodes first: stock and supply speak of them by number.
      const first: FactKind[] = ['item', 'node']
      for (const kind of [...first, ...[...this.facts.keys()].filter((one) => !first.includes(one))]) await this.readFacts(kind)
      // Facts noted during those readings may be the items of stock noted beside them: they have their turn first.
      if (this.facts.size > 0) continue
      await this.readStock()
      await this.readCapacity()
    }
  }

  private async readFacts(kind: FactKind): Promise<void> {
    const keys = this.facts.get(kind)
    if (keys === undefined) return
    this.facts.delete(kind)
    try {
      await reloadFacts(this.memory, this.pool, kind, [...keys])
    } catch (error) {
      for (const key of keys) this.noteFact(kind, key)
      throw error
    }
  }

  private async readStock(): Promise<void> {
    const noted = [...this.stock.values()]
    this.stock.clear()
    const positions = noted.flatMap(({ sku, nodeId }) => {
      const itemNo = this.memory.items.get(sku)?.itemNo
      const nodeNo = this.memory.nodes.get(nodeId)?.nodeNo
      return itemNo === undefined || nodeNo === undefined ? [] : [{ itemNo, nodeNo }]
    })
    if (positions.length === 0) return
    try {
      for (const row of await stockAt(this.pool, positions)) this.memory.setStock(row)
    } catch (error) {
      for (const one of noted) this.noteStock(one)
      throw error
    }
  }

  private async readCapacity(): Promise<void> {
    const noted = [...this.capacity]
    this.capacity.clear()
    const nodeNos = noted.flatMap((nodeId) => {
      const node = this.memory.nodes.get(nodeId)
      return node?.doc.capacityPerDay === undefined ? [] : [node.nodeNo]
    })
    if (nodeNos.length === 0) return
    try {
      for (const row of await readCapacityOf(this.pool, nodeNos, yesterday(this.now())))
        this.memory.capacityUsed.set(capacityKey(row.node_no, dayNumber(row.day)), row.used)
    } catch (error) {
      for (const nodeId of noted) this.capacity.add(nodeId)
      throw error
    }
  }
}
