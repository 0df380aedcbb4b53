import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createHighsSolver } from '../server/connect/solver/highs-solver.ts'
import { boundOf, UNSERVED } from './brunel/bound.ts'
import { violationsOf } from './brunel/check-case.ts'
import { createLanes } from './brunel/lanes.ts'
import { readCase, type LogisticsCase } from './brunel/read-case.ts'
import { sourceCase } from './brunel/source-case.ts'

/** npm run solve:brunel -- <folder>: sources the orders of the Brunel logistics case with the hub's own sourcing and says how good that is. */
const folder = process.argv.slice(2).find((argument) => argument !== '--')
if (folder === undefined || !existsSync(join(folder, 'OrderList.csv'))) {
  console.error(`usage: npm run solve:brunel -- <folder>   (with OrderList.csv and its six other tables; got ${folder ?? 'no folder'})`)
  process.exit(1)
}
const solver = createHighsSolver()
const data = readCase(folder)
const bound = await timed('bound', () => boundOf(data, solver))
const alone = sourceCase(data, new Float64Array(data.plants.length), false)
const priced = sourceCase(data, bound.placePrice, false)
const result = await timed('sourcing', async () => sourceCase(data, bound.placePrice))
await solver.close()
const violations = violationsOf(data, result.decisions)
const cost = result.storage + result.freight
const value = UNSERVED * result.unserved + cost
const least = UNSERVED * bound.unservedMin + bound.costMin
const capacity = data.plants.reduce((sum, plant) => sum + plant.ordersPerDay, 0)

print('orders', `${data.orders.length}; places at all plants ${capacity}`)
print('served', `${data.orders.length - result.unserved}`)
print(
  'cannot be served today',
  `${result.unserved}: ${result.unservedForCapacity} for want of capacity, ${result.unserved - result.unservedForCapacity} with no plant and lane; least possible ${bound.unservedMin}`,
)
print('cost', `${money(cost)} = storage ${money(result.storage)} + freight ${money(result.freight)}`)
print('bound by HiGHS', `${money(bound.costMin)} with ${bound.unservedMin} unserved`)
print(
  'gap',
  `${result.unserved === bound.unservedMin ? percent(cost / bound.costMin - 1) : `${percent(value / least - 1)} at ${UNSERVED} an order unserved`}`,
)
print('each order alone', `${money(alone.storage + alone.freight)}, ${alone.unserved} unserved`)
print('with bid prices', `${money(priced.storage + priced.freight)}, ${priced.unserved} unserved; then the day is looked at together`)
print('the history', historyOf(data))
print('violations', `${violations.length}`)
for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`)
process.exit(violations.length === 0 ? 0 : 1)

function print(label: string, text: string): void {
  console.log(`${label.padEnd(24)}${text}`)
}

function money(amount: number): string {
  return amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`
}

async function timed<T>(label: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const answer = await work()
  print(`time, ${label}`, `${Math.round(performance.now() - start)} ms`)
  return answer
}

/** How the orders were really shipped, measured by the same limits. */
function historyOf({ orders, plants }: LogisticsCase): string {
  const laneOf = createLanes(data)
  const byName = new Map(plants.map((plant) => [plant.name, plant]))
  const served = new Map<string, number>()
  let ineligible = 0
  for (const order of orders) {
    const plant = byName.get(order.historicPlant)
    served.set(order.historicPlant, (served.get(order.historicPlant) ?? 0) + 1)
    if (!plant || !laneOf(order, plant)) ineligible++
  }
  const over = plants.reduce((sum, plant) => sum + Math.max(0, (served.get(plant.name) ?? 0) - plant.ordersPerDay), 0)
  return `${over} orders beyond its plants' capacity, ${ineligible} from a plant that may not serve them`
}
