import type { RateInput } from '../../../contract/entities/rate.ts'
import type { ServiceInput } from '../../../contract/entities/carrier.ts'
import { minor, scale, type Minor } from '../../kernel/money.ts'
import type { Load } from './load.ts'

/** What a carrier puts on the bill for a load: parcels and the weight it charges. */
export type Charged = { readonly grams: number; readonly parcels: number }
type Limits = Pick<ServiceInput, 'maxWeightGrams' | 'volumetricDivisor' | 'packagingGrams'>

/** Parcels = ceil(weight ÷ limit); charged is the larger of weight with packaging and volume ÷ divisor. */
export function chargedFor(load: Load, limits: Limits): Charged {
  const packaging = limits.packagingGrams ?? 0
  const room = limits.maxWeightGrams === undefined ? Infinity : Math.max(1, limits.maxWeightGrams - packaging)
  const parcels = Math.max(1, Math.ceil(load.grams / room))
  const volumetric = limits.volumetricDivisor === undefined ? 0 : Math.ceil((load.volumeCm3 * 1000) / limits.volumetricDivisor)
  return { grams: Math.max(load.grams + parcels * packaging, volumetric), parcels }
}

/** A rate row ready to be priced. Bands are sorted by weight. */
export type Tariff = {
  readonly base: Minor
  readonly perKg: Minor
  readonly perParcel: Minor
  readonly minimum: Minor
  readonly bands: readonly { readonly uptoGrams: number; readonly amount: number }[]
  readonly stepGrams: number
  readonly fuelPpm: number
}

export const tariffOf = (rate: RateInput): Tariff => ({
  base: minor(rate.base ?? 0),
  perKg: minor(rate.perKg ?? 0),
  perParcel: minor(rate.perParcel ?? 0),
  minimum: minor(rate.minimum ?? 0),
  bands: [...(rate.bands ?? [])].sort((a, b) => a.uptoGrams - b.uptoGrams),
  stepGrams: rate.stepGrams ?? 1,
  fuelPpm: rate.fuelPpm ?? 0,
})

/** A thousandth of a minor unit, so that perKg × grams is exact and the sum is rounded once. */
function weightMilli(tariff: Tariff, grams: number): number {
  const last = tariff.bands.at(-1)
  if (!last) return tariff.base * 1000 + tariff.perKg * grams
  const band = tariff.bands.find(({ uptoGrams }) => grams <= uptoGrams)
  return band ? band.amount * 1000 : last.amount * 1000 + tariff.perKg * (grams - last.uptoGrams)
}

/** Price of a charged weight in minor units: the formula of the contract's RateInput, rounded once. */
export function priceOf(tariff: Tariff, { grams, parcels }: Charged): Minor {
  const stepped = Math.ceil(grams / tariff.stepGrams) * tariff.stepGrams
  const milli = Math.max(tariff.minimum * 1000, weightMilli(tariff, stepped) + tariff.perParcel * parcels * 1000)
  return scale(minor(milli), 1_000_000 + tariff.fuelPpm, 1_000_000_000)
}
