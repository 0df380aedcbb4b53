import type { Static } from 'typebox'
import type { Capability, InputOf, OutputOf, Rows, SuccessStatus } from '../../contract/capability.ts'
import type { RowResult } from '../../contract/entities/page.ts'
import type { Capabilities, CapabilityName } from '../../contract/registry.ts'
import type { Refusal } from '../kernel/outcome.ts'
import type { ContextOf } from './context.ts'

/** What a handler answers: the value with how to present it, or the refusal of a rule. An engine's `Outcome` is one. */
export type Success<T> = {
  readonly status: 'done'
  readonly value: T
  /** The capability's first success status when left out. */
  readonly success?: SuccessStatus
  /** Becomes the ETag. */
  readonly version?: number
  readonly location?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
}
/** A refusal; one that throttles says how long to wait. */
export type Refused = Refusal & { readonly retryAfterSeconds?: number }
export type Reply<T> = Success<T> | Refused
export type Handler<C extends Capability> = (context: ContextOf<C['permission']>, input: InputOf<C>) => Promise<Reply<OutputOf<C>>>

/** A row (or line) that passed the schema; `index` is its place in the request, from 0. */
export type IndexedRow<T> = { readonly index: number; readonly value: T }
/** The answer to one row; a refusal becomes a problem of that row, the others are not touched. */
export type RowReply = { readonly status: Exclude<RowResult['status'], 'refused'>; readonly version?: number } | Refusal
type RowOf<C extends Capability> = C['rows'] extends Rows ? Static<C['rows']['item']> : never
/** Gets the rows that passed the schema; answers exactly one reply a row, in the same order. A refusal instead refuses the whole request. */
export type RowsHandler<C extends Capability> = (
  context: ContextOf<C['permission']>,
  rows: readonly IndexedRow<RowOf<C>>[],
) => Promise<readonly RowReply[] | Refusal>

/** The answer to one NDJSON line, without `index` and `problem`, which the surface adds. */
export type LineReply<T> = Omit<Exclude<T, undefined>, 'index' | 'problem'> | Refusal
/** Gets the valid lines of one batch; answers exactly one reply a line, in the same order. Several batches may be in flight. */
export type LinesHandler<C extends Capability> = (
  context: ContextOf<C['permission']>,
  lines: readonly IndexedRow<InputOf<C>['body']>[],
) => Promise<readonly LineReply<OutputOf<C>>[]>

/** Capabilities that the surface serves itself. */
export type OwnName = 'event.stream' | 'hub.live' | 'hub.ready' | 'hub.metrics' | 'hub.openapi' | 'hub.asyncapi' | 'hub.docs' | 'hub.home'

type HandlerOf<C extends Capability> = C extends { readonly streaming: 'ndjson' }
  ? LinesHandler<C>
  : C extends { readonly rows: Rows }
    ? RowsHandler<C>
    : Handler<C>

export type HandlerName = Exclude<CapabilityName, OwnName>
/** One handler for each capability; a missing one is a type error and a start-up failure. */
export type Handlers = { readonly [N in HandlerName]: HandlerOf<Capabilities[N]> }
