import { directOrder, directPayment } from '../channels/direct.ts'
import { platformCall } from '../channels/platform-call.ts'
import type { Stage } from '../channels/stage.ts'
import { purchasesIn } from '../shoppers/habits.ts'
import type { Purchase } from '../shoppers/purchase.ts'
import { secretOf } from '../world/channels.ts'
import type { World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import type { Agenda } from './agenda.ts'
import type { HubApi, Placed } from './hub-api.ts'

/** Who pays within this time has paid before the platform tells of the order. */
const AT_ONCE = 120_000

type Options = {
  readonly world: World
  readonly hub: HubApi
  readonly agenda: Agenda
  /** Told of each order that the hub took. */
  readonly onPlaced: (placed: Placed) => void
}

/** People who buy, pay, pay late or never, and think better of it, through their channels. */
export function shoppers({ world, hub, agenda, onPlaced }: Options): Actor {
  const buy = async (purchase: Purchase): Promise<void> => {
    const { paidAt, placedAt, regretsAt } = purchase
    const isPaid = paidAt !== undefined && paidAt <= placedAt + AT_ONCE
    const orderId = await send(hub, world, { purchase, at: isPaid ? paidAt : placedAt, isPaid, isCancelled: false })
    if (orderId === undefined) return
    hub.tally.add('placed')
    onPlaced({ purchase, orderId })
    if (!isPaid && paidAt !== undefined && purchase.accountId === undefined)
      agenda.plan(paidAt, () => pay(hub, world, purchase, orderId, paidAt))
    if (regretsAt !== undefined) agenda.plan(regretsAt, () => regret(hub, world, purchase, orderId, regretsAt))
  }
  return {
    name: 'shoppers',
    plan: (window, least) => {
      for (const purchase of purchasesIn(world, window, least)) {
        const { paidAt, placedAt } = purchase
        // The platform tells of an order when it is paid, where that is at once: perhaps in the next window.
        agenda.plan(paidAt !== undefined && paidAt <= placedAt + AT_ONCE ? paidAt : placedAt, () => buy(purchase))
      }
    },
  }
}

/** Sends a stage of a purchase the way its channel does; the hub's order where it has one. */
async function send(hub: HubApi, world: World, stage: Stage): Promise<string | undefined> {
  const { purchase } = stage
  const { channelId } = purchase.channel
  const call = platformCall(stage, secretOf(world.seed, channelId))
  if (call === undefined) return (await hub.client.call('order.place', { body: directOrder(purchase, stage.isPaid) })).orderId
  const { results } = await hub.platform.call(
    'channel.intake',
    { params: { channelId }, query: call.query, body: call.body },
    { headers: { 'content-type': 'application/json', ...call.headers } },
  )
  for (const { state } of results) hub.tally.add(`body.${state}`)
  return results[0]?.orderId
}

async function pay(hub: HubApi, world: World, purchase: Purchase, orderId: string, at: number): Promise<void> {
  if (purchase.channel.platform === 'direct') await hub.client.call('order.pay', { params: { orderId }, body: directPayment(purchase) })
  else await send(hub, world, { purchase, at, isPaid: true, isCancelled: false })
  hub.tally.add('paidLater')
}

async function regret(hub: HubApi, world: World, purchase: Purchase, orderId: string, at: number): Promise<void> {
  const isPaid = purchase.paidAt !== undefined && purchase.paidAt <= at
  if (purchase.channel.platform === 'direct') await hub.client.call('order.cancel', { params: { orderId }, body: { reason: 'customer' } })
  else await send(hub, world, { purchase, at, isPaid, isCancelled: true })
  hub.tally.add('regretted')
}
