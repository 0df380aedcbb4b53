import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BenchDatabase } from '../bench-hub.ts'
import { KEY, type HubProcess, spawnHub } from '../hub-process.ts'
import type { Load, LoadResult } from '../load/load.ts'
import { quantile, type Sample } from '../measure.ts'
import { streamLatencies } from '../load/stream.ts'

const LOAD = fileURLToPath(new URL('../load/load.ts', import.meta.url))
const CONNECTIONS = 64
const RATE = 1000
/** Until the code is compiled, as in process. */
const WARM_UP = 10_000

/** The hub as a process of its own, its callers as another: one POST an order, the same at a fixed rate, bulk lines, and the stream. */
export async function overHttp(db: BenchDatabase, count: number): Promise<Sample[]> {
  const hub = await spawnHub(db, await db.fresh())
  try {
    await loadHub(hub, { prefix: 'warm', seed: 10, count: Math.min(count, WARM_UP), mode: 'post', connections: CONNECTIONS })
    const before = hub.cpuSeconds()
    const posts = await loadHub(hub, { prefix: 'post', seed: 11, count, mode: 'post', connections: CONNECTIONS })
    const cpu = ((hub.cpuSeconds() - before) / count) * 1e6
    const bulk = await loadHub(hub, { prefix: 'bulk', seed: 12, count, mode: 'bulk', connections: 1 })
    const paced = await loadHub(hub, {
      prefix: 'rate',
      seed: 13,
      count: Math.min(count, 5 * RATE),
      mode: 'post',
      connections: CONNECTIONS,
      rate: RATE,
    })
    const told = await streamLatencies(hub.port, 300)
    return [
      {
        name: `whole orders over HTTP, one POST each, ${CONNECTIONS} connections`,
        value: count / posts.seconds,
        unit: 'orders/s',
        atLeast: 3000,
      },
      { name: 'whole orders over HTTP: CPU of the hub', value: cpu, unit: 'µs/order' },
      { name: 'bulk intake (NDJSON)', value: count / bulk.seconds, unit: 'orders/s', atLeast: 8000 },
      { name: `one POST each at ${RATE} orders/s: p50`, value: quantile(paced.latencies, 0.5), unit: 'ms' },
      { name: `one POST each at ${RATE} orders/s: p99`, value: quantile(paced.latencies, 0.99), unit: 'ms', atMost: 25 },
      { name: 'decided → heard by a client of the stream: p50', value: quantile(told, 0.5), unit: 'ms' },
      { name: 'decided → heard by a client of the stream: p99', value: quantile(told, 0.99), unit: 'ms', atMost: 100 },
      { name: 'start on a filled database, until it listens', value: hub.startSeconds, unit: 's', atMost: 3 },
    ]
  } finally {
    await hub.stop()
  }
}

async function loadHub(hub: HubProcess, load: Omit<Load, 'port' | 'key'>): Promise<LoadResult> {
  const child = fork(LOAD, { serialization: 'advanced' })
  child.send({ ...load, port: hub.port, key: KEY } satisfies Load)
  const [result] = (await once(child, 'message')) as [LoadResult]
  child.kill()
  if (result.wrong.length > 0 || result.answered !== load.count)
    throw new Error(`${load.count} orders were sent (${load.prefix}), ${result.answered} answered; ${result.wrong.join(' | ')}`)
  return result
}
