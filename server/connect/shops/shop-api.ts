import type { Answer } from '../../domain/outbound/answer.ts'
import { judgeAnswer } from '../../domain/outbound/answer.ts'
import type { GuardedHttp, Method } from '../outbound/guarded-http.ts'

const ANSWER_BYTES_MAX = 8 * 1_048_576

/** A reply in JSON that went well, or how the call ended otherwise. */
export type ShopReply =
  | { readonly isDone: true; readonly answer: Answer; readonly json: unknown; readonly headers: Readonly<Record<string, unknown>> }
  | { readonly isDone: false; readonly answer: Answer }

/** A platform's REST API at one address, spoken in JSON with one proof of who asks. */
export class ShopApi {
  private readonly http: GuardedHttp
  private readonly base: string
  private readonly proof: Readonly<Record<string, string>>

  constructor(http: GuardedHttp, base: string, proof: Readonly<Record<string, string>>) {
    this.http = http
    this.base = base.replace(/\/+$/, '')
    this.proof = proof
  }

  get(path: string): Promise<ShopReply> {
    return this.ask('GET', path)
  }

  /** `path` is below the API's address, or whole where the API itself gave it; another host gets no proof and no call. */
  async ask(method: Method, path: string, body?: object): Promise<ShopReply> {
    const url = path.startsWith('/') ? this.base + path : path
    if (!url.startsWith(`${this.base}/`))
      return { isDone: false, answer: { kind: 'forbidden', problem: 'the API leads to another address' } }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const reply = await this.http.call({
      method,
      url,
      headers: { accept: 'application/json', 'user-agent': 'fulcrum', ...this.proof, ...type },
      body: body === undefined ? undefined : JSON.stringify(body),
      bytesMax: ANSWER_BYTES_MAX,
    })
    if (judgeAnswer(reply.answer).kind !== 'delivered') return { isDone: false, answer: reply.answer }
    const json = parsed(reply.text)
    if (json === undefined) return { isDone: false, answer: { kind: 'silent', problem: 'the answer is not JSON' } }
    return { isDone: true, answer: reply.answer, json, headers: reply.headers }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === '' ? 'null' : text)
  } catch {
    return undefined // a proxy's page instead of the API's answer
  }
}

/** What stands under a name, as a list; empty where it is none. */
export function listAt(json: unknown, name: string): readonly unknown[] {
  const found: unknown = at(json, name)
  return Array.isArray(found) ? found : []
}
export const at = (json: unknown, name: string): unknown => Reflect.get(Object(json), name)
/** Ids come as numbers or texts; what is neither is ''. */
export const textAt = (json: unknown, name: string): string => {
  const found = at(json, name)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}
export const numberAt = (json: unknown, name: string): number => Number(at(json, name) ?? 0) || 0

/** Nothing was to be done: what was asked for is so already, or the platform does not sell it. */
export const nothingToDo: Answer = { kind: 'answered', status: 204 }
