import type { Actor } from '../run/actor.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import type { Market } from '../run/market.ts'
import { randomOf } from '../random.ts'
import type { Purchase } from '../shoppers/purchase.ts'
import { canKeep } from '../world/stock.ts'
import type { World } from '../world/world.ts'

/** Of how many orders the items are on a truck to the centre next to their buyer already. */
const ON_ITS_WAY = 0.2
const BROUGHT = 6

type Options = { readonly world: World; readonly hub: HubApi; readonly agenda: Agenda; readonly market: Market }
type Brought = { readonly sku: string; readonly nodeId: string; readonly ref: string }

/**
 * Trucks that bring centres what people around them buy: sometimes just after somebody has bought it and it was planned from afar. A channel
 * that plans open orders again then sends it from next door.
 */
export function forwarder({ world, hub, agenda, market }: Options): Actor {
  const items = new Map(world.items.map((one) => [one.item.sku, one]))
  const centres = Map.groupBy(
    world.nodes.filter(({ kind }) => kind === 'dc'),
    ({ place }) => place.city,
  )
  let onTrucks: Brought[] = []

  const unload = async (): Promise<void> => {
    const rows = onTrucks.map((one) => ({ ...one, delta: BROUGHT, reason: 'receipt' as const }))
    onTrucks = []
    await hub.client.call('stock.adjust', { body: rows })
    hub.tally.add('units.added', BROUGHT * rows.length)
    hub.tally.add('forwarded', rows.length)
  }
  const load = ({ buyer, channel, serial, lines }: Purchase): void => {
    const [centre] = centres.get(buyer.home.city) ?? []
    if (centre === undefined || !randomOf(world.seed, 'forward', channel.channelId, serial).is(ON_ITS_WAY)) return
    for (const sku of new Set(lines.map((line) => line.sku))) {
      const item = items.get(sku)
      if (item === undefined || !['centre', 'both'].includes(item.family.kept) || !canKeep(centre, item)) continue
      onTrucks.push({ sku, nodeId: centre.nodeId, ref: `forward-${channel.channelId}-${serial}` })
    }
  }

  market.listen(({ purchase }) => {
    if (purchase.channel.settings.replanMinutes === undefined) return
    const isFirst = onTrucks.length === 0
    load(purchase)
    if (isFirst && onTrucks.length > 0) agenda.plan(purchase.placedAt, unload)
  })
  return { name: 'forwarder', plan: () => undefined }
}
