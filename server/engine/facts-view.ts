import { randomInt } from 'node:crypto'
import { type ComplianceTable, compileCompliance } from '../domain/compliance/table.ts'
import type { AccountPolicy, ChannelPolicy, ItemFact, NodeFact, PlacementFacts } from '../domain/placement/facts.ts'
import { createLegTable, type LegTable } from '../domain/promise/best-legs.ts'
import { compileNetwork } from '../domain/promise/compile-network.ts'
import type { Network } from '../domain/promise/network.ts'
import { type BidPrices, noBidPrices } from '../domain/sourcing/bid-prices.ts'
import { createPlanner, type Planner } from '../domain/sourcing/plan-order.ts'
import type { NodeUniverse } from '../domain/sourcing/problem.ts'
import { universeOf } from '../domain/sourcing/universe.ts'
import { defaultWeights, type SourcingWeights } from '../domain/sourcing/weights.ts'
import { compileTaxTable, type TaxTable } from '../domain/tax/table.ts'
import type { Id, IdSource } from '../kernel/ids.ts'
import { DAY, type Instant, parseInstant } from '../kernel/time.ts'
import { capacityKey, type FactKind, type Memory } from './memory.ts'

const NETWORK_KINDS: readonly FactKind[] = ['node', 'carrier', 'lane', 'rate', 'calendar', 'emissionFactor']

/** Memory as placements see it: tables compiled when first asked for after a fact changed, and once a day. */
export class FactsView implements PlacementFacts {
  readonly baseCurrency: string
  readonly availability
  readonly planner: Planner = createPlanner()
  weights: SourcingWeights = defaultWeights
  prices: BidPrices = noBidPrices
  private readonly memory: Memory
  private readonly now: () => Instant
  private readonly ids: IdSource
  private networkDay = -1
  private networkGeneration = -1
  private compiledNetwork: Network | undefined
  private compiledUniverse: NodeUniverse | undefined
  private legTable: LegTable | undefined
  private taxGeneration = -1
  private compiledTax: TaxTable | undefined
  private complianceGeneration = -1
  private compiledCompliance: ComplianceTable | undefined

  constructor(memory: Memory, baseCurrency: string, now: () => Instant, ids: IdSource) {
    this.memory = memory
    this.baseCurrency = baseCurrency
    this.now = now
    this.ids = ids
    this.availability = memory.availability
  }

  channel(channelId: string): ChannelPolicy | undefined {
    return this.memory.channels.get(channelId)?.doc
  }

  item(sku: string, channelId?: string): ItemFact | undefined {
    const item = this.memory.items.get(sku)
    return item === undefined && channelId !== undefined ? this.memory.items.get(this.memory.skuOfCode(channelId, sku)) : item
  }

  nextCode(): string {
    return String(randomInt(1_000_000)).padStart(6, '0')
  }

  node(nodeNo: number): NodeFact | undefined {
    return this.memory.nodeByNo[nodeNo]
  }

  nodeCalled(nodeId: string): NodeFact | undefined {
    return this.memory.nodes.get(nodeId)
  }

  account(accountId: string): { readonly doc: AccountPolicy; readonly exposure: number } | undefined {
    const known = this.memory.accounts.get(accountId)
    return known === undefined ? undefined : { doc: known.doc as AccountPolicy, exposure: known.exposure + known.pending }
  }

  supplyOf(itemNo: number): ReturnType<PlacementFacts['supplyOf']> {
    return (this.memory.supplyOfItem.get(itemNo) ?? []).flatMap((one) => {
      const availableAt = parseInstant(one.doc.availableAt)
      const units = one.doc.quantity - (one.doc.received ?? 0) - one.reserved - one.pending
      return availableAt === undefined ? [] : [{ supplyId: one.doc.supplyId, nodeNo: one.nodeNo, units, availableAt }]
    })
  }

  capacityUsed(nodeNo: number, day: number): number {
    const key = capacityKey(nodeNo, day)
    return (this.memory.capacityUsed.get(key) ?? 0) + (this.memory.capacityPending.get(key) ?? 0)
  }

  nextId<P extends string>(prefix: P, shard: number): Id<P> {
    return this.ids.next(prefix, shard)
  }

  get network(): Network {
    this.refreshNetwork()
    return this.compiledNetwork as Network
  }

  get universe(): NodeUniverse {
    this.refreshNetwork()
    return this.compiledUniverse as NodeUniverse
  }

  get legs(): LegTable {
    this.refreshNetwork()
    return this.legTable as LegTable
  }

  get tax(): TaxTable {
    const generation = this.memory.generations.taxRule
    if (this.compiledTax === undefined || this.taxGeneration !== generation) {
      this.compiledTax = compileTaxTable([...this.memory.taxRules.values()].map((one) => ({ ...one.doc, version: one.version })))
      this.taxGeneration = generation
    }
    return this.compiledTax
  }

  get compliance(): ComplianceTable {
    const generation = this.memory.generations.complianceRule
    if (this.compiledCompliance === undefined || this.complianceGeneration !== generation) {
      this.compiledCompliance = compileCompliance(
        [...this.memory.complianceRules.values()].map((one) => ({ ...one.doc, version: one.version })),
      )
      this.complianceGeneration = generation
    }
    return this.compiledCompliance
  }

  private refreshNetwork(): void {
    // Generations only grow, so their sum tells whether any of them moved: asked several times an order, this must cost nothing.
    const { generations } = this.memory
    let generation = 0
    for (const kind of NETWORK_KINDS) generation += generations[kind]
    const now = this.now()
    const day = Math.floor(now / DAY)
    if (generation === this.networkGeneration && day === this.networkDay) return
    const docs = <T>(facts: ReadonlyMap<string, { readonly doc: T }>): T[] => [...facts.values()].map((one) => one.doc)
    this.compiledNetwork = compileNetwork(
      {
        nodes: [...this.memory.nodes.values()].map(({ nodeNo, doc }) => ({ nodeNo, node: doc })),
        carriers: docs(this.memory.carriers),
        lanes: docs(this.memory.lanes),
        rates: docs(this.memory.rates),
        calendars: docs(this.memory.calendars),
        factors: docs(this.memory.emissionFactors),
        baseCurrency: this.baseCurrency,
      },
      now,
      generation === this.networkGeneration ? this.compiledNetwork : undefined,
    )
    this.compiledUniverse = universeOf([...this.memory.nodes.values()].map((node) => node.nodeNo))
    this.legTable = createLegTable(this.memory.nodes.size)
    this.networkGeneration = generation
    this.networkDay = day
  }
}
