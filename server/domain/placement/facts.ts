import type { ChannelInput } from '../../../contract/entities/channel.ts'
import type { ItemInput } from '../../../contract/entities/item.ts'
import type { NodeInput } from '../../../contract/entities/node.ts'
import type { AvailabilityView } from '../availability/availability.ts'
import type { ComplianceTable } from '../compliance/table.ts'
import type { CreditAccount } from '../credit/check-credit.ts'
import type { LegTable } from '../promise/best-legs.ts'
import type { Network } from '../promise/network.ts'
import type { BidPrices } from '../sourcing/bid-prices.ts'
import type { Planner } from '../sourcing/plan-order.ts'
import type { NodeUniverse } from '../sourcing/problem.ts'
import type { SourcingWeights } from '../sourcing/weights.ts'
import type { TaxTable } from '../tax/table.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'

export type ItemFact = { readonly itemNo: number; readonly doc: ItemInput }
export type NodeFact = { readonly nodeNo: number; readonly doc: NodeInput }
export type ChannelPolicy = Omit<ChannelInput, 'secret'>
export type AccountPolicy = CreditAccount & { readonly businessCustomer?: boolean }

/**
 * Everything a placement is decided on, as the deciding process knows it. Availability, exposure and capacity are proposals:
 * the store checks them again on the locked rows.
 */
export type PlacementFacts = {
  readonly baseCurrency: string
  channel(channelId: string): ChannelPolicy | undefined
  /** With a channel, its own code for an item is understood too. */
  item(sku: string, channelId?: string): ItemFact | undefined
  node(nodeNo: number): NodeFact | undefined
  nodeCalled(nodeId: string): NodeFact | undefined
  account(accountId: string): { readonly doc: AccountPolicy; readonly exposure: number } | undefined
  /** Dated supply of an item, units that have not come in yet and nobody counts on. */
  supplyOf(
    itemNo: number,
  ): readonly { readonly supplyId: string; readonly nodeNo: number; readonly units: number; readonly availableAt: Instant }[]
  /** Fulfillment orders that the node has on a local day (days since 1970-01-01). */
  capacityUsed(nodeNo: number, day: number): number
  readonly availability: AvailabilityView
  readonly universe: NodeUniverse
  readonly network: Network
  readonly tax: TaxTable
  readonly compliance: ComplianceTable
  readonly weights: SourcingWeights
  readonly prices: BidPrices
  readonly planner: Planner
  /** Scratch, as long as there are nodes. */
  readonly legs: LegTable
  /** Six digits that nobody can guess. */
  nextCode(): string
  nextId<P extends string>(prefix: P, shard: number): Id<P>
}
