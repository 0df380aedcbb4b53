/** When the same call may succeed: at once, after a wait, or not without a change. */
export type Retry = 'now' | 'later' | 'never'

/**
 * A broken world: the database is away, a queue is full, a peer does not answer.
 * Faults are thrown, never stored as answers; `code` is listed in docs/reference/errors.md.
 */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: string
  readonly retry: Retry
  /** Seconds to wait before the retry, where the thrower knows it. */
  readonly retryAfterSeconds: number | undefined

  constructor(code: string, message: string, retry: Retry, options?: { cause?: unknown; retryAfterSeconds?: number }) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retry = retry
    this.retryAfterSeconds = options?.retryAfterSeconds
  }
}
