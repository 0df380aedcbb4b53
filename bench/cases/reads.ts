import { demandsOf } from '../../server/domain/placement/demand.ts'
import { sourceDemands } from '../../server/domain/placement/source.ts'
import { present } from '../../server/kernel/assert.ts'
import { parseMasterKeys } from '../../server/store/master-key.ts'
import { type BenchDatabase, openBenchHub } from '../bench-hub.ts'
import { quantile, type Sample } from '../measure.ts'
import { CHANNEL, ITEMS, NODES, orderSource } from '../world.ts'

/** What a shop asks most: what of an item is where, and how an order would be served. Nothing is written. */
export async function reads(db: BenchDatabase, count: number): Promise<Sample[]> {
  const opened = performance.now()
  const hub = await openBenchHub(await db.fresh(), parseMasterKeys(db.masterKey))
  const openSeconds = (performance.now() - opened) / 1000
  const { facts, memory } = hub
  const channel = present(facts.channel(CHANNEL), 'the channel')
  const now = hub.clock.now()
  const five = orderSource(4, 'P', 5)
  const planned: number[] = []
  for (let k = -1000; k < count; k++) {
    const order = five()
    const start = performance.now()
    const demands = demandsOf(
      order.lines.map((line, lineNo) => ({ lineNo, sku: line.sku, units: line.quantity })),
      facts,
    )
    const { plan } = sourceDemands(
      { demands, lines: order.lines, shipTo: order.shipTo, channel, constraints: [], partial: false, now },
      facts,
    )
    if (k >= 0) planned.push((performance.now() - start) * 1000)
    if (plan.status !== 'complete') throw new Error(`an order of the bench is ${plan.status}`)
  }
  const asked = count * 20
  let units = 0
  const start = performance.now()
  for (let k = 0; k < asked; k++) {
    const itemNo = 1 + (k % ITEMS)
    const from = facts.availability.start(itemNo)
    for (let slot = from, end = from + facts.availability.count(itemNo); slot < end; slot++)
      units += Math.max(0, facts.availability.available[slot] ?? 0)
  }
  const availability = ((performance.now() - start) * 1000) / asked
  if (units === 0 || memory.nodes.size !== NODES) throw new Error('availability saw no stock')
  await hub.stop()
  return [
    { name: `availability of one item over ${NODES} nodes`, value: availability, unit: 'µs', atMost: 20 },
    { name: `plan of a 5-line order over ${NODES} nodes, quotes included: p50`, value: quantile(planned, 0.5) / 1000, unit: 'ms' },
    {
      name: `plan of a 5-line order over ${NODES} nodes, quotes included: p99`,
      value: quantile(planned, 0.99) / 1000,
      unit: 'ms',
      atMost: 1,
    },
    { name: 'hub opened on 335,000 stock positions', value: openSeconds, unit: 's', atMost: 3 },
    { name: 'memory of the bench process then', value: process.memoryUsage().rss / 1e6, unit: 'MB' },
  ]
}
