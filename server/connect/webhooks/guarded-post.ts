import { lookup as resolveName, type LookupAddress } from 'node:dns'
import { Agent as PlainAgent, type ClientRequest, type IncomingMessage, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Answer } from '../../domain/outbound/answer.ts'
import type { TargetRules } from './target-rules.ts'

const CONNECTIONS_PER_HOST = 32
/** Of an answer at most this is read, so that its connection can be used again; more is cut off. */
const ANSWER_BYTES_MAX = 16_384
const FORBIDDEN = 'FORBIDDEN_ADDRESS'

class ForbiddenAddress extends Error {
  readonly code = FORBIDDEN
}

type Resolve = (name: string, done: (error: Error | null, addresses: LookupAddress[]) => void) => void
const resolveAll: Resolve = (name, done) => resolveName(name, { all: true, verbatim: true }, done)

/**
 * POSTs to addresses that the rules allow. A name is resolved once a connection and the connection goes to the very address that was
 * judged, so that no second look-up can lead elsewhere; redirects are answers like any other.
 */
export class GuardedPost {
  private readonly rules: TargetRules
  private readonly agents: { readonly plain: PlainAgent; readonly tls: TlsAgent }
  private readonly timeoutMs: number

  constructor(rules: TargetRules, timeoutMs: number, resolve: Resolve = resolveAll) {
    this.rules = rules
    this.timeoutMs = timeoutMs
    const shared = { keepAlive: true, maxSockets: CONNECTIONS_PER_HOST, maxFreeSockets: 4, timeout: 60_000 }
    this.agents = {
      plain: new PlainAgent({ ...shared, lookup: guarded(resolve, (address) => rules.refusalOfAddress(address, false)) }),
      tls: new TlsAgent({ ...shared, lookup: guarded(resolve, (address) => rules.refusalOfAddress(address, true)) }),
    }
  }

  async post(text: string, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    const problem = this.rules.refusalOf(text)
    if (problem !== undefined) return { kind: 'forbidden', problem }
    const url = new URL(text)
    const first = await this.attempt(url, headers, body)
    // A kept connection that the other side closed at this very moment says nothing about the target.
    return first.isStale ? (await this.attempt(url, headers, body)).answer : first.answer
  }

  close(): void {
    this.agents.plain.destroy()
    this.agents.tls.destroy()
  }

  private attempt(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<{ answer: Answer; isStale: boolean }> {
    return new Promise((resolve) => {
      const isTls = url.protocol === 'https:'
      const options = { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } }
      const request: ClientRequest = isTls
        ? tlsRequest(url, { ...options, agent: this.agents.tls })
        : plainRequest(url, { ...options, agent: this.agents.plain })
      const late = setTimeout(() => request.destroy(new Error(`no answer within ${this.timeoutMs} ms`)), this.timeoutMs)
      request.on('close', () => clearTimeout(late))
      request.on('response', (response) => {
        readAway(response)
        resolve({ answer: answerOf(response), isStale: false })
      })
      request.on('error', (error: Error & { code?: string }) => {
        const kind = error.code === FORBIDDEN ? 'forbidden' : 'silent'
        const problem = error.message === '' ? (error.code ?? 'the connection failed') : error.message
        resolve({ answer: { kind, problem: problem.slice(0, 200) }, isStale: request.reusedSocket && error.code === 'ECONNRESET' })
      })
      request.end(body)
    })
  }
}

function readAway(response: IncomingMessage): void {
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) response.destroy()
  })
  response.on('error', () => undefined) // the answer is known by its status already
}

function answerOf(response: IncomingMessage): Answer {
  const after = response.headers['retry-after']
  const seconds = after !== undefined && /^\d{1,9}$/.test(after) ? Number(after) : undefined
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
