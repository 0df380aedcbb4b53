import type { StockEffect } from '../../contract/event-definition.ts'
import type { Pool } from '../store/database.ts'
import type { StoredLogRow } from '../store/log-pages.ts'
import { FIRST_WAITING, readWaitingOrders, type WaitingOrder } from '../store/waiting-orders.ts'
import type { Chore } from './chores.ts'
import type { Engine } from './engine.ts'
import type { ActOnOrder } from './families/order-command.ts'
import type { LogFollower } from './log-follower.ts'
import type { Memory } from './memory.ts'

const SKUS_MAX = 1000
const ORDERS = 200
const LOOK_MS = 250
const COMPONENT_LEVELS = 3
/** Facts that may open a way to stock that was there all the time. */
const WAYS: ReadonlySet<string> = new Set(['node', 'channel', 'carrier', 'lane', 'complianceRule'])
const POLICY = { actor: { kind: 'policy', id: 'restock' }, lane: 'clock' } as const

type Deps = {
  readonly engine: Engine
  readonly pool: Pool
  readonly memory: Memory
  readonly follower: Pick<LogFollower, 'listen'>
  readonly watch: { warn(data: object, message: string): void }
}

/**
 * Stock that comes or comes free (and dated supply that is announced or moved) is for the orders that wait for it, those that have waited longest first; without this they would look again when their
 * clock says so, and whoever buys in between would have it. A walk over the waiting orders per look, bounded pages at a time.
 *
 * Nothing that came is forgotten: a process begins with all waiting orders, and where more items come at once than are remembered apart it
 * looks at all of them too.
 */
export class RestockKeeper implements Chore {
  readonly name = 'restock'
  readonly everyMs = LOOK_MS
  private readonly deps: Deps
  private readonly come = new Set<string>()
  /** Dated supply that is new or has another date: who waits for it may be promised a day. */
  private readonly supplies = new Set<string>()
  /** Stock of anything may have come: at the start, and after more items than are told apart. */
  private isAnything = true
  /** Under way; without skus it looks at all that wait. */
  private walk: { readonly skus: readonly string[] | undefined; after: WaitingOrder } | undefined

  constructor(deps: Deps) {
    this.deps = deps
    deps.follower.listen((rows) => this.hear(rows))
  }

  private hear(rows: readonly StoredLogRow[]): void {
    for (const row of rows) {
      if (row.type === 'fact.changed') this.hearFact(row.data as { readonly kind: string; readonly key: string })
      else for (const sku of freedBy(row)) this.note(this.come, sku)
    }
  }

  private hearFact({ kind, key }: { readonly kind: string; readonly key: string }): void {
    if (kind === 'supply') this.note(this.supplies, key)
    else if (WAYS.has(kind)) this.isAnything = true
  }

  private note(remembered: Set<string>, name: string): void {
    if (remembered.size < SKUS_MAX) remembered.add(name)
    else this.isAnything = true
  }

  /** One page of the walk; whether there is more to do at once. */
  async runOnce(): Promise<boolean> {
    this.walk ??= this.nextWalk()
    if (this.walk === undefined) return false
    const { pool, engine, watch } = this.deps
    const orders = await readWaitingOrders(pool, this.walk.skus, this.walk.after, ORDERS)
    const commands = orders.map(({ orderId }): ActOnOrder => ({ kind: 'actOnOrder', orderId, action: { action: 'restock' } }))
    const results = await Promise.allSettled(commands.map((command) => engine.submit(command, POLICY)))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined)
      watch.warn(
        { error: String(failed.reason) },
        'an order that waits for stock could not be looked at; it looks again when its clock says so',
      )
    const last = orders.at(-1)
    if (last === undefined || orders.length < ORDERS) this.walk = undefined
    else this.walk.after = last
    return this.walk !== undefined || this.come.size > 0 || this.supplies.size > 0 || this.isAnything
  }

  private nextWalk(): { readonly skus: readonly string[] | undefined; after: WaitingOrder } | undefined {
    for (const supplyId of this.supplies) {
      // What this process has not read yet is somebody else's supply of anything.
      const sku = this.deps.memory.supply.get(supplyId)?.doc.sku
      if (sku === undefined) this.isAnything = true
      else this.come.add(sku)
    }
    this.supplies.clear()
    if (this.come.size === 0 && !this.isAnything) return undefined
    const skus = this.isAnything ? undefined : [...soldWith(this.come, this.deps.memory)]
    this.come.clear()
    this.isAnything = false
    return { skus, after: FIRST_WAITING }
  }
}

/** Items of which an event leaves more for others: a count or adjustment that is not for less, stock that an order or a cart gives up. */
function freedBy({ type, data }: StoredLogRow): readonly string[] {
  const { sku, delta, stock } = data as { readonly sku?: string; readonly delta?: number; readonly stock?: readonly StockEffect[] }
  // A count that finds what was there may still have moved what is kept back.
  if (type === 'stock.counted' || type === 'stock.adjusted') return sku === undefined || (delta ?? 0) < 0 ? [] : [sku]
  if (type === 'reservation.released' || type === 'reservation.expired') return sku === undefined ? [] : [sku]
  return stock === undefined ? [] : stock.flatMap((one) => (freedUnits(one) > 0 ? [one.sku] : []))
}

const freedUnits = ({ soft = 0, firm = 0, committed = 0, onHand = 0 }: StockEffect): number => onHand - soft - firm - committed

/** What a line may call these items: themselves, bundles that hold one, and the codes that channels have for either. */
function soldWith(come: ReadonlySet<string>, { items }: Memory): Set<string> {
  const skus = new Set(come)
  for (let level = 0; level < COMPONENT_LEVELS; level++)
    for (const { doc } of items.values()) if (doc.components?.some(({ sku }) => skus.has(sku)) === true) skus.add(doc.sku)
  for (const sku of [...skus]) for (const { code } of items.get(sku)?.doc.aliases ?? []) skus.add(code)
  return skus
}
