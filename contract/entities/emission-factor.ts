import { Type, type Static } from 'typebox'
import { closed, Name, Ref, Text, Version } from './basics.ts'
import { modes } from './carrier.ts'

export const factorModes = [...modes, 'hub'] as const
export const FactorMode = Type.Enum(factorModes)
const Intensity = Type.Number({ minimum: 0, maximum: 10_000_000 })
export const factorQualities = ['primary', 'modelled', 'default'] as const

/** Well-to-wheel intensity with its source. Transport modes give gramsPerTonneKm, hubs gramsPerTonne. */
export const EmissionFactorInput = Type.Object(
  {
    factorId: Ref,
    mode: FactorMode,
    vehicle: Type.Optional(Name),
    gramsPerTonneKm: Type.Optional(Intensity),
    gramsPerTonne: Type.Optional(Intensity),
    source: Text,
    /** Row or page of the source that the number stands in. */
    sourceRow: Type.String({ minLength: 1, maxLength: 200 }),
    year: Type.Integer({ minimum: 1990, maximum: 2200 }),
    quality: Type.Enum(factorQualities),
    /** Used for services of its mode that name no factor, instead of the hub's own. */
    isDefault: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type EmissionFactorInput = Static<typeof EmissionFactorInput>
export const EmissionFactor = Type.Interface([EmissionFactorInput], { version: Version })
export type EmissionFactor = Static<typeof EmissionFactor>
