import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Capability } from '../../contract/capability.ts'
import { capabilityList } from '../../contract/registry.ts'
import { permissions } from '../../contract/access.ts'
import { languageOf } from './language.ts'
import { outcomeProblems } from './outcome-problems.ts'
import { readBody, textOfBody } from './body.ts'
import { asyncApiOf } from './asyncapi.ts'
import { CONSOLE_POLICY, sentAs } from './console-files.ts'
import type { Flight } from './context.ts'
import { gateOf } from './gate.ts'
import { parseJson } from './json.ts'
import { defaultLimits } from './limits.ts'
import { openApiOf } from './openapi.ts'
import { ownHandlers, PAGE_HEADERS } from './own-handlers.ts'
import { problemBook, SurfaceError, type ProblemBook } from './problems.ts'
import { jsonRouteOf, type AnyHandler } from './route-json.ts'
import { ndjsonRouteOf, type AnyLinesHandler } from './route-ndjson.ts'
import { rowsHandlerOf, type AnyRowsHandler } from './route-rows.ts'
import { LiveClients, streamRouteOf } from './route-stream.ts'
import { Surface, type AppDeps } from './surface.ts'

export type App = {
  readonly fastify: FastifyInstance
  readonly surface: Surface
  /** Listens; returns the port that was taken. */
  listen(host: string, port: number): Promise<number>
  /** Stops: not ready, no new connection, streams end with their cursor, requests in flight finish (bounded), then it resolves. */
  close(): Promise<void>
}

/** What a process serves that takes no business: its health and figures. */
export const HEALTH: ReadonlySet<string> = new Set(['hub.live', 'hub.ready', 'hub.metrics'])

/** The HTTP surface from the contract: each capability a route, behind one gate, with one kind of problem. */
export function buildApp(deps: AppDeps): App {
  const limits = { ...defaultLimits, ...deps.limits }
  const book = problemBook(outcomeProblems)
  const surface = new Surface(deps, limits, book)
  assertContract(capabilityList, deps)
  const fastify = Fastify({
    bodyLimit: limits.bulkBodyBytesMax,
    keepAliveTimeout: limits.keepAliveMs,
    // A socket on which nothing moves at all; live streams beat, bulk senders have a shorter limit of their own.
    connectionTimeout: limits.silenceMsMax,
    // Slow bodies are guarded where they are read: a whole-request timeout would cut long bulk streams.
    requestTimeout: 0,
    http: { headersTimeout: limits.headersMsMax, connectionsCheckingInterval: Math.min(2000, limits.headersMsMax), maxHeaderSize: 16_384 },
    routerOptions: { maxParamLength: 2048, ignoreTrailingSlash: false },
    return503OnClosing: false,
    forceCloseConnections: false,
    exposeHeadRoutes: false,
    logger: false,
    frameworkErrors: (error, request, reply) => surfaceError(surface, error, request, reply),
    clientErrorHandler: (error, socket) => answerBrokenRequest(book, error, socket),
  })
  fastify.server.maxConnections = limits.connectionsMax
  fastify.decorateRequest('flight', undefined)
  fastify.setErrorHandler((error: FastifyError, request, reply) => surfaceError(surface, error, request, reply))
  fastify.setNotFoundHandler((request, reply) => answerUnrouted(surface, request, reply))
  registerRoutes(surface, fastify)
  const sweep = setInterval(() => expireLate(surface), 250)
  sweep.unref()
  return {
    fastify,
    surface,
    listen: async (host, port) => {
      await fastify.listen({ host, port })
      const address = fastify.server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    },
    close: () => closeApp(surface, fastify, sweep),
  }
}

/** A route nobody decided on cannot exist: every capability names a permission, and has its handler. */
function assertContract(list: readonly Capability[], deps: AppDeps): void {
  const known = new Set<string>([...permissions, 'signedIn', 'public'])
  const own = new Set(['event.stream', 'hub.live', 'hub.ready', 'hub.metrics', 'hub.openapi', 'hub.asyncapi', 'hub.docs', 'hub.home'])
  const seen = new Set<string>()
  for (const capability of list) {
    const route = `${capability.method} ${capability.path}`
    if (!known.has(capability.permission)) throw new Error(`${capability.name}: no such permission: ${capability.permission}`)
    if (seen.has(route)) throw new Error(`${capability.name}: ${route} is taken`)
    if (!own.has(capability.name) && typeof Reflect.get(deps.handlers, capability.name) !== 'function') {
      throw new Error(`${capability.name} has no handler`)
    }
    seen.add(route)
  }
  if (seen.size === 0) throw new Error('the contract has no capability')
}

