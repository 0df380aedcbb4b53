import { randomBytes } from 'node:crypto'
import type { FactKind } from '../../server/engine/memory.ts'
import { type Hub, openHub } from '../../server/engine/hub.ts'
import type { CommandContext } from '../../server/engine/command.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { type Faults, faultyClient, type Mutation, NO_FAULTS, type Struck } from './faulty-client.ts'
import type { Chance } from './random.ts'

/** Two hubs with memories of their own on one database, a wall clock that moves only when told to, and connections that break. */
export type World = {
  readonly db: TestDatabase
  readonly hubs: readonly Hub[]
  readonly struck: Struck
  /** Log positions that each hub's follower told of, in the order in which it told them. */
  readonly followed: readonly number[][]
  advance(ms: number): void
  /** Faults strike from now on, and a planted bug is there. */
  arm(): void
  stop(): Promise<void>
}

export type WorldOptions = {
  readonly random: Chance
  readonly hubs?: number
  readonly batchSizeMax?: number
  readonly faults?: Faults
  readonly mutation?: Mutation
}

const START = Date.parse('2026-11-21T08:00:00Z')
export const MASTER_KEYS = parseMasterKeys(randomBytes(32).toString('base64'))
export const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

export async function openWorld(options: WorldOptions): Promise<World> {
  const db = await openTestDatabase()
  let wall = START
  let isArmed = false
  const struck = { ...NO_FAULTS } as Struck
  const faults = options.faults ?? NO_FAULTS
  const live: Faults = new Proxy(faults, { get: (target, key) => (isArmed ? Reflect.get(target, key) : 0) })
  const mutation: Mutation = {
    rewrite: (sent) => (isArmed ? (options.mutation?.rewrite?.(sent) ?? sent) : sent),
    repeat: (sent) => (isArmed ? (options.mutation?.repeat?.(sent) ?? 1) : 1),
    answer: (sent, answer) => (isArmed ? (options.mutation?.answer?.(sent, answer) ?? answer) : answer),
  }
  const hubs: Hub[] = []
  const followed: number[][] = []
  for (let i = 0; i < (options.hubs ?? 2); i++) {
    const random = options.random.fork()
    const hub = await openHub({
      connection: db.connection,
      masterKeys: MASTER_KEYS,
      log: SILENT,
      wallNow: () => wall,
      roles: new Set(['api']),
      bidPrices: false,
      engine: { batchSizeMax: options.batchSizeMax ?? 40 },
      wrapClient: (client) => faultyClient(client, live, random, struck, mutation),
    })
    const seen: number[] = []
    hub.follower.listen((rows) => seen.push(...rows.map((row) => row.position)))
    hubs.push(hub)
    followed.push(seen)
  }
  const stop = async () => {
    for (const hub of hubs) await hub.stop()
    await db.close()
  }
  return { db, hubs, struck, followed, advance: (ms) => void (wall += ms), arm: () => void (isArmed = true), stop }
}

export const CONTEXT: CommandContext = { actor: { kind: 'person', id: 'sim' }, lane: 'interactive' }

export async function putFacts(hub: Hub, fact: FactKind, key: string, docs: readonly Record<string, unknown>[]): Promise<void> {
  const rows = docs.map((doc, index) => ({ index, key: String(doc[key]), doc }))
  await hub.engine.submit({ kind: 'putFacts', fact, rows } as never, CONTEXT)
}

export async function countStock(
  hub: Hub,
  rows: readonly { readonly sku: string; readonly nodeId: string; readonly onHand: number }[],
): Promise<void> {
  const changes = rows.map((input, index) => ({ index, mode: 'count', input: { ...input, reason: 'count' } }))
  await hub.engine.submit({ kind: 'changeStock', rows: changes } as never, CONTEXT)
}

/** Units of each purchase order that is on its way. */
export const SUPPLY_UNITS = 8
export const SKUS = ['tea', 'cup', 'pot', 'tin'] as const
export const NODES = ['sh-1', 'gz-1', 'bj-1'] as const
export const CHANNELS = ['shop', 'slow', 'wait', 'part', 'firm'] as const

/** Few units of few items at few nodes: everybody wants the same. */
export async function seedFacts(world: World): Promise<void> {
  const [hub] = world.hubs
  if (hub === undefined) throw new Error('a world needs a hub')
  await putFacts(hub, 'node', 'nodeId', [
    {
      nodeId: 'sh-1',
      name: '上海',
      kind: 'dc',
      place: { countryCode: 'CN', region: '上海', city: '上海', lat: 31.23, lng: 121.47 },
      zone: 'Asia/Shanghai',
      capacityPerDay: 12,
    },
    {
      nodeId: 'gz-1',
      name: '广州',
      kind: 'dc',
      place: { countryCode: 'CN', region: '广东', city: '广州', lat: 23.13, lng: 113.26 },
      zone: 'Asia/Shanghai',
      acceptMinutes: 20,
    },
    {
      nodeId: 'bj-1',
      name: '北京',
      kind: 'store',
      place: { countryCode: 'CN', region: '北京', city: '北京', lat: 39.9, lng: 116.4 },
      zone: 'Asia/Shanghai',
      capacityPerDay: 30,
    },
  ])
  await putFacts(hub, 'item', 'sku', [
    ...SKUS.map((sku) => ({ sku, name: sku, weightGrams: 500, taxClass: 'standard' })),
    {
      sku: 'set',
      name: '套装',
      components: [
        { sku: 'pot', quantity: 1 },
        { sku: 'cup', quantity: 2 },
      ],
    },
  ])
  await putFacts(hub, 'channel', 'channelId', [
    { channelId: 'shop', platform: 'direct', name: 'Shop' },
    { channelId: 'slow', platform: 'direct', name: 'Slow', unpaid: { holdMinutes: 10, onExpiry: 'recheck' } },
    { channelId: 'wait', platform: 'direct', name: 'Wait', shortage: 'backorder' },
    { channelId: 'part', platform: 'direct', name: 'Part', shortage: 'partial', requiresPayment: false },
    { channelId: 'firm', platform: 'direct', name: 'Firm', shortage: 'review', checks: { credit: 'review' } },
  ])
  await putFacts(hub, 'account', 'accountId', [{ accountId: 'acme', name: 'Acme', currency: 'CNY', creditLimit: 60_000 }])
  const availableAt = new Date(hub.clock.now() + 90 * 60_000).toISOString()
  await putFacts(
    hub,
    'supply',
    'supplyId',
    SKUS.map((sku, i) => ({ supplyId: `po-${i}`, sku, nodeId: 'gz-1', kind: 'purchaseOrder', quantity: SUPPLY_UNITS, availableAt })),
  )
  await countStock(
    hub,
    SKUS.flatMap((sku) => NODES.map((nodeId) => ({ sku, nodeId, onHand: 6 }))),
  )
  for (const one of world.hubs) await one.follower.settled()
  await pause()
}

/** Lets memory of the other hub read what it was told of. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30))
