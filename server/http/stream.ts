import type { Principal } from '../domain/access/principal.ts'
import type { Outcome } from '../kernel/outcome.ts'

/** What a live client wants to see; its scope and role narrow it further. */
export type StreamFilters = {
  readonly types?: readonly string[]
  readonly orderId?: string
  readonly channelId?: string
  readonly nodeId?: string
}
/** One event as this client may see it: already presented and serialised, so that many clients can share the text. */
export type StreamMessage = { readonly cursor: string; readonly type: string; readonly json: string }

/** The client's end of a subscription. */
export type StreamSink = {
  /** Takes messages in log order. False: the client's buffer is above its high-water mark; wait for `drained` where you can (catch-up). */
  deliver(messages: readonly StreamMessage[]): boolean
  drained(): Promise<void>
  /** Ends the stream; the client may come back with the last cursor it got. */
  end(reason: string): void
}
export type Subscription = {
  /** Everything up to here was looked at, delivered or filtered out: what a heartbeat may announce as the place to resume. */
  position(): string
  stop(): void
}
/**
 * Follows the log behind `after` (undefined = from now). Refusals: `cursor_invalid`, `cursor_expired`.
 * After `stop` nothing is delivered any more.
 */
export type Subscribe = (
  principal: Principal,
  filters: StreamFilters,
  after: string | undefined,
  sink: StreamSink,
) => Promise<Outcome<Subscription>>
