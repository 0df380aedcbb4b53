import { randomOf } from '../random.ts'
import { hourOf } from '../world/hours.ts'
import type { World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import type { Agenda } from './agenda.ts'
import type { HubApi } from './hub-api.ts'
import type { Market, Placed } from './market.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** The desk looks at what waits for it this often, in working hours. */
const ROUND = 30 * MINUTE
const PAGE = 50
const HOLDS = 0.012
const RELEASES = 0.7
const APPROVES = 0.86
const OPENS = 8
const CLOSES = 22

/** The people at the desk: they look through orders in review, put some on hold and release most of them again. */
type Options = { readonly world: World; readonly hub: HubApi; readonly agenda: Agenda; readonly market: Market }

export function desk({ world, hub, agenda, market }: Options): Actor {
  let lookedAt = 0

  const review = async (orderId: string): Promise<void> => {
    const random = randomOf(world.seed, 'review', orderId)
    // Some are left lying: somebody must ask the buyer first.
    if (random.is(0.25)) return
    if (random.is(APPROVES)) await hub.client.call('order.approve', { params: { orderId }, body: { note: '已与买家确认' } })
    else await hub.client.call('order.decline', { params: { orderId }, body: { reason: 'suspicious' } })
    hub.tally.add('reviewed')
  }
  const hold = async ({ purchase, orderId }: Placed, releasesAt: number | undefined): Promise<void> => {
    await hub.client.call('order.hold', { params: { orderId }, body: { reason: 'addressCheck', note: '核实收货地址' } })
    hub.tally.add('held')
    if (releasesAt !== undefined)
      agenda.plan(releasesAt, async () => {
        await hub.client.call('order.release', { params: { orderId }, body: { note: `已联系 ${purchase.buyer.no}` } })
        hub.tally.add('released')
      })
  }

  market.listen((placed) => {
    const { purchase } = placed
    const random = randomOf(world.seed, 'hold', purchase.channel.channelId, purchase.serial)
    if (!random.is(HOLDS)) return
    const at = purchase.placedAt + random.between(3, 40) * MINUTE
    const releasesAt = random.is(RELEASES) ? at + random.between(1, 12) * HOUR : undefined
    agenda.plan(at, () => hold(placed, releasesAt))
  })

  return {
    name: 'desk',
    plan: ({ to }) => {
      const hour = hourOf(to)
      if (to - lookedAt < ROUND || hour < OPENS || hour >= CLOSES) return
      lookedAt = to
      agenda.plan(to, async () => {
        const page = await hub.client.call('order.list', { query: { phase: 'awaitingReview', limit: PAGE } })
        for (const { orderId } of page.items) agenda.plan(to, () => review(orderId))
      })
    },
  }
}
