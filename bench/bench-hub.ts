import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import type { OrderInput } from '../contract/entities/order.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../server/connect/postgres/embedded.ts'
import { splitPerson } from '../server/domain/order/person.ts'
import type { CommandContext, CommandOutcome } from '../server/engine/command.ts'
import type { PutFacts } from '../server/engine/families/fact-family.ts'
import type { PlaceOrder } from '../server/engine/families/order-command.ts'
import { type Hub, type HubOptions, openHub } from '../server/engine/hub.ts'
import { shardOfRef } from '../server/kernel/ids.ts'
import { openPool } from '../server/store/database.ts'
import { type MasterKeys, parseMasterKeys } from '../server/store/master-key.ts'
import { migrate } from '../server/store/migrate.ts'
import { sealPerson } from '../server/store/seal-person.ts'
import { HOT_NODE, HOT_SKU, STOCKED_PERMILLE, worldFacts } from './world.ts'

const MIGRATIONS = fileURLToPath(new URL('../db/migrations', import.meta.url))
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
export const CONTEXT: CommandContext = { actor: { kind: 'person', id: 'usr_bench' }, lane: 'interactive' }

/** A PostgreSQL of the bench's own in a temporary folder, durable as in production, with the world in it. */
export type BenchDatabase = {
  readonly postgres: EmbeddedPostgres
  readonly masterKey: string
  readonly dataDir: string
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** A copy of the database with the world and nothing else, under a new name. */
  fresh(): Promise<EmbeddedPostgres['connection']>
  close(): Promise<void>
}

const WORLD = 'bench_world'

export async function openBenchDatabase(seed: number, settings: Readonly<Record<string, string>> = {}): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fulcrum-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined, settings })
  const client = new Client(postgres.connection)
  await client.connect()
  const masterKey = randomBytes(32).toString('hex')
  await client.query(`create database ${WORLD}`)
  const connection = { ...postgres.connection, database: WORLD }
  const pool = openPool(connection, { max: 2 })
  await migrate(pool, MIGRATIONS)
  const hub = await openBenchHub(connection, parseMasterKeys(masterKey))
  for (const { fact, key, docs } of worldFacts(seed)) await putFacts(hub, fact, key, docs)
  await hub.stop()
  await pool.query(STOCK, [STOCKED_PERMILLE, HOT_SKU, HOT_NODE])
  await pool.query('vacuum analyze')
  await pool.end()
  let copies = 0
  return {
    postgres,
    masterKey,
    dataDir,
    query: async (sql, values) => (await client.query<Record<string, unknown>>(sql, values)).rows,
    fresh: async () => {
      copies += 1
      const database = `bench_${copies}`
      if (copies > 1) await client.query(`drop database if exists bench_${copies - 1} with (force)`)
      await client.query(`create database ${database} template ${WORLD} strategy file_copy`)
      await client.query('checkpoint')
      return { ...postgres.connection, database }
    },
    close: async () => {
      await client.end()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Every node stocks its share of the items, plenty of each; the hot item is at one node alone. */
const STOCK = `insert into stock (item_no, node_no, on_hand, soft, firm, committed, safety, backorder_limit, version, revision)
  select item_no, node_no, 20000, 0, 0, 0, 0, 0, 1, 1
  from items, nodes
  where (sku <> $2 and abs(hashint8(item_no * 100003::bigint + node_no)) % 1000 < $1::integer) or (sku = $2 and node_id = $3)`

export const openBenchHub = (
  connection: HubOptions['connection'],
  masterKeys: MasterKeys,
  options: Partial<HubOptions> = {},
): Promise<Hub> => openHub({ connection, masterKeys, log: silent, bidPrices: false, ...options })

async function putFacts(hub: Hub, fact: PutFacts['fact'], key: string, docs: readonly Record<string, unknown>[]): Promise<void> {
  const outcome = await hub.engine.submit(
    { kind: 'putFacts', fact, rows: docs.map((doc, index) => ({ index, key: String(doc[key]), doc })) } as PutFacts,
    CONTEXT,
  )
  const wrong = outcome.status === 'done' ? outcome.value.rows?.find((row) => row.status === 'refused') : outcome
  if (wrong !== undefined) throw new Error(`a fact of the bench's world was refused: ${JSON.stringify(wrong)}`)
}

/** The command of an order as the HTTP handler makes it, person sealed when it is decided. */
export function placeCommand(hub: Hub, order: OrderInput): PlaceOrder {
  return {
    kind: 'placeOrder',
    order,
    origin: 'api',
    inputHash: createHash('sha256').update(JSON.stringify(order)).digest(),
    shard: shardOfRef(order.channelId, order.externalRef),
    seal: (orderId) => sealPerson(hub.vault, hub.blindIndex, orderId, splitPerson(order)),
  }
}

/** Keeps `window` calls under way until all are answered; what each answered. */
export async function inWindow<T>(
  count: number,
  window: number,
  call: (i: number) => Promise<T>,
  took?: (i: number, ms: number) => void,
): Promise<T[]> {
  const answers: T[] = new Array(count)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) {
      const i = next++
      const start = performance.now()
      answers[i] = await call(i)
      took?.(i, performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: Math.min(window, count) }, worker))
  return answers
}

export const isDone = (outcome: CommandOutcome): boolean => outcome.status === 'done'
