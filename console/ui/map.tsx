import { useEffect, useState } from 'react'
import { bringHere } from '../api/bring.ts'
import { boxAround, project } from './projection.ts'

export type MapPoint = {
  readonly id: string
  readonly lat: number
  readonly lng: number
  readonly name: string
  readonly color: string
  /** 1 = small. */
  readonly size?: number
  readonly isNamed?: boolean
}
export type MapLine = {
  readonly from: string
  readonly to: string
  readonly color: string
  readonly width?: number
  /** Dashes that go from one end to the other. */
  readonly isMoving?: boolean
  readonly name?: string
}

const SHAPE = 1.6
const WIDTH = 800

/** Points and flows over the outline of land (Natural Earth, public domain, from the package world-atlas): no tiles and no borders. */
export function MapView(props: {
  readonly points: readonly MapPoint[]
  readonly lines?: readonly MapLine[]
  readonly label: string
  readonly onChoose?: (id: string) => void
  /** Units across, 800 when left out: fewer where the map is drawn small, so that names can still be read. */
  readonly width?: number
  /** The narrowest stretch that is shown, a share of the way round the world. */
  readonly least?: number
}) {
  const width = props.width ?? WIDTH
  const land = useLand()
  const placed = props.points.map((point) => ({ ...point, at: project(point.lat, point.lng) }))
  const box = boxAround(
    placed.map((point) => point.at),
    SHAPE,
    props.least,
  )
  const scale = width / box.width
  const x = (value: number) => (value - box.x) * scale
  const y = (value: number) => (value - box.y) * scale
  const byId = new Map(placed.map((point) => [point.id, point]))
  return (
    <svg
      viewBox={`0 0 ${width} ${width / SHAPE}`}
      role="img"
      aria-label={props.label}
      style={{ width: '100%', display: 'block', borderRadius: 6 }}
    >
      <rect width="100%" height="100%" fill="rgba(86,130,150,.14)" />
      {land !== undefined && (
        <path
          d={land}
          transform={`translate(${-box.x * scale} ${-box.y * scale}) scale(${scale})`}
          fill="rgba(128,128,118,.28)"
          stroke="rgba(128,128,118,.55)"
          vectorEffect="non-scaling-stroke"
        />
      )}
      {(props.lines ?? []).map((line) => {
        const from = byId.get(line.from)
        const to = byId.get(line.to)
        if (from === undefined || to === undefined) return null
        const [x1, y1, x2, y2] = [x(from.at[0]), y(from.at[1]), x(to.at[0]), y(to.at[1])]
        const bend = Math.hypot(x2 - x1, y2 - y1) * 0.18
        return (
          <path
            key={`${line.from}-${line.to}`}
            d={`M${x1} ${y1}Q${(x1 + x2) / 2} ${(y1 + y2) / 2 - bend} ${x2} ${y2}`}
            fill="none"
            stroke={line.color}
            strokeWidth={line.width ?? 1.6}
            opacity={0.75}
            className={line.isMoving === true ? 'map-moving' : undefined}
          >
            {line.name !== undefined && <title>{line.name}</title>}
          </path>
        )
      })}
      {placed.map((point) => (
        <g key={point.id} onClick={() => props.onChoose?.(point.id)} style={props.onChoose === undefined ? {} : { cursor: 'pointer' }}>
          <title>{point.name}</title>
          <circle cx={x(point.at[0])} cy={y(point.at[1])} r={3 + 2 * (point.size ?? 1)} fill={point.color} stroke="#fff" strokeWidth={1} />
          {point.isNamed === true && (
            <text
              {...besideOf(x(point.at[0]), width)}
              y={y(point.at[1]) + 4}
              fontSize={13}
              fill="currentColor"
              paintOrder="stroke"
              stroke="Canvas"
              strokeWidth={3}
            >
              {point.name}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}

/** A name stands right of its point, or left of it where the map ends. */
const NAME = 100
const besideOf = (at: number, width: number) =>
  at > width - NAME ? ({ x: at - 9, textAnchor: 'end' } as const) : ({ x: at + 9, textAnchor: 'start' } as const)

let kept: string | undefined

/** The outline as one path on the unit square, fetched with the first map. */
function useLand(): string | undefined {
  const [path, setPath] = useState(kept)
  useEffect(() => {
    if (kept !== undefined) return undefined
    const left = new AbortController()
    const load = async () => (await import('./land.ts')).landPath()
    void bringHere(load, { signal: left.signal }).then((land) => {
      if (land === undefined) return
      kept = land
      setPath(land)
    })
    return () => left.abort()
  }, [])
  return path
}