function registerRoutes(surface: Surface, fastify: FastifyInstance): void {
  const served = capabilityList.filter((capability: Capability) => surface.serves(capability))
  const version = surface.deps.version ?? '0.0.0'
  const own = ownHandlers(surface, openApiOf(capabilityList, surface.book, version), asyncApiOf(version))
  const clients = new LiveClients(surface)
  const { limits } = surface
  // Three kinds of bodies, each in its own context: a route takes its content type and no other.
  fastify.register(async (json) => {
    json.removeAllContentTypeParsers()
    for (const capability of served) {
      if (capability.streaming === 'ndjson' || capability.rawBody || capability.rows) continue
      const handler: AnyHandler = Reflect.get(own, capability.name) ?? Reflect.get(surface.deps.handlers, capability.name)
      const route = capability.streaming === 'sse' ? streamRouteOf(surface, capability, clients) : jsonRouteOf(surface, capability, handler)
      addRoute(surface, json, capability, route)
    }
    takeJson(json, limits.bodyBytesMax, limits.bodyMsMax)
  })
  fastify.register(async (bulk) => {
    bulk.removeAllContentTypeParsers()
    for (const capability of served) {
      if (capability.rows === undefined) continue
      const handler: AnyRowsHandler = Reflect.get(surface.deps.handlers, capability.name)
      const asJson = rowsHandlerOf(surface.book, { ...capability, rows: capability.rows }, handler)
      addRoute(surface, bulk, capability, jsonRouteOf(surface, capability, asJson))
    }
    takeJson(bulk, limits.bulkBodyBytesMax, limits.bodyMsMax)
  })
  fastify.register(async (lines) => {
    lines.removeAllContentTypeParsers()
    for (const capability of served) {
      if (capability.streaming !== 'ndjson') continue
      const handler: AnyLinesHandler = Reflect.get(surface.deps.handlers, capability.name)
      addRoute(surface, lines, capability, ndjsonRouteOf(surface, capability, handler))
    }
    lines.addContentTypeParser('application/x-ndjson', (_request, payload, done) => done(null, payload))
  })
  fastify.register(async (raw) => {
    raw.removeAllContentTypeParsers()
    for (const capability of served) {
      if (!capability.rawBody) continue
      const handler: AnyHandler = Reflect.get(surface.deps.handlers, capability.name)
      addRoute(surface, raw, capability, jsonRouteOf(surface, capability, handler))
    }
    raw.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
      readBody(payload, limits.rawBodyBytesMax, limits.bodyMsMax),
    )
  })
}

function addRoute(
  surface: Surface,
  fastify: FastifyInstance,
  capability: Capability,
  handler: (request: FastifyRequest, reply: FastifyReply) => void,
): void {
  fastify.route({
    method: capability.method,
    url: capability.path.replace(/\{(\w+)\}/g, ':$1'),
    exposeHeadRoute: capability.method === 'GET' && capability.streaming === undefined,
    onRequest: gateOf(surface, capability),
    handler,
  })
}

function takeJson(fastify: FastifyInstance, bytesMax: number, msMax: number): void {
  fastify.addContentTypeParser('application/json', async (_request: FastifyRequest, payload: IncomingMessage) =>
    jsonOrNothing(textOfBody(await readBody(payload, bytesMax, msMax))),
  )
}

/** Errors of the framework in our words; anything else is ours. */
function surfaceError(surface: Surface, error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const flight = request.flight ?? surface.begin(request, reply)
  const code: unknown = Reflect.get(error, 'code')
  if (typeof code !== 'string' || !code.startsWith('FST_ERR_')) return surface.sendThrown(reply, flight, error)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const got = request.headers['content-type']?.slice(0, 80) ?? 'none'
    return surface.sendThrown(
      reply,
      flight,
      new SurfaceError('content_type_unsupported', { en: `this address does not take ${got}`, zh: `该地址不接受 ${got}` }, { got }),
    )
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return surface.sendThrown(reply, flight, new SurfaceError('body_too_large', { en: 'the body is too large', zh: '请求体过大' }))
  if (code === 'FST_ERR_BAD_URL')
    return surface.sendThrown(
      reply,
      flight,
      new SurfaceError('request_invalid', { en: 'the address is not a valid URL', zh: '该地址不是有效的 URL' }),
    )
  return surface.sendThrown(reply, flight, new SurfaceError('request_invalid', { en: 'the request cannot be read', zh: '无法解析请求' }))
}

