import fc from 'fast-check'
import type { OpenApiDocument, Operation } from '../../../server/http/openapi.ts'
import { arbitraryOf, spoilt, type Components } from './arbitrary.ts'

export type FuzzOptions = {
  readonly seed: number
  readonly perRoute: number
  /** Ends the request that is under way with a `TimeoutError` when its answer has been waited for long enough; left out: after 5 s. */
  readonly patience?: () => AbortSignal
}
export type Finding = {
  readonly kind: 'serverError' | 'hang' | 'leak' | 'notAProblem' | 'untranslated' | 'broken'
  readonly operation: string
  readonly request: string
  readonly detail: string
}
export type FuzzReport = {
  readonly findings: readonly Finding[]
  readonly sent: number
  readonly byStatus: Readonly<Record<string, number>>
  readonly routes: number
}

/** What an answer must never show: stacks, source places, folders of the machine, words of the database. */
const LEAK =
  /\n\s+at \w|\.[cm]?[jt]s:\d+|node_modules|\/(?:home|srv|usr|var|root|tmp)\/[\w.]|syntax error at or near|relation "|violates \w+(?: \w+)? constraint|duplicate key value|invalid input syntax|column "|ECONNREFUSED|"stack"/

type Sent = { readonly method: string; readonly url: string; readonly headers: Record<string, string>; readonly body: string | undefined }

/**
 * Walks every operation of the document with valid and spoilt input, one request after the other, and reports answers of 5xx, answers that
 * do not come within `patience`, answers that show the inside, refusals that are no problem details, and what a problem says in another
 * language than was asked for, be it of a row or a line. Same seed, same requests.
 */
export async function fuzzRoutes(baseUrl: string, openapi: OpenApiDocument, token: string, options: FuzzOptions): Promise<FuzzReport> {
  const findings: Finding[] = []
  const byStatus: Record<string, number> = {}
  const components: Components = openapi.components.schemas
  let sent = 0
  let routes = 0
  for (const [path, methods] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      routes++
      const requests = fc.sample(requestOf(baseUrl, path, method, operation, components, token), {
        seed: options.seed + routes,
        numRuns: options.perRoute,
      })
      for (const request of requests) {
        sent++
        const { status, finding } = await probe(request, operation, (options.patience ?? fiveSeconds)())
        byStatus[status] = (byStatus[status] ?? 0) + 1
        if (finding !== undefined) findings.push(finding)
      }
    }
  }
  return { findings, sent, byStatus, routes }
}

const fiveSeconds = (): AbortSignal => AbortSignal.timeout(5000)

async function probe(request: Sent, operation: Operation, signal: AbortSignal): Promise<{ status: string; finding?: Finding }> {
  const found = (kind: Finding['kind'], detail: string): Finding => ({
    kind,
    operation: operation.operationId,
    request: `${request.method} ${request.url} ${request.body?.slice(0, 400) ?? ''}`,
    detail: detail.slice(0, 600),
  })
  try {
    const isStream = operation['x-streaming'] === 'sse'
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      signal,
      ...(request.body !== undefined && { body: request.body }),
    })
    const status = String(response.status)
    if (isStream && response.ok) {
      await response.body?.cancel()
      return { status }
    }
    const text = await response.text()
    // 503 with Retry-After is an honest answer of a hub that stops or is full; here nothing else runs, so it is reported too.
    if (response.status >= 500) return { status, finding: found('serverError', `${status} ${text}`) }
    // Inside JSON the quotes and line ends of a message are escaped.
    const leak = LEAK.exec(text.replaceAll('\\"', '"').replaceAll('\\n', '\n'))
    if (leak !== null && !isDocument(operation)) return { status, finding: found('leak', `${leak[0]} in ${text}`) }
    if (response.status >= 400 && !isProblem(response, text)) return { status, finding: found('notAProblem', `${status} ${text}`) }
    const untranslated = isStream || isDocument(operation) ? undefined : notChinese(text)
    if (untranslated !== undefined) return { status, finding: found('untranslated', `${untranslated} in ${text}`) }
    return { status }
  } catch (error) {
    const isHang = error instanceof Error && error.name === 'TimeoutError'
    return {
      status: isHang ? 'hang' : 'broken',
      finding: found(isHang ? 'hang' : 'broken', String(error instanceof Error ? (error.cause ?? error) : error)),
    }
  }
}

const isDocument = (operation: Operation): boolean => operation.operationId === 'hub.openapi' || operation.operationId === 'hub.docs'

function isProblem(response: Response, text: string): boolean {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) return false
  const body: unknown = JSON.parse(text)
  return typeof Reflect.get(Object(body), 'code') === 'string' && Reflect.get(Object(body), 'status') === response.status
}

