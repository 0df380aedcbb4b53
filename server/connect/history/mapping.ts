import { readFileSync } from 'node:fs'
import { Type, type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { ChannelInput } from '../../../contract/entities/channel.ts'
import { CountryCode } from '../../../contract/entities/basics.ts'
import { NodeKind } from '../../../contract/entities/node.ts'
import { historyFacts } from '../../domain/order/history.ts'
import { Fault } from '../../kernel/fault.ts'
import olist from './mappings/olist.json' with { type: 'json' }

/**
 * What the tables of a marketplace's history mean: which file is which table, which column says what, in which zone times are.
 * Data, not code; explained in docs/operating/import.md.
 */
const closed = { additionalProperties: false } as const
const Column = Type.String({ minLength: 1, maxLength: 200 })
const Files = Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 20 })
const table = <const R extends readonly string[], const O extends readonly string[]>(required: R, optional: O) => {
  type Columns = { [K in R[number]]: typeof Column } & { [K in O[number]]: ReturnType<typeof Type.Optional<typeof Column>> }
  const columns: Record<string, TSchema> = {}
  for (const name of required) columns[name] = Column
  for (const name of optional) columns[name] = Type.Optional(Column)
  return { files: Files, columns: Type.Object(columns as Columns, closed) }
}
const Template = Type.String({ minLength: 1, maxLength: 200 })
const Fact = Type.Enum(historyFacts)

const Mapping = Type.Object(
  {
    mapping: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
    version: Type.Integer({ minimum: 1 }),
    channel: Type.Intersect([ChannelInput, Type.Object({ currency: Type.String(), zone: Type.String() })]),
    countryCode: CountryCode,
    /** Tried in turn; YYYY MM DD HH mm ss with leading zeros, M D H also without. */
    timeFormats: Type.Array(Type.String({ pattern: '^(?:YYYY|MM?|DD?|HH?|mm|ss|[-/. :T])+$' }), { minItems: 1, maxItems: 10 }),
    /** Postal codes lost their leading zeros where a spreadsheet took them for numbers: they are filled up to this length. */
    postalDigits: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
    tables: Type.Object(
      {
        orders: Type.Object(table(['orderId', 'status', 'placedAt'], ['customerId', 'promisedBy']), closed),
        lines: Type.Object(table(['orderId', 'lineRef', 'sku', 'price'], ['nodeId', 'shipBy', 'shipping', 'quantity']), closed),
        payments: Type.Optional(Type.Object(table(['orderId', 'method', 'amount'], ['paymentRef']), closed)),
        customers: Type.Optional(Type.Object(table(['customerId'], ['customerRef', 'postalCode', 'city', 'region']), closed)),
        nodes: Type.Optional(
          Type.Object({ ...table(['nodeId'], ['postalCode', 'city', 'region']), kind: NodeKind, name: Template }, closed),
        ),
        items: Type.Optional(
          Type.Object({ ...table(['sku'], ['category', 'weightGrams', 'lengthCm', 'widthCm', 'heightCm']), name: Template }, closed),
        ),
        categories: Type.Optional(Type.Object(table(['category', 'name'], []), closed)),
        places: Type.Optional(Type.Object(table(['postalCode', 'lat', 'lng'], []), closed)),
      },
      closed,
    ),
    /** Columns of the orders table that say when a fact happened. */
    times: Type.Partial(Type.Record(Fact, Column)),
    /** The last fact that a status stands for; null for none beyond the order itself. */
    statuses: Type.Record(Type.String(), Type.Union([Fact, Type.Null()]), { maxProperties: 100 }),
  },
  closed,
)
export type HistoryMapping = Static<typeof Mapping>
export type TableName = keyof HistoryMapping['tables']

const compiled = Compile(Mapping)
const known: Readonly<Record<string, unknown>> = { olist }

/** A mapping by its name or the path of its file. Fault `import_unreadable` says what is wrong with it. */
export function loadHistoryMapping(nameOrPath: string): HistoryMapping {
  if (Object.hasOwn(known, nameOrPath)) return parseHistoryMapping(known[nameOrPath], nameOrPath)
  if (!nameOrPath.endsWith('.json'))
    throw new Fault(
      'import_unreadable',
      `expected a mapping (${Object.keys(known).join(', ')}) or a JSON file, got "${nameOrPath}"`,
      'never',
    )
  let file: unknown
  try {
    file = JSON.parse(readFileSync(nameOrPath, 'utf8'))
  } catch (cause) {
    throw new Fault('import_unreadable', `the mapping ${nameOrPath} cannot be read: ${String(cause)}`, 'never', { cause })
  }
  return parseHistoryMapping(file, nameOrPath)
}

export function parseHistoryMapping(file: unknown, name: string): HistoryMapping {
  if (compiled.Check(file)) return file
  const [first] = compiled.Errors(file)
  throw new Fault(
    'import_unreadable',
    `the mapping ${name} is wrong at ${first?.instancePath ?? '/'}: ${first?.message ?? 'unknown'}`,
    'never',
  )
}
