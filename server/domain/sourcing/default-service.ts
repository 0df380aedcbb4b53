import { DAY } from '../../kernel/time.ts'
import type { NodeQuote } from './problem.ts'

/**
 * The service of a hub that has no rates and no lanes: one parcel service by distance. In minor units of the base currency
 *   freight      = 800 + 0.2 × km   a parcel
 *   freightPerKg = 100 + 0.05 × km  a chargeable kg
 * and one day of transit for each 800 km begun, at least one. A place without coordinates counts as 1,000 km away.
 * Verdicts that rest on it say `default`.
 */
export const DEFAULT_SERVICE = 0
export const UNKNOWN_KM = 1000
const FIXED = 800
const FIXED_PER_KM = 0.2
const PER_KG = 100
const PER_KG_KM = 0.05
const KM_PER_DAY = 800

export function defaultTransitDays(km: number): number {
  return Math.max(1, Math.ceil((Number.isNaN(km) ? UNKNOWN_KM : km) / KM_PER_DAY))
}

/** Fills freight, freightPerKg, service and deliverBy (from shipBy, which must be set) of a quote over `km` (NaN = unknown). */
export function quoteDefaultService(km: number, out: NodeQuote): void {
  const distance = Number.isNaN(km) ? UNKNOWN_KM : km
  out.freight = FIXED + FIXED_PER_KM * distance
  out.freightPerKg = PER_KG + PER_KG_KM * distance
  out.service = DEFAULT_SERVICE
  out.deliverBy = out.shipBy + defaultTransitDays(distance) * DAY
}
