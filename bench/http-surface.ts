/**
 * What the surface costs by itself: requests per second of CPU with handlers that do nothing, whole order bodies, one POST each and by line.
 * The load comes from a second process over raw keep-alive sockets; CPU time of this process counts, so a busy machine does not blur it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { permissionsOfRole } from '../contract/access.ts'
import { capabilityList } from '../contract/registry.ts'
import { buildApp } from '../server/http/app.ts'
import type { Handlers } from '../server/http/handler.ts'
import { refuse } from '../server/kernel/outcome.ts'
import { orderInput, orderView } from '../test/support/orders.ts'

const CONNECTIONS = 32
const SECONDS = Number(process.argv[4] ?? 4)

if (process.argv[2] === 'load') await load(Number(process.argv[3]))
else await serve()

async function serve(): Promise<void> {
  const principal = {
    credentialId: 'key_bench',
    kind: 'key',
    name: 'bench',
    role: 'admin',
    permissions: new Set(permissionsOfRole.admin),
    scope: {},
  } as const
  const order = orderView(orderInput())
  const unused = Object.fromEntries(capabilityList.map(({ name }) => [name, () => Promise.reject(new Error(name))])) as unknown as Handlers
  const quiet = (): void => undefined
  const app = buildApp({
    handlers: {
      ...unused,
      'order.place': async () => ({ status: 'done', value: order, success: 201, version: 1, location: '/v1/orders/x' }),
      'order.placeMany': async (_context, lines) =>
        lines.map(() => ({ status: 'created', orderId: order.orderId, version: 1, phase: 'inFulfillment' })),
    },
    authenticate: () => principal,
    subscribe: async () => refuse('cursor_invalid', { en: 'none', zh: '无' }),
    notReady: () => undefined,
    log: { info: quiet, warn: quiet, error: console.error },
  })
  const port = await app.listen('127.0.0.1', 0)
  for (const kind of ['post', 'bulk']) {
    const child = fork(import.meta.filename, ['load', String(port), String(SECONDS)], { env: { ...process.env, KIND: kind } })
    const before = process.cpuUsage()
    const [count] = (await once(child, 'message')) as [number]
    const { user, system } = process.cpuUsage(before)
    const cpuSeconds = (user + system) / 1e6
    console.log(`${kind}: ${count} in ${SECONDS} s = ${Math.round(count / SECONDS)}/s; ${Math.round(count / cpuSeconds)} per CPU second`)
    await once(child, 'exit')
  }
  await app.close()
}

async function load(port: number): Promise<void> {
  const body = JSON.stringify(orderInput())
  const head = `POST /v1/orders${process.env['KIND'] === 'bulk' ? '/bulk' : ''} HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer x\r\n`
  const until = performance.now() + SECONDS * 1000
  const counts = await Promise.all(
    process.env['KIND'] === 'bulk'
      ? [loadLines(port, head, body, until), loadLines(port, head, body, until)]
      : Array.from({ length: CONNECTIONS }, () => loadPosts(port, head, body, until)),
  )
  process.send?.(counts.reduce((sum, count) => sum + count, 0))
  process.disconnect?.()
}

function loadPosts(port: number, head: string, body: string, until: number): Promise<number> {
  const message = `${head}content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  return new Promise((resolve, reject) => {
    let count = 0
    let got = 0
    let size = 0
    const socket = connect(port, '127.0.0.1', () => socket.write(message))
    socket.on('error', reject).on('data', (chunk) => {
      if (size === 0) {
        const text = chunk.toString('latin1')
        if (!text.startsWith('HTTP/1.1 201')) reject(new Error(text))
        size = text.indexOf('\r\n\r\n') + 4 + Number(/content-length: (\d+)/.exec(text)?.[1])
      }
      got += chunk.length
      if (got < size) return
      got = 0
      size = 0
      count++
      if (performance.now() < until) socket.write(message)
      else {
        socket.destroy()
        resolve(count)
      }
    })
  })
}

function loadLines(port: number, head: string, body: string, until: number): Promise<number> {
  const lines = `${body}\n`.repeat(100)
  const chunk = `${Buffer.byteLength(lines).toString(16)}\r\n${lines}\r\n`
  return new Promise((resolve, reject) => {
    let sent = 0
    let ended = false
    let tail = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${head}content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n`)
      pump()
    })
    const pump = (): void => {
      if (ended) return
      while (performance.now() < until) {
        sent += 100
        if (!socket.write(chunk)) return
      }
      ended = true
      socket.write('0\r\n\r\n')
    }
    socket.on('drain', pump).on('error', reject)
    // All answers have come when the last chunk has.
    socket.on('data', (data) => {
      tail = (tail + data.subarray(-16).toString('latin1')).slice(-16)
      if (!tail.endsWith('\r\n0\r\n\r\n')) return
      socket.destroy()
      resolve(sent)
    })
  })
}
