import { setTimeout as wait } from 'node:timers/promises'
import { idFromInt8 } from '../../server/kernel/ids.ts'
import type { Pool } from '../../server/store/database.ts'
import { verifyDatabase } from '../../server/store/verify/verify-database.ts'
import { chance } from '../sim/random.ts'
import { HttpLoad, type Placed } from './http-load.ts'
import { HubUnderFire, KEY } from './hub-under-fire.ts'

export type ChaosOptions = {
  readonly dataDir: string
  readonly kills: number
  readonly seed: number
  readonly buyers?: number
  /** The longest time under load between two kills, ms. */
  readonly loadMsMax?: number
  readonly log?: (line: string) => void
}
export type ChaosReport = {
  readonly problems: readonly string[]
  readonly acknowledged: number
  readonly unanswered: number
  readonly cancelled: number
  readonly kills: Readonly<Record<Kill, number>>
}
const kinds = ['hub', 'postgres', 'both', 'backend'] as const
type Kill = (typeof kinds)[number]

/** Kills a hub and its PostgreSQL at random moments under load, starts them again, and compares what is there with what buyers were told. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = chance(options.seed)
  const log = options.log ?? (() => undefined)
  const hub = new HubUnderFire(options.dataDir)
  const kills: Record<Kill, number> = { hub: 0, postgres: 0, both: 0, backend: 0 }
  let load: HttpLoad | undefined
  try {
    await hub.start()
    await putWorld(hub)
    load = new HttpLoad(hub, random.fork(), options.buyers ?? 16)
    for (let i = 0; i < options.kills; i++) {
      await wait(50 + random.below(options.loadMsMax ?? 1500))
      const kind = kinds[(i + options.seed) % kinds.length] ?? 'hub'
      kills[kind] += 1
      const before = load.journal.filter((one) => one.orderId !== undefined).length
      await strike(hub, kind, random.below(200))
      log(`kill ${i + 1} of ${options.kills}: ${kind}; ${before} orders were acknowledged before`)
    }
    await answering(load)
    await load.stop()
    return await judge(hub, load, kills)
  } finally {
    await load?.stop()
    await hub.stop()
  }
}

async function strike(hub: HubUnderFire, kind: Kill, delayMs: number): Promise<void> {
  if (kind === 'backend') return hub.killBackend()
  if (kind !== 'hub') hub.killPostgres()
  if (kind === 'postgres') await wait(delayMs)
  await hub.killHub()
  await hub.start()
}

/** After the last strike the hub must take orders again by itself. */
async function answering(load: HttpLoad): Promise<void> {
  const acknowledged = () => load.journal.filter((one) => one.orderId !== undefined).length
  const before = acknowledged()
  for (let waited = 0; acknowledged() < before + 20; waited += 50) {
    if (waited > 30_000) throw new Error('the hub takes no orders 30 s after the last kill')
    await wait(50)
  }
}

async function judge(hub: HubUnderFire, load: HttpLoad, kills: Record<Kill, number>): Promise<ChaosReport> {
  const pool = hub.pool()
  try {
    const report = await verifyDatabase(pool)
    const violations = report.checks.filter((one) => one.violations > 0).map((one) => `${one.check}: ${one.examples.join(' | ')}`)
    const problems = [...load.surprises, ...violations, ...(await contradictions(pool, load.journal))]
    const acknowledged = load.journal.filter((one) => one.orderId !== undefined)
    return {
      problems,
      acknowledged: acknowledged.length,
      unanswered: load.journal.filter((one) => one.orderId === undefined && one.refused === undefined).length,
      cancelled: load.journal.filter((one) => one.cancelled).length,
      kills,
    }
  } finally {
    await pool.end()
  }
}

async function contradictions(pool: Pool, journal: readonly Placed[]): Promise<string[]> {
  const { rows } = await pool.query<{ ref: string; order_id: string; state: string; received: number }>(
    `select o.external_ref as ref, o.order_id, s.state, (select count(*)::integer from events as e where e.order_id = o.order_id and e.type = 'order.received') as received
     from orders as o
       left join order_states as s on s.shard = o.shard and s.order_id = o.order_id`,
  )
  const found = new Map<string, typeof rows>()
  for (const row of rows) found.set(row.ref, [...(found.get(row.ref) ?? []), row])
  const known = new Set(journal.map((one) => one.ref))
  const strangers = rows.filter((row) => !known.has(row.ref)).map((row) => `order ${row.ref} was never sent`)
  return [...strangers, ...journal.flatMap((entry) => contradiction(entry, found.get(entry.ref) ?? []))]
}

function contradiction(
  entry: Placed,
  rows: readonly { readonly order_id: string; readonly state: string; readonly received: number }[],
): string[] {
  const [row] = rows
  if (rows.length > 1 || (row !== undefined && row.received !== 1))
    return [`${entry.ref}: ${rows.length} orders, received ${row?.received} times`]
  if (entry.orderId !== undefined && (row === undefined || idFromInt8('ord', row.order_id) !== entry.orderId))
    return [`${entry.ref}: acknowledged as ${entry.orderId}, there is ${row?.order_id ?? 'nothing'}`]
  if (entry.refused !== undefined && row !== undefined) return [`${entry.ref}: refused with ${entry.refused}, but it is there`]
  if (entry.cancelled === true && row?.state !== 'cancelled')
    return [`${entry.ref}: its cancellation was acknowledged, it is ${row?.state}`]
  return entry.cancelAsked === undefined && row?.state === 'cancelled' ? [`${entry.ref}: cancelled, though nobody asked`] : []
}

async function putWorld(hub: HubUnderFire): Promise<void> {
  const put = async (path: string, rows: readonly object[]) => {
    const response = await fetch(`${hub.url}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(rows),
    })
    if (response.status !== 200) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`)
  }
  const nodes = [
    ['sh-1', '上海', 31.23, 121.47],
    ['gz-1', '广州', 23.13, 113.26],
    ['bj-1', '北京', 39.9, 116.4],
  ] as const
  const skus = Array.from({ length: 10 }, (_, i) => `sku-${i}`)
  await put(
    '/v1/nodes',
    nodes.map(([nodeId, city, lat, lng]) => ({
      nodeId,
      name: city,
      kind: 'dc',
      place: { countryCode: 'CN', region: city, city, lat, lng },
      zone: 'Asia/Shanghai',
    })),
  )
  await put(
    '/v1/items',
    skus.map((sku) => ({ sku, name: sku, weightGrams: 500, taxClass: 'standard' })),
  )
  await put('/v1/channels', [{ channelId: 'shop', platform: 'direct', name: 'Shop' }])
  // Enough for most, too little for all: some orders are refused, and units must never be sold twice.
  await put(
    '/v1/stock',
    skus.flatMap((sku, i) => nodes.map(([nodeId]) => ({ sku, nodeId, onHand: i === 0 ? 40 : 100_000, reason: 'count' }))),
  )
}
