import { type Demand, purchasesIn } from '../shoppers/habits.ts'
import type { Purchase } from '../shoppers/purchase.ts'
import type { World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import type { Agenda } from './agenda.ts'
import type { Market } from './market.ts'

/** Who pays within this time has paid before the platform tells of the order. */
const AT_ONCE = 120_000

type Options = { readonly world: World; readonly market: Market; readonly agenda: Agenda; readonly demand: Demand }

/** People who buy, pay, pay late or never, and think better of it, through their channels. `demand` says how many beside what the channels expect. */
export function shoppers({ world, market, agenda, demand }: Options): Actor {
  const buy = async (purchase: Purchase, at: number, isPaid: boolean): Promise<void> => {
    const orderId = await market.open({ purchase, at, isPaid, isCancelled: false })
    if (orderId === undefined) return
    const { paidAt, regretsAt, deposit } = purchase
    if (!isPaid && deposit === undefined && paidAt !== undefined && purchase.accountId === undefined)
      agenda.plan(paidAt, () => market.pay(purchase, orderId, paidAt))
    if (regretsAt !== undefined) agenda.plan(regretsAt, () => market.cancel(purchase, orderId, regretsAt))
  }
  return {
    name: 'shoppers',
    plan: (window, least) => {
      for (const purchase of purchasesIn(world, window, { ...demand, least })) {
        const { paidAt, placedAt, deposit } = purchase
        // The platform tells of an order when it is paid, where that is at once: perhaps in the next window.
        const isSoon = paidAt !== undefined && paidAt <= placedAt + AT_ONCE
        const tellAt = isSoon ? paidAt : placedAt
        agenda.plan(tellAt, () => buy(purchase, tellAt, isSoon && deposit === undefined))
      }
    },
  }
}
