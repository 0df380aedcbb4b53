import { Couriers } from '../carriers/couriers.ts'
import { Crew } from '../nodes/crew.ts'
import { forwarder } from '../nodes/forwarder.ts'
import { Suppliers } from '../nodes/suppliers.ts'
import type { Demand, Window } from '../shoppers/habits.ts'
import { TroubleMaker } from '../troubles/trouble-maker.ts'
import { hourOf } from '../world/hours.ts'
import type { World } from '../world/world.ts'
import type { Actor } from './actor.ts'
import { Agenda } from './agenda.ts'
import { desk } from './desk.ts'
import type { HubApi } from './hub-api.ts'
import { Market } from './market.ts'
import { presales } from './presales.ts'
import { shoppers } from './shoppers.ts'

export const STEP = 30 * 60_000
/** At night little happens: longer steps lose nothing. */
const NIGHT_STEP = 2 * 3_600_000
const DAWN = 6
/** What is done in one go at most: what was planned for a window may plan more for the same one. */
const ACTS_MAX = 100_000
/** People who act in one moment while the hub catches up: what they tell one door makes one call. */
const CROWD = 400

type Options = Pick<Demand, 'crowd' | 'isLevel'> & {
  /** Numbers for what troubles make; left out: such that no earlier run of the world had them. */
  readonly serial?: () => number
}

/** The people of a world, at work on one hub. */
export class LiveWorld {
  readonly market: Market
  readonly agenda = new Agenda()
  readonly troubles: TroubleMaker
  readonly #hub: HubApi
  readonly #actors: Actor[]
  readonly #shoppers: Actor
  readonly #crew: Crew

  constructor(world: World, hub: HubApi, { serial = countFromNow(), ...demand }: Options = {}) {
    this.#hub = hub
    this.market = new Market(world, hub)
    const common = { world, hub, agenda: this.agenda, market: this.market, demand }
    const couriers = new Couriers(common)
    const suppliers = new Suppliers(common)
    const crew = new Crew({ ...common, couriers, suppliers })
    this.#shoppers = shoppers(common)
    this.#crew = crew
    this.#actors = [this.#shoppers, desk(common), presales(common), forwarder(common), couriers, suppliers]
    this.troubles = new TroubleMaker({ ...common, crew, couriers }, serial)
  }

  add(actor: Actor): void {
    this.#actors.push(actor)
  }

  /** From now on nobody buys; what is under way goes on. */
  closeShops(): void {
    this.#actors.splice(this.#actors.indexOf(this.#shoppers), 1)
  }

  /** Everything that happens in a window of business time, which must have passed on the hub. */
  async live(window: Window, least = 0): Promise<void> {
    for (const actor of this.#actors) actor.plan(window, least)
    const { to } = window
    // Nodes go on with what they have while others buy, and then see in their queues what was bought.
    await Promise.all([this.#act(to), this.#hub.attempt(() => this.#crew.work(to))])
    await this.#hub.attempt(() => this.#crew.look(to))
    await this.#hub.attempt(() => this.#crew.work(to))
    await this.#act(to)
  }

  /** Everything that is planned until then, and what that plans, the earliest first; each begins when somebody is free for it. */
  #act(until: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const atOnce = this.market.isCatchingUp ? CROWD : this.#hub.callsMax
    let busy = 0
    let left = ACTS_MAX
    const go = (): void => {
      while (busy < atOnce && left > 0) {
        const act = this.agenda.take(until)
        if (act === undefined) break
        busy += 1
        left -= 1
        void this.#hub.attempt(act).then(() => {
          busy -= 1
          go()
        })
      }
      if (busy === 0) resolve()
    }
    go()
    return promise
  }
}

/** Counts from a number that follows the clock on the wall. */
function countFromNow(): () => number {
  let last = 0
  return () => (last = Math.max(last + 1, Math.floor(Date.now() / 1000) - 1_700_000_000))
}

/** A stretch of time in windows that end on full steps, half an hour unless said otherwise, at night on every second hour. */
export function windowsOf({ from, to }: Window, byDay = STEP): Window[] {
  const windows: Window[] = []
  for (let start = from; start < to;) {
    const step = hourOf(start) < DAWN ? NIGHT_STEP : byDay
    const end = Math.min(to, (Math.floor(start / step) + 1) * step)
    windows.push({ from: start, to: end })
    start = end
  }
  return windows
}
