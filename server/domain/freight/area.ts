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

export const comparablePostal = (code: string | undefined): string => (code ?? '').replaceAll(/[\s-]/g, '').toUpperCase()

export const placeKey = (place: Place): PlaceKey => ({
  country: place.countryCode,
  region: comparableRegion(place.countryCode, place.region),
  regionName: comparableName(place.region),
  city: comparableName(place.city),
  postal: comparablePostal(place.postalCode),
})

/** An area with comparable names; empty text = any. `region` is that of its country, or a mere name where it names none. */
export type AreaKey = { readonly country: string; readonly region: string; readonly city: string; readonly postal: string }
export const areaKey = (area: Area): AreaKey => ({
  country: area.countryCode ?? '',
  region: comparableRegion(area.countryCode ?? '', area.region),
  city: comparableName(area.city),
  postal: comparablePostal(area.postalPrefix),
})

/** Whether a place lies in an area: each given field matches. */
export const isIn = (place: PlaceKey, area: AreaKey): boolean =>
  (area.country === '' || area.country === place.country) &&
  (area.region === '' || area.region === (area.country === '' ? place.regionName : place.region)) &&
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
