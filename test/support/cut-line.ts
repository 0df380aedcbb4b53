import { once } from 'node:events'
import { createServer, connect, type Socket } from 'node:net'
import { after } from 'node:test'

/** A line to a hub that can be cut. Modes: up → down → up …; ended when the file's tests are over. */
export type CutLine = {
  readonly url: string
  /** Breaks every connection without a word, and every one that is tried until `restore`. */
  cut(): void
  restore(): void
  /** Leads to another hub from now on. */
  leadTo(url: string): void
}

export async function openLine(to: string): Promise<CutLine> {
  const sockets = new Set<Socket>()
  let target = new URL(to)
  let isDown = false
  const server = createServer((near) => {
    if (isDown) return void near.destroy()
    const far = connect(Number(target.port), target.hostname)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const cut = (): void => {
    isDown = true
    for (const socket of sockets) socket.destroy()
  }
  after(() => {
    cut()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    cut,
    restore: () => void (isDown = false),
    leadTo: (url) => void (target = new URL(url)),
  }
}
