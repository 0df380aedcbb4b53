import { feature } from 'topojson-client'
import atlas from 'world-atlas/land-50m.json'
import type { Topology, GeometryCollection } from 'topojson-specification'
import { project, unwrapped } from './projection.ts'

/** The world's land as an SVG path on the unit square. */
export function landPath(): string {
  const topology = atlas as unknown as Topology<{ land: GeometryCollection }>
  const { features } = feature(topology, topology.objects.land)
  const parts: string[] = []
  for (const { geometry } of features) {
    const polygons = geometry.type === 'MultiPolygon' ? geometry.coordinates : geometry.type === 'Polygon' ? [geometry.coordinates] : []
    for (const ring of polygons.flat()) {
      const points = unwrapped(ring)
      // What lies across the line of dates is drawn at both edges.
      for (const turn of [0, 360, -360]) {
        const isSeen = turn === 0 || points.some(([lng]) => (turn > 0 ? lng < -180 : lng > 180))
        if (isSeen) parts.push(pathOf(points.map(([lng, lat]) => [lng + turn, lat])))
      }
    }
  }
  return parts.join('')
}

function pathOf(points: readonly (readonly [lng: number, lat: number])[]): string {
  const spelled = points.map(([lng, lat]) =>
    project(lat, lng)
      .map((value) => value.toFixed(5))
      .join(' '),
  )
  return `M${spelled.join('L')}Z`
}
