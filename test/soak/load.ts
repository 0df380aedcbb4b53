import { placeMany } from '../../bench/console/world.ts'
import type { Api } from '../support/api.ts'

const TICK_MS = 1000
/** Read back at most so many events a page of the log. */
const PAGE = 1000

/** Keeps a hub at so many events a second: orders, as many as it takes by what the log says each one brings. */
export class EventLoad {
  readonly #api: Api
  readonly #rate: number
  #cursor: string
  #perOrder = 6
  #orders = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #working: Promise<void> = Promise.resolve()
  events = 0

  private constructor(api: Api, rate: number, cursor: string) {
    this.#api = api
    this.#rate = rate
    this.#cursor = cursor
  }

  static async start(api: Api, rate: number): Promise<EventLoad> {
    const load = new EventLoad(api, rate, await endOf(api))
    load.#tick()
    return load
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#working
  }

  #tick(): void {
    this.#timer = setTimeout(() => {
      this.#working = this.#step().finally(() => {
        if (this.#timer !== undefined) this.#tick()
      })
    }, TICK_MS)
  }

  async #step(): Promise<void> {
    const wanted = Math.max(1, Math.round(this.#rate / this.#perOrder))
    await placeMany(this.#api, `S${this.#orders}`, wanted)
    this.#orders += wanted
    const { cursor, count } = await eventsAfter(this.#api, this.#cursor)
    this.#cursor = cursor
    this.events += count
    if (this.#orders > 50) this.#perOrder = Math.max(1, this.events / this.#orders)
  }
}

async function eventsAfter(
  api: Api,
  after: string | undefined,
): Promise<{ readonly cursor: string; readonly count: number; readonly more: boolean }> {
  const reply = await api('GET', `/v1/events?limit=${PAGE}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`)
  if (reply.status !== 200) throw new Error(reply.text)
  return { cursor: String(reply.at('cursor')), count: (reply.at('events') as unknown[]).length, more: reply.at('more') === true }
}

async function endOf(api: Api): Promise<string> {
  let page = await eventsAfter(api, undefined)
  while (page.more) page = await eventsAfter(api, page.cursor)
  return page.cursor
}
