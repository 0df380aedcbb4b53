import { Type, type Static } from 'typebox'
import { closed, CountryCode, Name, Ref } from './basics.ts'

/**
 * Where something goes: every given field must match, no field means everywhere.
 * Names are compared without case, width and Chinese level suffixes (浙江省 = 浙江); beside a country a region may be a code of ISO 3166-2 or
 * a name, in English or as people there call it (CA = US-CA = California, 浙江 = Zhejiang): channels differ in which they send.
 * A British postal prefix is an area (E, not EH), a district with its parts (M1, not M11; SW1 with SW1A) or, with a blank, a sector (M1 1).
 */
export const Area = Type.Object(
  {
    countryCode: Type.Optional(CountryCode),
    region: Type.Optional(Name),
    city: Type.Optional(Name),
    postalPrefix: Type.Optional(Type.String({ minLength: 1, maxLength: 20 })),
  },
  closed,
)
export type Area = Static<typeof Area>

/** Where something starts: one node, or all nodes in an area. */
export const Origin = Type.Object(
  {
    nodeId: Type.Optional(Ref),
    countryCode: Type.Optional(CountryCode),
    region: Type.Optional(Name),
    city: Type.Optional(Name),
  },
  closed,
)
export type Origin = Static<typeof Origin>
