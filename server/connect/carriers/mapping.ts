import { Type, type Static } from 'typebox'
import { Compile } from 'typebox/compile'
import { ScanMeaning } from '../../../contract/entities/scan.ts'
import { assert } from '../../kernel/assert.ts'
import { Condition } from '../channels/mapping.ts'

/**
 * The mapping language for carriers: one JSON file per format under mappings/, explained in docs/reference/carriers.md. Paths are those of the
 * channel mappings; a leading `^` starts one level further out, `^^` two.
 */
const closed = { additionalProperties: false } as const
const Path = Type.String({ minLength: 1, maxLength: 200 })
const Paths = Type.Array(Path, { minItems: 1, maxItems: 20 })

/** The first with a value counts; `skip` names values that mean none. */
const Source = Type.Union([Path, Type.Object({ path: Path, skip: Type.Array(Type.String(), { minItems: 1 }) }, closed)])
export type Source = Static<typeof Source>
const Sources = Type.Array(Source, { minItems: 1, maxItems: 20 })

/** `iso` may lack its offset; `compact` is 20210210 (and 071356), `german` 18.03.2016 10:02. */
const TimeRule = Type.Object(
  {
    path: Path,
    format: Type.Union([Type.Literal('iso'), Type.Literal('compact'), Type.Literal('german'), Type.Literal('epochMillis')]),
    /** The time of day where it stands by itself. */
    time: Type.Optional(Path),
    /** The offset where it stands by itself: -05:00. */
    offset: Type.Optional(Path),
    /** A time without offset is UTC. */
    utc: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type TimeRule = Static<typeof TimeRule>

const Place = Type.Object(
  {
    name: Type.Optional(Sources),
    city: Type.Optional(Sources),
    region: Type.Optional(Sources),
    postalCode: Type.Optional(Sources),
    country: Type.Optional(Sources),
    /** A text that holds several: named groups city, region, postalCode, country. */
    patterns: Type.Optional(
      Type.Array(
        Type.Object(
          { from: Path, match: Type.String({ minLength: 1 }), countryCode: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })) },
          closed,
        ),
      ),
    ),
  },
  closed,
)
export type PlaceRule = Static<typeof Place>

const Shape = Type.Object(
  {
    name: Type.String(),
    /** From the body to one scan, each from the one before it. */
    levels: Paths,
    trackingNo: Sources,
    /** Parts of the carrier's code, joined by `/`; the first list of which a part has a value counts. */
    code: Type.Array(Paths, { minItems: 1 }),
    at: Type.Array(TimeRule, { minItems: 1 }),
    place: Type.Optional(Place),
    /** Zone of times without offset whose place tells none. */
    zone: Type.Optional(Type.String()),
    /** Where the carrier's words stand, for meanings by text. */
    texts: Type.Optional(Paths),
    /** Where a parcel stands, for bodies that leave its scans out: read where no shape before it has found a scan of the parcel. */
    isFallback: Type.Optional(Type.Boolean()),
    /**
     * What words are for beside codes. `refine`: the codes are few and coarse, so where the table says no more than `moving` or `delayed`
     * the words may say what. `asCodes`: there are no codes, or no published list, and what the table does not hold is looked for in `texts`.
     */
    words: Type.Optional(Type.Union([Type.Literal('refine'), Type.Literal('asCodes')])),
  },
  closed,
)
export type Shape = Static<typeof Shape>

export const CarrierMapping = Type.Object(
  {
    format: Type.String({ pattern: '^[a-z][a-z0-9-]*$' }),
    /** +1 whenever it reads more than before: kept scans that it could not read are then read again. */
    version: Type.Integer({ minimum: 1 }),
    /** Public documents that the mapping follows. */
    sources: Type.Array(Type.String(), { minItems: 1 }),
    /** Field of a form that holds the body. */
    form: Type.Optional(Type.String()),
    /** An aggregator's: its bodies tell of other carriers' parcels. */
    aggregates: Type.Optional(Type.Boolean()),
    /** Times without offset are those of the scan's place, or all of one zone. */
    local: Type.Union([Type.Literal('place'), Type.Object({ zone: Type.String() }, closed)]),
    shapes: Type.Array(Shape, { minItems: 1 }),
    /** How a carrier says that it knows nothing: no scans, and why. */
    failures: Type.Array(Type.Object({ when: Type.Array(Condition, { minItems: 1 }), says: Paths }, closed)),
    /** By the whole code, else by its part before the first `/` or `.`. */
    codes: Type.Record(Type.String(), ScanMeaning),
    /** Regular expressions over the carrier's words, in order; for scans without a code, and as the shape's `words` says. */
    texts: Type.Optional(Type.Array(Type.Object({ match: Type.String({ minLength: 1 }), meaning: ScanMeaning }, closed))),
    /** Countries by other names: ISO 3166-1 alpha-3. */
    countries: Type.Optional(Type.Record(Type.String(), Type.String({ pattern: '^[A-Z]{2}$' }))),
  },
  closed,
)
export type CarrierMapping = Static<typeof CarrierMapping>

const compiled = Compile(CarrierMapping)

/** Checks a mapping file; a wrong one is a defect that names the place. */
export function parseCarrierMapping(file: unknown, name: string): CarrierMapping {
  if (compiled.Check(file)) return file
  const [first] = compiled.Errors(file)
  assert(false, `carrier mapping ${name} is wrong at ${first?.instancePath ?? '/'}: ${first?.message ?? 'unknown'}`)
}
