import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import type { Capability } from '../../contract/capability.ts'
import type { Principal } from '../domain/access/principal.ts'
import { present } from '../kernel/assert.ts'
import type { Flight } from './context.ts'
import { drained } from './drained.ts'
import { SurfaceError } from './problems.ts'
import { inputReaderOf } from './route-json.ts'
import type { StreamFilters, StreamMessage, StreamSink, Subscription } from './stream.ts'
import type { Surface } from './surface.ts'

/** How long a browser waits before it comes back, ms. */
const RETRY_MS = 2000
const LINE_BREAK = /[\r\n]/

const rightsOf = (principal: Principal): string => JSON.stringify([principal.role, principal.scope])

/**
 * One live client. Modes: opening → live → ended. Who tells it waits until it has room (`drained`); a write above the full buffer cuts it,
 * and so does taking nothing from one beat to the next. It comes back with the cursor of the last message it got.
 */
class LiveClient implements StreamSink {
  readonly request: FastifyRequest
  readonly rights: string
  readonly #output: ServerResponse
  readonly #bufferBytesMax: number
  readonly #onEnd: () => void
  subscription: Subscription | undefined
  #ended = false
  /** What a beat found unsent while the client had no room, bytes; undefined where it had. */
  #stuckBytes: number | undefined

  constructor(request: FastifyRequest, principal: Principal, output: ServerResponse, bufferBytesMax: number, onEnd: () => void) {
    this.request = request
    this.rights = rightsOf(principal)
    this.#output = output
    this.#bufferBytesMax = bufferBytesMax
    this.#onEnd = onEnd
  }

