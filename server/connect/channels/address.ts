import type { OrderInput } from '../../../contract/entities/order.ts'
import { defined, readNumber, readText } from './fields.ts'
import type { NumberRule, TextRule } from './mapping.ts'
import { findOne, textOf, type Found } from './path.ts'
import { describe, from, issue, report, type Reading } from './reading.ts'

/** The object to read the address from: the first with a usable field; undefined, and reported, when there is none. */
function baseOf(reading: Reading, isDigital: boolean): Found | undefined {
  const { at, usable } = reading.mapping.address
  for (const place of at) {
    const [base] = from(reading, reading.root, place.path)
    if (!base || !usable.some((path) => findOne(base, path))) continue
    if (place.severity !== undefined)
      report(
        reading,
        issue('address_fallback', isDigital ? 'notice' : place.severity, base.path, `${at[0]?.path ?? 'an address'}`, `only ${place.path}`),
      )
    return base
  }
  const [first] = at
  const found = first && from(reading, reading.root, first.path)[0]
  const expected = `an address in ${at.map((place) => place.path).join(' or ')}`
  report(reading, issue('address_missing', 'error', first?.path ?? '$', expected, describe(found?.value)))
  return undefined
}

function countryOf(reading: Reading, base: Found, region: string | undefined): string | undefined {
  const { countryByRegion, fields } = reading.mapping.address
  for (const [start, country] of Object.entries(countryByRegion ?? {})) if (region?.startsWith(start) === true) return country
  return readText(reading, base, { ...fields.countryCode, required: true })
}

function coordinates(reading: Reading, base: Found): { lat: number; lng: number } | undefined {
  const { lat: latRule, lng: lngRule } = reading.mapping.address.fields
  const read = (rule: NumberRule | undefined): number | undefined => rule && readNumber(reading, base, rule)
  const [lat, lng] = [read(latRule), read(lngRule)]
  if (lat === undefined || lng === undefined || Math.abs(lat) > 90 || Math.abs(lng) > 180) return undefined
  // 0, 0 is how some shops write "not known".
  return lat === 0 && lng === 0 ? undefined : { lat, lng }
}

const maxima = { name: 200, region: 200, city: 200, district: 200, line1: 500, line2: 500 } as const

/** Where the order goes. Values that are masked by the platform are taken as they are; ciphertext is left out. */
export function readAddress(reading: Reading, isDigital: boolean): OrderInput['shipTo'] | undefined {
  const base = baseOf(reading, isDigital)
  if (!base) return undefined
  const { fields } = reading.mapping.address
  const text = (rule: TextRule | undefined, max: number): string | undefined => rule && readText(reading, base, { ...rule, max }, true)
  const region = text(fields.region, maxima.region)
  const countryCode = countryOf(reading, base, region)
  if (countryCode === undefined) return undefined
  return {
    countryCode,
    ...defined({
      region,
      city: text(fields.city, maxima.city),
      district: text(fields.district, maxima.district),
      postalCode: text(fields.postalCode, 20),
      line1: text(fields.line1, maxima.line1),
      line2: text(fields.line2, maxima.line2),
      name: text(fields.name, maxima.name),
      phone: text(fields.phone, 64),
      email: text(fields.email, 254),
    }),
    ...coordinates(reading, base),
  }
}

/** The buyer as far as the platform shows one; undefined when nothing is known. */
export function readCustomer(reading: Reading): OrderInput['customer'] {
  const rules = reading.mapping.customer
  const text = (rule: TextRule | undefined, max: number): string | undefined =>
    rule && readText(reading, reading.root, { ...rule, max }, true)
  const customer = defined({
    customerRef: text(rules.customerRef, 128),
    name: text(rules.name, 200),
    phone: text(rules.phone, 64),
    email: text(rules.email, 254),
    companyName: text(rules.companyName, 200),
    taxNumber: text(rules.taxNumber, 64),
  })
  return Object.values(customer).some((value) => textOf(value) !== undefined) ? customer : undefined
}
