import type { ScanPlace } from '../../../contract/entities/scan.ts'
import { countryCode } from '../channels/countries.ts'
import { firstText, firstTextOf, type Chain } from './chain.ts'
import type { CarrierMapping, PlaceRule } from './mapping.ts'

const NAME_MAX = 200
const patterns = new Map<string, RegExp>()
function patternOf(text: string): RegExp {
  const known = patterns.get(text) ?? new RegExp(text, 'u')
  patterns.set(text, known)
  return known
}

/** Where a scan was made, as far as its carrier says; undefined where it says nothing. */
export function readPlace(mapping: CarrierMapping, rule: PlaceRule, chain: Chain): ScanPlace | undefined {
  const read = byPattern(rule, chain)
  const name = firstTextOf(chain, rule.name)
  const city = firstTextOf(chain, rule.city) ?? read['city']
  const region = firstTextOf(chain, rule.region) ?? read['region']
  const postalCode = firstTextOf(chain, rule.postalCode) ?? read['postalCode']
  const country = firstTextOf(chain, rule.country) ?? read['country']
  const code = country === undefined ? undefined : (mapping.countries?.[country] ?? countryCode(country))
  const place: ScanPlace = {
    ...(name === undefined ? {} : { name: name.slice(0, NAME_MAX) }),
    ...(city === undefined ? {} : { city: city.slice(0, NAME_MAX) }),
    ...(region === undefined ? {} : { region: region.slice(0, NAME_MAX) }),
    ...(postalCode === undefined ? {} : { postalCode: postalCode.slice(0, 20) }),
    ...(code === undefined ? {} : { countryCode: code }),
  }
  return Object.keys(place).length === 0 ? undefined : place
}

/** What the first pattern that fits names. */
function byPattern(rule: PlaceRule, chain: Chain): Readonly<Record<string, string | undefined>> {
  for (const { from, match, countryCode: country } of rule.patterns ?? []) {
    const text = firstText(chain, [from])
    const found = text === undefined ? null : patternOf(match).exec(text)
    if (!found) continue
    const named = Object.entries(found.groups ?? {}).map(([key, value]) => [key, value?.trim()] as const)
    return { ...(country === undefined ? {} : { country }), ...Object.fromEntries(named) }
  }
  return {}
}
