import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type BenchDatabase, CONTEXT, inWindow, openBenchHub, placeCommand } from '../bench-hub.ts'
import { type HubProcess, KEY, spawnHub } from '../hub-process.ts'
import type { SubscribersAsked, SubscribersHeard, SubscribersMessage } from '../load/subscribers.ts'
import { quantile, type Sample } from '../measure.ts'
import { orderSource } from '../world.ts'
import { evolve, initialState } from '../../server/domain/order/evolve.ts'
import type { OrderIntake, OrderState } from '../../server/domain/order/state.ts'
import type { Hub } from '../../server/engine/hub.ts'
import { LogFollower } from '../../server/engine/log-follower.ts'
import { instant } from '../../server/kernel/time.ts'
import { openPool } from '../../server/store/database.ts'
import { readLogPages } from '../../server/store/log-pages.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'

const SUBSCRIBERS = fileURLToPath(new URL('../load/subscribers.ts', import.meta.url))
const CLIENTS = 500
const WEBHOOKS = 50
const ORDERS_PER_SECOND = 5
const WINDOW = 2000
/** Orders worked off before anything is timed, half of them each way: until V8 has compiled what steps need, they cost up to twice as much. */
const WARM_UP = 2000
const VERBS = ['accept', 'start', 'pick', 'pack', 'handOver', 'deliver'] as const
type Verb = (typeof VERBS)[number]
const STEPWISE = VERBS.map((verb) => [verb])
const REPORTED = [VERBS.slice(0, 5), VERBS.slice(5)]
const PAGE = 2000

/**
 * Orders worked off at their nodes, one event a command; this process's own listener and two followers that read the log. Half of them as a
 * node's system reports finished work, a call for what was done at the node and one for the delivery; half step by step, each in a
 * transaction of its own, because the next is sent when the one before is answered.
 */
export async function statusChanges(db: BenchDatabase, count: number): Promise<Sample[]> {
  const connection = await db.fresh()
  const hub = await openBenchHub(connection, parseMasterKeys(db.masterKey), { roles: new Set(['api']) })
  const orders = await placed(hub, WARM_UP + count)
  const pools = [openPool(connection, { max: 1 }), openPool(connection, { max: 1 })]
  const readers = await Promise.all(
    pools.map((pool) =>
      LogFollower.open(pool, (error) => {
        throw error
      }),
    ),
  )
  const heard = [0, 0, 0]
  hub.follower.listen((rows) => {
    heard[0] = (heard[0] ?? 0) + rows.length
    for (const reader of readers) reader.wake()
  })
  readers.forEach((reader, i) => reader.listen((rows) => void (heard[i + 1] = (heard[i + 1] ?? 0) + rows.length)))
  const rate = async (some: readonly Placed[], calls: readonly (readonly Verb[])[]) => {
    const before = heard[0] ?? 0
    const start = performance.now()
    const cpu = process.cpuUsage()
    const refused = (await inWindow(some.length, WINDOW, (i) => workedOff(hub, some[i], calls))).filter((one) => !one).length
    if (refused > 0) throw new Error(`${refused} of ${some.length} orders could not be worked off`)
    while (heard.some((one) => one < (heard[0] ?? 0))) for (const reader of readers) await reader.settled()
    const events = (heard[0] ?? 0) - before
    const { user, system } = process.cpuUsage(cpu)
    return { perSecond: (events / (performance.now() - start)) * 1000, cpuMicros: (user + system) / events }
  }
  const half = WARM_UP + (count >> 1)
  await rate(orders.slice(0, WARM_UP >> 1), REPORTED)
  await rate(orders.slice(WARM_UP >> 1, WARM_UP), STEPWISE)
  const reported = await rate(orders.slice(WARM_UP, half), REPORTED)
  const stepwise = await rate(orders.slice(half), STEPWISE)
  const [first] = pools
  const replay = first === undefined ? [] : await logReplay(first, orders)
  for (const reader of readers) await reader.stop()
  for (const pool of pools) await pool.end()
  await hub.stop()
  return [
    { name: 'status changes of reported work, appended and read by three', value: reported.perSecond, unit: 'events/s', atLeast: 15_000 },
    { name: 'its CPU in this process, hub and readers', value: reported.cpuMicros, unit: 'µs' },
    { name: 'status changes step by step, appended and read by three', value: stepwise.perSecond, unit: 'events/s' },
    { name: 'step by step: CPU in this process', value: stepwise.cpuMicros, unit: 'µs' },
    ...replay,
  ]
}

/** What a caller keeps of an order: less than the hub does, whose memory is measured with it. */
type Placed = { readonly intake: OrderIntake; readonly works: readonly string[] }

async function placed(hub: Hub, count: number): Promise<Placed[]> {
  const next = orderSource(21, 'F')
  const commands = Array.from({ length: count }, () => placeCommand(hub, next()))
  return inWindow(count, WINDOW, async (i) => {
    const outcome = await hub.engine.submit(commands[i] as never, CONTEXT)
    const order = outcome.status === 'done' ? outcome.value.change?.after : undefined
    if (order === undefined) throw new Error(`order ${i + 1} of ${count} was not placed: ${JSON.stringify(outcome)}`)
    return { intake: order.intake, works: order.state.fulfillmentOrders.map((one) => one.fulfillmentOrderId) }
  })
}

