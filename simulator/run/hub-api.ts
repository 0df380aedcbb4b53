import { type Client, createClient, ProblemError } from '../../contract/client.ts'
import { plainFetch } from './plain-fetch.ts'

/** What the world has met: how many went well, and how many were refused by which rule. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(what: string, count = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + count)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }
}

/** Refusals that belong to the trade: the world shrugs and goes on. Anything else is told. */
const isTrade = (error: ProblemError): boolean => error.status === 409 || error.status === 412 || error.status === 422

/** The hub as the world sees it: the published API alone, a bounded number of calls under way, and patience when it is busy. */
export class HubApi {
  readonly client: Client
  /** Without a credential, as platforms call: their signature speaks. */
  readonly platform: Client
  readonly tally: Tally
  /** Waits until the next order may be told. */
  readonly pace: () => Promise<void>
  /** Calls that are under way at once. */
  readonly callsMax: number
  readonly #onTrouble: (message: string) => void

  constructor(options: {
    readonly url: string
    readonly key: string
    readonly callsMax: number
    readonly onTrouble: (message: string) => void
    readonly tally?: Tally
    /** Orders told in a second at most. */
    readonly perSecond?: number
    readonly fetch?: typeof fetch
  }) {
    const send = atMost(options.callsMax, options.fetch ?? plainFetch())
    const common = { baseUrl: options.url, newKey: () => crypto.randomUUID(), retriesMax: 8, fetch: send }
    this.tally = options.tally ?? new Tally()
    this.pace = options.perSecond === undefined ? () => Promise.resolve() : pacer(options.perSecond)
    this.client = createClient({ ...common, key: options.key })
    this.platform = createClient(common)
    this.callsMax = options.callsMax
    this.#onTrouble = options.onTrouble
  }

  /** Runs all of them, a bounded number at once, in order of the list; one that fails does not stop the others. */
  async each<T>(list: readonly T[], act: (one: T) => Promise<void>, atOnce = this.callsMax): Promise<void> {
    const queue = list[Symbol.iterator]()
    const worker = async (): Promise<void> => {
      for (const one of queue) await this.attempt(() => act(one))
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, list.length) }, worker))
  }

  /** Does something in the world; what the trade refuses is counted by its code, what is not expected is told. */
  async attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (error instanceof ProblemError) {
        this.tally.add(`refused.${error.code}`)
        if (isTrade(error)) return
      } else this.tally.add('failed')
      this.#onTrouble(error instanceof Error ? error.message.slice(0, 500) : String(error))
    }
  }
}

/** A way to send of which so many calls are under way until they are answered (a stream: until its answer begins); the others wait for their turn. */
function atMost(callsMax: number, send: typeof fetch): typeof fetch {
  const waiting: (() => void)[] = []
  let free = callsMax
  return async (...call) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await send(...call)
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}

/** Lets one through every so often; who comes too early waits for their turn. */
function pacer(perSecond: number): () => Promise<void> {
  let nextAt = 0
  return async () => {
    const now = performance.now()
    const at = Math.max(now, nextAt)
    nextAt = at + 1000 / perSecond
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now))
  }
}
