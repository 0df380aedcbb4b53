import { Agent, type IncomingMessage, request } from 'node:http'

/**
 * A `fetch` for calls that send all they have and want the whole answer, over connections that are kept: a quarter of the CPU time
 * (0.3 instead of 1.3 ms a call), and it is the world's thousands of small calls that a start waits for. What it is not made for
 * (streams, https) goes to `fetch` itself. Fails with a TypeError, as `fetch` does.
 */
export function plainFetch(): typeof fetch {
  const agent = new Agent({ keepAlive: true })
  return (url, init = {}) => {
    const { method = 'GET', headers = {}, body, signal } = init
    const isWhole = body === undefined || body === null || typeof body === 'string' || body instanceof Uint8Array
    if (typeof url !== 'string' || !url.startsWith('http:') || !isWhole || headers instanceof Headers || Array.isArray(headers))
      return fetch(url, init)
    const sent = body === undefined || body === null ? undefined : Buffer.from(body)
    const length = sent === undefined ? {} : { 'content-length': sent.length }
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => reject(new TypeError('fetch failed', { cause }))
      const call = request(url, { method, agent, headers: { ...headers, ...length }, ...(signal && { signal }) }, (message) =>
        readWhole(message, resolve, fail),
      )
      call.on('error', fail)
      call.end(sent)
    })
  }
}

function readWhole(message: IncomingMessage, resolve: (answer: Response) => void, fail: (cause: Error) => void): void {
  const chunks: Buffer[] = []
  message.on('data', (chunk: Buffer) => chunks.push(chunk))
  message.on('error', fail)
  message.on('end', () => resolve(new WholeAnswer(message, Buffer.concat(chunks).toString())))
}

/** An answer that is there already: read without a stream. */
class WholeAnswer extends Response {
  override readonly text: () => Promise<string>
  override readonly json: () => Promise<unknown>

  constructor({ statusCode = 0, headers }: IncomingMessage, whole: string) {
    const told = Object.entries(headers).flatMap(([name, value]): [string, string][] => (typeof value === 'string' ? [[name, value]] : []))
    super(null, { status: statusCode, headers: told })
    this.text = async () => whole
    this.json = async () => JSON.parse(whole)
  }
}
