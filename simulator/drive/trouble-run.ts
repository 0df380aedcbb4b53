import type { Client } from '../../contract/client.ts'
import type { TroubleKind } from '../../contract/entities/trouble.ts'
import type { HubApi } from '../run/hub-api.ts'
import type { TroubleMaker } from '../troubles/trouble-maker.ts'
import { type Fates, fatesByKind, fatesOf } from './fates.ts'

/** The troubles of a drive: spread over its time, tried again where there was nothing they could happen to, followed to their end. */
export class TroubleRun {
  readonly expected: number
  readonly #hub: HubApi
  readonly #maker: TroubleMaker
  #toMake: readonly TroubleKind[]
  /** Orders that were over when they were looked at: they stay so. */
  readonly #over = new Set<string>()

  constructor(hub: HubApi, maker: TroubleMaker, kinds: readonly TroubleKind[]) {
    this.#hub = hub
    this.#maker = maker
    this.#toMake = kinds
    this.expected = kinds.length
  }

  /** Makes a share of them such that all are made in what time is left. */
  async makeSome(now: number, windowsLeft: number): Promise<void> {
    const share = Math.ceil(this.#toMake.length / windowsLeft)
    const missed: TroubleKind[] = []
    for (const kind of this.#toMake.slice(0, share))
      await this.#hub.attempt(async () => {
        if ((await this.#maker.make(kind, now)).state === 'impossible') missed.push(kind)
      })
    this.#toMake = [...this.#toMake.slice(share), ...missed]
  }

  /** Whether one is still to be made, or has hit an order that is neither over nor owned. */
  async isAdrift(client: Client): Promise<boolean> {
    const open = new Set(this.#maker.made.flatMap(({ orderIds }) => orderIds).filter((orderId) => !this.#over.has(orderId)))
    const fates = await fatesOf(client, open)
    for (const [orderId, fate] of fates) if (fate === 'over') this.#over.add(orderId)
    return this.#toMake.length > 0 || [...fates.values()].includes('adrift')
  }

  /** What has become of all that were made. */
  async fates(client: Client): Promise<Fates> {
    const { made } = this.#maker
    return fatesByKind(made, await fatesOf(client, new Set(made.flatMap(({ orderIds }) => orderIds))))
  }
}
