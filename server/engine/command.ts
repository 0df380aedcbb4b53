import type { Actor } from '../../contract/events.ts'
import type { OrderChange } from '../domain/order/change.ts'
import type { Outcome } from '../kernel/outcome.ts'
import type { Words } from '../kernel/words.ts'

/** How urgent a command is: people first; bulk and clocks get a guaranteed share. */
export type Lane = 'interactive' | 'bulk' | 'clock'
export const lanes: readonly Lane[] = ['interactive', 'bulk', 'clock']

/** Who sent a command, and how it is recognised when it comes again. */
export type CommandContext = {
  readonly actor: Actor
  readonly lane: Lane
  /** Scoped to a credential; the same key and input get the same answer. */
  readonly idempotency?: { readonly credentialId: string; readonly key: string; readonly inputHash: Uint8Array }
  readonly traceId?: string
  /** What led to the command, where it is not asked for by itself: the id of a kept body. Events name it, or else the command (cause.ts). */
  readonly cause?: string
  /** The version that the sender has seen; another one refuses with version_conflict. */
  readonly expectedVersion?: number
}

/** The value of an accepted command: small enough to be kept as an answer. `change` is there only for the waiter of the first call. */
export type CommandValue = {
  readonly orderId?: string
  readonly version?: number
  /** false when the command found its work done already (same order, same state). */
  readonly fresh?: boolean
  readonly rows?: readonly RowResult[]
  readonly change?: OrderChange
  readonly [more: string]: unknown
}

export type RowResult = {
  readonly index: number
  readonly key: string
  readonly status: 'created' | 'updated' | 'unchanged' | 'refused'
  readonly version?: number
  readonly problem?: {
    readonly code: string
    readonly detail: Words
    readonly pointer?: string
    readonly expected?: unknown
    readonly got?: unknown
  }
}

export type CommandOutcome = Outcome<CommandValue>

/** What the engine is asked; each kind belongs to one family. */
export type Command = { readonly kind: string }

/** One command on its way through the engine. */
export type Attempt<C extends Command = Command> = {
  readonly command: C
  readonly context: CommandContext
  readonly enqueuedAt: number
  /** How often it was taken out of a batch and decided again. */
  rounds: number
  /** Set when a claim was lost: the next round loads what is there before it decides. */
  lookUp: boolean
  resolve(outcome: CommandOutcome): void
  reject(error: unknown): void
}
