const BUCKETS_MAX = 10_000

/** Token buckets per credential: `perSecond` a second, bursts of twice as many. The oldest bucket goes when there are too many. */
export class RateLimit {
  readonly #perSecond: number
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>()

  constructor(perSecond: number) {
    this.#perSecond = perSecond
  }

  /** Takes one token; the seconds to wait when there is none. */
  take(credentialId: string, nowMs: number): number | undefined {
    if (this.#perSecond === 0) return undefined
    const full = this.#perSecond * 2
    let bucket = this.#buckets.get(credentialId)
    if (bucket === undefined) {
      bucket = { tokens: full, atMs: nowMs }
      if (this.#buckets.size >= BUCKETS_MAX) this.#buckets.delete(this.#buckets.keys().next().value ?? '')
      this.#buckets.set(credentialId, bucket)
    }
    bucket.tokens = Math.min(full, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * this.#perSecond)
    bucket.atMs = nowMs
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / this.#perSecond))
    bucket.tokens -= 1
    return undefined
  }
}
