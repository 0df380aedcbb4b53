import type { TSchema } from 'typebox'
import { BULK_ROWS_MAX } from '../../contract/capabilities/facts.ts'
import type { Capability, SuccessStatus } from '../../contract/capability.ts'
import { schemas } from '../../contract/schemas.ts'
import { surfaceProblems, type SurfaceProblemCode } from '../../contract/surface-problems.ts'
import { type Json, namedSchemas, plain } from './plain-schema.ts'
import type { ProblemBook } from './problems.ts'

export type Operation = {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly 'x-summary-zh': string
  readonly 'x-description-zh'?: string
  readonly 'x-permission': string
  readonly 'x-sla-ms': number
  readonly 'x-streaming'?: string
  readonly security: readonly Json[]
  readonly parameters: readonly Json[]
  readonly requestBody?: Json
  readonly responses: { readonly [status: string]: Json }
}
export type OpenApiDocument = {
  readonly openapi: '3.1.0'
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly servers: readonly Json[]
  readonly tags: readonly Json[]
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } }
  readonly components: { readonly schemas: { readonly [name: string]: Json }; readonly securitySchemes: Json }
  readonly 'x-problems': readonly { readonly code: string; readonly status: number; readonly en: string; readonly zh: string }[]
}

/** The API as OpenAPI 3.1: every capability one operation, every named schema once, every problem that a route may give. */
export function openApiOf(capabilities: readonly Capability[], book: ProblemBook, version: string): OpenApiDocument {
  const named = namedSchemas
  const paths: Record<string, Record<string, Operation>> = {}
  for (const capability of capabilities) {
    paths[capability.path] = { ...paths[capability.path], [capability.method.toLowerCase()]: operationOf(capability, named, book) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Fulcrum', version, description: 'The open order hub. 开放订单中枢。' },
    servers: [{ url: '/' }],
    tags: [...new Set(capabilities.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, plain(schema, named, schema)])),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'fulcrum_session',
          description: 'A console session; writes also send X-CSRF-Token.',
        },
      },
    },
    'x-problems': [...book.definitions].map(([code, definition]) => ({ code, status: book.statusOf(code), ...definition.title })),
  }
}

const tagOf = (capability: Capability): string => capability.name.split('.')[0] ?? capability.name

function operationOf(capability: Capability, named: ReadonlyMap<unknown, string>, book: ProblemBook): Operation {
  return {
    operationId: capability.name,
    tags: [tagOf(capability)],
    summary: capability.summary.en,
    'x-summary-zh': capability.summary.zh,
    ...descriptionOf(capability),
    'x-permission': capability.permission,
    'x-sla-ms': capability.slaMs,
    ...(capability.streaming && { 'x-streaming': capability.streaming }),
    security: capability.permission === 'public' ? [] : [{ key: [] }, { session: [] }],
    parameters: parametersOf(capability, named),
    ...bodyOf(capability, named),
    responses: { ...successesOf(capability, named), ...problemsOf(capability, book) },
  }
}

/** What there is to know beside the summary, and why a write takes no key. */
function descriptionOf({ description, keyless }: Capability): Json {
  const said = [description, keyless].filter((one) => one !== undefined)
  if (said.length === 0) return {}
  return { description: said.map(({ en }) => en).join(' '), 'x-description-zh': said.map(({ zh }) => zh).join('') }
}

