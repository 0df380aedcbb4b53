import type { EmissionFactorInput } from '../../../contract/entities/emission-factor.ts'
import { emissionOf, type CarbonLeg } from './emissions.ts'

/** One stretch or hub of a parcel's way with where its figure comes from. */
export type LegFootprint = {
  readonly mode: EmissionFactorInput['mode']
  /** None for a hub. */
  readonly distanceKm?: number
  readonly massGrams: number
  readonly co2eGrams: number
  readonly factorId: string
  readonly source: string
  readonly sourceRow: string
  readonly quality: EmissionFactorInput['quality']
}
export type Footprint = { readonly co2eGrams: number; readonly legs: readonly LegFootprint[] }

/** CO2e of one mass over its legs and hubs, each with its factor's row; figures are to a tenth of a gram, their sum is of the unrounded. */
export function footprintOf(massGrams: number, legs: readonly CarbonLeg[], hubs: readonly EmissionFactorInput[]): Footprint {
  const { grams, parts } = emissionOf(massGrams, legs, hubs)
  const stretches: readonly { readonly distanceKm?: number; readonly factor: EmissionFactorInput }[] = [
    ...legs,
    ...hubs.map((factor) => ({ factor })),
  ]
  return {
    co2eGrams: rounded(grams),
    legs: stretches.map((stretch, i) => ({
      mode: stretch.factor.mode,
      ...(stretch.distanceKm === undefined ? {} : { distanceKm: rounded(stretch.distanceKm) }),
      massGrams,
      co2eGrams: rounded(parts[i]?.grams ?? 0),
      factorId: stretch.factor.factorId,
      source: stretch.factor.source,
      sourceRow: stretch.factor.sourceRow,
      quality: stretch.factor.quality,
    })),
  }
}

/** What several parcels emit together; never netted, never scaled. */
export const sumFootprints = (footprints: readonly Footprint[]): number => rounded(footprints.reduce((sum, one) => sum + one.co2eGrams, 0))

const rounded = (value: number): number => Math.round(value * 10) / 10
