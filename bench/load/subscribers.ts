import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the parent asks for: live clients of the stream, and webhooks received under `/hook/<n>`; `/dead` is never answered. */
export type SubscribersAsked = { readonly port: number; readonly key: string; readonly clients: number }
/** ms from `recordedAt` (the decision, before it is durable) to the subscriber, by kind, and how many events each of a kind was told. */
export type SubscribersHeard = { readonly stream: Float64Array; readonly webhook: Float64Array }
export type SubscribersMessage =
  | { readonly kind: 'listening'; readonly hookPort: number }
  | { readonly kind: 'heard'; readonly stream: number; readonly webhook: number }
  | { readonly kind: 'result'; readonly heard: SubscribersHeard }

const RECORDED = /"record(?:edAt|edtime)":"([^"]+)"/g
const stream: number[] = []
const webhook: number[] = []
const tell = (message: SubscribersMessage): boolean | undefined => process.send?.(message)

/** Notes the age of each event in a text. */
function note(text: string, into: number[]): void {
  const now = Date.now()
  for (const [, recordedAt = ''] of text.matchAll(RECORDED)) into.push(now - Date.parse(recordedAt))
}

const hooks = createServer((incoming, answer) => {
  let body = ''
  incoming.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
  incoming.on('end', () => {
    if (incoming.url === '/dead') return
    note(body, webhook)
    answer.writeHead(204).end()
  })
})

/** A live client; chunks are cut at frames, so that no time stands in two of them. */
function follow({ port, key }: SubscribersAsked): Promise<void> {
  return new Promise((resolve, reject) => {
    request(
      { port, path: '/v1/stream', agent: false, headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' } },
      (answer) => {
        let rest = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          const text = rest + chunk
          const end = text.lastIndexOf('\n\n') + 2
          if (end < 2) rest = text
          else {
            note(text.slice(0, end), stream)
            rest = text.slice(end)
          }
        })
        resolve()
      },
    )
      .on('error', reject)
      .end()
  })
}

process.on('message', (message: SubscribersAsked | 'count' | 'report') => {
  if (message === 'count') tell({ kind: 'heard', stream: stream.length, webhook: webhook.length })
  else if (message === 'report') tell({ kind: 'result', heard: { stream: Float64Array.from(stream), webhook: Float64Array.from(webhook) } })
  else void open(message)
})

async function open(asked: SubscribersAsked): Promise<void> {
  hooks.listen(0, '127.0.0.1')
  await once(hooks, 'listening')
  for (let i = 0; i < asked.clients; i++) await follow(asked)
  tell({ kind: 'listening', hookPort: (hooks.address() as AddressInfo).port })
}
