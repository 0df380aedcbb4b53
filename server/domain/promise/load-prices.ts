import { chargedFor, priceOf, type Charged } from '../freight/charge.ts'
import { defaultTariff } from '../freight/default-service.ts'
import type { Load } from '../freight/load.ts'
import type { Destination, Network } from './network.ts'

/** What one load costs: by service what is charged and the default tariff, by rate row its price. Scratch, filled anew for each load. */
export type LoadPrices = {
  readonly charged: Charged[]
  readonly fixed: Float64Array
  readonly per100Km: Float64Array
  /** Price per rate row, −1 = not asked yet; empty where there are too many to be worth it. */
  readonly ofRow: Float64Array
}

/** Above this many rate rows clearing the memo costs more than pricing each pair. */
const ROWS_MAX = 2000

export const createLoadPrices = ({ services, rates }: Network): LoadPrices => ({
  charged: [],
  fixed: new Float64Array(services.length),
  per100Km: new Float64Array(services.length),
  ofRow: new Float64Array(rates.tariffs.length > ROWS_MAX ? 0 : rates.tariffs.length),
})

export function priceLoad({ services }: Network, load: Load, into: LoadPrices): void {
  into.ofRow.fill(-1)
  for (let s = 0; s < services.length; s += 1) {
    const charged = chargedFor(load, services[s]?.service ?? {})
    const tariff = defaultTariff(charged)
    into.charged[s] = charged
    into.fixed[s] = tariff.fixed
    into.per100Km[s] = tariff.per100Km
  }
}

/** Freight of the pair i = node n × services + service s, in minor units of the base currency. */
export function freightOf(network: Network, to: Destination, prices: LoadPrices, i: number, n: number, s: number): number {
  const row = to.area.rate[i]!
  return row < 0 ? prices.fixed[s]! + Math.round((to.km[n]! * prices.per100Km[s]!) / 100) : priceOfRow(network, prices, row, s)
}

export function priceOfRow({ rates }: Network, { charged, ofRow }: LoadPrices, row: number, s: number): number {
  const known = ofRow[row]
  if (known !== undefined && known >= 0) return known
  const tariff = rates.tariffs[row]
  const bill = charged[s]
  if (!tariff || !bill) return 0
  const amount = priceOf(tariff, bill)
  ofRow[row] = amount
  return amount
}
