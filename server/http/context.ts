import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from '../../contract/capability.ts'
import type { Principal } from '../domain/access/principal.ts'
import type { Language } from './problems.ts'

export type Log = {
  info(data: object, message: string): void
  warn(data: object, message: string): void
  error(data: object, message: string): void
}

/** One request as a handler sees it. `P` is undefined only on public routes. */
export type RequestContext<P extends Principal | undefined = Principal | undefined> = {
  readonly principal: P
  readonly traceId: string
  /** W3C traceparent of the hub's own span; carried into events. */
  readonly traceparent: string
  readonly idempotencyKey: string | undefined
  /**
   * Tells what is asked under the key from what else might be: the request, or one row or line of it. There where a key was sent, and to be
   * called by who keeps the answer together with what it changes.
   */
  readonly hashInput: ((part?: unknown) => Uint8Array) | undefined
  /** Version that the caller has seen, from If-Match. */
  readonly ifMatch: number | undefined
  readonly language: Language
  /** Aborted when the caller goes away, the deadline passes or the hub stops. */
  readonly signal: AbortSignal
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly remoteAddress: string
  readonly log: Log
}

export type ContextOf<A extends Access> = RequestContext<A extends 'public' ? Principal | undefined : Principal>

let flights = 0

/** A request in flight: what the surface keeps beside the handler's view. */
export class Flight implements RequestContext {
  readonly no = ++flights
  principal: Principal | undefined = undefined
  idempotencyKey: string | undefined = undefined
  hashInput: RequestContext['hashInput'] = undefined
  /** As the route read it; lines of a stream are not held. */
  input: unknown = undefined
  ifMatch: number | undefined = undefined
  readonly startedAtMs: number
  readonly traceId: string
  readonly traceparent: string
  readonly language: Language
  readonly log: Log
  readonly request: FastifyRequest
  /** Set where the answer has a deadline: streams have none. */
  replyBefore: FastifyReply | undefined = undefined
  #abort: AbortController | undefined
  #aborted = false

  constructor(request: FastifyRequest, trace: { traceId: string; traceparent: string }, language: Language, log: Log, startedAtMs: number) {
    this.request = request
    this.traceId = trace.traceId
    this.traceparent = trace.traceparent
    this.language = language
    this.log = log
    this.startedAtMs = startedAtMs
  }

  get headers(): Readonly<Record<string, string | string[] | undefined>> {
    return this.request.headers
  }

  get remoteAddress(): string {
    return this.request.ip
  }

  /** Made on first use: most requests end before anybody asks. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController()
      if (this.#aborted) this.#abort.abort()
    }
    return this.#abort.signal
  }

  abort(): void {
    this.#aborted = true
    this.#abort?.abort()
  }
}
