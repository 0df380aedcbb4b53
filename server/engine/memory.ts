import type { Account } from '../../contract/entities/account.ts'
import type { CalendarInput } from '../../contract/entities/calendar.ts'
import type { CarrierInput } from '../../contract/entities/carrier.ts'
import type { ChannelInput } from '../../contract/entities/channel.ts'
import type { ComplianceRuleInput } from '../../contract/entities/compliance-rule.ts'
import type { EmissionFactorInput } from '../../contract/entities/emission-factor.ts'
import type { ItemInput } from '../../contract/entities/item.ts'
import type { LaneInput } from '../../contract/entities/lane.ts'
import type { NodeInput } from '../../contract/entities/node.ts'
import type { RateInput } from '../../contract/entities/rate.ts'
import type { SupplyInput } from '../../contract/entities/stock.ts'
import type { TaxRuleInput } from '../../contract/entities/tax-rule.ts'
import { type Availability, createAvailability } from '../domain/availability/availability.ts'
import { assert, present } from '../kernel/assert.ts'
import type { StockColumns } from '../store/stock-pages.ts'
import type { StockRow } from '../store/stock.ts'

export type FactKind =
  | 'item'
  | 'node'
  | 'channel'
  | 'carrier'
  | 'lane'
  | 'rate'
  | 'calendar'
  | 'account'
  | 'taxRule'
  | 'complianceRule'
  | 'supply'
  | 'emissionFactor'

export type ItemFact = { readonly itemNo: number; readonly doc: ItemInput; readonly version: number }
export type NodeFact = { readonly nodeNo: number; readonly doc: NodeInput; readonly version: number }
/** What is sealed replaces the secrets that were sent; only the vault opens them. */
export type ChannelDoc = Omit<ChannelInput, 'secret' | 'writeBackToken'> & {
  readonly sealedSecret?: string
  readonly sealedWriteBackToken?: string
}
export type AccountFact = {
  readonly doc: Omit<Account, 'exposure' | 'version'>
  readonly version: number
  exposure: number
  pending: number
}
export type SupplyFact = {
  readonly doc: SupplyInput
  readonly version: number
  readonly itemNo: number
  readonly nodeNo: number
  /** Units that orders count on: as last locked or read, and what decisions under way add. */
  reserved: number
  pending: number
}
/** A day of a node in one number; days since 1970-01-01 stay below 100,000. A text is put together for each of some hundred nodes an order. */
export const capacityKey = (nodeNo: number, day: number): number => nodeNo * 100_000 + day

type Versioned<T> = { readonly doc: T; readonly version: number }

/**
 * What one process knows of the facts, and of stock as far as proposals need it. PostgreSQL disposes: nothing here is final.
 * `generation` grows with every change of a fact, so that compiled tables know when they are stale.
 */
export class Memory {
  readonly items = new Map<string, ItemFact>()
  readonly itemByNo: (ItemFact | undefined)[] = []
  private readonly skuByAlias = new Map<string, string>()
  /** The bundles that hold an item, by its sku, whether it is known or not. */
  private readonly holders = new Map<string, Set<string>>()
  readonly nodes = new Map<string, NodeFact>()
  readonly nodeByNo: (NodeFact | undefined)[] = []
  readonly channels = new Map<string, Versioned<ChannelDoc>>()
  readonly carriers = new Map<string, Versioned<CarrierInput>>()
  readonly lanes = new Map<string, Versioned<LaneInput>>()
  readonly rates = new Map<string, Versioned<RateInput>>()
  readonly calendars = new Map<string, Versioned<CalendarInput>>()
  readonly taxRules = new Map<string, Versioned<TaxRuleInput>>()
  readonly complianceRules = new Map<string, Versioned<ComplianceRuleInput>>()
  readonly emissionFactors = new Map<string, Versioned<EmissionFactorInput>>()
  readonly accounts = new Map<string, AccountFact>()
  readonly supply = new Map<string, SupplyFact>()
  readonly supplyOfItem = new Map<number, SupplyFact[]>()
  readonly availability: Availability = createAvailability()
  /** Fulfillment orders by {@link capacityKey}: as last locked or read, and what decisions under way will add. */
  readonly capacityUsed = new Map<number, number>()
  readonly capacityPending = new Map<number, number>()
  readonly generations: Record<FactKind, number> = {
    item: 0,
    node: 0,
    channel: 0,
    carrier: 0,
    lane: 0,
    rate: 0,
    calendar: 0,
    account: 0,
    taxRule: 0,
    complianceRule: 0,
    supply: 0,
    emissionFactor: 0,
  }

  itemNo(sku: string): number {
    const item = this.items.get(sku)
    assert(item !== undefined, `item ${sku} has no number`)
    return item.itemNo
  }

  nodeNo(nodeId: string): number {
    const node = this.nodes.get(nodeId)
    assert(node !== undefined, `node ${nodeId} has no number`)
    return node.nodeNo
  }

  skuOf(itemNo: number): string {
    const item = this.itemByNo[itemNo]
    assert(item !== undefined, `item number ${itemNo} is unknown`)
    return item.doc.sku
  }

  /** The item that a channel means by a code of its own; the code itself where no alias says otherwise. */
  skuOfCode(channelId: string, code: string): string {
    return this.skuByAlias.get(aliasKey(channelId, code)) ?? code
  }

