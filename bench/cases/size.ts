import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { type BenchDatabase, CONTEXT, inWindow, isDone, openBenchHub, placeCommand } from '../bench-hub.ts'
import { spawnHub, spawnHubIn } from '../hub-process.ts'
import type { Sample } from '../measure.ts'
import { HOT_SKU, orderSource } from '../world.ts'

const WINDOW = 1000
const PERMILLE = 900

/** A million positions: nine of ten nodes stock each item. */
const MORE_STOCK = `insert into stock (item_no, node_no, on_hand, soft, firm, committed, safety, backorder_limit, version, revision)
  select item_no, node_no, 20000, 0, 0, 0, 0, 0, 1, 1
  from items, nodes
  where sku <> $1 and abs(hashint8(item_no * 100003::bigint + node_no)) % 1000 < $2::integer
  on conflict on constraint stock_pkey do nothing`

/** What a hub costs that holds a million stock positions and `count` open orders, and how long it takes to start: there, and on an empty folder. */
export async function size(db: BenchDatabase, count: number): Promise<Sample[]> {
  const connection = await db.fresh()
  const hub = await openBenchHub(connection, parseMasterKeys(db.masterKey))
  await hub.pool.query(MORE_STOCK, [HOT_SKU, PERMILLE])
  const next = orderSource(5, 'S')
  const outcomes = await inWindow(count, WINDOW, async () => isDone(await hub.engine.submit(placeCommand(hub, next()), CONTEXT)))
  if (outcomes.includes(false)) throw new Error('an order was refused; the world has stock for all')
  await hub.pool.query('analyze')
  const { rows } = await hub.pool.query<{ positions: string; open: string }>(
    `select (select count(*) from stock) as positions, (select count(*) from order_states where state = 'accepted') as open`,
  )
  await hub.stop()
  const [positions, open] = [Number(rows[0]?.positions), Number(rows[0]?.open)]
  if (open !== count || positions < 1_000_000)
    throw new Error(`expected 1,000,000 positions and ${count} open orders, got ${positions} and ${open}`)
  await (await spawnHub(db, connection)).stop() // compiled once before, as a hub that is started again is
  const warm = await spawnHub(db, connection)
  const [started, cpu] = [warm.memoryMb(), warm.cpuSeconds()]
  await warm.stop()
  const what = `${(positions / 1e6).toFixed(1)} M positions and ${(count / 1000).toFixed(0)} k open orders`
  return [
    { name: `${what}: memory of the hub once started`, value: started, unit: 'MB', atMost: 700 },
    { name: `${what}: start, until it listens`, value: warm.startSeconds, unit: 's', atMost: 3 },
    { name: `${what}: CPU of the hub to start`, value: cpu, unit: 's' },
    { name: 'start on an empty folder, its database made', value: await coldStart(), unit: 's', atMost: 15 },
    ...(await demoStart()),
  ]
}

/** From an empty folder until the demo has lived its five days and is in the present. */
async function demoStart(): Promise<Sample[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fulcrum-demo-'))
  const demo = await spawnHubIn(dataDir, [])
  const seconds = await demo.said(/orders lived through/)
  const cpu = demo.cpuSeconds()
  await demo.stop()
  rmSync(dataDir, { recursive: true, force: true })
  return [
    { name: 'demo: from an empty folder until five days are lived', value: seconds, unit: 's', atMost: 15 },
    { name: 'demo: CPU of the hub until then', value: cpu, unit: 's' },
  ]
}

async function coldStart(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fulcrum-cold-'))
  const cold = await spawnHubIn(dataDir)
  await cold.stop()
  rmSync(dataDir, { recursive: true, force: true })
  return cold.startSeconds
}
