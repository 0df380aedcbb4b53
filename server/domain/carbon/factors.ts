import type { EmissionFactorInput } from '../../../contract/entities/emission-factor.ts'
import type { Mode } from '../../../contract/entities/carrier.ts'

const SOURCE =
  'UK Government GHG Conversion Factors for Company Reporting 2025 (DESNZ, DEFRA), freighting goods + WTT delivery vehicles and freight; Open Government Licence v3.0'

const defra = (mode: Mode, sourceRow: string, vehicle: string, gramsPerTonneKm: number): EmissionFactorInput => ({
  factorId: `defra-2025-${mode}`,
  mode,
  vehicle,
  gramsPerTonneKm,
  source: SOURCE,
  sourceRow,
  year: 2025,
  quality: 'default',
})

/** What is used for a mode that no configured factor covers: well-to-wheel, tank-to-wheel row named (its WTT twin is in the same table). */
export const DEFAULT_FACTORS: Readonly<Record<Mode, EmissionFactorInput>> = {
  road: defra('road', '27_304_3140_14_1', 'All HGVs, average laden', 125.22),
  van: defra('van', '27_303_3102_14_1', 'Van up to 3.5 t, average, diesel', 782.25),
  // DEFRA has no bikes; its smallest electric van is an upper bound for them.
  bike: defra('bike', '27_303_3087_14_1', 'Van class I, battery electric (upper bound for bikes)', 159.55),
  rail: defra('rail', '27_315_3151_14_1', 'Freight train', 34.7),
  sea: defra('sea', '27_320_3235_14_1', 'Container ship, average', 19.77),
  air: defra('air', '27_317_3154_14_1', 'Freight flight, short-haul, with radiative forcing', 1483.5),
}
