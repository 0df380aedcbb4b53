/** Web Mercator on a unit square: x to the east, y to the south. */
export function project(lat: number, lng: number): readonly [x: number, y: number] {
  const limited = Math.max(-84, Math.min(84, lat))
  const phi = (limited * Math.PI) / 180
  return [(lng + 180) / 360, (1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2]
}

/** A ring whose neighbours lie nearest to each other, also across the line of dates: its longitudes may leave ±180. One that goes round a pole stays as it is. */
export function unwrapped(ring: readonly (readonly number[])[]): readonly (readonly [lng: number, lat: number])[] {
  let turns = 0
  const points = ring.map(([lng = 0, lat = 0], i): readonly [number, number] => {
    const step = lng - (ring[i - 1]?.[0] ?? lng)
    if (Math.abs(step) > 180) turns -= Math.sign(step)
    return [lng + turns * 360, lat]
  })
  return turns === 0 ? points : ring.map(([lng = 0, lat = 0]) => [lng, lat])
}

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** The box around points with some air, at least `least` wide and of the given shape (width over height). */
export function boxAround(points: readonly (readonly [number, number])[], shape: number, least = 0.02): Box {
  if (points.length === 0) return { x: 0, y: 0.1, width: 1, height: 1 / shape }
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const width = Math.max(least, (right - left) * 1.2, (bottom - top) * 1.2 * shape)
  const height = width / shape
  return { x: (left + right - width) / 2, y: (top + bottom - height) / 2, width, height }
}
