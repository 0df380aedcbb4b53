import { randomOf } from '../random.ts'
import type { Actor } from '../run/actor.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import type { World } from '../world/world.ts'
import { type News, type Push, pushesOf } from './bodies.ts'
import { type Journey, journeyOf, type Town } from './journey.ts'

/** A parcel that a carrier has, and how much of its way the carrier has told. */
export type Carried = {
  readonly journey: Journey
  readonly orderId: string
  readonly nodeId: string
  told: number
  /** Nothing is told of it before then. */
  quietUntil: number
}
export type HandedOver = {
  readonly orderId: string
  readonly nodeId: string
  readonly carrierId: string
  readonly trackingNo: string
  readonly from: Town
  readonly to: Town
  readonly leftAt: number
  readonly arrivesAt: number
}

const CARRIED_MAX = 50_000
/** How often a push is kept back and told with the next one, and how often one is sent twice. */
const LATE = 0.04
const TWICE = 0.03
/** What no carrier sends a push of its own for: it is told with what comes next. */
const QUIET: readonly string[] = ['departed', 'arrived']

type Options = { readonly world: World; readonly hub: HubApi; readonly agenda: Agenda }

/** The carriers: they take parcels where nodes hand them over, and tell what they see of them in their own words. */
export class Couriers implements Actor {
  readonly name = 'carriers'
  readonly #world: World
  readonly #hub: HubApi
  readonly #agenda: Agenda
  readonly #carried = new Map<string, Carried>()

  constructor({ world, hub, agenda }: Options) {
    this.#world = world
    this.#hub = hub
    this.#agenda = agenda
  }

  take({ orderId, nodeId, ...way }: HandedOver): void {
    if (this.#carried.size >= CARRIED_MAX) return
    this.#carried.set(way.trackingNo, { journey: journeyOf(this.#world.seed, way), orderId, nodeId, told: 0, quietUntil: 0 })
  }

  plan({ to }: { readonly to: number }): void {
    this.#agenda.plan(to, () => this.#round(to))
  }

  /** Parcels under way, for whoever wants to trouble them. */
  carried(): Iterable<Carried> {
    return this.#carried.values()
  }

  /** It is never seen again. */
  lose({ journey }: Carried): void {
    this.#carried.delete(journey.trackingNo)
  }

  async #round(now: number): Promise<void> {
    const news = new Map<string, News[]>()
    for (const one of this.#carried.values()) {
      const seen = one.journey.sightings.filter(({ at }) => at <= now)
      const fresh = seen.slice(one.told)
      if (!this.#isTold(one, fresh, now)) continue
      const list = news.get(one.journey.carrierId) ?? []
      news.set(one.journey.carrierId, list)
      list.push({ journey: one.journey, seen, fresh: fresh.length })
    }
    const pushes = [...news].flatMap(([carrierId, list]) => pushesOf(carrierId, list))
    await this.#hub.each(pushes, (push) => this.#send(push))
    for (const { journey, seen } of [...news.values()].flat()) this.#note(journey, seen.length)
  }

  #isTold({ journey, quietUntil }: Carried, fresh: Journey['sightings'], now: number): boolean {
    const last = fresh.at(-1)
    if (last === undefined || quietUntil > now) return false
    const random = randomOf(this.#world.seed, 'push', journey.trackingNo, last.at)
    if (last.meaning !== 'delivered' && random.is(LATE)) return false
    return fresh.some(({ meaning }) => !QUIET.includes(meaning))
  }

  async #send({ carrierId, body }: Push): Promise<void> {
    const random = randomOf(this.#world.seed, 'twice', body.length)
    // Carriers know no idempotency keys: the hub tells a scan by what it says.
    const options = { headers: { 'content-type': 'application/json' }, idempotencyKey: null }
    const tell = () => this.#hub.client.call('carrier.scans', { params: { carrierId }, body }, options)
    const { results } = await tell()
    for (const { result } of results) this.#hub.tally.add(`scan.${result}`)
    if (random.is(TWICE)) await tell()
  }

  #note({ trackingNo, sightings }: Journey, told: number): void {
    const one = this.#carried.get(trackingNo)
    if (one === undefined) return
    one.told = told
    if (told < sightings.length) return
    this.#carried.delete(trackingNo)
    this.#hub.tally.add('parcel.delivered')
  }
}
