import type { Area, Origin } from '../../../contract/entities/area.ts'
import type { Place } from '../../../contract/entities/basics.ts'

/** A place with its names made comparable. Empty text = not known. */
export type PlaceKey = { readonly country: string; readonly region: string; readonly city: string; readonly postal: string }

/** Level words at the end of Chinese names; with or without them the same place is meant. */
const CN_LEVELS = /(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|地区|省|市|盟)$/

const NAMES_MAX = 4096
const names = new Map<string, string>()

/** A name without case, width, accents, outer blanks and Chinese level words (浙江省 = 浙江). Answers are remembered: an order asks for the same names several times. */
export function comparableName(name: string | undefined): string {
  if (name === undefined) return ''
  const known = names.get(name)
  if (known !== undefined) return known
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').trim().toLowerCase().normalize('NFC')
  const short = plain.replace(CN_LEVELS, '')
  const made = short.length >= 2 ? short : plain
  if (names.size >= NAMES_MAX) names.clear()
  names.set(name, made)
  return made
}

export const comparablePostal = (code: string | undefined): string => (code ?? '').replaceAll(/[\s-]/g, '').toUpperCase()

export const placeKey = (place: Place): PlaceKey => ({
  country: place.countryCode,
  region: comparableName(place.region),
  city: comparableName(place.city),
  postal: comparablePostal(place.postalCode),
})

/** An area with comparable names; empty text = any. */
export type AreaKey = PlaceKey
export const areaKey = (area: Area): AreaKey => ({
  country: area.countryCode ?? '',
  region: comparableName(area.region),
  city: comparableName(area.city),
  postal: comparablePostal(area.postalPrefix),
})

/** Whether a place lies in an area: each given field matches. */
export const isIn = (place: PlaceKey, area: AreaKey): boolean =>
  (area.country === '' || area.country === place.country) &&
  (area.region === '' || area.region === place.region) &&
  (area.city === '' || area.city === place.city) &&
  (area.postal === '' || place.postal.startsWith(area.postal))

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
