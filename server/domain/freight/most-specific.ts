import type { Area, Origin } from '../../../contract/entities/area.ts'
import type { Place } from '../../../contract/entities/basics.ts'
import { areaKey, areaRank, isIn, originArea, originRank, placeKey, type AreaKey, type PlaceKey } from '../place/area.ts'

/** A rule for some nodes and some places, of one group (a service): a lane or a rate row. */
export type Row = { readonly id: string; readonly group: number; readonly from: Origin | undefined; readonly to: readonly Area[] }
export type Starts = readonly { readonly nodeId: string; readonly place: Place }[]

type Entry = { readonly row: number; readonly to: AreaKey; readonly nodes: Int32Array; readonly rank: number; readonly id: string }

/**
 * Finds the most specific row per node for a place: first by the place (postal prefix, longer first; city; region; country; any), then
 * by the start (node; city; region; country; any), then the smaller id. Rows are written from the least to the most specific, so
 * that the last writer wins and a table of rows for single nodes costs one write a row.
 */
export type MostSpecific = {
  /** Row index per node index, -1 where none fits, into `into`. */
  readonly fill: (group: number, place: PlaceKey, into: Int32Array) => void
  /** Whether the group has any row at all. */
  readonly has: (group: number) => boolean
}

const RANK_FROM = 8

/** Indexes of the nodes that an origin means; equal origins share one array. */
function startsOf(starts: Starts): (origin: Origin | undefined) => Int32Array {
  const keys = starts.map(({ place }) => placeKey(place))
  const all = Int32Array.from(starts.keys())
  const byNodeId = new Map(starts.map(({ nodeId }, i) => [nodeId, Int32Array.of(i)]))
  const byArea = new Map<string, Int32Array>()
  return (origin) => {
    if (origin === undefined) return all
    if (origin.nodeId !== undefined) return byNodeId.get(origin.nodeId) ?? new Int32Array(0)
    const area = areaKey(originArea(origin))
    const key = `${area.country}\n${area.region}\n${area.city}`
    const known = byArea.get(key)
    if (known) return known
    const nodes = all.filter((i) => isIn(keys[i] ?? placeKey({ countryCode: '' }), area))
    byArea.set(key, nodes)
    return nodes
  }
}

/** Places that rows tell apart, so that the lists kept per place are bounded by the rows. */
const bucketOf = (country: string, region: string): string => `${country}\n${region}`

/** Prepares rows over nodes; `nodes` are named by their index from then on. */
export function compileMostSpecific(rows: readonly Row[], nodes: Starts): MostSpecific {
  const startsAt = startsOf(nodes)
  const groups = new Map<number, Entry[]>()
  const named = new Set<string>()
  rows.forEach(({ id, group, from, to }, row) => {
    const entries = groups.get(group) ?? []
    groups.set(group, entries)
    for (const area of to.length === 0 ? [{}] : to) {
      const key = areaKey(area)
      named.add(bucketOf(key.country, key.region)).add(bucketOf(key.country, ''))
      entries.push({ row, to: key, nodes: startsAt(from), rank: areaRank(key) * RANK_FROM + originRank(from), id })
    }
  })
  for (const entries of groups.values()) entries.sort((a, b) => a.rank - b.rank || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0))
  const lists = new Map<string, readonly Entry[]>()
  const listOf = (group: number, place: PlaceKey): readonly Entry[] => {
    const region = named.has(bucketOf(place.country, place.region)) ? place.region : ''
    const regionName = named.has(bucketOf('', place.regionName)) ? place.regionName : ''
    const country = named.has(bucketOf(place.country, '')) ? place.country : ''
    const key = `${group}\n${bucketOf(country, region)}\n${regionName}`
    const known = lists.get(key)
    if (known) return known
    const list = (groups.get(group) ?? []).filter(
      ({ to }) =>
        (to.country === '' || to.country === country) && (to.region === '' || to.region === (to.country === '' ? regionName : region)),
    )
    lists.set(key, list)
    return list
  }
  return {
    has: (group) => groups.has(group),
    fill(group, place, into) {
      into.fill(-1)
      for (const entry of listOf(group, place)) {
        if (!isIn(place, entry.to)) continue
        for (const node of entry.nodes) into[node] = entry.row
      }
    },
  }
}
