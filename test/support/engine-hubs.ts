import { createHash, randomBytes } from 'node:crypto'
import { after } from 'node:test'
import type { OrderInput } from '../../contract/entities/order.ts'
import type { CommandContext, CommandOutcome } from '../../server/engine/command.ts'
import type { PlaceOrder } from '../../server/engine/families/order-command.ts'
import type { ChangeStock } from '../../server/engine/families/stock-family.ts'
import { type Hub, type HubOptions, openHub } from '../../server/engine/hub.ts'
import { present } from '../../server/kernel/assert.ts'
import { type OrderId, type PersonId, parseId, shardOfRef } from '../../server/kernel/ids.ts'
import type { Client } from '../../server/store/database.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { testDatabase } from './database.ts'
import { putFacts } from './read-hub.ts'

export const PERSON: CommandContext = { actor: { kind: 'person', id: 'usr_test' }, lane: 'interactive' }
const masterKeys = parseMasterKeys(randomBytes(32).toString('hex'))
const shipTo = { countryCode: 'CN', city: '杭州', lat: 30.28, lng: 120.13 }

let refs = 0
/** An order for one item over an unpaid, accepting channel; each has a reference of its own unless told otherwise. */
export const orderOf = (sku: string, quantity = 1, more: Partial<OrderInput> = {}): OrderInput => ({
  channelId: 'shop',
  externalRef: `R-${++refs}`,
  currency: 'CNY',
  shipTo,
  lines: [{ lineRef: '1', sku, quantity, unitPrice: 1000 }],
  ...more,
})

export const hashOf = (input: unknown): Uint8Array => createHash('sha256').update(JSON.stringify(input)).digest()

export const keyed = (key: string, input: unknown): CommandContext => ({
  ...PERSON,
  idempotency: { credentialId: 'key_test', key, inputHash: hashOf(input) },
})

export function placing(hub: Hub, order: OrderInput, more: Partial<PlaceOrder> = {}): PlaceOrder {
  return {
    kind: 'placeOrder',
    order,
    origin: 'api',
    inputHash: hashOf(order),
    shard: shardOfRef(order.channelId, order.externalRef),
    seal: (orderId) => hub.vault.seal(`per_${orderId.slice(4)}` as PersonId, '{}'),
    ...more,
  }
}

export const place = (hub: Hub, order: OrderInput, context: CommandContext = PERSON): Promise<CommandOutcome> =>
  hub.engine.submit(placing(hub, order), context)

export const act = (hub: Hub, orderId: OrderId, action: object, context: CommandContext = PERSON): Promise<CommandOutcome> =>
  hub.engine.submit({ kind: 'actOnOrder', orderId, action } as never, context)

export function idOf(outcome: CommandOutcome): OrderId {
  if (outcome.status === 'refused') throw new Error(`${outcome.code}: ${outcome.detail.en} ${JSON.stringify(outcome.got)}`)
  return present(parseId('ord', outcome.value.orderId ?? ''), 'an order id')
}

export const codeOf = (outcome: CommandOutcome): string => (outcome.status === 'refused' ? outcome.code : 'done')

export async function count(
  hub: Hub,
  rows: ChangeStock['rows'][number]['input'][],
  context: CommandContext = PERSON,
): Promise<CommandOutcome> {
  const changes = rows.map((input, index) => ({ index, mode: 'delta' in input ? 'adjust' : 'count', input }))
  return hub.engine.submit({ kind: 'changeStock', rows: changes } as never, context)
}

export type OpenHub = (more?: Partial<HubOptions>) => Promise<Hub>

/** A database of the file's own and the way to open hubs on it; they are stopped when its tests are over. */
export async function hubDatabase() {
  const running = new Set<Hub>()
  after(async () => {
    for (const hub of running) await hub.stop()
  })
  const db = await testDatabase()
  const said: string[] = []
  const open: OpenHub = async (more = {}) => {
    const log = { info: () => undefined, warn: () => undefined, error: (_data: object, message: string) => void said.push(message) }
    const hub = await openHub({ connection: db.connection, masterKeys, log, roles: new Set(['api']), bidPrices: false, ...more })
    const stop = async () => {
      if (running.delete(opened)) await hub.stop()
    }
    const opened: Hub = { ...hub, stop }
    running.add(opened)
    return opened
  }
  const rowsOf = async <R extends object>(sql: string, values: unknown[] = []): Promise<R[]> => (await db.pool.query<R>(sql, values)).rows
  const countOf = async (table: string, where = 'true'): Promise<number> =>
    present((await rowsOf<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`))[0], 'a count').n
  return { db, open, said, rowsOf, countOf }
}

/** One node, a channel that takes orders unpaid, and the items with what is there of them. */
export async function fillShop(hub: Hub, stock: Readonly<Record<string, number>>, channel: object = {}): Promise<void> {
  const place = { countryCode: 'CN', city: '上海', lat: 31.23, lng: 121.47 }
  await putFacts(hub, 'node', 'nodeId', [{ nodeId: 'n1', name: 'n1', kind: 'dc', place, zone: 'Asia/Shanghai' }])
  await putFacts(hub, 'channel', 'channelId', [
    { channelId: 'shop', platform: 'direct', name: 'Shop', requiresPayment: false, ...channel },
    { channelId: 'web', platform: 'direct', name: 'Web', unpaid: { holdMinutes: 10 } },
  ])
  const skus = Object.keys(stock)
  await putFacts(
    hub,
    'item',
    'sku',
    skus.map((sku) => ({ sku, name: sku })),
  )
  await count(
    hub,
    skus.map((sku) => ({ sku, nodeId: 'n1', onHand: stock[sku] ?? 0 })),
  )
}

type Query = (...args: unknown[]) => Promise<unknown>

/** Lets a test stand between the engine and its connection: `around` sees each statement's text and sends it, or not. */
export function intercept(
  client: Client,
  around: (text: string, send: () => Promise<unknown>, cut: () => void) => Promise<unknown>,
): Client {
  const real = (client.query as unknown as Query).bind(client)
  const cut = () => (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  const textOf = (config: unknown): string => (typeof config === 'string' ? config : (config as { text: string }).text)
  const query: Query = (...args) => around(textOf(args[0]), () => real(...args), cut)
  return new Proxy(client, {
    get(target, property) {
      if (property === 'query') return query
      const value: unknown = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Resolves when a session of the database waits for a lock. */
export async function somebodyWaits(rowsOf: <R extends object>(sql: string) => Promise<R[]>): Promise<void> {
  for (;;) {
    const waiting = await rowsOf(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and application_name = 'fulcrum-engine'`,
    )
    if (waiting.length > 0) return
  }
}
