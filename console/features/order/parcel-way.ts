import type { Node } from '../network/facts.ts'
import type { Order } from './order.ts'

export type Parcel = Order['parcels'][number]
type Spot = { readonly lat: number; readonly lng: number }
/** A stop that can be drawn: the node, each place a scan names whose coordinates are known, the destination. */
export type Stop = Spot & { readonly id: string; readonly name: string; readonly kind: 'node' | 'scan' | 'to' }

type Place = { readonly region?: string | undefined; readonly city?: string | undefined; readonly lat?: number; readonly lng?: number }

const nameOf = ({ region, city }: Place): string => `${region ?? ''}\n${city ?? ''}`

/** Where towns lie: scans name them, and the nodes that stand in them say where that is. */
export function townsOf(nodes: readonly Pick<Node, 'place'>[]): ReadonlyMap<string, Spot> {
  const towns = new Map<string, Spot>()
  for (const { place } of nodes) {
    const { lat, lng } = place
    if (place.city !== undefined && lat !== undefined && lng !== undefined && !towns.has(nameOf(place)))
      towns.set(nameOf(place), { lat, lng })
  }
  return towns
}

/**
 * The way of a parcel in the order in which it was gone: from its node over the places of its scans to where it shall come. A place that
 * follows itself is one stop; scans come latest first. `unplaced` counts named places of which nobody knows where they lie.
 */
export function wayOf(
  parcel: Pick<Parcel, 'nodeId' | 'scans'>,
  shipTo: (Place & { readonly city?: string | undefined }) | undefined,
  nodes: readonly Pick<Node, 'nodeId' | 'name' | 'place'>[],
): { readonly stops: readonly Stop[]; readonly unplaced: number } {
  const towns = townsOf(nodes)
  const node = nodes.find((one) => one.nodeId === parcel.nodeId)
  const stops: Stop[] = []
  let unplaced = 0
  let last = ''
  if (node?.place.lat !== undefined && node.place.lng !== undefined) {
    stops.push({ id: 'from', name: node.name, lat: node.place.lat, lng: node.place.lng, kind: 'node' })
    last = nameOf(node.place)
  }
  for (const { place } of parcel.scans.toReversed()) {
    if (place?.city === undefined || nameOf(place) === last) continue
    last = nameOf(place)
    const spot = towns.get(last)
    if (spot === undefined) unplaced += 1
    else stops.push({ ...spot, id: `scan-${stops.length}`, name: place.city, kind: 'scan' })
  }
  if (shipTo?.lat !== undefined && shipTo.lng !== undefined)
    stops.push({ id: 'to', name: shipTo.city ?? '', lat: shipTo.lat, lng: shipTo.lng, kind: 'to' })
  return { stops, unplaced }
}

/** How an arrival lies to its promise: ms before (negative) or after it. */
export const beside = (at: string, promisedBy: string): number => Date.parse(at) - Date.parse(promisedBy)