  /** What an item holds; undefined where it is no bundle, or is not known. */
  partsOf(sku: string): ItemInput['components'] {
    return this.items.get(sku)?.doc.components
  }

  /** The bundles that hold an item. */
  holdersOf(sku: string): Iterable<string> {
    return this.holders.get(sku) ?? []
  }

  nodeIdOf(nodeNo: number): string {
    const node = this.nodeByNo[nodeNo]
    assert(node !== undefined, `node number ${nodeNo} is unknown`)
    return node.doc.nodeId
  }

  /** The version of a fact here, or undefined. */
  versionOf(kind: FactKind, key: string): number | undefined {
    return this.mapOf(kind).get(key)?.version
  }

  /** Takes a fact in its current version; older ones are ignored. */
  put(
    kind: FactKind,
    key: string,
    no: number | null,
    doc: unknown,
    version: number,
    extra?: { exposure?: number; reserved?: number },
  ): void {
    const known = this.versionOf(kind, key)
    if (known !== undefined && known > version) return
    if (known !== version) this.generations[kind] += 1
    if (kind === 'item') this.putItem({ itemNo: no ?? 0, doc: doc as ItemInput, version })
    else if (kind === 'node') this.putNode({ nodeNo: no ?? 0, doc: doc as NodeInput, version })
    else if (kind === 'account') this.putAccount(key, doc as AccountFact['doc'], version, extra?.exposure)
    else if (kind === 'supply') this.putSupply(key, doc as SupplyInput, version, extra?.reserved ?? 0)
    else (this.mapOf(kind) as Map<string, Versioned<unknown>>).set(key, { doc, version })
  }

  mapOf(kind: FactKind): ReadonlyMap<string, { readonly version: number; readonly doc: unknown }> {
    switch (kind) {
      case 'item':
        return this.items
      case 'node':
        return this.nodes
      case 'channel':
        return this.channels
      case 'carrier':
        return this.carriers
      case 'lane':
        return this.lanes
      case 'rate':
        return this.rates
      case 'calendar':
        return this.calendars
      case 'account':
        return this.accounts
      case 'taxRule':
        return this.taxRules
      case 'complianceRule':
        return this.complianceRules
      case 'supply':
        return this.supply
      case 'emissionFactor':
        return this.emissionFactors
    }
  }

  /** Takes a stock row as the database holds it; an older revision is ignored. */
  setStock(row: StockRow): void {
    this.availability.setPosition(row.itemNo, row.nodeNo, { ...row, version: row.revision })
  }

  /** Takes a page of stock, in the order of (item, node). */
  takeStock({ itemNos, nodeNos, available, revisions }: StockColumns): void {
    for (let from = 0; from < itemNos.length;) {
      const itemNo = present(itemNos[from], 'an item')
      let to = from + 1
      while (itemNos[to] === itemNo) to += 1
      const run = { nodes: nodeNos.subarray(from, to), available: available.subarray(from, to), versions: revisions.subarray(from, to) }
      this.availability.setRun(itemNo, run)
      from = to
    }
  }

  private putItem(fact: ItemFact): void {
    const { sku, aliases, components } = fact.doc
    for (const part of this.partsOf(sku) ?? []) this.holders.get(part.sku)?.delete(sku)
    for (const part of components ?? []) {
      const known = this.holders.get(part.sku)
      if (known === undefined) this.holders.set(part.sku, new Set([sku]))
      else known.add(sku)
    }
    for (const { channelId, code } of this.items.get(sku)?.doc.aliases ?? [])
      if (this.skuByAlias.get(aliasKey(channelId, code)) === sku) this.skuByAlias.delete(aliasKey(channelId, code))
    for (const { channelId, code } of aliases ?? []) this.skuByAlias.set(aliasKey(channelId, code), sku)
    this.items.set(fact.doc.sku, fact)
    this.itemByNo[fact.itemNo] = fact
  }

  private putNode(fact: NodeFact): void {
    this.nodes.set(fact.doc.nodeId, fact)
    this.nodeByNo[fact.nodeNo] = fact
  }

  private putAccount(key: string, doc: AccountFact['doc'], version: number, exposure: number | undefined): void {
    const known = this.accounts.get(key)
    this.accounts.set(key, { doc, version, exposure: exposure ?? known?.exposure ?? 0, pending: known?.pending ?? 0 })
  }

  private putSupply(key: string, doc: SupplyInput, version: number, reserved: number): void {
    const known = this.supply.get(key)
    const numbers = { itemNo: this.itemNo(doc.sku), nodeNo: this.nodeNo(doc.nodeId) }
    const fact: SupplyFact = { doc, version, ...numbers, reserved, pending: known?.pending ?? 0 }
    if (known !== undefined)
      this.supplyOfItem.set(
        known.itemNo,
        (this.supplyOfItem.get(known.itemNo) ?? []).filter((one) => one !== known),
      )
    this.supply.set(key, fact)
    this.supplyOfItem.set(fact.itemNo, [...(this.supplyOfItem.get(fact.itemNo) ?? []), fact])
  }
}

const aliasKey = (channelId: string, code: string): string => `${channelId}\u0000${code}`
