import { directOrder, directPayment } from '../channels/direct.ts'
import { platformCall } from '../channels/platform-call.ts'
import type { Stage } from '../channels/stage.ts'
import type { Purchase } from '../shoppers/purchase.ts'
import { secretOf } from '../world/channels.ts'
import type { World } from '../world/world.ts'
import type { HubApi } from './hub-api.ts'
import { asWanted } from './pickups.ts'

/** An order of the world that the hub has taken. */
export type Placed = { readonly purchase: Purchase; readonly orderId: string }

const RECENT = 400

/** Where purchases become orders of the hub: each stage told in the words of its channel, and who was told of lately remembered. */
export class Market {
  readonly #world: World
  readonly #hub: HubApi
  readonly #listeners: ((placed: Placed) => void)[] = []
  readonly recent: Placed[] = []

  constructor(world: World, hub: HubApi) {
    this.#world = world
    this.#hub = hub
  }

  listen(listener: (placed: Placed) => void): void {
    this.#listeners.push(listener)
  }

  /** Tells of a purchase for the first time; the hub's order where it has one. */
  async open(stage: Stage): Promise<string | undefined> {
    await this.#hub.pace()
    const orderId = await this.send(stage)
    if (orderId === undefined) return undefined
    this.#hub.tally.add('placed')
    const placed = { purchase: stage.purchase, orderId }
    this.recent.push(placed)
    if (this.recent.length > RECENT) this.recent.shift()
    for (const listener of this.#listeners) listener(placed)
    return orderId
  }

  /** Sends a stage of a purchase the way its channel does; the hub's order where it has one. */
  async send(stage: Stage): Promise<string | undefined> {
    const { purchase } = stage
    const { channelId } = purchase.channel
    const call = platformCall(stage, secretOf(this.#world.seed, channelId))
    if (call === undefined) {
      const body = await asWanted(this.#world, this.#hub, purchase, directOrder(purchase, stage.isPaid))
      return (await this.#hub.client.call('order.place', { body })).orderId
    }
    const { results } = await this.#hub.platform.call(
      'channel.intake',
      { params: { channelId }, query: call.query, body: call.body },
      { headers: { 'content-type': 'application/json', ...call.headers } },
    )
    for (const { state } of results) this.#hub.tally.add(`body.${state}`)
    return results[0]?.orderId
  }

  async pay(purchase: Purchase, orderId: string, at: number): Promise<void> {
    if (purchase.channel.platform === 'direct')
      await this.#hub.client.call('order.pay', { params: { orderId }, body: directPayment(purchase) })
    else await this.send({ purchase, at, isPaid: true, isCancelled: false })
    this.#hub.tally.add('paidLater')
  }

  /** The buyer changes their mind: where nothing has left yet, that is the end of it. */
  async cancel(purchase: Purchase, orderId: string, at: number): Promise<void> {
    const isPaid = purchase.paidAt !== undefined && purchase.paidAt <= at
    if (purchase.channel.platform === 'direct')
      await this.#hub.client.call('order.cancel', { params: { orderId }, body: { reason: 'customer' } })
    else await this.send({ purchase, at, isPaid, isCancelled: true })
    this.#hub.tally.add('regretted')
  }
}
