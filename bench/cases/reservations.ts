import { createHash } from 'node:crypto'
import { type BenchDatabase, CONTEXT, inWindow, openBenchHub } from '../bench-hub.ts'
import { quantile, type Sample } from '../measure.ts'
import { HOT_NODE, HOT_SKU } from '../world.ts'
import type { MakeReservation } from '../../server/engine/families/reserve-command.ts'
import { present } from '../../server/kernel/assert.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'

const WINDOW = 500
const WARM_UP = 10_000
/** Share of the buyers who go away with nothing. */
const TOO_MANY = 0.02

/** One item at one node, carts that want one unit each and more of them than units: durable reservations, and none twice. */
export async function hotReservations(db: BenchDatabase, count: number): Promise<Sample[]> {
  const hub = await openBenchHub(await db.fresh(), parseMasterKeys(db.masterKey))
  await reserve(WARM_UP, WARM_UP, 'warm')
  const before = process.cpuUsage()
  const { seconds, latencies } = await reserve(count, Math.floor(count * (1 - TOO_MANY)), 'cart')
  const cpu = process.cpuUsage(before)
  await hub.stop()
  return [
    { name: 'hot item: reservations, in process', value: latencies.length / seconds, unit: 'reservations/s', atLeast: 30_000 },
    { name: `hot item: reservations, p99 with ${WINDOW} waiting`, value: quantile(latencies, 0.99), unit: 'ms', atMost: 50 },
    { name: 'hot item: reservations, CPU of the hub', value: (cpu.user + cpu.system) / count, unit: 'µs/reservation' },
    { name: 'hot item: reservations, oversold', value: 0, unit: 'units', atMost: 0 },
  ]

  async function reserve(carts: number, units: number, prefix: string) {
    const { rows: held } = await hub.pool.query<{ soft: number }>(SOFT)
    const onHand = (held[0]?.soft ?? 0) + units
    const count = { index: 0, mode: 'count', input: { sku: HOT_SKU, nodeId: HOT_NODE, onHand } }
    await hub.engine.submit({ kind: 'changeStock', rows: [count] } as never, CONTEXT)
    const commands = Array.from({ length: carts }, (_, i) => cart(`${prefix}-${i}`))
    const latencies: number[] = []
    const start = performance.now()
    let grantedAt = start
    await inWindow(carts, WINDOW, async (i) => {
      const at = performance.now()
      const outcome = await hub.engine.submit(present(commands[i], 'a cart'), CONTEXT)
      if (outcome.status === 'refused') return
      grantedAt = performance.now()
      latencies.push(grantedAt - at)
    })
    const { rows } = await hub.pool.query<{ soft: number; held: number }>(SOFT)
    const [row] = rows
    if (latencies.length !== units || row?.soft !== onHand || row.held !== onHand)
      throw new Error(
        `${units} units: ${latencies.length} granted, position ${row?.soft}, rows ${row?.held} of ${onHand}: they must be equal`,
      )
    return { seconds: (grantedAt - start) / 1000, latencies }
  }
}

const SOFT = `select s.soft, (select coalesce(sum(quantity), 0)::integer from reservations as r where r.item_no = s.item_no and r.kind = 'soft') as held
  from stock as s join items using (item_no) where sku = '${HOT_SKU}'`

/** The command as the HTTP handler makes it. */
const cart = (key: string): MakeReservation => ({
  kind: 'makeReservation',
  key,
  sku: HOT_SKU,
  quantity: 1,
  expiresInSeconds: 900,
  inputHash: createHash('sha256')
    .update(JSON.stringify([HOT_SKU, 1, null, null, null]))
    .digest(),
})
