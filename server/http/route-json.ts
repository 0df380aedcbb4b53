import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Capability } from '../../contract/capability.ts'
import type { Words } from '../kernel/words.ts'
import type { Flight } from './context.ts'
import type { Refused, Success } from './handler.ts'
import { SurfaceError } from './problems.ts'
import { coercerOf } from './query.ts'
import type { Surface } from './surface.ts'
import { checkerOf } from './validation.ts'

/** A handler behind the type erasure of the route table. */
export type AnyHandler = (context: Flight, input: unknown) => Promise<Success<unknown> | Refused>
type Input = { params: unknown; query: unknown; body: unknown }

/** Checks params, query and body in this order; each answers with every mistake it finds. */
export function inputReaderOf(capability: Capability): (request: FastifyRequest) => Input {
  const params = capability.params === undefined ? undefined : checkerOf(capability.params)
  const query = capability.query === undefined ? undefined : { check: checkerOf(capability.query), coerce: coercerOf(capability.query) }
  const body = capability.body === undefined || capability.streaming === 'ndjson' ? undefined : checkerOf(capability.body)
  const bodyMayBeLeftOut = body?.check({}) === true
  return (request) => {
    if (params !== undefined && !params.check(request.params)) {
      throw invalid('path_invalid', { en: 'the path', zh: '路径' }, params.explain(request.params))
    }
    let asked: unknown
    if (query !== undefined) {
      asked = query.coerce(isRecord(request.query) ? request.query : {})
      if (!query.check.check(asked)) throw invalid('query_invalid', { en: 'the query', zh: '查询参数' }, query.check.explain(asked))
    } else if (isRecord(request.query) && Object.keys(request.query).length > 0) {
      throw new SurfaceError(
        'query_invalid',
        { en: `${capability.path} takes no query parameters`, zh: `${capability.path} 不接受查询参数` },
        { got: Object.keys(request.query).join(', ').slice(0, 80) },
      )
    }
    let given: unknown = request.body
    if (body !== undefined) {
      if (given === undefined && bodyMayBeLeftOut) given = {}
      if (!body.check(given)) throw invalid('body_invalid', { en: 'the body', zh: '请求体' }, body.explain(given))
    } else if (capability.rawBody !== true && capability.rows === undefined) given = undefined
    return { params: request.params, query: asked, body: given }
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function invalid(
  code: 'path_invalid' | 'query_invalid' | 'body_invalid',
  what: Words,
  errors: ReturnType<ReturnType<typeof checkerOf>['explain']>,
) {
  const first = errors[0]
  const more = errors.length - 1
  const said = first?.detail ?? { en: `${what.en} breaks the schema`, zh: `${what.zh}不符合结构要求` }
  const detail = more > 0 ? { en: `${said.en} (and ${more} more)`, zh: `${said.zh}（另有 ${more} 处）` } : said
  return new SurfaceError(code, detail, { pointer: first?.pointer, expected: first?.expected, got: first?.got, errors })
}

/** The route of a capability that answers with one JSON value (or one text). */
export function jsonRouteOf(surface: Surface, capability: Capability, handler: AnyHandler) {
  const read = inputReaderOf(capability)
  const firstStatus = Number(Object.keys(capability.output)[0] ?? 200)
  const type = capability.produces === undefined ? 'application/json; charset=utf-8' : `${capability.produces}; charset=utf-8`
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const flight = request.flight
    if (flight === undefined) throw new Error('a route without its gate')
    const fail = (error: unknown): void => surface.sendThrown(reply, flight, error)
    const answer = (result: Success<unknown> | Refused): void => {
      if (result.status === 'refused') return surface.sendRefusal(reply, flight, result)
      const text = capability.produces === undefined ? JSON.stringify(result.value) : String(result.value)
      surface.send(reply, flight, result.success ?? firstStatus, type, text, headersOf(result))
    }
    try {
      flight.input = read(request)
      handler(flight, flight.input).then(answer).catch(fail)
    } catch (error) {
      fail(error)
    }
  }
}

function headersOf(result: Success<unknown>): Record<string, string | string[]> | undefined {
  if (result.version === undefined && result.location === undefined && result.headers === undefined) return undefined
  const headers: Record<string, string | string[]> = { ...result.headers }
  if (result.version !== undefined) headers['etag'] = `"${result.version}"`
  if (result.location !== undefined) headers['location'] = result.location
  return headers
}
