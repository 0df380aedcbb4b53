import type { Place } from '../../../contract/entities/basics.ts'
import type { ItemInput } from '../../../contract/entities/item.ts'
import type { PromiseOption, PromiseOptions } from '../../../contract/entities/promise.ts'
import { instant, toIso, type Instant } from '../../kernel/time.ts'
import { bestLegs, createLegTable, type LegQuery } from './best-legs.ts'
import { coveredAt, explode, loadOfDemands, shelvesOf, unitsBy, type Demand, type Shelves, type SupplyAt } from './demand.ts'
import { destinationOf } from './destination.ts'
import { legFor, type Leg } from './leg.ts'
import { meets, servicesFor } from './needs.ts'
import type { Destination, Network } from './network.ts'
import { splitOver, type Part } from './split.ts'

/** What a quote is worked out from; lookups answer from the caller's snapshot. */
export type Quote = {
  readonly network: Network
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[]
  readonly place: Place
  readonly now: Instant
  /** Undefined = whoever asks. */
  readonly channelId: string | undefined
  /** Nodes that serve the channel; left out = all. */
  readonly channelNodes?: readonly string[]
  readonly itemOf: (sku: string) => ItemInput | undefined
  /** Units the channel may be promised, dated supply included. */
  readonly supplyOf: (sku: string) => readonly SupplyAt[]
  readonly isFull?: (nodeNo: number, day: number) => boolean
}

type Basket = {
  readonly quote: Quote
  readonly demands: readonly Demand[]
  readonly shelves: Shelves
  readonly destination: Destination
  readonly allowed: Uint8Array
}
type Shipment = { readonly leg: Leg; readonly demands: readonly Demand[] }

/** Options kept of one service: none of them is both later and dearer than another. */
const OPTIONS_PER_SERVICE_MAX = 3

/** Shelves of the nodes that may ship this basket: open, serving the channel, able to do what the items need. */
function usableShelves({ network, channelId, channelNodes }: Quote, shelves: Shelves, needs: readonly string[]): Shelves {
  const named = channelNodes && new Set(channelNodes)
  return new Map(
    [...shelves].filter(([nodeNo]) => {
      const node = network.nodes[network.indexOf[nodeNo] ?? -1]?.node
      if (!node || node.closed || node.ships === false || (named && !named.has(node.nodeId))) return false
      return (channelId === undefined || (node.channels?.includes(channelId) ?? true)) && meets(node.capabilities, needs)
    }),
  )
}

const queryOf = ({ quote, destination, allowed }: Basket, demands: readonly Demand[], service: number, releaseAt: number): LegQuery => ({
  destination,
  allowed,
  service,
  load: loadOfDemands(demands),
  releaseAt: instant(releaseAt),
  neededBy: Infinity,
  ...(quote.isFull && { isFull: quote.isFull }),
})

/** Ways to send everything from one node, as node numbers with their dates and freight. */
function singles(basket: Basket, service: number): readonly Part[] {
  const { quote, demands, shelves } = basket
  const parts: Part[] = []
  for (const [nodeNo, shelf] of shelves) {
    const readyAt = Math.max(quote.now, ...demands.map(({ quantity }, d) => coveredAt(shelf[d], quantity)))
    if (readyAt < Infinity) parts.push({ nodeNo, demands, readyAt })
  }
  if (parts.length === 0) return []
  const table = createLegTable(parts.length)
  const releases = Float64Array.from(parts, ({ readyAt }) => readyAt)
  const nodeNos = Int32Array.from(parts, ({ nodeNo }) => nodeNo)
  bestLegs(quote.network, { ...queryOf(basket, demands, service, quote.now), releases }, nodeNos, parts.length, table)
  const able = [...parts.keys()].filter((i) => (table.service[i] ?? -1) >= 0)
  const at = (list: Float64Array, i: number): number => list[i] ?? 0
  able.sort((a, b) => at(table.deliverBy, a) - at(table.deliverBy, b) || at(table.freight, a) - at(table.freight, b))
  let cheapest = Infinity
  return able.flatMap((i) => {
    if (at(table.freight, i) >= cheapest) return []
    cheapest = at(table.freight, i)
    return parts[i] ? [parts[i]] : []
  })
}

/** Shares of the basket: by what is there now, and by what ever will be. */
function splits(basket: Basket, service: number): readonly (readonly Part[])[] {
  const { quote, demands, shelves } = basket
  const table = createLegTable(shelves.size)
  const nodeNos = Int32Array.from(shelves.keys())
  bestLegs(quote.network, queryOf(basket, demands.slice(0, 1), service, quote.now), nodeNos, nodeNos.length, table)
  const able = [...nodeNos.keys()].filter((i) => (table.service[i] ?? -1) >= 0)
  able.sort((a, b) => (table.deliverBy[a] ?? 0) - (table.deliverBy[b] ?? 0) || (table.freight[a] ?? 0) - (table.freight[b] ?? 0))
  const order = able.map((i) => nodeNos[i] ?? -1)
  const shared = [quote.now, Infinity].map((by) => splitOver(demands, shelves, order, by))
  return shared.filter((parts) => parts !== undefined).filter((parts) => parts.length > 1)
}

