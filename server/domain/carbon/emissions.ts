import type { EmissionFactorInput } from '../../../contract/entities/emission-factor.ts'
import type { Mode } from '../../../contract/entities/carrier.ts'
import { DEFAULT_FACTORS } from './factors.ts'

/** One stretch with one vehicle. */
export type CarbonLeg = { readonly distanceKm: number; readonly factor: EmissionFactorInput }
/** A figure keeps where each part comes from; parts are never netted. */
export type Emission = {
  readonly grams: number
  readonly parts: readonly { readonly factorId: string; readonly sourceRow: string; readonly quality: string; readonly grams: number }[]
}

const GRAMS_PER_TONNE = 1_000_000

/** g CO2e per gram carried over a leg. */
export const legIntensity = ({ distanceKm, factor }: CarbonLeg): number => ((factor.gramsPerTonneKm ?? 0) * distanceKm) / GRAMS_PER_TONNE
/** g CO2e per gram that passes a hub. */
export const hubIntensity = (factor: EmissionFactorInput): number => (factor.gramsPerTonne ?? 0) / GRAMS_PER_TONNE

/**
 * CO2e in grams: mass (t) × distance (km) × intensity (g/t·km, well-to-wheel) over legs, plus mass × intensity (g/t) over hubs
 * (ISO 14083, GLEC framework v3).
 */
export function emissionOf(massGrams: number, legs: readonly CarbonLeg[], hubs: readonly EmissionFactorInput[]): Emission {
  const part = (factor: EmissionFactorInput, intensity: number) => ({
    factorId: factor.factorId,
    sourceRow: factor.sourceRow,
    quality: factor.quality,
    grams: massGrams * intensity,
  })
  const parts = [...legs.map((leg) => part(leg.factor, legIntensity(leg))), ...hubs.map((hub) => part(hub, hubIntensity(hub)))]
  return { grams: parts.reduce((sum, { grams }) => sum + grams, 0), parts }
}

/** Finds factors: the one named, else the configured default of the mode (smallest id), else the hub's own. */
export type Factors = {
  readonly named: (factorId: string) => EmissionFactorInput | undefined
  readonly of: (mode: Mode, factorId?: string) => EmissionFactorInput
}

export function compileFactors(factors: readonly EmissionFactorInput[]): Factors {
  const byId = new Map(factors.map((factor) => [factor.factorId, factor]))
  const sorted = [...byId.values()].sort((a, b) => (a.factorId < b.factorId ? -1 : 1))
  const defaults = new Map<string, EmissionFactorInput>()
  for (const factor of sorted) {
    if (factor.isDefault && factor.gramsPerTonneKm !== undefined && !defaults.has(factor.mode)) defaults.set(factor.mode, factor)
  }
  return {
    named: (factorId) => byId.get(factorId),
    of(mode, factorId) {
      const named = factorId === undefined ? undefined : byId.get(factorId)
      return (named?.gramsPerTonneKm === undefined ? undefined : named) ?? defaults.get(mode) ?? DEFAULT_FACTORS[mode]
    },
  }
}
