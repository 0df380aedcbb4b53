import { ProblemError } from '../../contract/client.ts'
import type { TroubleKind, TroubleReport } from '../../contract/entities/trouble.ts'
import type { Couriers } from '../carriers/couriers.ts'
import type { Crew } from '../nodes/crew.ts'
import { randomOf } from '../random.ts'
import type { Agenda } from '../run/agenda.ts'
import type { HubApi } from '../run/hub-api.ts'
import type { Market } from '../run/market.ts'
import type { World } from '../world/world.ts'
import { badAddress, duplicateOrder, missedWebhook, oversellRace, partRefund, priceMismatch } from './at-market.ts'
import { carrierGap, lostParcel } from './on-the-way.ts'
import { failedNode, overduePromise, refusedWork, shortPickTrouble } from './at-work.ts'
import type { Harm, Made, Troubles } from './site.ts'

const troubles: Troubles = {
  oversellRace,
  lostParcel,
  failedNode,
  badAddress,
  duplicateOrder,
  partRefund,
  overduePromise,
  refusedWork,
  shortPick: shortPickTrouble,
  missedWebhook,
  carrierGap,
  priceMismatch,
}

const MADE_MAX = 2000
/** What was picked may be over or on hold by now: another one is tried. */
const TRIES_MAX = 5

async function tryOften(make: () => Promise<Harm | undefined>): Promise<Harm | undefined> {
  for (let tries = 1; ; tries++)
    try {
      return await make()
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 409 || tries === TRIES_MAX) throw error
    }
}

type Options = {
  readonly world: World
  readonly hub: HubApi
  readonly agenda: Agenda
  readonly market: Market
  readonly crew: Crew
  readonly couriers: Couriers
}

/** Makes the named troubles happen, in the world and through the public API alone. */
export class TroubleMaker {
  /** The latest, the newest last. */
  readonly made: Made[] = []
  readonly #options: Options
  readonly #serial: () => number

  /** `serial` names what troubles make: each call another number. */
  constructor(options: Options, serial: () => number) {
    this.#options = options
    this.#serial = serial
  }

  async make(kind: TroubleKind, now: number): Promise<TroubleReport> {
    const serial = this.#serial()
    const random = randomOf(this.#options.world.seed, 'trouble', kind, serial)
    const harm = await tryOften(() => troubles[kind]({ ...this.#options, now, random, serial }))
    if (harm === undefined)
      return { state: 'impossible', note: { en: 'nothing in the world that it could happen to now', zh: '此刻没有可以发生这一故障的对象' } }
    this.#options.hub.tally.add(`trouble.${kind}`)
    this.made.push({ kind, ...harm })
    if (this.made.length > MADE_MAX) this.made.shift()
    const { note, orderIds, nodeId, sku } = harm
    return {
      state: 'made',
      note,
      orderIds: [...orderIds],
      ...(nodeId === undefined ? {} : { nodeId }),
      ...(sku === undefined ? {} : { sku }),
    }
  }
}
