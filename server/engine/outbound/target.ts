import type { Scope } from '../../domain/access/principal.ts'
import type { LoggedEvent } from '../../domain/event/logged-event.ts'
import type { Answer } from '../../domain/outbound/answer.ts'
import type { Place } from '../../store/subscriptions.ts'

/** An event with its whole place in the log. */
export type PlacedEvent = LoggedEvent & { readonly logShard: number }

/** Somebody outside who is sent events: which ones, and how one attempt is made. */
export type Target = {
  readonly subscription: string
  /** Nothing is sent while it is paused; its place in the log stays. */
  readonly isPaused: boolean
  /** Types that it may want at all; undefined = any. Narrows what is read from the log. */
  readonly types: readonly string[] | undefined
  readonly scope: Scope
  /** Messages under way at once; 1 where their order matters. */
  readonly window: number
  wants(event: PlacedEvent): boolean
  /** It answered that it is gone for good: nothing more is to be sent there; left out where that is no answer it can give. Whether it was still wanted. */
  gone?(): Promise<boolean>
  /** One attempt, bounded in time. `cursor` continues the log behind the event. */
  send(event: PlacedEvent, cursor: string): Promise<Answer>
}

export type PlacedTarget = { readonly target: Target; readonly place: Place }

/** Where targets come from; asked again and again, because people change them while the hub runs. */
export type TargetSource = () => Promise<readonly PlacedTarget[]>
