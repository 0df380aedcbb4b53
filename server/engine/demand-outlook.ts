import type { Place } from '../../contract/entities/basics.ts'
import { loadOf } from '../domain/freight/load.ts'
import { bestLegs, createLegTable } from '../domain/promise/best-legs.ts'
import { destinationOf } from '../domain/promise/destination.ts'
import { DemandWatch, type ZoneDemand } from '../domain/sourcing/demand-watch.ts'
import type { ItemOutlook } from '../domain/sourcing/transport-model.ts'
import { present } from '../kernel/assert.ts'
import type { Instant } from '../kernel/time.ts'
import type { StoredLogRow } from '../store/log-pages.ts'
import type { FactsView } from './facts-view.ts'
import type { Memory } from './memory.ts'

/** What an unserved unit costs beside its dearest way, minor units of the base currency. */
const LOST_SALE = 5000
const ITEMS_MAX = 200
const SLICE_MS = 2
/** Orders of one batch that are looked at. */
const HEARD_MAX = 16

/** Watches demand on the log and turns it, with the stock there is, into the outlook that bid prices are solved on. */
export class DemandOutlook {
  private readonly memory: Memory
  private readonly facts: FactsView
  private readonly now: () => Instant
  private readonly watch = new DemandWatch()

  constructor(memory: Memory, facts: FactsView, now: () => Instant) {
    this.memory = memory
    this.facts = facts
    this.now = now
  }

  /** Of many orders at once every second, third … is looked at and counts for those between: an expectation needs no more, and the log is heard where orders are decided. */
  hear(rows: readonly StoredLogRow[]): void {
    const received = rows.filter((row) => row.type === 'order.received')
    const step = Math.ceil(received.length / HEARD_MAX)
    for (let i = 0; i < received.length; i += step) {
      const row = present(received[i], 'an order that was received')
      const { lines, shipTo } = row.data as { lines: { sku: string; quantity: number }[]; shipTo: Place }
      const weight = Math.min(step, received.length - i)
      for (const line of lines) this.watch.note(line.sku, line.quantity * weight, shipTo, row.occurredAt)
    }
  }

  /** Units of an item that its zones are expected to ask for. */
  expected(sku: string): number {
    return this.watch.of(sku, this.now()).reduce((units, one) => units + one.units, 0)
  }

  /** Outlooks of the items asked for most, worked out in slices of 2 ms so that orders go on. */
  async load(): Promise<ItemOutlook[]> {
    const now = this.now()
    const wanted = [...this.watch.skus()].map((sku) => ({ sku, demands: this.watch.of(sku, now).filter((one) => one.units >= 0.5) }))
    const sum = (demands: readonly ZoneDemand[]) => demands.reduce((units, one) => units + one.units, 0)
    const top = wanted.toSorted((a, b) => sum(b.demands) - sum(a.demands)).slice(0, ITEMS_MAX)
    const outlooks: ItemOutlook[] = []
    let started = performance.now()
    for (const { sku, demands } of top) {
      const outlook = await this.outlookOf(sku, demands, async () => {
        if (performance.now() - started < SLICE_MS) return
        await new Promise((resolve) => setImmediate(resolve))
        started = performance.now()
      })
      if (outlook !== undefined) outlooks.push(outlook)
    }
    return outlooks
  }

  private async outlookOf(sku: string, demands: readonly ZoneDemand[], breathe: () => Promise<void>): Promise<ItemOutlook | undefined> {
    const item = this.memory.items.get(sku)
    if (item === undefined || demands.length === 0) return undefined
    const supplies: { nodeNo: number; units: number }[] = []
    this.memory.availability.forEachNode(item.itemNo, (nodeNo, units) => {
      if (units > 0) supplies.push({ nodeNo, units })
    })
    if (supplies.length === 0) return undefined
    const costs = new Map<number, Map<number, number>>()
    let dearest = 0
    for (const { zone, place } of demands) {
      await breathe()
      const byNode = this.costsTo(place, item.doc, supplies)
      for (const cost of byNode.values()) dearest = Math.max(dearest, cost)
      costs.set(zone, byNode)
    }
    return {
      itemNo: item.itemNo,
      supplies,
      demands,
      cost: (nodeNo, zone) => costs.get(zone)?.get(nodeNo) ?? Infinity,
      shortfallPerUnit: dearest + LOST_SALE,
    }
  }

  /** Freight and handling of one unit from each node that has it. */
  private costsTo(
    place: Place,
    item: { readonly weightGrams?: number },
    supplies: readonly { readonly nodeNo: number }[],
  ): Map<number, number> {
    const { network } = this.facts
    const nodeNos = Int32Array.from(supplies, (one) => one.nodeNo)
    const legs = createLegTable(nodeNos.length)
    bestLegs(
      network,
      { destination: destinationOf(network, place), load: loadOf(item, 1), releaseAt: this.now(), neededBy: Infinity },
      nodeNos,
      nodeNos.length,
      legs,
    )
    const costs = new Map<number, number>()
    for (const [i, { nodeNo }] of supplies.entries()) {
      if ((legs.service[i] ?? -1) < 0) continue
      const node = this.memory.nodeByNo[nodeNo]?.doc
      costs.set(nodeNo, (legs.freight[i] ?? 0) + (node?.handlingPerOrder ?? 0) + (node?.handlingPerUnit ?? 0))
    }
    return costs
  }
}
