import { ADMIN_KEY } from './admin-key.ts'

/** What came back; `at('lines.0.sku')` is the value at that place of the JSON body, undefined where there is none. */
export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: unknown
  at(path: string): unknown
}
export type Api = {
  readonly url: string
  readonly key: string
  (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>
  /** The same hub asked with another key. */
  as(key: string): Api
}

/** A plain client, as curl is one: nothing is retried, nothing is interpreted. A string is sent as it is. */
export function apiOf(url: string, key: string = ADMIN_KEY): Api {
  const call = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = /^application\/(?:problem\+)?json/.test(response.headers.get('content-type') ?? '')
    const parsed: unknown = isJson ? JSON.parse(text) : undefined
    return { status: response.status, headers: response.headers, text, body: parsed, at: (path_) => at(parsed, path_) }
  }
  return Object.assign(call, { url, key, as: (other: string) => apiOf(url, other) })
}

/** The value at `a.0.b` of a JSON value. */
export function at(value: unknown, path: string): unknown {
  let found = value
  for (const name of path.split('.')) found = Reflect.get(Object(found), name)
  return found
}

/** Each line of an NDJSON text. */
export const linesOf = (text: string): readonly unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))

/** The value as a list; empty where it is none. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Walks a list to its end: the rows of each page. */
export async function* pagesOf(api: Api, path: string): AsyncGenerator<readonly unknown[]> {
  for (let cursor = ''; ;) {
    const page = await api('GET', `${path}${cursor}`)
    if (page.status !== 200) throw new Error(`${path}: ${page.text}`)
    yield listOf(page.at('items'))
    const next = page.at('next')
    if (typeof next !== 'string') return
    cursor = `&cursor=${next}`
  }
}

/** The numbers of units held and free of one item at one node. */
export async function stockOf(api: Api, sku: string, nodeId: string): Promise<unknown> {
  const reply = await api('GET', `/v1/stock?sku=${encodeURIComponent(sku)}&nodeId=${encodeURIComponent(nodeId)}`)
  return reply.at('items.0')
}
