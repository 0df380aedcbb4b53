import type { Place } from '../../../contract/entities/basics.ts'
import type { PlaceKey } from '../place/area.ts'

/** Mean radius of the earth (IUGG), km. */
const EARTH_KM = 6371.0088
const RADIANS = Math.PI / 180

/** A point as a unit vector: a distance is then one dot product. */
export type Point = { readonly x: number; readonly y: number; readonly z: number }

export function pointOf(lat: number, lng: number): Point {
  const phi = lat * RADIANS
  const lambda = lng * RADIANS
  return { x: Math.cos(phi) * Math.cos(lambda), y: Math.cos(phi) * Math.sin(lambda), z: Math.sin(phi) }
}

/** Great circle in km, from the chord (exact for near points, where the cosine is not). */
export const kmBetween = (a: Point, b: Point): number => kmOfChord(a.x - b.x, a.y - b.y, a.z - b.z)

/** The same from the differences of two points, for loops over columns. */
export function kmOfChord(x: number, y: number, z: number): number {
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(x * x + y * y + z * z) / 2))
}

/** A place's point, where it has coordinates. */
export const pointOfPlace = ({ lat, lng }: Place): Point | undefined =>
  lat === undefined || lng === undefined ? undefined : pointOf(lat, lng)

/** What is assumed without coordinates: same city 30 km, same region 200, same country 1000, else 8000. */
export function assumedKm(from: PlaceKey, to: PlaceKey): number {
  if (from.country !== to.country) return 8000
  if (from.region !== '' && to.region !== '' && from.region !== to.region) return 1000
  if (from.city !== '' && from.city === to.city) return 30
  return from.region !== '' && from.region === to.region ? 200 : 1000
}
