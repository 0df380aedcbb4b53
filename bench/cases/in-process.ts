import { type BenchDatabase, CONTEXT, inWindow, openBenchHub, placeCommand } from '../bench-hub.ts'
import { quantile, type Sample } from '../measure.ts'
import { HOT_NODE, HOT_SKU, hotOrderSource, orderSource } from '../world.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'

const WINDOW = 2000
/** Until the code is compiled: the first 5,000 orders of a process cost twice what later ones do, the next 5,000 a tenth more. */
const WARM_UP = 10_000

/** Whole orders through engine.submit: checked, sourced, sealed, durable. */
export async function wholeOrders(db: BenchDatabase, count: number): Promise<Sample[]> {
  const hub = await openBenchHub(await db.fresh(), parseMasterKeys(db.masterKey))
  const next = orderSource(2, 'W')
  await run(Math.min(WARM_UP, count))
  const before = process.cpuUsage()
  const { seconds, refused, latencies } = await run(count)
  const cpu = process.cpuUsage(before)
  if (refused > 0) throw new Error(`${refused} of ${count} orders were refused; the world has stock for all`)
  await hub.stop()
  return [
    { name: 'whole orders, in process', value: count / seconds, unit: 'orders/s', atLeast: 8000 },
    { name: 'whole orders, in process: CPU of the hub', value: (cpu.user + cpu.system) / count, unit: 'µs/order' },
    { name: `whole orders, in process: p99 with ${WINDOW} waiting`, value: quantile(latencies, 0.99), unit: 'ms' },
  ]

  async function run(orders: number) {
    const commands = Array.from({ length: orders }, () => placeCommand(hub, next()))
    const latencies: number[] = []
    const start = performance.now()
    const outcomes = await inWindow(
      orders,
      WINDOW,
      (i) => hub.engine.submit(present(commands[i]), CONTEXT),
      (_, ms) => latencies.push(ms),
    )
    const seconds = (performance.now() - start) / 1000
    return { seconds, latencies, refused: outcomes.filter((outcome) => outcome.status === 'refused').length }
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value')
  return value
}

/** One item at one node and more buyers than units: who gets one, how fast, and that none is sold twice. */
export async function hotOrders(db: BenchDatabase, count: number): Promise<Sample[]> {
  const hub = await openBenchHub(await db.fresh(), parseMasterKeys(db.masterKey))
  const units = Math.floor(count * 0.98)
  const next = hotOrderSource(3, 'H')
  await hub.engine.submit(
    { kind: 'changeStock', rows: [{ index: 0, mode: 'count', input: { sku: HOT_SKU, nodeId: HOT_NODE, onHand: units } }] } as never,
    CONTEXT,
  )
  const commands = Array.from({ length: count }, () => placeCommand(hub, next()))
  const latencies: number[] = []
  let soldOutAt = 0
  let sold = 0
  const start = performance.now()
  await inWindow(count, WINDOW, async (i) => {
    const at = performance.now()
    const outcome = await hub.engine.submit(present(commands[i]), CONTEXT)
    if (outcome.status === 'refused') return
    latencies.push(performance.now() - at)
    if (++sold === units) soldOutAt = performance.now()
  })
  const { rows } = await hub.pool.query<{ reserved: number }>(
    `select soft + firm + committed as reserved from stock join items using (item_no) where sku = '${HOT_SKU}'`,
  )
  await hub.stop()
  const oversold = Math.max(0, sold - units) + Math.abs((rows[0]?.reserved ?? 0) - sold)
  if (sold !== units || oversold !== 0) throw new Error(`${units} units, ${sold} sold, ${rows[0]?.reserved} reserved: they must be equal`)
  return [
    { name: 'hot item: whole one-line orders for one row of stock', value: units / ((soldOutAt - start) / 1000), unit: 'orders/s' },
    { name: `hot item: p99 with ${WINDOW} waiting`, value: quantile(latencies, 0.99), unit: 'ms' },
    { name: 'hot item: oversold', value: oversold, unit: 'units', atMost: 0 },
  ]
}
