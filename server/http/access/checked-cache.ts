import { Fault } from '../../kernel/fault.ts'

/** Reads what a set of secrets (as hashes) stands for now; those that stand for nothing are left out. */
export type LoadMany<T> = (hashes: readonly string[]) => Promise<ReadonlyMap<string, T>>

type Entry<T> = { readonly value: T; readonly checkedAt: number; usedAt: number }

/**
 * What secrets stand for, never older than `staleMs`: a revocation anywhere counts here that much later at most.
 *
 * An entry is fresh (answers at once), ageing (answers at once, and one statement for all entries in use looks again behind
 * the scenes), or stale (the asker waits for that statement). A hash that stands for nothing is remembered as long.
 * Invariant: at most one statement runs; who comes meanwhile shares the next one. An entry's age counts from before its read began.
 */
export class CheckedCache<T> {
  readonly #load: LoadMany<T>
  readonly #now: () => number
  readonly #staleMs: number
  readonly #entriesMax: number
  readonly #found = new Map<string, Entry<T>>()
  readonly #absent = new Map<string, number>()
  #waiting = new Set<string>()
  #running: Promise<unknown> = Promise.resolve()
  #next: Promise<ReadonlyMap<string, T>> | undefined
  #refreshedAt = Number.NEGATIVE_INFINITY
  /** Counts {@link forget}: what a read began before is not kept after. */
  #forgotten = 0

  /** `monotonicMs` never goes back; `entriesMax` bounds what is kept, what is absent, and who waits. */
  constructor(load: LoadMany<T>, options: { readonly monotonicMs: () => number; readonly staleMs: number; readonly entriesMax: number }) {
    this.#load = load
    this.#now = options.monotonicMs
    this.#staleMs = options.staleMs
    this.#entriesMax = options.entriesMax
  }

  /** What the hash stands for, at once where that is known. Throws Fault `overloaded` when too many wait. */
  find(hash: string): T | undefined | Promise<T | undefined> {
    const now = this.#now()
    const entry = this.#found.get(hash)
    if (entry !== undefined && now - entry.checkedAt < this.#staleMs) {
      entry.usedAt = now
      if (now - this.#refreshedAt > this.#staleMs / 2) this.#refresh(now)
      return entry.value
    }
    const absentAt = this.#absent.get(hash)
    if (absentAt !== undefined && now - absentAt < this.#staleMs) return undefined
    return this.#lookUp(hash)
  }

  /** Drops everything that `matches`, so that a change made in this process counts at once. */
  forget(matches: (value: T) => boolean): void {
    this.#forgotten += 1
    for (const [hash, entry] of this.#found) if (matches(entry.value)) this.#found.delete(hash)
    this.#absent.clear()
  }

  #refresh(now: number): void {
    const usedSince = this.#refreshedAt
    this.#refreshedAt = now
    for (const [hash, entry] of this.#found) {
      if (entry.usedAt >= usedSince) this.#waiting.add(hash)
      else if (now - entry.checkedAt >= this.#staleMs) this.#found.delete(hash)
    }
    this.#schedule().catch(() => undefined) // entries grow stale, and who needs one then waits for a read and meets its fault
  }

  #lookUp(hash: string): Promise<T | undefined> {
    if (this.#waiting.size >= this.#entriesMax) {
      throw new Fault('overloaded', `${this.#entriesMax} credentials are being looked up`, 'later', { retryAfterSeconds: 1 })
    }
    this.#waiting.add(hash)
    return this.#schedule().then((loaded) => loaded.get(hash))
  }

  #schedule(): Promise<ReadonlyMap<string, T>> {
    if (this.#next === undefined) {
      const batch = () => this.#readWaiting()
      this.#next = this.#running.then(batch, batch)
      this.#running = this.#next
    }
    return this.#next
  }

  async #readWaiting(): Promise<ReadonlyMap<string, T>> {
    const hashes = [...this.#waiting]
    this.#waiting = new Set()
    this.#next = undefined
    const checkedAt = this.#now()
    const generation = this.#forgotten
    const loaded = await this.#load(hashes)
    if (generation === this.#forgotten) for (const hash of hashes) this.#keep(hash, loaded.get(hash), checkedAt)
    return loaded
  }

  #keep(hash: string, value: T | undefined, checkedAt: number): void {
    const usedAt = this.#found.get(hash)?.usedAt ?? checkedAt
    this.#found.delete(hash) // put behind the others: the first in the map is the one checked longest ago
    this.#absent.delete(hash)
    if (value === undefined) keepBounded(this.#absent, hash, checkedAt, this.#entriesMax)
    else keepBounded(this.#found, hash, { value, checkedAt, usedAt }, this.#entriesMax)
  }
}

function keepBounded<V>(map: Map<string, V>, key: string, value: V, sizeMax: number): void {
  if (map.size >= sizeMax) {
    const oldest = map.keys().next()
    if (oldest.done !== true) map.delete(oldest.value)
  }
  map.set(key, value)
}
