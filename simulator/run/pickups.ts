import type { OrderInput, OrderRequest } from '../../contract/entities/order.ts'
import type { NodeInput } from '../../contract/entities/node.ts'
import { randomOf } from '../random.ts'
import type { Purchase } from '../shoppers/purchase.ts'
import { stockOf } from '../world/stock.ts'
import type { World } from '../world/world.ts'
import type { HubApi } from './hub-api.ts'

/** How many shoppers of our own app would rather fetch it than wait for it, where a counter in their city keeps it. */
const FETCHES = 0.4

/** Counters by the items that they keep. */
const kept = new WeakMap<World, ReadonlyMap<string, ReadonlySet<NodeInput>>>()

function countersOf(world: World): ReadonlyMap<string, ReadonlySet<NodeInput>> {
  const known = kept.get(world)
  if (known !== undefined) return known
  const counters = new Map(world.nodes.flatMap((node) => (node.pickup === undefined ? [] : [[node.nodeId, node] as const])))
  const bySku = new Map<string, Set<NodeInput>>()
  for (const { sku, nodeId } of stockOf(world.seed, [...counters.values()], world.items)) {
    const node = counters.get(nodeId)
    if (node !== undefined) bySku.set(sku, (bySku.get(sku) ?? new Set()).add(node))
  }
  kept.set(world, bySku)
  return bySku
}

const distance = ({ place }: NodeInput, { lat, lng }: { readonly lat: number; readonly lng: number }): number =>
  Math.hypot((place.lat ?? 0) - lat, ((place.lng ?? 0) - lng) * Math.cos((lat * Math.PI) / 180))

/** The counter in the buyer's city that keeps everything and is nearest to home, where there is one. */
export function counterFor(world: World, { buyer, lines }: Pick<Purchase, 'buyer' | 'lines'>): NodeInput | undefined {
  const counters = countersOf(world)
  const [first, ...others] = lines.map(({ sku }) => counters.get(sku) ?? new Set<NodeInput>())
  return [...(first ?? [])]
    .filter((node) => node.place.city === buyer.home.city && others.every((keep) => keep.has(node)))
    .toSorted((a, b) => distance(a, buyer.home) - distance(b, buyer.home))[0]
}

/** The order as its buyer wants it: fetched, where the counter has all of it at this moment; else sent home. */
export async function asWanted(world: World, { client }: HubApi, purchase: Purchase, order: OrderInput): Promise<OrderRequest> {
  const { channel, serial, accountId } = purchase
  if (accountId !== undefined || !randomOf(world.seed, 'fetches', channel.channelId, serial).is(FETCHES)) return order
  const counter = counterFor(world, purchase)
  if (counter === undefined) return order
  const { shipTo: _, ...rest } = order
  const pickup = { nodeId: counter.nodeId }
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }))
  const { options } = await client.call('promise.options', { body: { channelId: channel.channelId, pickup, lines } })
  return options[0]?.serviceId === 'pickup' ? { ...rest, pickup } : order
}
