import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import type { Principal } from '../domain/access/principal.ts'
import type { Refusal } from '../kernel/outcome.ts'
import type { Words } from '../kernel/words.ts'
import type { ConsoleFiles } from './console-files.ts'
import { Flight, type Log } from './context.ts'
import { Flights } from './flights.ts'
import type { Handlers, Refused } from './handler.ts'
import { HttpMetrics } from './http-metrics.ts'
import { languageOf } from './language.ts'
import type { Limits } from './limits.ts'
import { PROBLEM_TYPE, retryAfter, type ProblemBook } from './problems.ts'
import { RateLimit } from './rate-limit.ts'
import type { Subscribe } from './stream.ts'
import { traceOf } from './trace.ts'

/** A principal; a refusal (for example `credential_expired`); undefined where no credential was shown. */
export type Authenticated = Principal | Refusal | undefined

export type AppDeps = {
  readonly handlers: Handlers
  readonly authenticate: (request: FastifyRequest) => Authenticated | Promise<Authenticated>
  readonly subscribe: Subscribe
  /** Undefined when the process takes work, otherwise what is missing. */
  readonly notReady: () => Words | undefined
  readonly log: Log
  /** Capabilities that are served; undefined = all. */
  readonly only?: ReadonlySet<string>
  /** Of the product, shown in the OpenAPI document. */
  readonly version?: string
  readonly limits?: Partial<Limits>
  /** The built console; left out, `/` shows the API reference. */
  readonly console?: ConsoleFiles | undefined
  /** The hub's own metrics in the Prometheus text format, put before those of HTTP. */
  readonly metricsText?: () => Promise<string>
}

/** What all routes share. Modes: open → draining (finish what runs, take no stream) → closed. */
export class Surface {
  readonly deps: AppDeps
  readonly limits: Limits
  readonly book: ProblemBook
  readonly metrics = new HttpMetrics()
  readonly rates: RateLimit
  readonly flights = new Flights()
  /** Called once when draining begins. */
  readonly onDrain = new Set<() => void>()
  draining = false
  readonly #slotUnrouted: number

  constructor(deps: AppDeps, limits: Limits, book: ProblemBook) {
    this.deps = deps
    this.limits = limits
    this.book = book
    this.rates = new RateLimit(limits.requestsPerSecondMax)
    this.#slotUnrouted = this.metrics.register('none')
  }

  serves(capability: { readonly name: string }): boolean {
    return this.deps.only === undefined || this.deps.only.has(capability.name)
  }

  /** Starts the books on a request; they close when its response does, however that happens. */
  begin(request: FastifyRequest, reply: FastifyReply, slot: number = this.#slotUnrouted): Flight {
    const headers = request.headers
    const flight = new Flight(
      request,
      traceOf(typeof headers['traceparent'] === 'string' ? headers['traceparent'] : undefined),
      languageOf(headers['accept-language']),
      this.deps.log,
      performance.now(),
    )
    this.flights.add(flight)
    reply.raw.once('close', () => {
      this.flights.delete(flight)
      const ended = reply.raw.writableFinished
      if (!ended) flight.abort()
      this.metrics.observe(slot, ended ? reply.raw.statusCode : 0, performance.now() - flight.startedAtMs)
    })
    return flight
  }

  /** Ends the answer; the first one wins (a deadline may have spoken before). */
  send(
    reply: FastifyReply,
    flight: Flight,
    status: number,
    type: string,
    text: string | Buffer,
    extra?: Readonly<Record<string, string | string[]>>,
  ): void {
    const raw: ServerResponse = reply.raw
    if (raw.headersSent || raw.destroyed) return
    if (!reply.sent) reply.hijack()
    const headers: Record<string, string | number | string[]> = {
      'content-type': type,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      traceresponse: flight.traceparent,
      ...extra,
    }
    if (this.draining) headers['connection'] = 'close'
    raw.writeHead(status, headers)
    raw.end(text)
  }

  /** Answers with the problem that the thrown value is; only defects and faults reach the log. */
  sendThrown(reply: FastifyReply, flight: Flight, thrown: unknown): void {
    const { problem, retryAfterSeconds } = this.book.ofThrown(thrown, flight.language, flight.traceId)
    if (problem.status >= 500) this.deps.log.error({ traceId: flight.traceId, error: thrown, url: flight.request.url }, 'request failed')
    this.#sendProblem(reply, flight, problem, retryAfterSeconds)
  }

  sendRefusal(reply: FastifyReply, flight: Flight, refusal: Refused): void {
    const problem = this.book.ofRefusal(refusal, flight.language, flight.traceId)
    if (!this.book.definitions.has(refusal.code)) this.deps.log.error({ code: refusal.code }, 'refusal code is in no catalogue')
    this.#sendProblem(reply, flight, problem, retryAfter(problem.status, refusal.retryAfterSeconds))
  }

  #sendProblem(reply: FastifyReply, flight: Flight, problem: { readonly status: number }, retryAfterSeconds: number | undefined): void {
    const extra: Record<string, string> = {}
    if (retryAfterSeconds !== undefined) extra['retry-after'] = String(Math.ceil(retryAfterSeconds))
    if (problem.status === 401) extra['www-authenticate'] = 'Bearer realm="fulcrum"'
    if (problem.status === 408 || this.#hasLongRest(flight)) extra['connection'] = 'close'
    this.send(reply, flight, problem.status, PROBLEM_TYPE, JSON.stringify(problem), extra)
  }

  /** A short rest of a body is read and thrown away, so that the caller surely sees the answer; a long or endless one is not waited for. */
  #hasLongRest(flight: Flight): boolean {
    const message = flight.request.raw
    if (message.readableEnded) return false
    return message.headers['transfer-encoding'] !== undefined || Number(message.headers['content-length'] ?? 0) > this.limits.bodyBytesMax
  }
}