function parametersOf(capability: Capability, named: ReadonlyMap<unknown, string>): readonly Json[] {
  const of = (where: 'path' | 'query', schema: TSchema | undefined): Json[] => {
    const properties: unknown = schema === undefined ? {} : Reflect.get(schema, 'properties')
    const required: unknown = schema === undefined ? [] : Reflect.get(schema, 'required')
    return Object.entries(Object(properties)).map(([name, property]) => ({
      name,
      in: where,
      required: where === 'path' || (Array.isArray(required) && required.includes(name)),
      schema: plain(property, named),
      ...(Reflect.get(Object(property), 'type') === 'array' && { style: 'form', explode: false }),
    }))
  }
  const header = (name: string, description: string, schema: Json): Json => ({ name, in: 'header', required: false, description, schema })
  const headers = [
    header('traceparent', 'W3C trace context; carried into events.', { type: 'string' }),
    header('Accept-Language', 'Language of problem titles: zh or en.', { type: 'string' }),
  ]
  if (capability.kind === 'write' && capability.keyless === undefined) {
    const schema = { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' }
    headers.push(header('Idempotency-Key', 'The same key and body give the same answer for 7 days.', schema))
  }
  if (capability.versioned) headers.push(header('If-Match', 'The version that the caller has seen, for example "3".', { type: 'string' }))
  if (capability.streaming === 'sse') headers.push(header('Last-Event-ID', 'Continues behind this message.', { type: 'string' }))
  return [...of('path', capability.params), ...of('query', capability.query), ...headers]
}

function bodyOf(capability: Capability, named: ReadonlyMap<unknown, string>): { requestBody?: Json } {
  if (capability.rawBody) {
    const any = {
      description: 'The platform’s own body, byte for byte as it was signed.',
      required: true,
      content: { '*/*': { schema: {} } },
    }
    return { requestBody: any }
  }
  if (capability.rows) {
    const schema = { type: 'array', maxItems: BULK_ROWS_MAX, items: plain(capability.rows.item, new Map(named)) }
    return { requestBody: { required: true, content: { 'application/json': { schema } } } }
  }
  if (capability.body === undefined) return {}
  const type = capability.streaming === 'ndjson' ? 'application/x-ndjson' : 'application/json'
  return { requestBody: { required: true, content: { [type]: { schema: plain(capability.body, named) } } } }
}

const described: Readonly<Record<SuccessStatus, string>> = { 200: 'Done.', 201: 'Created.', 202: 'Kept; the work goes on.' }

function successesOf(capability: Capability, named: ReadonlyMap<unknown, string>): Record<string, Json> {
  const streamed = { ndjson: 'application/x-ndjson', sse: 'text/event-stream' } as const
  const type = capability.streaming ? streamed[capability.streaming] : (capability.produces ?? 'application/json')
  return Object.fromEntries(
    ([200, 201, 202] as const).flatMap((status) => {
      const schema = capability.output[status]
      return schema === undefined
        ? []
        : [[status, { description: described[status], content: { [type]: { schema: plain(schema, named) } } }]]
    }),
  )
}

/** The codes of the surface that this capability can answer with. */
function surfaceCodesOf(capability: Capability): readonly SurfaceProblemCode[] {
  const isGated = capability.permission !== 'public'
  const hasBody = capability.body !== undefined || capability.rows !== undefined || capability.rawBody === true
  const takesJson = hasBody && capability.rawBody !== true
  const codes: readonly (SurfaceProblemCode | false | undefined)[] = [
    capability.params && 'path_invalid',
    'query_invalid',
    'header_invalid',
    'request_invalid',
    takesJson && 'json_invalid',
    takesJson && 'body_invalid',
    (capability.rows ?? capability.streaming === 'ndjson') && 'row_invalid',
    isGated && 'credential_missing',
    isGated && 'credential_invalid',
    isGated && 'permission_missing',
    hasBody && 'body_too_large',
    hasBody && 'body_timeout',
    capability.rows && 'too_many_rows',
    capability.streaming === 'ndjson' && 'line_too_long',
    takesJson && 'content_type_unsupported',
    capability.name.endsWith('.get') && capability.params && 'entity_unknown',
    isGated && 'rate_limited',
    'internal',
    'unavailable',
    'overloaded',
    'deadline_exceeded',
  ]
  return codes.filter((code): code is SurfaceProblemCode => typeof code === 'string' && code in surfaceProblems)
}

function problemsOf(capability: Capability, book: ProblemBook): Record<string, Json> {
  const byStatus = new Map<number, string[]>()
  for (const code of new Set([...capability.outcomes, ...surfaceCodesOf(capability)])) {
    const status = book.statusOf(code)
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, codes]) => {
        const schema = { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] }
        const description = codes.map((code) => `\`${code}\` ${book.definitions.get(code)?.title.en ?? ''}`).join('; ')
        const headers =
          status === 429 || status === 503 ? { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } } : undefined
        return [status, { description, ...(headers && { headers }), content: { 'application/problem+json': { schema } } }]
      }),
  )
}
