import { LinearModelBuilder } from '../../server/domain/sourcing/linear-model.ts'
import type { Solver } from '../../server/engine/ports/solver.ts'
import { createLanes, type Truck } from './lanes.ts'
import type { LogisticsCase } from './read-case.ts'

/** Dearer than any order: serving one more order always comes first. */
export const UNSERVED = 1_000_000
const TIME_LIMIT_MS = 60_000

export type Bound = {
  /** Least number of orders that nobody can serve today, and least cost of serving the rest: no plan does better on both together. */
  readonly unservedMin: number
  readonly costMin: number
  /** What a place in a plant's day is worth, by plant. */
  readonly placePrice: Float64Array
}

/**
 * The relaxation by HiGHS: orders may be divided over plants, trucks may be rented by the kg. Its optimum is a lower bound on
 * UNSERVED × unserved + cost, and the duals of the capacity rows are the bid prices with which sourcing decides.
 */
export async function boundOf(data: LogisticsCase, solver: Solver): Promise<Bound> {
  const laneOf = createLanes(data)
  const b = new LinearModelBuilder()
  const places = data.plants.map((plant) => b.row(-Infinity, plant.ordersPerDay))
  const trucks = new Map<string, number>()
  const truckRow = (plant: string, truck: Truck): number => {
    const key = `${plant} ${truck.key}`
    const known = trucks.get(key)
    if (known !== undefined) return known
    const row = b.row(-Infinity, 0)
    b.put(row, b.column(truck.cost), -truck.kgMax)
    trucks.set(key, row)
    return row
  }
  const unserved: number[] = []
  for (const order of data.orders) {
    const own = b.row(1, 1)
    const none = b.column(UNSERVED)
    unserved.push(none)
    b.put(own, none, 1)
    data.plants.forEach((plant, p) => {
      const lane = laneOf(order, plant)
      if (!lane) return
      const storage = plant.costPerUnit * order.units
      const ways: readonly (readonly [number, Truck | undefined])[] = [
        [lane.parcel, undefined],
        [lane.truck ? 0 : Infinity, lane.truck],
      ]
      for (const [freight, truck] of ways) {
        if (freight === Infinity) continue
        const column = b.column(storage + freight)
        b.put(own, column, 1)
        b.put(places[p]!, column, 1)
        if (truck) b.put(truckRow(plant.name, truck), column, order.weightKg)
      }
    })
  }
  const solution = await solver.solve(b.build(), TIME_LIMIT_MS)
  if (solution.status !== 'optimal') throw new Error(`HiGHS found no bound: ${solution.status}`)
  const missing = unserved.reduce((sum, column) => sum + solution.columns[column]!, 0)
  return {
    unservedMin: Math.ceil(missing - 1e-6),
    costMin: solution.objective - UNSERVED * missing,
    placePrice: Float64Array.from(places, (row) => Math.max(0, -solution.rowDuals[row]!)),
  }
}
