import type { WorkAction } from '../../../contract/entities/fulfillment-order.ts'

/** One tap of a person at a node; `key` makes it count once, however often it is sent. */
export type Tap = { readonly key: string; readonly fulfillmentOrderId: string; readonly action: WorkAction; readonly body: object }
export type Kept = { readonly getItem: (key: string) => string | null; readonly setItem: (key: string, value: string) => void }
export type Sent = { readonly status: 'done' } | { readonly status: 'refused'; readonly error: unknown } | { readonly status: 'offline' }

const TAPS_MAX = 500

/**
 * One person's taps in the order in which they were made. Modes: idle → sending → idle, or waiting for the network. A tap leaves the
 * queue when the hub has answered, whatever it said; without a network it stays, also over a reload. What waits is read from where it is
 * kept each time, so that two tabs never write over each other's taps, and nobody sends another's.
 */
export class TapQueue {
  readonly #kept: Kept
  readonly #name: string
  readonly #send: (tap: Tap) => Promise<Sent>
  readonly #onChange: () => void
  readonly #onRefused: (tap: Tap, error: unknown) => void
  #isSending = false

  constructor(
    kept: Kept,
    who: string,
    send: (tap: Tap) => Promise<Sent>,
    onChange: () => void,
    onRefused: (tap: Tap, error: unknown) => void,
  ) {
    this.#kept = kept
    this.#name = `fulcrum.taps.${who}`
    this.#send = send
    this.#onChange = onChange
    this.#onRefused = onRefused
  }

  get waiting(): readonly Tap[] {
    return readTaps(this.#kept.getItem(this.#name))
  }

  /** False when so many wait that no more is taken. */
  async add(tap: Tap): Promise<boolean> {
    const { waiting } = this
    if (waiting.length >= TAPS_MAX) return false
    this.#keep([...waiting, tap])
    await this.flush()
    return true
  }

  /** Sends what waits, first tap first; stops at the first that finds no network. */
  async flush(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    try {
      for (let tap = this.waiting[0]; tap !== undefined; tap = this.waiting[0]) {
        const { key } = tap
        const sent = await this.#send(tap)
        if (sent.status === 'offline') return
        this.#keep(this.waiting.filter((one) => one.key !== key))
        if (sent.status === 'refused') this.#onRefused(tap, sent.error)
      }
    } finally {
      this.#isSending = false
    }
  }

  #keep(taps: readonly Tap[]): void {
    this.#kept.setItem(this.#name, JSON.stringify(taps))
    this.#onChange()
  }
}

function readTaps(text: string | null): Tap[] {
  if (text === null) return []
  try {
    const read: unknown = JSON.parse(text)
    return Array.isArray(read) ? (read as Tap[]) : []
  } catch {
    return [] // written by something else: nothing of ours is lost
  }
}
