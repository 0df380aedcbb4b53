import assert from 'node:assert/strict'
import type { Api } from './api.ts'

export type Message = { readonly id: string; readonly event: string; readonly data: unknown }
export type EventStream = {
  /** The next message; rejects after 10 s without one. */
  next(): Promise<Message>
  /** Resolves when the hub has ended the stream. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

const NEXT_MS_MAX = 10_000

/** Follows server-sent events as a browser's EventSource does, without its own reconnecting. */
export async function openEvents(api: Api, path: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
  const cut = new AbortController()
  const response = await fetch(`${api.url}${path}`, {
    headers: { authorization: `Bearer ${api.key}`, accept: 'text/event-stream', ...headers },
    signal: cut.signal,
  })
  assert.equal(response.status, 200, `${path} ${response.status}`)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const arrived: Message[] = []
  let wake: () => void = () => undefined
  const ended = (async () => {
    let text = ''
    const decoder = new TextDecoder()
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true })
        const blocks = text.split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) {
          const message = messageOf(block)
          if (message !== undefined) arrived.push(message)
        }
        wake()
      }
    } catch (error) {
      if (!cut.signal.aborted) throw error
    }
  })()
  const next = async (): Promise<Message> => {
    for (;;) {
      const message = arrived.shift()
      if (message !== undefined) return message
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no event on ${path} within ${NEXT_MS_MAX} ms`)), NEXT_MS_MAX)
        wake = () => {
          clearTimeout(late)
          resolve()
        }
      })
    }
  }
  const close = async (): Promise<void> => {
    cut.abort()
    await ended
  }
  return { next, ended, close }
}

/** A block of fields; undefined for comments and heartbeats. */
function messageOf(block: string): Message | undefined {
  const fields = new Map(block.split('\n').map((line): [string, string] => [line.split(':', 1)[0] ?? '', line.replace(/^[^:]*: ?/, '')]))
  const data = fields.get('data')
  if (data === undefined) return undefined
  const parsed: unknown = JSON.parse(data)
  return { id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: parsed }
}
