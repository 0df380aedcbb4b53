import { feature } from 'topojson-client'
import atlas from 'world-atlas/land-50m.json'
import type { Topology, GeometryCollection } from 'topojson-specification'
import { project } from './projection.ts'

/** The world's land as an SVG path on the unit square. */
export function landPath(): string {
  const topology = atlas as unknown as Topology<{ land: GeometryCollection }>
  const { features } = feature(topology, topology.objects.land)
  const parts: string[] = []
  for (const { geometry } of features) {
    const polygons = geometry.type === 'MultiPolygon' ? geometry.coordinates : geometry.type === 'Polygon' ? [geometry.coordinates] : []
    for (const ring of polygons.flat()) {
      const points = ring.map(([lng = 0, lat = 0]) =>
        project(lat, lng)
          .map((value) => value.toFixed(5))
          .join(' '),
      )
      parts.push(`M${points.join('L')}Z`)
    }
  }
  return parts.join('')
}
