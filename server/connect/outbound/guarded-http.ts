import { lookup as resolveName, type LookupAddress } from 'node:dns'
import { Agent as PlainAgent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Answer } from '../../domain/outbound/answer.ts'
import type { TargetRules } from './target-rules.ts'

/** Idle connections kept for one host. */
const IDLE_PER_HOST = 64
/** Of an answer that nobody wants at most this is read, so that its connection can be used again. */
const DRAINED_BYTES_MAX = 16_384
const FORBIDDEN = 'FORBIDDEN_ADDRESS'

class ForbiddenAddress extends Error {
  readonly code = FORBIDDEN
}

type Resolve = (name: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void
const resolveAll: Resolve = (name, done) => resolveName(name, { all: true, verbatim: true }, done)

export type Method = 'GET' | 'POST' | 'PUT'
export type HttpCall = {
  readonly method: Method
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Of the answer's body at most this is read; longer ones are cut off. */
  readonly bytesMax: number
}
/** How a call ended, with the answer's headers and body where there was one. */
export type HttpReply = { readonly answer: Answer; readonly headers: IncomingHttpHeaders; readonly text: string }
type Ended = HttpReply & { readonly isStale: boolean }

/**
 * Calls addresses that the rules allow. A name is resolved once a connection and the connection goes to the very address that was
 * judged, so that no second look-up can lead elsewhere; redirects are answers like any other.
 */
export class GuardedHttp {
  private readonly rules: TargetRules
  private readonly agents: { readonly plain: PlainAgent; readonly tls: TlsAgent }
  private readonly timeoutMs: number

  constructor(rules: TargetRules, timeoutMs: number, resolve: Resolve = resolveAll) {
    this.rules = rules
    this.timeoutMs = timeoutMs
    // Whoever calls bounds its own calls. A bound for each host would let a target that never answers hold up its neighbours there.
    const shared = { keepAlive: true, maxFreeSockets: IDLE_PER_HOST, timeout: 60_000 }
    this.agents = {
      plain: new PlainAgent({ ...shared, lookup: guarded(resolve, (address) => rules.refusalOfAddress(address, false)?.en) }),
      tls: new TlsAgent({ ...shared, lookup: guarded(resolve, (address) => rules.refusalOfAddress(address, true)?.en) }),
    }
  }

  /** Posts a text; of the answer only the status counts. */
  async post(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    return (await this.call({ method: 'POST', url, headers, body, bytesMax: 0 })).answer
  }

  /** One call, within the time limit, body included. */
  async call(call: HttpCall): Promise<HttpReply> {
    const problem = this.rules.refusalOf(call.url)
    if (problem !== undefined) return { answer: { kind: 'forbidden', problem: problem.en }, headers: {}, text: '' }
    const first = await this.attempt(call)
    // A kept connection that the other side closed at this very moment says nothing about the target.
    return first.isStale ? await this.attempt(call) : first
  }

  close(): void {
    this.agents.plain.destroy()
    this.agents.tls.destroy()
  }

  private attempt({ method, url: text, headers, body, bytesMax }: HttpCall): Promise<Ended> {
    return new Promise((resolve) => {
      const url = new URL(text)
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const options = { method, headers: { ...headers, ...length } }
      const request: ClientRequest =
        url.protocol === 'https:'
          ? tlsRequest(url, { ...options, agent: this.agents.tls })
          : plainRequest(url, { ...options, agent: this.agents.plain })
      const fail = (error: Error & { code?: string }): void => {
        const kind = error.code === FORBIDDEN ? 'forbidden' : 'silent'
        const problem = (error.message === '' ? (error.code ?? 'the connection failed') : error.message).slice(0, 200)
        const isStale = request.reusedSocket && error.code === 'ECONNRESET'
        resolve({ answer: { kind, problem }, headers: {}, text: '', isStale })
      }
      const late = setTimeout(() => request.destroy(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs)
      request.on('close', () => clearTimeout(late))
      request.on('error', fail)
      request.on('response', (response) => {
        const answer = answerOf(response)
        const done = (read: string): void => resolve({ answer, headers: response.headers, text: read, isStale: false })
        // Who does not want the body is not kept waiting for it.
        if (bytesMax === 0) done('')
        readBody(response, Math.max(bytesMax, DRAINED_BYTES_MAX), done, fail)
      })
      request.end(body)
    })
  }
}

function readBody(response: IncomingMessage, bytesMax: number, done: (text: string) => void, fail: (error: Error) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > bytesMax) response.destroy(new Error(`an answer of more than ${bytesMax} bytes`))
    else chunks.push(chunk)
  })
  response.on('end', () => done(Buffer.concat(chunks).toString('utf8')))
  response.on('error', fail)
}

function answerOf(response: IncomingMessage): Answer {
  const after = response.headers['retry-after']
  const seconds = after !== undefined && /^\d{1,9}(?:\.\d+)?$/.test(after) ? Number(after) : undefined
  return { kind: 'answered', status: response.statusCode ?? 0, retryAfterMs: seconds === undefined ? undefined : seconds * 1000 }
}

/** A look-up that gives nothing when any of the addresses may not be reached: which one is tried first is not ours to say. */
function guarded(resolve: Resolve, refusalOf: (address: string) => string | undefined): LookupFunction {
  return (name, options, done) =>
    resolve(name, (error, addresses) => {
      if (error !== null) return done(error, '', 0)
      const refusal = addresses.map(({ address }) => refusalOf(address)).find((one) => one !== undefined)
      const [first] = addresses
      if (refusal !== undefined || first === undefined) return done(new ForbiddenAddress(refusal ?? `${name} has no address`), '', 0)
      if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
}
