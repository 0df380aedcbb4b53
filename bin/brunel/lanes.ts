import type { CaseOrder, CasePlant, CaseRate, LogisticsCase } from './read-case.ts'

/** The service level for which the customer arranges and pays the freight. */
export const CUSTOMER_FREIGHT = 'CRF'
/** Bands are written to two decimals: 99.99 is followed by 100. */
const BAND_STEP = 0.01

/** The cheapest way of one order out of one plant by parcel rates, and by truck where a ground rate takes it. */
export type Lane = {
  /** Cost by air; Infinity where no rate fits. */
  readonly parcel: number
  readonly truck: Truck | undefined
}
/** A ground rate is for the whole truck, shared by the orders in it. */
export type Truck = { readonly key: string; readonly cost: number; readonly kgMax: number }

/** `laneOf(order, plant)`: undefined where the plant may not serve the order (product, customer, port, service level, weight). */
export function createLanes(data: LogisticsCase): (order: CaseOrder, plant: CasePlant) => Lane | undefined {
  const byLane = Map.groupBy(data.rates, (rate) => `${rate.origin}/${rate.destination}/${rate.serviceLevel}`)
  const trucks = new Map<string, Truck | undefined>()
  const truckOf = (key: string, rates: readonly CaseRate[]): Truck | undefined => {
    if (!trucks.has(key)) trucks.set(key, cheapestTruck(key, rates))
    return trucks.get(key)
  }
  return (order, plant) => {
    if (!data.plantsOfProduct.get(order.product)?.has(plant.name)) return undefined
    const customers = data.customersOfPlant.get(plant.name)
    if (customers && !customers.has(order.customer)) return undefined
    if (plant.ports.length === 0) return undefined
    if (order.serviceLevel === CUSTOMER_FREIGHT) return { parcel: 0, truck: undefined }
    let parcel = Infinity
    let truck: Truck | undefined
    for (const port of plant.ports) {
      const key = `${port}/${order.destination}/${order.serviceLevel}`
      const rates = byLane.get(key) ?? []
      parcel = Math.min(parcel, cheapestParcel(rates, order.weightKg))
      const own = truckOf(key, rates)
      if (own && order.weightKg <= own.kgMax && (!truck || own.cost < truck.cost)) truck = own
    }
    return parcel === Infinity && !truck ? undefined : { parcel, truck }
  }
}

const isGround = (rate: CaseRate): boolean => rate.mode === 'GROUND'

function cheapestParcel(rates: readonly CaseRate[], kg: number): number {
  let least = Infinity
  for (const rate of rates) {
    if (isGround(rate) || kg > rate.weightMax || kg <= rate.weightMin - BAND_STEP) continue
    least = Math.min(least, Math.max(rate.minimumCost, rate.rate * kg))
  }
  return least
}

function cheapestTruck(key: string, rates: readonly CaseRate[]): Truck | undefined {
  const best = rates.filter(isGround).toSorted((a, b) => a.rate - b.rate || b.weightMax - a.weightMax)[0]
  return best && { key, cost: best.rate, kgMax: best.weightMax }
}