  deliver(messages: readonly StreamMessage[]): boolean {
    if (this.#ended) return false
    let text = ''
    for (const { cursor, type, json } of messages) text += `id: ${cursor}\nevent: ${type}\ndata: ${json}\n\n`
    return this.#write(text)
  }

  drained(): Promise<void> {
    return drained(this.#output)
  }

  /** Keeps proxies from closing the line and moves the place of resumption past what the filters left out. */
  heartbeat(): void {
    const stuck = this.#output.writableNeedDrain ? this.#output.writableLength : undefined
    if (stuck !== undefined && stuck === this.#stuckBytes) return this.cut()
    this.#stuckBytes = stuck
    if (stuck !== undefined) return
    const position = this.subscription?.position()
    this.#write(position === undefined || LINE_BREAK.test(position) ? ': still here\n\n' : `: still here\nid: ${position}\n\n`)
  }

  end(reason: string): void {
    if (this.#ended) return
    this.#ended = true
    this.subscription?.stop()
    if (!this.#output.destroyed) this.#output.end(`: ${reason.replace(/[\r\n]+/g, ' ')}\n\n`)
    this.#onEnd()
  }

  /** The connection is gone or hopeless. */
  cut(): void {
    if (this.#ended) return
    this.#ended = true
    this.subscription?.stop()
    this.#output.destroy()
    this.#onEnd()
  }

  #write(text: string): boolean {
    if (this.#ended || text === '') return !this.#ended
    // NOTE: only what was full before counts. One delivery may be more than the buffer: cut for that, a client that is far behind would come
    // back to the same place for ever.
    if (this.#output.writableLength > this.#bufferBytesMax) this.cut()
    return !this.#ended && this.#output.write(text)
  }
}

/** All live clients of a process; one timer beats for them and looks whether their credentials still hold. */
export class LiveClients {
  readonly #surface: Surface
  readonly #clients = new Set<LiveClient>()
  #timer: NodeJS.Timeout | undefined
  #beatAtMs = 0

  constructor(surface: Surface) {
    this.#surface = surface
    surface.onDrain.add(() => this.endAll('the hub is stopping; come back with Last-Event-ID'))
  }

  get size(): number {
    return this.#clients.size
  }

  add(client: LiveClient): void {
    this.#clients.add(client)
    this.#timer ??= setInterval(() => this.#tick(), Math.min(this.#surface.limits.reauthenticateMs, this.#surface.limits.heartbeatMs))
  }

  remove(client: LiveClient): void {
    this.#clients.delete(client)
    if (this.#clients.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  endAll(reason: string): void {
    for (const client of [...this.#clients]) client.end(reason)
  }

  #tick(): void {
    const now = performance.now()
    const isBeat = now - this.#beatAtMs >= this.#surface.limits.heartbeatMs
    if (isBeat) this.#beatAtMs = now
    for (const client of [...this.#clients]) {
      if (isBeat) client.heartbeat()
      this.#recheck(client).catch(() => client.end('the credential could not be checked'))
    }
  }

  async #recheck(client: LiveClient): Promise<void> {
    const found = await this.#surface.deps.authenticate(client.request)
    if (found === undefined || 'status' in found || !found.permissions.has('event.read')) client.end('the credential is no longer valid')
    else if (rightsOf(found) !== client.rights) client.end('the credential may now see other things; come back with Last-Event-ID')
  }
}

type Opening = { readonly principal: Principal; readonly filters: StreamFilters; readonly after: string | undefined }

/** GET /v1/stream: server-sent events behind `Last-Event-ID` (or `after`), from now on where neither is given. */
export function streamRouteOf(surface: Surface, capability: Capability, clients: LiveClients) {
  const read = inputReaderOf(capability)
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const flight = present(request.flight, 'the flight of a gated route')
    const fail = (error: unknown): void => surface.sendThrown(reply, flight, error)
    try {
      if (surface.draining) throw new SurfaceError('unavailable', { en: 'the hub is stopping', zh: '系统正在停止' })
      if (clients.size >= surface.limits.streamsMax) {
        throw new SurfaceError(
          'overloaded',
          { en: `${surface.limits.streamsMax} streams are open`, zh: `已打开 ${surface.limits.streamsMax} 个数据流` },
          { retryAfterSeconds: 5 },
        )
      }
      open(surface, clients, flight, request, reply, openingOf(flight, request, read(request).query)).catch(fail)
    } catch (error) {
      fail(error)
    }
  }
}

function openingOf(flight: Flight, request: FastifyRequest, query: unknown): Opening {
  const { after, ...filters } = (query ?? {}) as StreamFilters & { after?: string }
  const last = request.headers['last-event-id']
  if (last !== undefined && (typeof last !== 'string' || !/^[A-Za-z0-9_.~:-]{1,512}$/.test(last))) {
    throw new SurfaceError(
      'header_invalid',
      { en: 'Last-Event-ID must be the id of a message of this stream', zh: 'Last-Event-ID 须为该数据流中某条消息的 id' },
      { expected: 'a cursor' },
    )
  }
  return { principal: present(flight.principal, 'principal of a stream'), filters, after: last ?? after }
}

async function open(
  surface: Surface,
  clients: LiveClients,
  flight: Flight,
  request: FastifyRequest,
  reply: FastifyReply,
  { principal, filters, after }: Opening,
): Promise<void> {
  const output = reply.raw
  // Messages may come before subscribe returns; until the answer has begun they wait here, and who tells them waits too.
  const client = new LiveClient(request, principal, output, surface.limits.streamBufferBytesMax, () => clients.remove(client))
  const early: StreamMessage[] = []
  const opened = Promise.withResolvers<void>()
  let isOpen = false
  const sink: StreamSink = {
    deliver: (messages) => {
      if (isOpen) return client.deliver(messages)
      early.push(...messages)
      return early.length === 0
    },
    drained: () => opened.promise.then(() => client.drained()),
    end: (reason) => client.end(reason),
  }
  const outcome = await surface.deps.subscribe(principal, filters, after, sink)
  if (outcome.status === 'refused') return surface.sendRefusal(reply, flight, outcome)
  client.subscription = outcome.value
  if (output.destroyed || surface.draining) {
    client.cut()
    opened.resolve()
    return
  }
  reply.hijack()
  surface.flights.delete(flight)
  clients.add(client)
  output.once('close', () => client.cut())
  output.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    traceresponse: flight.traceparent,
  })
  output.write(`retry: ${RETRY_MS}\n\n`)
  isOpen = true
  client.deliver(early)
  opened.resolve()
  // A client that is cut before its first message comes back to where it began.
  client.heartbeat()
}
