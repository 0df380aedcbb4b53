import { yuan } from '../channels/local-time.ts'
import { shopifyRef } from '../channels/shopify.ts'
import { type Purchase, purchaseOf } from '../shoppers/purchase.ts'
import { CHANNELS, type WorldChannel } from '../world/channels.ts'
import type { Harm, Site } from './site.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Serial numbers of purchases that troubles make: beyond all others. */
const SERIALS = 9_000_000_000_000
const RACERS = 24

function channelOf(channelId: string): WorldChannel {
  const found = CHANNELS.find((channel) => channel.channelId === channelId)
  if (found === undefined) throw new Error(`the world has no channel ${channelId}`)
  return found
}

/** A purchase of the trouble's own, paid at once; the n-th of it. */
function purchase({ world, now, serial }: Site, channelId: string, n = 0): Purchase {
  const made = purchaseOf(world, channelOf(channelId), SERIALS + serial * 100 + n, now)
  return { ...made, paidAt: now, regretsAt: undefined }
}
const paid = (one: Purchase, at: number) => ({ purchase: one, at, isPaid: true, isCancelled: false })
const orders = (...found: readonly (string | undefined)[]): string[] => found.filter((one) => one !== undefined)

/** Many want the last one at the same moment. */
export async function oversellRace(site: Site): Promise<Harm> {
  const { hub, random, serial, market } = site
  const sku = `RACE-${serial}`
  const node = random.pick(site.world.nodes.filter(({ kind }) => kind === 'dc'))
  await hub.client.call('item.put', { body: [{ sku, name: '限量纪念杯', names: { en: 'Limited mug' }, weightGrams: 420 }] })
  await hub.client.call('stock.count', { body: [{ sku, nodeId: node.nodeId, onHand: 1, reason: 'count' }] })
  hub.tally.add('units.added')
  const line = { sku, name: '限量纪念杯', grams: 420, quantity: 1, unitPrice: 19_900, discount: 0 }
  const winners: string[] = []
  await hub.each(
    Array.from({ length: RACERS }, (_, n) => ({ ...purchase(site, 'app', n), lines: [line] })),
    async (one) => {
      const orderId = await market.open(paid(one, site.now))
      if (orderId !== undefined) winners.push(orderId)
    },
  )
  return {
    note: { en: `${RACERS} buyers, 1 unit, ${winners.length} got it`, zh: `${RACERS} 位买家抢 1 件，${winners.length} 位买到` },
    orderIds: winners,
    sku,
    nodeId: node.nodeId,
  }
}

/** A platform sends an address that nobody can deliver to. */
export async function badAddress(site: Site): Promise<Harm> {
  const one = purchase(site, 'gifts')
  const nowhere = { ...one.buyer, home: { ...one.buyer.home, region: '', city: '', district: '', line1: '', postalCode: '' } }
  const orderId = await site.market.open(paid({ ...one, buyer: nowhere }, site.now))
  return {
    note: {
      en: 'an order without an address: its body waits in the inbox of the gift shop',
      zh: '订单没有地址：报文在礼品铺的收件箱中等待处理',
    },
    orderIds: orders(orderId),
  }
}

/** The same buyer buys the same twice within a minute, and the platform tells of the first one twice. */
export async function duplicateOrder(site: Site): Promise<Harm> {
  const { market, agenda, now } = site
  const one = purchase(site, 'web')
  const again = { ...one, serial: one.serial + 1, placedAt: now }
  const first = await market.open(paid(one, now))
  await market.send(paid(one, now))
  const second = await market.open(paid(again, now))
  if (second !== undefined) agenda.plan(now + 3 * HOUR, () => market.cancel(again, second, now + 3 * HOUR))
  return {
    note: { en: 'one basket ordered twice, and one body sent twice', zh: '同一购物车下单两次，同一报文推送两次' },
    orderIds: orders(first, second),
  }
}

/** A buyer is given a part of the price back. */
export async function partRefund(site: Site): Promise<Harm | undefined> {
  const { hub, market, random } = site
  const known = market.recent.filter(
    ({ purchase: { channel, accountId, paidAt } }) => channel.channelId === 'app' && accountId === undefined && paidAt !== undefined,
  )
  const one = known.length === 0 ? undefined : random.pick(known)
  if (one === undefined) return undefined
  const order = await hub.client.call('order.get', { params: { orderId: one.orderId } })
  const amount = Math.round((order.payments?.captured ?? 0) * 0.3)
  if (amount <= 0) return undefined
  const body = { kind: 'refund', method: 'wechat', amount, paymentRef: `refund-${site.serial}` } as const
  await hub.client.call('order.pay', { params: { orderId: one.orderId }, body })
  return { note: { en: `¥${yuan(amount)} given back`, zh: `已退款 ¥${yuan(amount)}` }, orderIds: [one.orderId] }
}

/** The platform's first message is lost; hours later the next one tells of an order that the hub has never heard of. */
export async function missedWebhook(site: Site): Promise<Harm> {
  const { market, agenda, now } = site
  const one = purchase(site, 'web')
  const ref = shopifyRef(one)
  const orderIds: string[] = []
  agenda.plan(now + 2 * HOUR, async () => void orderIds.push(...orders(await market.open(paid(one, now + 2 * HOUR)))))
  return { note: { en: `order ${ref} of the web shop is told two hours late`, zh: `独立站订单 ${ref} 晚两小时才送达` }, orderIds }
}

/** The platform states another total than its lines give. */
export async function priceMismatch(site: Site): Promise<Harm> {
  const orderId = await site.market.open({ ...paid(purchase(site, 'web'), site.now), misstated: 1000 })
  return { note: { en: 'the stated total is 10.00 more than the lines give', zh: '报文总额比明细合计多 10.00' }, orderIds: orders(orderId) }
}
