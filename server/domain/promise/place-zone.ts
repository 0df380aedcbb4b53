import lookupZone from '@photostructure/tz-lookup'
import type { Place } from '../../../contract/entities/basics.ts'

/** IANA zone of a place from its coordinates, undefined where it has none. */
export const zoneOfPlace = ({ lat, lng }: Place): string | undefined =>
  lat === undefined || lng === undefined ? undefined : lookupZone(lat, lng)

/** Zone of a node's calendar and cut-offs: its own, else that of its coordinates, else UTC. */
export const zoneOfNode = (node: { readonly zone?: string; readonly place: Place }): string => node.zone ?? zoneOfPlace(node.place) ?? 'UTC'
