import { useNavigate } from '@tanstack/react-router'
import { Card } from 'antd'
import { useFormat } from '../../i18n/format.ts'
import { useText } from '../../i18n/language.tsx'
import { type MapLine, type MapPoint, MapView } from '../../ui/map.tsx'
import { useNodes } from '../network/facts.ts'
import type { Overview } from './overview.ts'

const CLOSED = '#8a8f8d'
const IDLE = '#8fb3a9'
const BUSY = '#1d63b8'
const OVERDUE = '#b3261e'
const ON_THE_WAY = '#0b6e5f'

/** Nodes by how busy they are, and the orders that are on their way from them. */
export function NodeMap({ overview }: { readonly overview: Overview }) {
  const t = useText()
  const format = useFormat()
  const navigate = useNavigate()
  const nodes = useNodes().data
  if (nodes === undefined || nodes.length === 0) return null
  const busy = new Map(overview.backlog.map((one) => [one.nodeId, one]))
  const points = nodes.flatMap((node): MapPoint[] => {
    const { lat, lng } = node.place
    if (lat === undefined || lng === undefined) return []
    const own = busy.get(node.nodeId)
    const color = node.closed === true ? CLOSED : own === undefined ? IDLE : own.overdue > 0 ? OVERDUE : BUSY
    return [{ id: node.nodeId, lat, lng, name: node.name, color, size: own === undefined ? 0 : 1 + Math.log10(own.open + 1) }]
  })
  const known = new Set(points.map((point) => point.id))
  const flows = overview.flows.filter((flow) => known.has(flow.nodeId))
  const idOf = (flow: (typeof flows)[number]): string => `to ${flow.lat} ${flow.lng}`
  const ends = new Map(
    flows.map((flow) => [idOf(flow), { ...flow, id: idOf(flow), name: t('now.flow.end'), color: ON_THE_WAY, size: -0.5 }]),
  )
  const most = Math.max(1, ...flows.map((flow) => flow.orders))
  const lines = flows.map((flow): MapLine => ({
    from: flow.nodeId,
    to: idOf(flow),
    color: ON_THE_WAY,
    width: 1 + (2.5 * flow.orders) / most,
    isMoving: true,
    name: t('now.flow', { n: format.number(flow.orders), node: nodes.find((node) => node.nodeId === flow.nodeId)?.name ?? flow.nodeId }),
  }))
  const moving = overview.flows.reduce((sum, flow) => sum + flow.orders, 0)
  return (
    <Card size="small" title={t('network.map')} extra={<span className="muted">{t('now.flows', { n: format.number(moving) })}</span>}>
      <MapView
        label={t('now.map.label', { n: format.number(moving) })}
        points={[...ends.values(), ...points]}
        lines={lines}
        onChoose={(id) => {
          if (known.has(id)) void navigate({ to: '/work', search: { nodeId: id } })
        }}
      />
      <p className="muted legend">
        {[
          [BUSY, 'busy'],
          [OVERDUE, 'overdue'],
          [IDLE, 'idle'],
          [CLOSED, 'closed'],
        ].map(([color, what]) => (
          <span key={what}>
            <i style={{ background: color }} aria-hidden /> {t(`now.map.${what as 'busy'}`)}
          </span>
        ))}
      </p>
    </Card>
  )
}