const patterns = capabilityList.map((capability) => ({
  name: capability.name,
  method: capability.method,
  pattern: new RegExp(`^${capability.path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}))

/** An address nobody serves: 405 with what it takes where the path is known, otherwise 404. */
function answerUnrouted(surface: Surface, request: FastifyRequest, reply: FastifyReply): void {
  const flight = surface.begin(request, reply)
  const path = request.url.split('?', 1)[0] ?? ''
  if (sendConsole(surface, request, reply, flight, path)) return
  const known = patterns.filter(({ pattern }) => pattern.test(path))
  const allowed = [...new Set(known.filter((one) => surface.serves(one)).map(({ method }) => method))]
  if (allowed.length === 0) {
    const at = path.slice(0, 200)
    const why =
      known.length === 0
        ? { en: `nothing is served at ${at}`, zh: `${at} 没有内容` }
        : {
            en: `this process runs jobs alone: nothing but its health is served at ${at}`,
            zh: `此进程仅运行后台任务：除运行状况外，${at} 不提供服务`,
          }
    surface.sendThrown(reply, flight, new SurfaceError('route_unknown', why))
    return
  }
  reply.raw.setHeader('allow', allowed.join(', '))
  const more = { expected: allowed, got: request.method }
  surface.sendThrown(
    reply,
    flight,
    new SurfaceError(
      'method_not_allowed',
      { en: `${path.slice(0, 200)} takes ${allowed.join(', ')}`, zh: `${path.slice(0, 200)} 支持 ${allowed.join('、')}` },
      more,
    ),
  )
}

/** Files of the console by their names, and its page for every other address that a browser opens outside the API. */
function sendConsole(surface: Surface, request: FastifyRequest, reply: FastifyReply, flight: Flight, path: string): boolean {
  const { console } = surface.deps
  if (console === undefined || request.method !== 'GET') return false
  const file = console.file(path)
  if (file !== undefined) {
    const { bytes, encoding } = sentAs(file, String(request.headers['accept-encoding'] ?? ''))
    surface.send(reply, flight, 200, file.type, bytes, {
      'cache-control': file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    })
    return true
  }
  const isPage = !path.startsWith('/v1/') && /\btext\/html\b/.test(String(request.headers.accept ?? ''))
  if (!isPage) return false
  surface.send(reply, flight, 200, 'text/html; charset=utf-8', console.page, { 'content-security-policy': CONSOLE_POLICY, ...PAGE_HEADERS })
  return true
}

/** What never became a request: a broken request line, headers that are too large or too slow. */
function answerBrokenRequest(book: ProblemBook, error: Error & { code?: string; rawPacket?: unknown }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const code =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? 'headers_too_large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'body_timeout'
        : 'request_invalid'
  const detail = { en: 'the request could not be read as HTTP', zh: '请求无法按 HTTP 解析' }
  // Its headers were not read, but what came of them may say whose language it is.
  const came = Buffer.isBuffer(error.rawPacket) ? error.rawPacket.toString('latin1') : ''
  const problem = book.build(code, detail, {}, languageOf(/^accept-language:([^\r\n]*)/im.exec(came)?.[1]))
  const text = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} Error\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  )
}

/** Requests that took too long are answered; what they asked for may still be done, and the answer says so. */
function expireLate(surface: Surface): void {
  const before = performance.now() - surface.limits.requestMsMax
  for (const flight of surface.flights) {
    // They come in the order of their arrival: the first young one ends the search.
    if (flight.startedAtMs > before) return
    if (flight.replyBefore === undefined || flight.replyBefore.raw.headersSent) continue
    const ms = surface.limits.requestMsMax
    const detail = {
      en: `no answer within ${ms} ms; it may still be done: ask again with the same Idempotency-Key`,
      zh: `${ms} 毫秒内未能给出响应；请求仍可能已执行：请以相同的 Idempotency-Key 重试`,
    }
    surface.sendThrown(flight.replyBefore, flight, new SurfaceError('deadline_exceeded', detail))
    flight.abort()
  }
}

async function closeApp(surface: Surface, fastify: FastifyInstance, sweep: NodeJS.Timeout): Promise<void> {
  surface.draining = true
  for (const end of surface.onDrain) end()
  const stopped = fastify.close()
  const giveUpAt = performance.now() + surface.limits.drainMsMax
  const idle = setInterval(() => fastify.server.closeIdleConnections(), 20)
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (surface.flights.size > 0 && performance.now() < giveUpAt) return
      clearInterval(look)
      resolve()
    }, 10)
  })
  for (const flight of surface.flights) flight.abort()
  clearInterval(idle)
  fastify.server.closeAllConnections()
  clearInterval(sweep)
  await stopped
}

/** No text at all is no body: the route says whether it needs one. */
const jsonOrNothing = (text: string): unknown => (text === '' ? undefined : parseJson(text))
