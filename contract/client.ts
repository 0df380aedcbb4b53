import type { Capability, InputOf, OutputOf } from './capability.ts'
import type { Problem } from './entities/page.ts'
import { capabilities, type Capabilities, type CapabilityName } from './registry.ts'

/** The hub's answer to a call that did not succeed; `code` names the rule. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: string
  readonly status: number
  readonly problem: Problem
  /** Seconds after which the same call may succeed. */
  readonly retryAfterSeconds: number | undefined
  constructor(problem: Problem, retryAfterSeconds: number | undefined) {
    super(`${problem.code}: ${problem.detail}`)
    this.code = problem.code
    this.status = problem.status
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export type ClientOptions = {
  /** For example http://localhost:7070; '' in a page that the hub serves. */
  readonly baseUrl: string
  /** API key; left out where a session cookie speaks. */
  readonly key?: string
  /** Sent with every write of a session. */
  readonly csrfToken?: () => string | undefined
  /** Makes an idempotency key for each write that names none, so that it can be sent again: `() => crypto.randomUUID()`. */
  readonly newKey: () => string
  readonly language?: () => string
  /** Further tries after 429, 503 and lost connections; default 3. Writes are only repeated under an idempotency key. */
  readonly retriesMax?: number
  readonly fetch?: typeof fetch
  /** Waits ms; replaced in tests. */
  readonly wait?: (ms: number) => Promise<void>
}
export type CallOptions = {
  /** `newKey` makes one for a write when left out; null: none, for what is done once by its nature however often it is sent. */
  readonly idempotencyKey?: string | null
  readonly ifMatch?: number
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

type Given<C extends Capability> = { [K in keyof InputOf<C> as InputOf<C>[K] extends undefined ? never : K]: InputOf<C>[K] }
/** Params, query and body of a capability: what has no required field may be left out. */
type InputFor<C extends Capability> = {
  [K in keyof Given<C> as Record<string, never> extends Given<C>[K] ? never : K]: Given<C>[K]
} & { [K in keyof Given<C> as Record<string, never> extends Given<C>[K] ? K : never]?: Given<C>[K] }

/** What a client needs to know of a capability. */
export type Callable = Pick<Capability, 'name' | 'method' | 'path' | 'kind'>

type StreamingName = { [N in CapabilityName]: Capabilities[N] extends { readonly streaming: string } ? N : never }[CapabilityName]
export type CallName = Exclude<CapabilityName, StreamingName>
export type Answer<T> = {
  readonly value: T
  readonly status: number
  readonly version: number | undefined
  readonly traceId: string | undefined
}

export type Client = {
  /** Calls a capability; the value of its success, or a thrown {@link ProblemError}. */
  call<N extends CallName>(name: N, input: InputFor<Capabilities[N]>, options?: CallOptions): Promise<OutputOf<Capabilities[N]>>
  /** The same with status, version (ETag) and trace id. */
  ask<N extends CallName>(name: N, input: InputFor<Capabilities[N]>, options?: CallOptions): Promise<Answer<OutputOf<Capabilities[N]>>>
  /** Sends orders one a line and yields one result a line, in the same order, while sending goes on (Node; browsers send first). */
  placeMany(
    orders: AsyncIterable<InputOf<Capabilities['order.placeMany']>['body']>,
    options?: CallOptions,
  ): AsyncGenerator<OutputOf<Capabilities['order.placeMany']>>
  /** URL of a GET, for EventSource and links. */
  url<N extends CapabilityName>(name: N, input: InputFor<Capabilities[N]>): string
}

const RETRIES_DEFAULT = 3
const BACKOFF_MS = 200
const WAIT_MS_MAX = 30_000

type Loose = { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown }

/** A client whose methods and types come from the capability definitions; needs only `fetch`. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch
  const wait = options.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)))
  const url = (capability: Callable, input: Loose): string => options.baseUrl + pathOf(capability, input.params) + queryOf(input.query)

  const headersOf = (capability: Callable, call: CallOptions): Record<string, string> => {
    const headers: Record<string, string> = { accept: 'application/json', ...call.headers }
    if (options.key !== undefined) headers['authorization'] = `Bearer ${options.key}`
    if (options.language !== undefined) headers['accept-language'] = options.language()
    if (capability.kind === 'write' && call.idempotencyKey !== null) headers['idempotency-key'] = call.idempotencyKey ?? options.newKey()
    // A read that is a POST (a preview, a quote) needs the token as well: the hub judges by the method.
    const token = capability.method === 'GET' ? undefined : options.csrfToken?.()
    if (token !== undefined) headers['x-csrf-token'] = token
    if (call.ifMatch !== undefined) headers['if-match'] = `"${call.ifMatch}"`
    return headers
  }

  const ask = async (capability: Callable, input: Loose, call: CallOptions = {}): Promise<Answer<unknown>> => {
    const headers = headersOf(capability, call)
    const init: RequestInit = { method: capability.method, headers, ...(call.signal && { signal: call.signal }) }
    if (input.body instanceof Uint8Array) init.body = new Uint8Array(input.body)
    else if (input.body !== undefined) {
      init.body = JSON.stringify(input.body)
      headers['content-type'] = 'application/json'
    }
    const target = url(capability, input)
    for (let tries = 0; ; tries++) {
      const outcome = await attempt(send, target, init)
      const isLast = tries >= (options.retriesMax ?? RETRIES_DEFAULT) || call.signal?.aborted === true
      if ('answer' in outcome) return outcome.answer
      if (isLast || !mayRepeat(outcome.error)) throw outcome.error
      await wait(waitMs(outcome.error, tries))
    }
  }

  return {
    call: async (name, input, call) => (await ask(capabilities[name], input, call)).value as never,
    ask: async (name, input, call) => (await ask(capabilities[name], input, call)) as never,
    url: (name, input) => url(capabilities[name], input),
    placeMany: (orders, call = {}) => {
      const capability = capabilities['order.placeMany']
      const headers = { ...headersOf(capability, call), 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' }
      return exchangeLines(send, url(capability, {}), headers, orders, call.signal) as ReturnType<Client['placeMany']>
    },
  }
}

function pathOf(capability: Callable, params: unknown): string {
  return capability.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(Reflect.get(Object(params), name))))
}

function queryOf(query: unknown): string {
  const parts = Object.entries<unknown>(Object(query)).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(textOf(value))}`],
  )
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : JSON.stringify(value)

type Attempt = { readonly answer: Answer<unknown> } | { readonly error: unknown }

async function attempt(send: typeof fetch, url: string, init: RequestInit): Promise<Attempt> {
  try {
    const response = await send(url, init)
    if (!response.ok) return { error: await problemOf(response) }
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const version = /^(?:W\/)?"(\d+)"$/.exec(response.headers.get('etag') ?? '')?.[1]
    const answer = {
      value: isJson ? await response.json() : await response.text(),
      status: response.status,
      version: version === undefined ? undefined : Number(version),
      traceId: response.headers.get('traceresponse')?.split('-')[1],
    }
    return { answer }
  } catch (error) {
    return { error }
  }
}

async function problemOf(response: Response): Promise<ProblemError> {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
  const problem: Problem = isProblem
    ? JSON.parse(text)
    : { type: 'about:blank', title: response.statusText, status: response.status, code: 'not_a_problem', detail: text.slice(0, 200) }
  return new ProblemError(problem, Number.isNaN(seconds) ? undefined : seconds)
}

/** Throttled, away, or the connection broke: with reads, and with writes under their key, another try cannot do it twice. */
function mayRepeat(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status === 429 || error.status === 503
  return error instanceof TypeError
}

function waitMs(error: unknown, tries: number): number {
  const asked = error instanceof ProblemError && error.retryAfterSeconds !== undefined ? error.retryAfterSeconds * 1000 : 0
  return Math.min(WAIT_MS_MAX, Math.max(asked, BACKOFF_MS * 2 ** tries))
}

async function* exchangeLines(
  send: typeof fetch,
  url: string,
  headers: Record<string, string>,
  values: AsyncIterable<unknown>,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown> {
  const encoder = new TextEncoder()
  const source = values[Symbol.asyncIterator]()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await source.next()
      if (next.done === true) controller.close()
      else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`))
    },
    cancel: async () => {
      await source.return?.()
    },
  })
  const init = { method: 'POST', headers, body, duplex: 'half', ...(signal && { signal }) } as const
  const response = await send(url, init)
  if (!response.ok || response.body === null) throw await problemOf(response)
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield JSON.parse(line)
  }
}