/** All steps at all nodes of an order, call by call; false when one was refused. */
async function workedOff(hub: Hub, order: Placed | undefined, calls: readonly (readonly Verb[])[]): Promise<boolean> {
  for (const fulfillmentOrderId of order?.works ?? [])
    for (const verbs of calls) {
      const outcomes = await Promise.all(
        verbs.map((verb) => {
          const action = { action: 'work', fulfillmentOrderId, verb }
          return hub.engine.submit({ kind: 'actOnOrder', orderId: order?.intake.orderId, action } as never, CONTEXT)
        }),
      )
      if (outcomes.some((outcome) => outcome.status === 'refused')) return false
    }
  return true
}

/** The whole log read page by page and every order built anew from its events. */
async function logReplay(pool: ReturnType<typeof openPool>, orders: readonly Placed[]): Promise<Sample[]> {
  const intakes = new Map(orders.map(({ intake }) => [intake.orderId.slice(4), intake]))
  const byNumber = new Map<string, { readonly intake: OrderIntake; state: OrderState }>()
  let events = 0
  const start = performance.now()
  for await (const rows of readLogPages(pool, 0, 0, PAGE)) {
    for (const row of rows) {
      if (row.subjectKind !== 'order') continue
      let known = byNumber.get(row.subjectId)
      if (known === undefined) {
        const intake = intakes.get(row.subjectId.slice(4))
        if (intake === undefined) continue
        byNumber.set(row.subjectId, (known = { intake, state: initialState(intake) }))
      }
      known.state = evolve(known.intake, known.state, row as never, instant(row.recordedAt))
    }
    events += rows.length
  }
  const seconds = (performance.now() - start) / 1000
  const again = performance.now()
  let read = 0
  for await (const rows of readLogPages(pool, 0, 0, PAGE)) read += rows.length
  const readSeconds = (performance.now() - again) / 1000
  if (read !== events) throw new Error(`${events} events were read at first, then ${read}`)
  if (byNumber.size < orders.length) throw new Error(`${byNumber.size} of ${orders.length} orders were found in the log`)
  return [
    { name: 'log replayed: read and every order built anew', value: events / seconds, unit: 'events/s', atLeast: 100_000 },
    { name: 'log read alone, page by page', value: read / readSeconds, unit: 'events/s' },
  ]
}

/** Every event told to 500 live clients and 50 webhooks, of which one never answers, while orders come at a calm pace. */
export async function fanOut(db: BenchDatabase, orders: number): Promise<Sample[]> {
  const hub = await spawnHub(db, await db.fresh(), { FULCRUM_OUTBOUND_HOSTS: '127.0.0.1', FULCRUM_OUTBOUND_PRIVATE_RANGES: '127.0.0.0/8' })
  const child = fork(SUBSCRIBERS, { serialization: 'advanced' })
  try {
    child.send({ port: hub.port, key: KEY, clients: CLIENTS } satisfies SubscribersAsked)
    const listening = await answerOf(child)
    if (listening.kind !== 'listening') throw new Error('the subscribers did not start')
    for (let n = 0; n < WEBHOOKS; n++) await makeWebhook(hub, `http://127.0.0.1:${listening.hookPort}${n === 0 ? '/dead' : `/hook/${n}`}`)
    await wait(2000) // every webhook has its lane
    const before = hub.cpuSeconds()
    await placeCalmly(hub, orders)
    const heard = await allHeard(child, orders)
    const cpu = hub.cpuSeconds() - before
    const both = [...heard.stream, ...heard.webhook]
    const who = `${CLIENTS} live clients and ${WEBHOOKS} webhooks, one dead, ${ORDERS_PER_SECOND} orders/s`
    return [
      { name: `decided → subscriber, ${who}: p50`, value: quantile(both, 0.5), unit: 'ms' },
      { name: `decided → subscriber, ${who}: p99`, value: quantile(both, 0.99), unit: 'ms', atMost: 100 },
      { name: 'of these the live clients: p99', value: quantile([...heard.stream], 0.99), unit: 'ms' },
      { name: 'of these the webhooks: p99', value: quantile([...heard.webhook], 0.99), unit: 'ms' },
      { name: 'CPU of the hub for each event told', value: (cpu / both.length) * 1e6, unit: 'µs' },
    ]
  } finally {
    child.kill()
    await hub.stop()
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const answerOf = async (child: ChildProcess): Promise<SubscribersMessage> => ((await once(child, 'message')) as [SubscribersMessage])[0]

async function post(hub: HubProcess, path: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
  const answer = await fetch(`http://127.0.0.1:${hub.port}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  await answer.arrayBuffer()
}

const makeWebhook = (hub: HubProcess, url: string): Promise<void> => post(hub, '/v1/webhooks', { name: url, url })

async function placeCalmly(hub: HubProcess, orders: number): Promise<void> {
  const next = orderSource(22, 'T')
  const posts: Promise<void>[] = []
  for (let n = 0; n < orders; n++) {
    posts.push(post(hub, '/v1/orders', next()))
    await wait(1000 / ORDERS_PER_SECOND)
  }
  await Promise.all(posts)
}

/** Waits until no more comes; every subscriber must have been told the same. */
async function allHeard(child: ChildProcess, orders: number): Promise<SubscribersHeard> {
  for (let last = -1; ;) {
    child.send('count')
    const counted = await answerOf(child)
    const now = counted.kind === 'heard' ? counted.stream + counted.webhook : 0
    if (now === last) break
    last = now
    await wait(1500)
  }
  child.send('report')
  const result = await answerOf(child)
  if (result.kind !== 'result') throw new Error('the subscribers gave no result')
  const { stream, webhook } = result.heard
  const events = stream.length / CLIENTS
  if (events < orders || webhook.length < events * (WEBHOOKS - 1))
    throw new Error(`${orders} orders: ${stream.length} messages to ${CLIENTS} clients, ${webhook.length} to ${WEBHOOKS - 1} webhooks`)
  return result.heard
}
