import type { Decision } from './source-case.ts'
import type { LogisticsCase } from './read-case.ts'

/** Every limit that a list of decisions breaks, in words; read from the tables again, with none of the code that decided. */
export function violationsOf(data: LogisticsCase, decisions: readonly Decision[]): string[] {
  const found: string[] = []
  const served = data.plants.map(() => 0)
  if (decisions.length !== data.orders.length) found.push(`${decisions.length} decisions for ${data.orders.length} orders`)
  for (const [index, { order, plant: p, isByTruck }] of decisions.entries()) {
    if (order !== data.orders[index]) found.push(`decision ${index} is for order ${order.orderId}`)
    if (p < 0) continue
    const plant = data.plants[p]
    if (!plant) {
      found.push(`${order.orderId}: no plant ${p}`)
      continue
    }
    served[p]! += 1
    const customers = data.customersOfPlant.get(plant.name)
    if (!data.plantsOfProduct.get(order.product)?.has(plant.name))
      found.push(`${order.orderId}: ${plant.name} does not make ${order.product}`)
    if (customers && !customers.has(order.customer)) found.push(`${order.orderId}: ${plant.name} does not serve ${order.customer}`)
    const isCarried =
      order.serviceLevel === 'CRF'
        ? plant.ports.length > 0
        : data.rates.some(
            (rate) =>
              plant.ports.includes(rate.origin) &&
              rate.destination === order.destination &&
              rate.serviceLevel === order.serviceLevel &&
              (rate.mode === 'GROUND') === isByTruck &&
              order.weightKg <= rate.weightMax &&
              order.weightKg > rate.weightMin - 0.01,
          )
    if (!isCarried) found.push(`${order.orderId}: nothing carries ${order.weightKg} kg by ${order.serviceLevel} from ${plant.name}`)
  }
  data.plants.forEach((plant, p) => {
    if (served[p]! > plant.ordersPerDay) found.push(`${plant.name}: ${served[p]} orders on a day of ${plant.ordersPerDay}`)
  })
  return found
}
