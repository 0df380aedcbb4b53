import type { WorkAction } from '../../../contract/entities/fulfillment-order.ts'

/** One tap of a person at a node; `key` makes it count once, however often it is sent. */
export type Tap = { readonly key: string; readonly fulfillmentOrderId: string; readonly action: WorkAction; readonly body: object }
export type Kept = { readonly getItem: (key: string) => string | null; readonly setItem: (key: string, value: string) => void }
export type Sent = { readonly status: 'done' } | { readonly status: 'refused'; readonly error: unknown } | { readonly status: 'offline' }

const KEY = 'fulcrum.taps'
const TAPS_MAX = 500

/**
 * Taps in the order in which they were made. Modes: idle → sending → idle, or waiting for the network. A tap leaves the queue when the
 * hub has answered, whatever it said; without a network it stays, also over a reload.
 */
export class TapQueue {
  readonly #kept: Kept
  readonly #send: (tap: Tap) => Promise<Sent>
  readonly #onChange: () => void
  readonly #onRefused: (tap: Tap, error: unknown) => void
  #taps: Tap[]
  #isSending = false

  constructor(kept: Kept, send: (tap: Tap) => Promise<Sent>, onChange: () => void, onRefused: (tap: Tap, error: unknown) => void) {
    this.#kept = kept
    this.#send = send
    this.#onChange = onChange
    this.#onRefused = onRefused
    this.#taps = readTaps(kept.getItem(KEY))
  }

  get waiting(): readonly Tap[] {
    return this.#taps
  }

  /** False when so many wait that no more is taken. */
  async add(tap: Tap): Promise<boolean> {
    if (this.#taps.length >= TAPS_MAX) return false
    this.#keep([...this.#taps, tap])
    await this.flush()
    return true
  }

  /** Sends what waits, first tap first; stops at the first that finds no network. */
  async flush(): Promise<void> {
    if (this.#isSending) return
    this.#isSending = true
    try {
      for (let tap = this.#taps[0]; tap !== undefined; tap = this.#taps[0]) {
        const sent = await this.#send(tap)
        if (sent.status === 'offline') return
        this.#keep(this.#taps.slice(1))
        if (sent.status === 'refused') this.#onRefused(tap, sent.error)
      }
    } finally {
      this.#isSending = false
    }
  }

  #keep(taps: Tap[]): void {
    this.#taps = taps
    this.#kept.setItem(KEY, JSON.stringify(taps))
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
