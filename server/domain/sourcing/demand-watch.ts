import type { Place } from '../../../contract/entities/basics.ts'

/** Demand of one item at one zone: units, decayed with a half-life of a day. */
export type ZoneDemand = { readonly zone: number; readonly place: Place; readonly units: number }

const HALF_LIFE_MS = 86_400_000
const ZONES_MAX = 40
/** Zones are cells of 2° (about 200 km): freight hardly differs within one. */
const CELL = 2

type Entry = { units: number; at: number; readonly place: Place }

/**
 * What was asked for lately, by item and place: the expectation that bid prices stand on. Simple exponential smoothing; the sum
 * over a zone is what the next day and a half would ask for if nothing changed. Bounded: the least asked zone of an item makes room.
 */
export class DemandWatch {
  private readonly items = new Map<string, Map<number, Entry>>()
  private readonly itemsMax: number

  constructor(itemsMax = 500) {
    this.itemsMax = itemsMax
  }

  note(sku: string, units: number, place: Place, at: number): void {
    const zone = zoneOf(place)
    if (zone === undefined) return
    let zones = this.items.get(sku)
    if (zones === undefined) {
      if (this.items.size >= this.itemsMax) this.dropColdest(at)
      this.items.set(sku, (zones = new Map()))
    }
    const known = zones.get(zone)
    if (known === undefined) {
      if (zones.size >= ZONES_MAX) dropLeast(zones, at)
      zones.set(zone, { units, at, place: centreOf(zone, place) })
    } else {
      known.units = decayed(known, at) + units
      known.at = Math.max(known.at, at)
    }
  }

  skus(): Iterable<string> {
    return this.items.keys()
  }

  of(sku: string, now: number): ZoneDemand[] {
    return [...(this.items.get(sku) ?? [])].map(([zone, entry]) => ({ zone, place: entry.place, units: decayed(entry, now) }))
  }

  /** Makes room for a fifth at once, so that the look at all items is paid for by many newcomers. */
  private dropColdest(at: number): void {
    const units = (zones: ReadonlyMap<number, Entry>): number => {
      let sum = 0
      for (const entry of zones.values()) sum += decayed(entry, at)
      return sum
    }
    const ranked = [...this.items].map(([sku, zones]) => ({ sku, units: units(zones) })).toSorted((one, other) => other.units - one.units)
    for (const { sku } of ranked.slice(Math.floor(this.itemsMax * 0.8))) this.items.delete(sku)
  }
}

const decayed = (entry: Entry, at: number): number => entry.units * 0.5 ** (Math.max(0, at - entry.at) / HALF_LIFE_MS)

function dropLeast(zones: Map<number, Entry>, at: number): void {
  let least: { zone: number; units: number } | undefined
  for (const [zone, entry] of zones) {
    const units = decayed(entry, at)
    if (least === undefined || units < least.units) least = { zone, units }
  }
  if (least !== undefined) zones.delete(least.zone)
}

/** The number of a place's cell; undefined without coordinates. */
export function zoneOf({ lat, lng }: Place): number | undefined {
  if (lat === undefined || lng === undefined) return undefined
  return Math.floor((lat + 90) / CELL) * 180 + Math.floor((lng + 180) / CELL)
}

function centreOf(zone: number, { countryCode }: Place): Place {
  return { countryCode, lat: Math.floor(zone / 180) * CELL - 90 + CELL / 2, lng: (zone % 180) * CELL - 180 + CELL / 2 }
}
