import lookupZone from '@photostructure/tz-lookup'
import type { Place } from '../../../contract/entities/basics.ts'
import { DAY, type Instant } from '../../kernel/time.ts'
import { localDay } from '../calendar/zone.ts'
import { comparableRegion } from './region.ts'
import zones from './zones.json' with { type: 'json' }

const single: Readonly<Record<string, string>> = zones.single
const byRegion: Readonly<Record<string, Readonly<Record<string, string>>>> = zones.byRegion

/** What of a place tells its zone. */
export type Whereabouts = { readonly [K in 'countryCode' | 'region']?: string | undefined } & {
  readonly [K in 'lat' | 'lng']?: number | undefined
}

/** IANA zone of a country that has one, or of a region that is known, by code or name; of a country or state with two, that of most of it. */
export function zoneOfArea({ countryCode, region }: Whereabouts): string | undefined {
  if (countryCode === undefined) return undefined
  const regions = byRegion[countryCode]
  if (regions === undefined || region === undefined) return single[countryCode]
  return (
    single[countryCode] ??
    regions[
      comparableRegion(countryCode, region)
        .slice(countryCode.length + 1)
        .toUpperCase()
    ]
  )
}

/** IANA zone of a place: from its coordinates, else {@link zoneOfArea}; undefined where neither tells. */
export const zoneOfPlace = (place: Whereabouts): string | undefined =>
  place.lat === undefined || place.lng === undefined ? zoneOfArea(place) : lookupZone(place.lat, place.lng)

/** Zone of a node's calendar and cut-offs: its own, else that of its place, else UTC. */
export const zoneOfNode = (node: { readonly zone?: string; readonly place: Place }): string => node.zone ?? zoneOfPlace(node.place) ?? 'UTC'

/** The day (since 1970-01-01) at an instant where the place is; that of UTC where its zone is not known. */
export function dayAt(place: Whereabouts, at: Instant): number {
  const zone = zoneOfPlace(place)
  return zone === undefined ? Math.floor(at / DAY) : localDay(zone, at)
}
