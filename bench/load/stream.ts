import { request } from 'node:http'
import { KEY } from '../hub-process.ts'
import { orderSource } from '../world.ts'

const EVERY_MS = 10
const WAIT_MS = 60_000

/** Places orders at a calm pace and follows the stream: ms from `recordedAt` (the decision, before it is durable) to the client. */
export async function streamLatencies(port: number, orders: number): Promise<number[]> {
  const latencies: number[] = []
  const headers = { authorization: `Bearer ${KEY}` }
  const next = orderSource(14, 'stream')
  await new Promise<void>((resolve, reject) => {
    const late = () => reject(new Error(`the stream told of ${latencies.length} of ${orders} orders in ${WAIT_MS} ms`))
    setTimeout(late, WAIT_MS).unref()
    const follow = request(
      { port, path: '/v1/stream?types=order.accepted', headers: { ...headers, accept: 'text/event-stream' } },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
          const frames = text.split('\n\n')
          text = frames.pop() ?? ''
          for (const frame of frames) {
            const data = /^data: ?(.*)$/m.exec(frame)?.[1]
            if (data === undefined) continue
            const event = JSON.parse(data) as { type?: string; recordedAt?: string }
            if (event.type === 'order.accepted' && event.recordedAt !== undefined) latencies.push(Date.now() - Date.parse(event.recordedAt))
          }
          if (latencies.length < orders) return
          follow.destroy()
          resolve()
        })
        for (let i = 0; i < orders; i++) setTimeout(() => post(JSON.stringify(next())), 200 + i * EVERY_MS)
      },
    )
    follow.on('error', (error) => (latencies.length < orders ? reject(error) : undefined)).end()
    const post = (body: string): void =>
      void request({ port, method: 'POST', path: '/v1/orders', headers: { ...headers, 'content-type': 'application/json' } }, (answer) =>
        answer.resume(),
      )
        .on('error', reject)
        .end(body)
  })
  return latencies
}
