import type { PromiseOptions } from '../../../contract/entities/promise.ts'
import { instant, toIso } from '../../kernel/time.ts'
import { coveredAt, explode, shelvesOf, unitsBy } from './demand.ts'
import { pickupTime } from './pickup-time.ts'
import { atOnce, type Quote } from './quote.ts'

/**
 * When a basket can be collected at a node: one option without freight, or none: `unknown_item`, `stock_short` with the units that the node will
 * not have, or `no_service` where it gives nothing out to buyers of the channel.
 */
export function quotePickup(quote: Omit<Quote, 'place'>, nodeId: string): PromiseOptions {
  const { network, now, channelId, channelNodes } = quote
  const asOf = toIso(now)
  const exploded = explode(quote.lines, quote.itemOf)
  if (exploded.status === 'unknown') return { asOf, options: [], reason: 'unknown_item', missing: [{ sku: exploded.sku, quantity: 1 }] }
  const { demands } = exploded
  if (demands.length === 0) return { asOf, options: [atOnce(asOf, network.baseCurrency)] }
  const found = network.nodes.find((one) => one.nodeId === nodeId)
  const isServed =
    (channelNodes?.includes(nodeId) ?? true) && (channelId === undefined || (found?.node.channels?.includes(channelId) ?? true))
  if (found?.node.pickup === undefined || found.node.closed === true || !isServed) return { asOf, options: [], reason: 'no_service' }
  const shelf = shelvesOf(demands, quote.supplyOf, now).get(found.nodeNo) ?? []
  const missing = demands.flatMap(({ sku, quantity }, d) => {
    const short = quantity - unitsBy(shelf[d], Infinity)
    return short > 0 ? [{ sku, quantity: short }] : []
  })
  if (missing.length > 0) return { asOf, options: [], reason: 'stock_short', missing }
  const releaseAt = Math.max(now, ...demands.map(({ quantity }, d) => coveredAt(shelf[d], quantity)))
  const time = pickupTime(network, found.nodeNo, instant(releaseAt), quote.isFull)
  if (time === undefined) return { asOf, options: [], reason: 'no_service' }
  const readyAt = toIso(time.readyAt)
  const option = { ...atOnce(readyAt, network.baseCurrency), carrierId: 'pickup', serviceId: 'pickup', nodeIds: [nodeId] }
  return { asOf, options: [option] }
}
