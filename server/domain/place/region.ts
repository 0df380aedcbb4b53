import { comparableName } from './comparable-name.ts'
import subdivisions from './subdivisions.json' with { type: 'json' }

/** Codes of ISO 3166-2 by comparable name and by the code itself, a country; made when the country is first asked for. */
const countries = new Map<string, ReadonlyMap<string, string>>()
const TABLES: Readonly<Record<string, string>> = subdivisions
const NONE: ReadonlyMap<string, string> = new Map()

/** One country of the table: "CA California; DC District of Columbia = Washington DC". */
function codesOf(country: string): ReadonlyMap<string, string> {
  const table = Object.hasOwn(TABLES, country) ? TABLES[country] : undefined
  if (table === undefined) return NONE
  const known = countries.get(country)
  if (known !== undefined) return known
  const codes = new Map<string, string>()
  const rows = table.split('; ').map((row): [code: string, names: readonly string[]] => {
    const blank = row.indexOf(' ')
    return [row.slice(0, blank).toLowerCase(), row.slice(blank + 1).split(' = ')]
  })
  const prefix = country.toLowerCase()
  for (const [code, names] of rows) for (const name of names) codes.set(comparableName(name), `${prefix}-${code}`)
  // A code is written alone, behind its country, or as one word with it: CA, US-CA, JP13. It comes before a name that reads the same.
  for (const [code] of rows) for (const text of [code, `${prefix}-${code}`, prefix + code]) codes.set(text, `${prefix}-${code}`)
  countries.set(country, codes)
  return codes
}

/**
 * What regions of one country are compared by: the code of ISO 3166-2 ("us-ca") where the text is a code or a name of the table (California, CA, US-CA;
 * 浙江省, Zhejiang, CN-ZJ), else its {@link comparableName}; empty for none. Channels name the same state in different ways, and so do people.
 */
export function comparableRegion(countryCode: string, region: string | undefined): string {
  const name = comparableName(region)
  return name === '' ? '' : (codesOf(countryCode).get(name) ?? name)
}
