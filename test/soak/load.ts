import { placeMany } from '../../bench/console/world.ts'
import { type Api, at, listOf } from '../support/api.ts'

const TICK_MS = 1000
/** Read back at most so many events a page of the log. */
const PAGE = 1000
/** A tick that came late makes up for so much of what it missed. */
const CATCH_UP_MS = 30_000
const VERBS = ['accept', 'start', 'pick', 'pack', 'handOver', 'deliver'] as const
/** So many ticks without an answer are no hiccup. */
const FAILURES_MAX = 30

/**
 * Keeps a hub at so many events a second: orders come, and as many of the oldest are worked off to the end, so that rows change and the
 * backlog stays as long as it was. How many it takes is learnt from the log. A call that fails is tried again at the next tick.
 */
export class EventLoad {
  readonly #api: Api
  readonly #rate: number
  #cursor: string
  #perOrder = 12
  #rounds = 0
  #orders = 0
  #lastAt = performance.now()
  #timer: ReturnType<typeof setTimeout> | undefined
  #working: Promise<void> = Promise.resolve()
  #failedInARow = 0
  events = 0
  failures = 0

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

  /** Throws once the hub has not answered for half a minute: what is measured then is no load. */
  assertFlowing(): void {
    if (this.#failedInARow >= FAILURES_MAX) throw new Error(`the hub took nothing for ${this.#failedInARow} ticks`)
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#working
  }

  #tick(): void {
    this.#timer = setTimeout(() => {
      this.#working = this.#step().then(
        () => this.#ended(0),
        (error: unknown) => {
          this.failures += 1
          console.error(`soak: a tick failed and is tried again: ${error instanceof Error ? error.message : String(error)}`)
          this.#ended(this.#failedInARow + 1)
        },
      )
    }, TICK_MS)
  }

  #ended(failedInARow: number): void {
    this.#failedInARow = failedInARow
    if (this.#timer !== undefined) this.#tick()
  }

  async #step(): Promise<void> {
    const now = performance.now()
    const seconds = Math.min(CATCH_UP_MS, now - this.#lastAt) / 1000
    const wanted = Math.max(1, Math.round((this.#rate * seconds) / this.#perOrder))
    await placeMany(this.#api, `S${this.#rounds}`, wanted)
    this.#rounds += 1
    this.#lastAt = now
    await workOff(this.#api, wanted)
    const { cursor, count } = await eventsAfter(this.#api, this.#cursor)
    this.#cursor = cursor
    this.events += count
    this.#orders += wanted
    if (this.#orders > 50) this.#perOrder = Math.max(1, this.events / this.#orders)
  }
}

/** The oldest work of the queue, from taken on to delivered. */
async function workOff(api: Api, count: number): Promise<void> {
  const queue = await api('GET', `/v1/fulfillment-orders?limit=${Math.min(count, 200)}`)
  if (queue.status !== 200) throw new Error(queue.text)
  const rows = listOf(queue.at('items')).map((row) => ({ fulfillmentOrderId: at(row, 'fulfillmentOrderId') }))
  if (rows.length === 0) return
  for (const action of VERBS) {
    const wave = rows.map((row) => ({ ...row, action }))
    const reply = await api('POST', '/v1/fulfillment-orders/bulk', wave)
    if (reply.status !== 200) throw new Error(reply.text)
  }
}

type EventsPage = { readonly cursor: string; readonly count: number; readonly more: boolean }
async function eventsAfter(api: Api, after: string | undefined): Promise<EventsPage> {
  const reply = await api('GET', `/v1/events?limit=${PAGE}${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`)
  if (reply.status !== 200) throw new Error(reply.text)
  return { cursor: String(reply.at('cursor')), count: listOf(reply.at('events')).length, more: reply.at('more') === true }
}

async function endOf(api: Api): Promise<string> {
  let page = await eventsAfter(api, undefined)
  while (page.more) page = await eventsAfter(api, page.cursor)
  return page.cursor
}
