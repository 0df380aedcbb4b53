import { randomOf } from '../random.ts'
import type { Purchase } from '../shoppers/purchase.ts'
import { hourOf } from '../world/hours.ts'
import type { World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import type { Agenda } from './agenda.ts'
import type { HubApi } from './hub-api.ts'
import type { Market, Placed } from './market.ts'

const HOUR = 3_600_000
const SOON = 60_000
const PAGE = 200
/** Balances are asked for by day, so often. */
const ROUND = 4 * HOUR
const OPENS = 8
const CLOSES = 22
/** How many pay the balance; the others let the time for it pass. */
const PAYS = 0.88

type Options = { readonly world: World; readonly hub: HubApi; readonly agenda: Agenda; readonly market: Market }

/** Buyers of what is not out yet: they have paid a deposit, and pay the balance some hours after the shop has asked for it. */
export function presales({ world, hub, agenda, market }: Options): Actor {
  const waiting = new Map<string, Purchase>()
  let lookedAt = 0

  const payRest = async (purchase: Purchase, at: number): Promise<void> => {
    await market.send({ purchase, at, isPaid: true, isCancelled: false })
    hub.tally.add('balancePaid')
  }
  /** What has come out meanwhile is not sold for a deposit: the shop asks for all of it at once. */
  const learn = async ({ purchase, orderId }: Placed): Promise<void> => {
    const { payments } = await hub.client.call('order.get', { params: { orderId } })
    if (payments?.preOrder === undefined) await payRest(purchase, (purchase.paidAt ?? purchase.placedAt) + SOON)
    else {
      waiting.set(orderId, purchase)
      hub.tally.add('preOrdered')
    }
  }
  const look = async (now: number): Promise<void> => {
    if (waiting.size === 0) return
    const { items } = await hub.client.call('order.list', { query: { phase: 'awaitingPayment', limit: PAGE } })
    for (const { orderId } of items) {
      const purchase = waiting.get(orderId)
      if (purchase === undefined || !waiting.delete(orderId)) continue
      const random = randomOf(world.seed, 'balance', purchase.channel.channelId, purchase.serial)
      const at = now + random.between(1, 20) * HOUR
      if (random.is(PAYS)) agenda.plan(at, () => payRest(purchase, at))
    }
  }

  market.listen((placed) => {
    if (placed.purchase.deposit !== undefined) agenda.plan(placed.purchase.placedAt, () => learn(placed))
  })
  return {
    name: 'presales',
    plan: ({ to }) => {
      const hour = hourOf(to)
      if (to - lookedAt < ROUND || hour < OPENS || hour >= CLOSES) return
      lookedAt = to
      agenda.plan(to, () => look(to))
    },
  }
}