/** Legs of all parts by one service, undefined when one of them has none. */
function shipmentsOf(basket: Basket, parts: readonly Part[], service: number): readonly Shipment[] | undefined {
  const shipments: Shipment[] = []
  for (const { nodeNo, demands, readyAt } of parts) {
    const leg = legFor(basket.quote.network, nodeNo, queryOf(basket, demands, service, Math.max(basket.quote.now, readyAt)))
    if ('why' in leg) return undefined
    shipments.push({ leg, demands })
  }
  return shipments
}

function optionOf(shipments: readonly Shipment[], currency: string): PromiseOption {
  const legs = shipments.map(({ leg }) => leg)
  const latest = (of: (leg: Leg) => number): string => toIso(instant(Math.max(...legs.map(of))))
  const carbon = (grams: number): number => Math.round(grams * 10) / 10
  return {
    carrierId: legs[0]?.carrierId ?? '',
    serviceId: legs[0]?.serviceId ?? '',
    nodeIds: legs.map(({ nodeId }) => nodeId),
    shipBy: latest((leg) => leg.shipBy),
    deliverBy: latest((leg) => leg.deliverBy),
    cost: legs.reduce((sum, leg) => sum + leg.freight, 0),
    currency,
    co2eGrams: carbon(legs.reduce((sum, leg) => sum + leg.co2eGrams, 0)),
    basis: legs.every((leg) => leg.basis === 'configured') ? 'configured' : 'default',
    split: legs.length > 1,
    shipments: shipments.map(({ leg, demands }) => ({
      nodeId: leg.nodeId,
      shipBy: toIso(leg.shipBy),
      deliverBy: toIso(leg.deliverBy),
      cost: leg.freight,
      co2eGrams: carbon(leg.co2eGrams),
      factorId: leg.factorId,
      distanceKm: Math.round(leg.distanceKm * 10) / 10,
      lines: demands.map(({ sku, quantity }) => ({ sku, quantity })),
    })),
  }
}

const byDelivery = (a: PromiseOption, b: PromiseOption): number =>
  a.deliverBy < b.deliverBy ? -1 : a.deliverBy > b.deliverBy ? 1 : a.cost - b.cost || a.nodeIds.length - b.nodeIds.length

/** Options of one service of which none is both later and dearer; of more than fit the earliest and the cheapest stay. */
function optionsOf(basket: Basket, service: number): readonly PromiseOption[] {
  const plans = [...singles(basket, service).map((part) => [part]), ...splits(basket, service)]
  const shipments = plans.map((parts) => shipmentsOf(basket, parts, service)).filter((plan) => plan !== undefined)
  const sorted = shipments.map((plan) => optionOf(plan, basket.quote.network.baseCurrency)).sort(byDelivery)
  let cheapest = Infinity
  const kept = sorted.filter(({ cost }) => {
    if (cost >= cheapest) return false
    cheapest = cost
    return true
  })
  return kept.length <= OPTIONS_PER_SERVICE_MAX ? kept : [...kept.slice(0, OPTIONS_PER_SERVICE_MAX - 1), ...kept.slice(-1)]
}

/** Digital goods alone: there as soon as the order is firm, from nowhere, for nothing. */
export const atOnce = (asOf: string, currency: string): PromiseOption => ({
  carrierId: 'digital',
  serviceId: 'digital',
  nodeIds: [],
  shipBy: asOf,
  deliverBy: asOf,
  cost: 0,
  currency,
  co2eGrams: 0,
  basis: 'configured',
  split: false,
  shipments: [],
})

/**
 * Dated options for a basket and a place, by delivery and then cost; cost is freight in minor units of the base currency.
 * None: `unknown_item`, `stock_short` with the units no node will have, or `no_service`.
 */
export function quotePromise(quote: Quote): PromiseOptions {
  const asOf = toIso(quote.now)
  const exploded = explode(quote.lines, quote.itemOf)
  if (exploded.status === 'unknown') {
    return { asOf, options: [], reason: 'unknown_item', missing: [{ sku: exploded.sku, quantity: 1 }] }
  }
  const { demands, needs } = exploded
  if (demands.length === 0) return { asOf, options: [atOnce(asOf, quote.network.baseCurrency)] }
  const shelves = usableShelves(quote, shelvesOf(demands, quote.supplyOf, quote.now), needs)
  const missing = demands.flatMap(({ sku, quantity }, d) => {
    const short = quantity - [...shelves.values()].reduce((sum, node) => sum + unitsBy(node[d], Infinity), 0)
    return short > 0 ? [{ sku, quantity: short }] : []
  })
  if (missing.length > 0) return { asOf, options: [], reason: 'stock_short', missing }
  const destination = destinationOf(quote.network, quote.place)
  const basket = { quote, demands, shelves, destination, allowed: servicesFor(quote.network, needs) }
  const options = quote.network.services.flatMap((_, service) => optionsOf(basket, service)).sort(byDelivery)
  return options.length > 0 ? { asOf, options } : { asOf, options, reason: 'no_service' }
}
