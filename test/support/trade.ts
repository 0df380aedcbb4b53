import type { OrderInput } from '../../contract/entities/order.ts'
import { dayNumber } from '../../server/domain/calendar/day.ts'
import { capacityDeltasOf, exposureDeltaOf, type OrderChange, stockDeltasOf, supplyDeltasOf } from '../../server/domain/order/change.ts'
import type { Order } from '../../server/domain/order/state.ts'
import { type Acted } from '../../server/domain/placement/acting.ts'
import { actOnOrder, type OrderAction } from '../../server/domain/placement/act-on-order.ts'
import { type Placement, placeOrder } from '../../server/domain/placement/place-order.ts'
import { FactsView } from '../../server/engine/facts-view.ts'
import { capacityKey, type FactKind, Memory } from '../../server/engine/memory.ts'
import { present } from '../../server/kernel/assert.ts'
import { idSource } from '../../server/kernel/ids.ts'
import type { Outcome } from '../../server/kernel/outcome.ts'
import { type Instant, instant, parseInstant } from '../../server/kernel/time.ts'
import type { StockRow } from '../../server/store/stock.ts'

const START = present(parseInstant('2026-11-21T01:00:00Z'), 'the start')

/**
 * The rules of placement with real facts and no database: stock and credit move as the database would move them,
 * time stands still until it is moved.
 */
export class Trade {
  now: Instant = START
  readonly memory = new Memory()
  readonly facts = new FactsView(
    this.memory,
    'CNY',
    () => this.now,
    idSource(() => START, 0),
  )
  private readonly rows = new Map<string, StockRow>()
  private versions = 0
  private numbers = 0
  private refs = 0

  put(kind: FactKind, key: string, doc: Record<string, unknown>): void {
    const known = kind === 'item' ? this.memory.items.get(key)?.itemNo : kind === 'node' ? this.memory.nodes.get(key)?.nodeNo : undefined
    const no = kind === 'item' || kind === 'node' ? (known ?? ++this.numbers) : null
    this.memory.put(
      kind,
      key,
      no,
      doc,
      ++this.versions,
      kind === 'account' ? { exposure: 0 } : { reserved: this.memory.supply.get(key)?.reserved ?? 0 },
    )
  }

  item(sku: string, more: Record<string, unknown> = {}): void {
    this.put('item', sku, { sku, name: sku, weightGrams: 500, ...more })
  }

  node(nodeId: string, countryCode = 'CN', more: Record<string, unknown> = {}): void {
    const place = countryCode === 'CN' ? { countryCode, city: '上海', lat: 31.23, lng: 121.47 } : { countryCode, lat: 50.9, lng: 6.9 }
    this.put('node', nodeId, { nodeId, name: nodeId, kind: 'dc', place, zone: 'Asia/Shanghai', ...more })
  }

  channel(channelId: string, more: Record<string, unknown> = {}): void {
    this.put('channel', channelId, { channelId, platform: 'direct', name: channelId, ...more })
  }

  stock(sku: string, nodeId: string, onHand: number): void {
    const row = this.rowOf(sku, nodeId)
    this.setRow(sku, nodeId, { ...row, onHand })
  }

  rowOf(sku: string, nodeId: string): StockRow {
    const nothing = { onHand: 0, soft: 0, firm: 0, committed: 0, safety: 0, backorderLimit: 0, version: 1, revision: 0 }
    const numbers = { itemNo: this.memory.itemNo(sku), nodeNo: this.memory.nodeNo(nodeId) }
    return this.rows.get(`${sku}@${nodeId}`) ?? { ...numbers, ...nothing }
  }

  private setRow(sku: string, nodeId: string, row: StockRow): void {
    const next = { ...row, revision: row.revision + 1 }
    this.rows.set(`${sku}@${nodeId}`, next)
    this.memory.setStock(next)
  }

  order(lines: readonly { readonly sku: string; readonly quantity: number; readonly more?: object }[], more: object = {}): OrderInput {
    return {
      channelId: 'shop',
      externalRef: `R-${++this.refs}`,
      currency: 'CNY',
      shipTo: { countryCode: 'CN', city: '杭州', lat: 30.28, lng: 120.13 },
      lines: lines.map(({ sku, quantity, more: extra }, i) => ({ lineRef: String(i + 1), sku, quantity, unitPrice: 1000, ...extra })),
      ...more,
    }
  }

  decide(order: OrderInput, more: Partial<Placement> = {}): ReturnType<typeof placeOrder> {
    const placement = { order, orderId: this.facts.nextId('ord', 1), shard: 1, origin: 'api' as const, ...more }
    return placeOrder(placement, this.facts, this.now)
  }

  /** Places an order and takes its effects; throws with the refusal. */
  place(order: OrderInput, more: Partial<Placement> = {}): Order {
    const outcome = this.decide(order, more)
    if (outcome.status === 'refused') throw new Error(`${outcome.code}: ${outcome.detail.en} ${JSON.stringify(outcome.got)}`)
    return this.take(outcome.value.change)
  }

  ask(order: Order, action: OrderAction): Outcome<Acted> {
    return actOnOrder(order, action, this.facts, this.now)
  }

  /** Acts on an order and takes the effects; throws with the refusal. */
  act(order: Order, action: OrderAction): Order {
    const outcome = this.ask(order, action)
    if (outcome.status === 'refused') throw new Error(`${outcome.code}: ${outcome.detail.en}`)
    return this.take(outcome.value.change)
  }

  /** What the database would do beside the order's own rows; a position that would promise more than it has throws. */
  take(change: OrderChange): Order {
    for (const { sku, nodeId, soft, firm, committed, onHand } of stockDeltasOf(change)) {
      const row = this.rowOf(sku, nodeId)
      const held = { soft: row.soft + soft, firm: row.firm + firm, committed: row.committed + committed }
      const next = { ...row, ...held, onHand: row.onHand + onHand }
      const free = next.onHand - next.soft - next.firm - next.committed
      if (soft + firm + committed > 0 && free < 0) throw new Error(`${sku}@${nodeId} is oversold by ${-free}`)
      if (next.soft < 0 || next.firm < 0 || next.committed < 0) throw new Error(`${sku}@${nodeId}: less than nothing is held`)
      this.setRow(sku, nodeId, next)
    }
    for (const { supplyId, quantity } of supplyDeltasOf(change)) {
      const supply = this.memory.supply.get(supplyId)
      if (supply === undefined) throw new Error(`there is no supply ${supplyId}`)
      supply.reserved += quantity
      if (supply.reserved < 0) throw new Error(`less than nothing of ${supplyId} is reserved`)
      if (quantity > 0 && supply.reserved > supply.doc.quantity - (supply.doc.received ?? 0))
        throw new Error(`${supplyId} is promised twice`)
    }
    for (const { nodeId, day, used } of capacityDeltasOf(change)) this.useDay(nodeId, day, used)
    const account = this.memory.accounts.get(change.after.intake.accountId ?? '')
    if (account !== undefined) account.exposure += exposureDeltaOf(change)
    return change.after
  }

  /** So many fulfillment orders more take a day of a node. */
  useDay(nodeId: string, day: string, used = 1): void {
    const key = capacityKey(this.memory.nodeNo(nodeId), dayNumber(day))
    this.memory.capacityUsed.set(key, (this.memory.capacityUsed.get(key) ?? 0) + used)
  }

  pass(ms: number): void {
    this.now = instant(this.now + ms)
  }
}
