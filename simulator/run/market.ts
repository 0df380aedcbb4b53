import { ProblemError } from '../../contract/client.ts'
import type { IntakeResult } from '../../contract/capabilities/channel.ts'
import type { OrderRequest } from '../../contract/entities/order.ts'
import { directOrder, directPayment } from '../channels/direct.ts'
import { platformCall, platformList } from '../channels/platform-call.ts'
import type { Stage } from '../channels/stage.ts'
import type { Purchase } from '../shoppers/purchase.ts'
import { secretOf } from '../world/channels.ts'
import type { World } from '../world/world.ts'
import type { HubApi } from './hub-api.ts'
import { asWanted } from './pickups.ts'
import { Together } from './together.ts'

/** An order of the world that the hub has taken. */
export type Placed = { readonly purchase: Purchase; readonly orderId: string }

const RECENT = 400

/** Where purchases become orders of the hub: each stage told in the words of its channel, and who was told of lately remembered. */
export class Market {
  readonly #world: World
  readonly #hub: HubApi
  readonly #listeners: ((placed: Placed) => void)[] = []
  readonly recent: Placed[] = []
  /**
   * Whether the hub catches up: connectors then fetch what has happened as lists, as they do after an outage, and our own app sends its orders
   * as one stream; else each order is told by itself.
   */
  isCatchingUp = false
  readonly #polled = new Map<string, Together<Stage, string | undefined>>()
  readonly #streamed: Together<OrderRequest, string>

  constructor(world: World, hub: HubApi) {
    this.#world = world
    this.#hub = hub
    this.#streamed = new Together((orders) => this.#stream(orders))
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
    const { channelId, platform } = purchase.channel
    const call = platformCall(stage, secretOf(this.#world.seed, channelId))
    if (platform === 'direct' || call === undefined) {
      const body = await asWanted(this.#world, this.#hub, purchase, directOrder(purchase, stage.isPaid))
      return this.isCatchingUp ? this.#streamed.say(body) : (await this.#hub.client.call('order.place', { body })).orderId
    }
    if (this.isCatchingUp) return this.#pollOf(channelId, platform).say(stage)
    const { results } = await this.#hub.platform.call(
      'channel.intake',
      { params: { channelId }, query: call.query, body: call.body },
      { headers: { 'content-type': 'application/json', ...call.headers } },
    )
    return results.map((one) => this.#orderOf(one))[0]
  }

  #orderOf({ state, orderId }: IntakeResult): string | undefined {
    this.#hub.tally.add(`body.${state}`)
    return orderId
  }

  #pollOf(channelId: string, platform: Parameters<typeof platformList>[0]): Together<Stage, string | undefined> {
    const known = this.#polled.get(channelId)
    if (known !== undefined) return known
    const poll = new Together<Stage, string | undefined>(async (stages) => {
      const { results } = await this.#hub.client.call(
        'channel.intake',
        { params: { channelId }, query: {}, body: platformList(platform, stages) },
        // An order is told by its reference: a list fetched twice changes nothing.
        { headers: { 'content-type': 'application/json' }, idempotencyKey: null },
      )
      return results.map((one) => () => this.#orderOf(one))
    })
    this.#polled.set(channelId, poll)
    return poll
  }

  async #stream(orders: readonly OrderRequest[]): Promise<readonly (() => string)[]> {
    const { client } = this.#hub
    const lines = async function* () {
      yield* orders
    }
    const ids: (() => string)[] = []
    for await (const { orderId, problem } of client.placeMany(lines()))
      ids.push(() => {
        if (orderId !== undefined) return orderId
        throw problem === undefined ? new Error('an order was neither taken nor refused') : new ProblemError(problem, undefined)
      })
    return ids
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