/** The first text of a problem anywhere in an answer, of one value or of lines, that has no Chinese in it. */
function notChinese(text: string): string | undefined {
  const open: unknown[] = text.split('\n').flatMap((line) => (line.startsWith('{') || line.startsWith('[') ? [JSON.parse(line)] : []))
  while (open.length > 0) {
    const value: unknown = open.pop()
    if (typeof value !== 'object' || value === null) continue
    open.push(...Object.values(value))
    // Mistakes of one problem (`errors`) have a pointer and a detail; problems themselves also a title.
    if (!('detail' in value && ('code' in value || 'pointer' in value))) continue
    for (const name of ['title', 'detail', 'rule']) {
      const said: unknown = Reflect.get(value, name)
      if (typeof said === 'string' && !/\p{Script=Han}/u.test(said)) return `${name} "${said}"`
    }
  }
  return undefined
}

function requestOf(
  baseUrl: string,
  path: string,
  method: string,
  operation: Operation,
  components: Components,
  token: string,
): fc.Arbitrary<Sent> {
  const parameters = (where: string) => operation.parameters.filter((parameter) => parameter['in'] === where)
  const schemaOf = (parameter: Readonly<Record<string, unknown>>) => arbitraryOf(Object(parameter['schema']), components)
  const inPath = fc.tuple(
    ...parameters('path').map((parameter) =>
      fc.tuple(
        fc.constant(String(parameter['name'])),
        fc.oneof({ weight: 4, arbitrary: schemaOf(parameter) }, { weight: 1, arbitrary: junk }),
      ),
    ),
  )
  const inQuery = fc.tuple(
    ...parameters('query').map((parameter) =>
      fc.tuple(
        fc.constant(String(parameter['name'])),
        fc.option(fc.oneof({ weight: 4, arbitrary: schemaOf(parameter) }, { weight: 1, arbitrary: junk }), {
          freq: parameter['required'] === true ? 9 : 1,
        }),
      ),
    ),
  )
  return fc.tuple(inPath, inQuery, bodyOf(operation, components), headersOf(operation)).map(([params, query, body, extra]) => {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      'accept-language': 'zh-CN',
      ...extra,
      ...(body !== undefined && { 'content-type': body.type }),
    }
    const filled = params.reduce((text, [name, value]) => text.replace(`{${name}}`, encode(value)), path)
    const asked = query.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => `${name}=${encode(value)}`)
    return {
      method: method.toUpperCase(),
      url: `${baseUrl}${filled}${asked.length === 0 ? '' : `?${asked.join('&')}`}`,
      headers,
      body: body?.text,
    }
  })
}

const junk = fc.constantFrom<unknown>(
  '',
  '%',
  '\u0000',
  '../..',
  "' or 1=1 --",
  'x'.repeat(3000),
  '-1',
  '1e99',
  'null',
  '王',
  '\ud83d\ude00',
  'a/b',
  'a?b#c',
  '__proto__',
)
const encode = (value: unknown): string => encodeURIComponent(Array.isArray(value) ? value.join(',') : String(value)).replaceAll('%25', '%')

type Body = { readonly type: string; readonly text: string }

function bodyOf(operation: Operation, components: Components): fc.Arbitrary<Body | undefined> {
  const content = Object.entries(Object(operation.requestBody?.['content']))
  const [type, media] = content[0] ?? []
  if (type === undefined) return fc.constant(undefined)
  const valid = arbitraryOf(Object(Reflect.get(Object(media), 'schema')), components)
  const value = fc.oneof({ weight: 2, arbitrary: valid }, { weight: 3, arbitrary: valid.chain(spoilt) })
  const isLines = type === 'application/x-ndjson'
  const text = isLines
    ? fc
        .array(
          value.map((one) => JSON.stringify(one)),
          { maxLength: 5 },
        )
        .map((lines) => lines.join('\n'))
    : value.map((one) => JSON.stringify(one))
  const sentAs =
    type === '*/*'
      ? fc.constantFrom('application/json', 'application/x-www-form-urlencoded', 'application/octet-stream')
      : fc.constant(type)
  const broken = fc.oneof(
    text.chain((whole) => fc.nat(whole.length).map((at) => whole.slice(0, at))),
    fc.constantFrom(
      '',
      '{',
      '[',
      '"',
      'null',
      '[null]',
      '{"a":1}}',
      '\u0000',
      '['.repeat(50_000),
      '{"a":'.repeat(20_000),
      '1e999',
      '\ufeff{}',
    ),
  )
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ type: sentAs, text }) },
    { weight: 2, arbitrary: fc.record({ type: sentAs, text: broken }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('text/plain', 'application/xml', 'x', ''), text }) },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

function headersOf(operation: Operation): fc.Arbitrary<Record<string, string>> {
  const odd = fc.constantFrom('', 'x', '"1"', '*', '-1', 'x'.repeat(300), '00-0-0-0', 'zh;q=zero', 'W/"99999999999999999999"', 'c-1', "'")
  const names = operation.parameters.filter((parameter) => parameter['in'] === 'header').map((parameter) => String(parameter['name']))
  return fc.dictionary(fc.constantFrom('accept', ...names), odd, { maxKeys: 1 })
}
