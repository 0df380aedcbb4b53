import { randomOf } from '../random.ts'
import type { Tally } from '../run/hub-api.ts'
import { plainFetch } from '../run/plain-fetch.ts'

const LOST = 0.01
const ANSWER_LOST = 0.02
const LATE = 0.03
const TWICE = 0.035
const LATE_MS = [20, 250] as const

/** A network that loses requests and answers, delays and doubles them, by the seed; each fault is counted. */
export function faultyFetch(seed: number, tally: Tally, send: typeof fetch = fetch): typeof fetch {
  const random = randomOf(seed, 'network')
  return async (url, init) => {
    const roll = random.next()
    if (roll < LOST) {
      tally.add('fault.requestLost')
      throw new TypeError('the request was lost')
    }
    if (roll < ANSWER_LOST) {
      await (await send(url, init)).arrayBuffer()
      tally.add('fault.answerLost')
      throw new TypeError('the answer was lost')
    }
    if (roll < LATE) {
      tally.add('fault.late')
      await new Promise((resolve) => setTimeout(resolve, random.between(...LATE_MS)))
    } else if (roll < TWICE) {
      tally.add('fault.twice')
      const [first] = await Promise.all([send(url, init), send(url, init).then((answer) => answer.arrayBuffer())])
      return first
    }
    return send(url, init)
  }
}

/** Calls that wait for their answer. */
export class Traffic {
  #open = 0
  #waiting: (() => void)[] = []

  /** Once a call is under way. */
  busy(): Promise<void> {
    return this.#open > 0 ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve))
  }

  begin(): void {
    this.#open += 1
    for (const tell of this.#waiting.splice(0)) tell()
  }

  end(): void {
    this.#open -= 1
  }
}

/** The network as it is; each connection that breaks is counted, as all that are open do when the hub is killed. */
export function countingFetch(tally: Tally, traffic: Traffic, send: typeof fetch = plainFetch()): typeof fetch {
  return async (url, init) => {
    const answer = send(url, init)
    traffic.begin()
    try {
      return await answer
    } catch (error) {
      tally.add('fault.connectionBroken')
      throw error
    } finally {
      traffic.end()
    }
  }
}
