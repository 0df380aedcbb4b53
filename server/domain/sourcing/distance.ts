/** Mean Earth radius, IUGG. */
const EARTH_KM = 6371.0088
const RADIANS = Math.PI / 180

/** Great-circle distance in km (haversine: exact also for neighbours). */
export function distanceKm(latA: number, lngA: number, latB: number, lngB: number): number {
  const sinLat = Math.sin(((latB - latA) * RADIANS) / 2)
  const sinLng = Math.sin(((lngB - lngA) * RADIANS) / 2)
  const h = sinLat * sinLat + Math.cos(latA * RADIANS) * Math.cos(latB * RADIANS) * sinLng * sinLng
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * Distances from one place to nodes by number, for the hot loop: each node's place is kept as a unit vector, so that a distance is
 * three products and one arc cosine (about 15 ns; it differs from the haversine by less than 1 m).
 */
export type NodePlaces = {
  set(nodeNo: number, lat: number, lng: number): void
  /** From here on `kmTo` measures from this place. */
  from(lat: number, lng: number): void
  /** NaN for a node without a place. */
  kmTo(nodeNo: number): number
}

export function createNodePlaces(): NodePlaces {
  let vectors = new Float64Array(0)
  let x = 0
  let y = 0
  let z = 0
  return {
    set(nodeNo, lat, lng) {
      if (vectors.length < (nodeNo + 1) * 3) {
        const larger = new Float64Array((nodeNo + 1) * 6).fill(Number.NaN)
        larger.set(vectors)
        vectors = larger
      }
      vectors.set(toVector(lat, lng), nodeNo * 3)
    },
    from(lat, lng) {
      ;[x, y, z] = toVector(lat, lng)
    },
    kmTo(nodeNo) {
      const at = nodeNo * 3
      if (at + 2 >= vectors.length) return Number.NaN
      const dot = x * vectors[at]! + y * vectors[at + 1]! + z * vectors[at + 2]!
      return EARTH_KM * Math.acos(dot > 1 ? 1 : dot < -1 ? -1 : dot)
    },
  }
}

function toVector(lat: number, lng: number): [number, number, number] {
  const cosLat = Math.cos(lat * RADIANS)
  return [cosLat * Math.cos(lng * RADIANS), cosLat * Math.sin(lng * RADIANS), Math.sin(lat * RADIANS)]
}
