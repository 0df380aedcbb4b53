import type { Area, Origin } from '../../../contract/entities/area.ts'
import type { Place } from '../../../contract/entities/basics.ts'
import { comparableName } from './comparable-name.ts'
import { comparableRegion } from './region.ts'

/** A place with its names made comparable; `regionName` is what areas that name no country are compared with. Empty text = not known. */
export type PlaceKey = {
  readonly country: string
  readonly region: string
  readonly regionName: string
  readonly city: string
  readonly postal: string
}

/** A British postcode: outward part, blank, inward part; also where the blank was left out. */
const BRITISH = /^([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})$/

/** A postal code, or the beginning of one, without case, blanks and hyphens; a British one with the blank that tells M1 1 from M11. */
export function comparablePostal(code: string | undefined, countryCode: string): string {
  const text = (code ?? '').trim().toUpperCase()
  if (countryCode !== 'GB') return text.replaceAll(/[\s-]/g, '')
  const [, outward, inward] = BRITISH.exec(text) ?? []
  return outward === undefined ? text.replaceAll(/\s+/g, ' ') : `${outward} ${inward}`
}

export const placeKey = (place: Place): PlaceKey => ({
  country: place.countryCode,
  region: comparableRegion(place.countryCode, place.region),
  regionName: comparableName(place.region),
  city: comparableName(place.city),
  postal: comparablePostal(place.postalCode, place.countryCode),
})

/** An area with comparable names; empty text = any. `region` is that of its country, or a mere name where it names none. */
export type AreaKey = { readonly country: string; readonly region: string; readonly city: string; readonly postal: string }
export const areaKey = (area: Area): AreaKey => ({
  country: area.countryCode ?? '',
  region: comparableRegion(area.countryCode ?? '', area.region),
  city: comparableName(area.city),
  postal: comparablePostal(area.postalPrefix, area.countryCode ?? ''),
})

/**
 * Whether a postal code begins with a prefix. British ones are of unequal length: there a prefix means a whole area (E is not EH), a whole district
 * with its parts (M1 is not M11, SW1 has SW1A), or with a blank a sector of one (M1 1).
 */
function hasPrefix({ country, postal }: PlaceKey, prefix: string): boolean {
  if (!postal.startsWith(prefix)) return false
  const next = postal.charAt(prefix.length)
  if (country !== 'GB' || next === '' || prefix.includes(' ')) return true
  return /\d/.test(prefix) ? !/\d/.test(next) : /\d/.test(next)
}

/** Whether a place lies in an area: each given field matches. */
export const isIn = (place: PlaceKey, area: AreaKey): boolean =>
  (area.country === '' || area.country === place.country) &&
  (area.region === '' || area.region === (area.country === '' ? place.regionName : place.region)) &&
  (area.city === '' || area.city === place.city) &&
  (area.postal === '' || hasPrefix(place, area.postal))

/** Any 0, country 1, region 2, city 3, postal prefix 3 + its length. */
export function areaRank(area: AreaKey): number {
  if (area.postal !== '') return 3 + area.postal.length
  return area.city !== '' ? 3 : area.region !== '' ? 2 : area.country !== '' ? 1 : 0
}

/** Any 0, country 1, region 2, city 3, node 4. */
export const originRank = (origin: Origin | undefined): number =>
  origin?.nodeId !== undefined ? 4 : origin === undefined ? 0 : areaRank(areaKey(originArea(origin)))

/** The area of an origin that names no node. */
export function originArea({ countryCode, region, city }: Origin): Area {
  return {
    ...(countryCode !== undefined && { countryCode }),
    ...(region !== undefined && { region }),
    ...(city !== undefined && { city }),
  }
}
