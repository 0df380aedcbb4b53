import { connect } from 'node:net'
import { orderSource } from '../world.ts'

/**
 * The load generator, a process of its own: whole orders over keep-alive sockets, without an HTTP library, so that it takes as little
 * as it can of the cores which it shares with the hub. Tells its parent what it saw.
 */
export type Load = {
  readonly port: number
  readonly key: string
  readonly prefix: string
  readonly seed: number
  readonly connections: number
  readonly count: number
  /** Orders a second, sent when they are due whatever the answers do; left out: as fast as answers come. */
  readonly rate?: number
  readonly mode: 'post' | 'bulk'
}
export type LoadResult = {
  readonly seconds: number
  readonly answered: number
  readonly wrong: readonly string[]
  readonly latencies: readonly number[]
}

if (process.send !== undefined)
  process.once(
    'message',
    (load: Load) => void (load.mode === 'bulk' ? sendLines(load) : sendPosts(load)).then((result) => process.send?.(result)),
  )

const headOf = (load: Load, path: string, type: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${load.key}\r\ncontent-type: ${type}\r\n`

async function sendPosts(load: Load): Promise<LoadResult> {
  const next = orderSource(load.seed, load.prefix)
  const head = headOf(load, '/v1/orders', 'application/json')
  const messages = Array.from({ length: load.count }, () => {
    const body = JSON.stringify(next())
    return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  })
  const latencies: number[] = []
  const wrong: string[] = []
  let sent = 0
  let answered = 0
  const start = performance.now()
  const dueAt = (i: number): number => (load.rate === undefined ? performance.now() : start + (i * 1000) / load.rate)
  await Promise.all(
    Array.from(
      { length: load.connections },
      () =>
        new Promise<void>((resolve, reject) => {
          let dueNow = 0
          const reader = answerReader((status, body) => {
            answered += 1
            latencies.push(performance.now() - dueNow)
            if (status !== 201 && wrong.length < 5) wrong.push(`${status} ${body.slice(0, 300)}`)
            sendNext()
          })
          const socket = connect(load.port, '127.0.0.1', () => sendNext())
          socket.setNoDelay(true)
          socket.on('error', reject).on('data', reader)
          function sendNext(): void {
            const i = sent++
            const message = messages[i]
            if (message === undefined) {
              socket.destroy()
              return resolve()
            }
            dueNow = dueAt(i)
            const wait = dueNow - performance.now()
            if (wait > 0.5) setTimeout(() => socket.write(message), wait)
            else socket.write(message)
          }
        }),
    ),
  )
  return { seconds: (performance.now() - start) / 1000, answered, wrong, latencies }
}

async function sendLines(load: Load): Promise<LoadResult> {
  const next = orderSource(load.seed, load.prefix)
  const lines = Array.from({ length: load.count }, () => `${JSON.stringify(next())}\n`)
  const chunks: string[] = []
  for (let i = 0; i < lines.length; i += 100) {
    const text = lines.slice(i, i + 100).join('')
    chunks.push(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)
  }
  const start = performance.now()
  const wrong: string[] = []
  let answered = 0
  await new Promise<void>((resolve, reject) => {
    let at = 0
    let tail = ''
    let rest = ''
    const socket = connect(load.port, '127.0.0.1', () => {
      socket.write(`${headOf(load, '/v1/orders/bulk', 'application/x-ndjson')}transfer-encoding: chunked\r\n\r\n`)
      pump()
    })
    const pump = (): void => {
      while (at < chunks.length) if (!socket.write(chunks[at++] ?? '')) return
      if (at++ === chunks.length) socket.write('0\r\n\r\n')
    }
    socket.on('drain', pump).on('error', reject)
    socket.on('data', (data) => {
      const text = rest + data.toString('latin1')
      const cut = text.lastIndexOf('\n') + 1
      const lines = text.slice(0, cut)
      rest = text.slice(cut)
      answered += lines.split('"status":"created"').length - 1
      if (/"status":"(?!created)/.test(lines) && wrong.length < 3) wrong.push(lines.slice(0, 300))
      tail = (tail + data.subarray(-16).toString('latin1')).slice(-16)
      if (!tail.endsWith('\r\n0\r\n\r\n')) return
      socket.destroy()
      resolve()
    })
  })
  return { seconds: (performance.now() - start) / 1000, answered, wrong, latencies: [] }
}

/** Cuts answers out of the stream of one connection. */
function answerReader(tell: (status: number, body: string) => void): (chunk: Buffer) => void {
  let text = ''
  return (chunk) => {
    text += chunk.toString('latin1')
    for (;;) {
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
      if (text.length < end + 4 + length) return
      const status = Number(text.slice(9, 12))
      const body = text.slice(end + 4, end + 4 + length)
      text = text.slice(end + 4 + length)
      tell(status, body)
    }
  }
}
