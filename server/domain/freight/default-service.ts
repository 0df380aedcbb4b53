import type { ServiceInput } from '../../../contract/entities/carrier.ts'
import { minor, type Minor } from '../../kernel/money.ts'
import type { Charged } from './charge.ts'

/** The one service there is where no carrier is configured; whatever stands on it says `default`. */
export const DEFAULT_CARRIER_ID = 'default'
export const DEFAULT_SERVICE: ServiceInput = { serviceId: 'standard', name: 'Standard', mode: 'road' }

/** Days after hand-over: 1 + 1 for each started 800 km beyond the first 50, and 5 more across a border. */
export const defaultDays = (km: number, isCrossBorder: boolean): number =>
  1 + Math.ceil(Math.max(0, km - 50) / 800) + (isCrossBorder ? 5 : 0)

const HALF_KILO = 500

/**
 * Freight where no rate row is configured, in minor units of any currency: 600 + 75 per started half kilogram
 * + (5 + 5 per started half kilogram) per 100 km, rounded once. 1 kg over 1000 km costs 900.
 */
export function defaultFreight(km: number, charged: Charged): Minor {
  const { fixed, per100Km } = defaultTariff(charged)
  return minor(fixed + Math.round((km * per100Km) / 100))
}

/** The part of the default tariff that does not depend on the distance, and what each 100 km add. */
export function defaultTariff({ grams }: Charged): { readonly fixed: number; readonly per100Km: number } {
  const halves = Math.max(1, Math.ceil(grams / HALF_KILO))
  return { fixed: 600 + 75 * halves, per100Km: 5 + 5 * halves }
}
